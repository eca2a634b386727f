//! The layers: which of our crates each may use, and which of others'. The table of ARCHITECTURE.md, as data.

/// What a crate may depend on.
pub(super) struct Layer {
    pub(super) name: &'static str,
    /// Of ours.
    pub(super) uses: &'static [&'static str],
    /// Of others', beside [`ANYWHERE`].
    pub(super) external: &'static [&'static str],
    /// For its tests, beside [`IN_TESTS`]; of ours and of others'.
    pub(super) tests: &'static [&'static str],
}

/// Derives and plain data: no I/O of their own.
pub(super) const ANYWHERE: &[&str] = &["serde", "serde_json", "thiserror", "indexmap"];

/// What any crate may use in its tests.
pub(super) const IN_TESTS: &[&str] = &["proptest", "insta", "tempfile", "toml"];

/// Crates of the AWS SDK begin so; `aws` alone may use them.
pub(super) const SDK: &[&str] = &["aws-config", "aws-credential-types", "aws-sdk-", "aws-smithy-", "aws-runtime"];

const ALL: &[&str] =
    &["aws", "config", "engine", "executor", "lang", "local", "model", "planner", "provider", "report", "store"];

pub(super) const LAYERS: &[Layer] = &[
    Layer {
        name: "aws",
        uses: &["model", "provider", "store"],
        external: &[
            "aws-config",
            "aws-credential-types",
            "aws-sdk-apprunner",
            "aws-sdk-cloudwatchlogs",
            "aws-sdk-dynamodb",
            "aws-sdk-ec2",
            "aws-sdk-ecr",
            "aws-sdk-iam",
            "aws-sdk-rds",
            "aws-sdk-s3",
            "aws-sdk-secretsmanager",
            "aws-sdk-ssm",
            "aws-sdk-sts",
            "aws-smithy-async",
            "aws-smithy-runtime-api",
            "aws-smithy-types",
            // What the door to a cloud inside the process is made of.
            "bytes",
            "futures",
            "http",
            "percent-encoding",
            "tokio",
        ],
        tests: &[],
    },
    Layer {
        name: "cli",
        uses: ALL,
        external: &[
            "anstream",
            "anstyle",
            "bytes",
            "clap",
            "clap_complete",
            "futures",
            "getrandom",
            "http",
            "indicatif",
            "inquire",
            "jiff",
            // A clock that counts while the machine sleeps.
            "rustix",
            "semver",
            "sha2",
            "strsim",
            "tempfile",
            "terminal_size",
            "tokio",
            "tokio-util",
            "toml",
            "toml_edit",
            "unicode-width",
            "uuid",
        ],
        tests: &[],
    },
    Layer {
        name: "config",
        uses: &["model", "lang"],
        // jiff: durations of `timeouts`; regex: the patterns of AWS's models; semver: `[environment] groma`.
        external: &["jiff", "regex", "semver", "strsim", "toml"],
        tests: &[],
    },
    Layer {
        name: "engine",
        uses: &["model", "lang", "config", "planner", "provider", "store", "executor"],
        external: &["futures", "sha2"],
        tests: &["tokio"],
    },
    Layer {
        name: "executor",
        uses: &["model", "lang", "provider", "store"],
        external: &["futures", "sha2", "tokio", "tokio-util"],
        // The planner makes the plans of the properties over the simulated cloud; the crate itself never sees it.
        tests: &["planner", "tokio"],
    },
    Layer {
        name: "lang",
        uses: &["model"],
        // The functions: csvdecode, yamldecode, base64gzip, cidrsubnet, formatdate, hashes, regex, title, uuidv5.
        external: &[
            "base64",
            "csv",
            "flate2",
            "hcl-edit",
            "ipnet",
            "jiff",
            "md-5",
            "regex",
            "sha1",
            "sha2",
            "strsim",
            "unicode-segmentation",
            "uuid",
            "yaml-rust2",
        ],
        tests: &[],
    },
    Layer {
        name: "local",
        uses: &[],
        external: &[
            "base64",
            "bytes",
            "flate2",
            "form_urlencoded",
            "http",
            "http-body-util",
            "hyper",
            "hyper-util",
            "jiff",
            // What an object's bytes are checked by: its ETag is their MD5.
            "md-5",
            "percent-encoding",
            "quick-xml",
            "regex",
            "sha1",
            "sha2",
            "tempfile",
            "tokio",
            // Scripted trouble, and the table of operations that are served.
            "toml",
        ],
        tests: &[],
    },
    Layer { name: "model", uses: &[], external: &["hmac", "petgraph", "secrecy", "sha2"], tests: &[] },
    // fixedbitset and petgraph: a plan of a thousand steps is verified in milliseconds.
    Layer { name: "planner", uses: &["model", "lang"], external: &["fixedbitset", "petgraph", "sha2"], tests: &[] },
    Layer {
        name: "provider",
        uses: &["model"],
        // The contract's futures, boxed: a registry holds types of different kinds.
        external: &["futures"],
        tests: &[],
    },
    Layer {
        name: "report",
        uses: &["model"],
        external: &["annotate-snippets", "anstyle", "maud", "similar", "unicode-width"],
        tests: &[],
    },
    Layer {
        name: "store",
        uses: &["model"],
        // getrandom: the fingerprint key; tempfile: a state is written whole or not at all.
        external: &["getrandom", "serde_path_to_error", "sha2", "tempfile"],
        tests: &[],
    },
    Layer {
        name: "tests",
        uses: ALL,
        // What its library is for is tests alone.
        external: &["base64", "form_urlencoded", "libtest-mimic", "regex", "similar", "tempfile", "toml"],
        tests: &["base64", "regex", "semver", "similar", "tokio", "trycmd", "snapbox", "http", "bytes", "hyper"],
    },
    Layer { name: "xtask", uses: &[], external: &["flate2", "toml"], tests: &[] },
];
