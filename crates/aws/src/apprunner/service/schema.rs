//! What can be written of an `apprunner_service`, and what App Runner would refuse.

use std::collections::BTreeMap;

use model::{
    Attribute, Kind, Schema, Value,
    schema::{Compare, DefaultTimeouts, Finding, Preset, Unset},
};

use super::super::{common::same_arn, limits};

const ENVIRONMENT: Kind = Kind::Map(&Kind::Text);

const IMAGE: Kind = Kind::Object(&[
    Attribute::required("image_identifier", Kind::Text)
        .member(&limits::image_repository::IMAGE_IDENTIFIER)
        .doc("`{account}.dkr.ecr.{region}.amazonaws.com/repository:tag` or `public.ecr.aws/alias/repository:tag`."),
    Attribute::required("image_repository_type", Kind::Text)
        .member(&limits::image_repository::IMAGE_REPOSITORY_TYPE)
        .doc("`ECR` or `ECR_PUBLIC`."),
    Attribute::optional(
        "image_configuration",
        Kind::Object(&[
            Attribute::optional("port", Kind::Text)
                .member(&limits::image_configuration::PORT)
                .doc("The port the container listens on. AWS's default: 8080."),
            Attribute::optional("start_command", Kind::Text)
                .member(&limits::image_configuration::START_COMMAND)
                .doc("Instead of the image's own command."),
            Attribute::optional("runtime_environment_variables", ENVIRONMENT)
                .member(&limits::image_configuration::RUNTIME_ENVIRONMENT_VARIABLES)
                .doc("Environment variables."),
            Attribute::optional("runtime_environment_secrets", ENVIRONMENT)
                .member(&limits::image_configuration::RUNTIME_ENVIRONMENT_SECRETS)
                .doc("Environment variables whose values are ARNs of secrets or parameters."),
        ]),
    )
    .member(&limits::image_repository::IMAGE_CONFIGURATION)
    .doc("How the container is started."),
]);

const CODE: Kind = Kind::Object(&[
    Attribute::required("repository_url", Kind::Text)
        .member(&limits::code_repository::REPOSITORY_URL)
        .doc("The repository."),
    Attribute::required(
        "source_code_version",
        Kind::Object(&[
            Attribute::required("type", Kind::Text).member(&limits::source_code_version::TYPE).doc("`BRANCH`."),
            Attribute::required("value", Kind::Text).member(&limits::source_code_version::VALUE).doc("The branch."),
        ]),
    )
    .member(&limits::code_repository::SOURCE_CODE_VERSION)
    .doc("What is built."),
    Attribute::optional(
        "code_configuration",
        Kind::Object(&[
            Attribute::required("configuration_source", Kind::Text)
                .member(&limits::code_configuration::CONFIGURATION_SOURCE)
                .doc("`API`, or `REPOSITORY` for the `apprunner.yaml` in the repository."),
            Attribute::optional(
                "code_configuration_values",
                Kind::Object(&[
                    Attribute::required("runtime", Kind::Text)
                        .member(&limits::code_configuration_values::RUNTIME)
                        .doc("The runtime."),
                    Attribute::optional("build_command", Kind::Text)
                        .member(&limits::code_configuration_values::BUILD_COMMAND)
                        .doc("Builds it."),
                    Attribute::optional("start_command", Kind::Text)
                        .member(&limits::code_configuration_values::START_COMMAND)
                        .doc("Starts it."),
                    Attribute::optional("port", Kind::Text)
                        .member(&limits::code_configuration_values::PORT)
                        .doc("The port it listens on. AWS's default: 8080."),
                    Attribute::optional("runtime_environment_variables", ENVIRONMENT)
                        .member(&limits::code_configuration_values::RUNTIME_ENVIRONMENT_VARIABLES)
                        .doc("Environment variables."),
                    Attribute::optional("runtime_environment_secrets", ENVIRONMENT)
                        .member(&limits::code_configuration_values::RUNTIME_ENVIRONMENT_SECRETS)
                        .doc("Environment variables whose values are ARNs of secrets or parameters."),
                ]),
            )
            .member(&limits::code_configuration::CODE_CONFIGURATION_VALUES)
            .doc("With `API`: how it is built and started."),
        ]),
    )
    .member(&limits::code_repository::CODE_CONFIGURATION)
    .doc("How it is built and started."),
    Attribute::optional("source_directory", Kind::Text)
        .member(&limits::code_repository::SOURCE_DIRECTORY)
        .doc("The folder in the repository. AWS's default: `/`."),
]);

const SOURCE: Kind = Kind::Object(&[
    Attribute::optional("image_repository", IMAGE)
        .member(&limits::source_configuration::IMAGE_REPOSITORY)
        .doc("A container image."),
    Attribute::optional("code_repository", CODE)
        .member(&limits::source_configuration::CODE_REPOSITORY)
        .doc("A repository that App Runner builds."),
    Attribute::optional("auto_deployments_enabled", Kind::Flag)
        .member(&limits::source_configuration::AUTO_DEPLOYMENTS_ENABLED)
        .doc("Whether a pushed image or commit starts a deployment. AWS's default: yes, but not for `ECR_PUBLIC`."),
    Attribute::optional(
        "authentication_configuration",
        Kind::Object(&[
            Attribute::optional("access_role_arn", Kind::Text)
                .member(&limits::authentication_configuration::ACCESS_ROLE_ARN)
                .doc("The role that pulls from ECR; it trusts `build.apprunner.amazonaws.com`."),
            Attribute::optional("connection_arn", Kind::Text)
                .member(&limits::authentication_configuration::CONNECTION_ARN)
                .doc("The connection to a code repository."),
        ]),
    )
    .member(&limits::source_configuration::AUTHENTICATION_CONFIGURATION)
    .doc("How the source is reached."),
]);

const HEALTH_CHECK: Kind = Kind::Object(&[
    Attribute::optional("protocol", Kind::Text)
        .member(&limits::health_check_configuration::PROTOCOL)
        .doc("`TCP` (AWS's default) or `HTTP`."),
    Attribute::optional("path", Kind::Text)
        .member(&limits::health_check_configuration::PATH)
        .doc("The path that must answer, with `HTTP`. AWS's default: `/`."),
    Attribute::optional("interval", Kind::Number)
        .member(&limits::health_check_configuration::INTERVAL)
        .doc("Seconds between checks, 1 to 20. AWS's default: 5."),
    Attribute::optional("timeout", Kind::Number)
        .member(&limits::health_check_configuration::TIMEOUT)
        .doc("Seconds to wait for an answer, 1 to 20. AWS's default: 2."),
    Attribute::optional("healthy_threshold", Kind::Number)
        .member(&limits::health_check_configuration::HEALTHY_THRESHOLD)
        .doc("Checks in a row that must pass, 1 to 20. AWS's default: 1."),
    Attribute::optional("unhealthy_threshold", Kind::Number)
        .member(&limits::health_check_configuration::UNHEALTHY_THRESHOLD)
        .doc("Checks in a row that must fail, 1 to 20. AWS's default: 5."),
]);

const INSTANCE: Kind = Kind::Object(&[
    Attribute::optional("cpu", Kind::Text)
        .member(&limits::instance_configuration::CPU)
        .compare(Compare::Same(same_units))
        .doc("`1 vCPU` or `1024`. AWS's default: 1024."),
    Attribute::optional("memory", Kind::Text)
        .member(&limits::instance_configuration::MEMORY)
        .compare(Compare::Same(same_units))
        .doc("`2 GB` or `2048`. AWS's default: 2048."),
    Attribute::optional("instance_role_arn", Kind::Text)
        .member(&limits::instance_configuration::INSTANCE_ROLE_ARN)
        .doc("The role of the application; it trusts `tasks.apprunner.amazonaws.com`."),
]);

const NETWORK: Kind = Kind::Object(&[
    Attribute::optional(
        "egress_configuration",
        Kind::Object(&[
            Attribute::optional("egress_type", Kind::Text)
                .member(&limits::egress_configuration::EGRESS_TYPE)
                .doc("`DEFAULT` or `VPC`."),
            Attribute::optional("vpc_connector_arn", Kind::Text)
                .member(&limits::egress_configuration::VPC_CONNECTOR_ARN)
                .compare(Compare::Same(same_arn))
                .doc("The connector, with `VPC`."),
        ]),
    )
    .member(&limits::network_configuration::EGRESS_CONFIGURATION)
    .doc("The way out."),
    Attribute::optional(
        "ingress_configuration",
        Kind::Object(&[Attribute::optional("is_publicly_accessible", Kind::Flag)
            .member(&limits::ingress_configuration::IS_PUBLICLY_ACCESSIBLE)
            .doc("Whether the internet reaches it. AWS's default: `true`.")]),
    )
    .member(&limits::network_configuration::INGRESS_CONFIGURATION)
    .doc("The way in."),
    Attribute::optional("ip_address_type", Kind::Text)
        .member(&limits::network_configuration::IP_ADDRESS_TYPE)
        .doc("`IPV4` (AWS's default) or `DUAL_STACK`."),
]);

pub static SCHEMA: Schema = Schema {
    name: "apprunner_service",
    doc: "A service on App Runner: a container or repository that is run, scaled and reached by HTTPS.",
    attributes: &[
        Attribute::required("service_name", Kind::Text)
            .member(&limits::create_service_request::SERVICE_NAME)
            .replaces()
            .doc("The name, unique among live services of the region."),
        Attribute::name_prefix("service_name_prefix", "service_name")
            .member(&limits::create_service_request::SERVICE_NAME),
        Attribute::required("source_configuration", SOURCE)
            .member(&limits::create_service_request::SOURCE_CONFIGURATION)
            .doc("What is run."),
        Attribute::optional("instance_configuration", INSTANCE)
            .member(&limits::create_service_request::INSTANCE_CONFIGURATION)
            .doc("The size of an instance and its role."),
        Attribute::optional("health_check_configuration", HEALTH_CHECK)
            .member(&limits::create_service_request::HEALTH_CHECK_CONFIGURATION)
            .doc("How App Runner sees whether an instance is well."),
        Attribute::optional("auto_scaling_configuration_arn", Kind::Text)
            .member(&limits::create_service_request::AUTO_SCALING_CONFIGURATION_ARN)
            .compare(Compare::Same(same_arn))
            .doc("The auto scaling configuration. AWS's default: the account's default one."),
        Attribute::optional("network_configuration", NETWORK)
            .member(&limits::create_service_request::NETWORK_CONFIGURATION)
            .doc("The ways in and out."),
        Attribute::optional(
            "observability_configuration",
            Kind::Object(&[
                Attribute::required("observability_enabled", Kind::Flag)
                    .member(&limits::service_observability_configuration::OBSERVABILITY_ENABLED)
                    .doc("Whether traces are taken."),
                Attribute::optional("observability_configuration_arn", Kind::Text)
                    .member(&limits::service_observability_configuration::OBSERVABILITY_CONFIGURATION_ARN)
                    .compare(Compare::Same(same_arn))
                    .doc("The observability configuration."),
            ]),
        )
        .member(&limits::create_service_request::OBSERVABILITY_CONFIGURATION)
        .on_unset(Unset::Clear)
        .doc("Traces."),
        Attribute::optional(
            "encryption_configuration",
            Kind::Object(&[Attribute::required("kms_key", Kind::Text)
                .member(&limits::encryption_configuration::KMS_KEY)
                .replaces()
                .doc("The key's ARN.")]),
        )
        .member(&limits::create_service_request::ENCRYPTION_CONFIGURATION)
        .replaces()
        .doc("A key of your own for the copy of the source; it cannot be changed later."),
        Attribute::optional("tags", Kind::Map(&Kind::Text))
            .member(&limits::create_service_request::TAGS)
            .per_key("")
            .doc("Tags."),
        Attribute::optional("state", Kind::Text)
            .on_unset(Unset::Default(Preset::Text("running")))
            .doc("`running` or `paused`."),
        Attribute::optional("log_retention_in_days", Kind::Number)
            .doc("Days that the service's two log groups keep events. App Runner itself keeps them for ever."),
        Attribute::computed("service_arn", Kind::Text).doc("The ARN, with an id that AWS chooses."),
        Attribute::computed("service_id", Kind::Text).doc("The id that AWS chooses."),
        Attribute::computed("service_url", Kind::Text)
            .doc("The host name, without `https://`; empty for private services."),
        Attribute::computed("status", Kind::Text).doc("AWS's word for its state."),
        Attribute::computed("log_groups", Kind::Map(&Kind::Number))
            .changes_with(&["log_retention_in_days"])
            .doc("Its log groups with their retention in days; 0 for none."),
        Attribute::computed("created_at", Kind::Text).doc("When it was created, RFC 3339."),
    ],
    natural_name: &["service_name"],
    import_id: "the service's ARN",
    predict_id: None,
    revisions: false,
    global: false,
    taggable: true,
    loses: Some("its URL, and its logs"),
    timeouts: DefaultTimeouts { create: 1800, update: 1800, delete: 1200 },
    check,
};

/// CPU and memory compare after conversion: `1 vCPU` is 1024, `0.5 GB` is 512.
fn same_units(wanted: &Value, live: &Value) -> bool {
    match (units(wanted), units(live)) {
        (Some(wanted), Some(live)) => wanted == live,
        _ => wanted == live,
    }
}

fn units(value: &Value) -> Option<i64> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        other => other.as_text()?.to_owned(),
    };
    match text.strip_suffix("vCPU").or_else(|| text.strip_suffix("GB")) {
        Some(number) => number.trim().parse::<f64>().ok().map(|number| (number * 1024.0) as i64),
        None => text.trim().parse().ok(),
    }
}

/// Memory sizes that go with each size of CPU.
const PAIRS: &[(i64, &[i64])] = &[
    (256, &[512, 1024]),
    (512, &[1024]),
    (1024, &[2048, 3072, 4096]),
    (2048, &[4096, 6144]),
    (4096, &[8192, 10240, 12288]),
];

fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let checks = [check_size, check_health_check, check_source, check_network, check_state, check_retention];
    checks.into_iter().filter_map(|check| check(arguments)).collect()
}

fn finding(path: &str, detail: impl Into<String>, hint: impl Into<String>) -> Option<Finding> {
    Some(Finding {
        path: path.to_owned(),
        summary: "not a service that App Runner takes",
        detail: detail.into(),
        hint: Some(hint.into()),
        warning: false,
    })
}

fn at<'a>(arguments: &'a BTreeMap<String, Value>, path: &[&str]) -> Option<&'a Value> {
    let mut value = arguments.get(*path.first()?)?;
    for name in &path[1..] {
        value = value.as_map()?.get(*name)?;
    }
    Some(value)
}

fn check_size(arguments: &BTreeMap<String, Value>) -> Option<Finding> {
    let size = |name: &str, default: i64| match at(arguments, &["instance_configuration", name]) {
        None => Some(default),
        Some(value) => units(value),
    };
    let (cpu, memory) = (size("cpu", 1024)?, size("memory", 2048)?);
    let (_, allowed) = PAIRS.iter().find(|(known, _)| *known == cpu)?;
    if allowed.contains(&memory) {
        return None;
    }
    let allowed: Vec<String> = allowed.iter().map(i64::to_string).collect();
    let member = if at(arguments, &["instance_configuration", "memory"]).is_some() { "memory" } else { "cpu" };
    finding(
        &format!("instance_configuration.{member}"),
        format!("{cpu} units of CPU do not go with {memory} MB of memory"),
        format!("with {cpu} units of CPU, memory is one of {}", allowed.join(", ")),
    )
}

fn check_health_check(arguments: &BTreeMap<String, Value>) -> Option<Finding> {
    at(arguments, &["health_check_configuration", "path"])?;
    let protocol = at(arguments, &["health_check_configuration", "protocol"]);
    match protocol {
        Some(protocol) if !protocol.is_known() || protocol.as_text() == Some("HTTP") => None,
        _ => finding(
            "health_check_configuration.path",
            "a path means something only with `protocol = \"HTTP\"`; the default is TCP",
            "write `protocol = \"HTTP\"`, or leave the path out",
        ),
    }
}

fn check_source(arguments: &BTreeMap<String, Value>) -> Option<Finding> {
    let source = at(arguments, &["source_configuration"])?;
    let has = |name: &str| source.as_map().is_some_and(|source| source.contains_key(name));
    if source.as_map().is_some() && has("image_repository") == has("code_repository") {
        return finding(
            "source_configuration",
            "a service runs either an `image_repository` or a `code_repository`",
            "write exactly one of them",
        );
    }
    let image = |name: &str| at(arguments, &["source_configuration", "image_repository", name]);
    let kind = image("image_repository_type").and_then(Value::as_text);
    let identifier = image("image_identifier").and_then(Value::as_text);
    let role = at(arguments, &["source_configuration", "authentication_configuration", "access_role_arn"]);
    if kind == Some("ECR") && role.is_none() {
        return finding(
            "source_configuration",
            "a private ECR image needs `authentication_configuration.access_role_arn`",
            "point it to an `iam_role` that trusts `build.apprunner.amazonaws.com`",
        );
    }
    if kind == Some("ECR_PUBLIC") && identifier.is_some_and(|identifier| !identifier.starts_with("public.ecr.aws/")) {
        return finding(
            "source_configuration.image_repository.image_identifier",
            "an `ECR_PUBLIC` image is named `public.ecr.aws/alias/repository:tag`",
            "App Runner runs images from ECR and ECR Public only",
        );
    }
    let automatic = at(arguments, &["source_configuration", "auto_deployments_enabled"]).and_then(Value::as_flag);
    if kind == Some("ECR_PUBLIC") && automatic == Some(true) {
        return finding(
            "source_configuration.auto_deployments_enabled",
            "`ECR_PUBLIC` images cannot be deployed automatically",
            "leave it out",
        );
    }
    let settings = ["image_configuration", "runtime_environment_variables"];
    let variables = image(settings[0]).and_then(|image| image.as_map()?.get(settings[1])?.as_map());
    let reserved = |name: &&String| *name == "PORT" || name.starts_with("AWSAPPRUNNER");
    let name = variables.into_iter().flat_map(BTreeMap::keys).find(reserved)?;
    finding(
        "source_configuration.image_repository.image_configuration.runtime_environment_variables",
        format!("`{name}` is a name that App Runner keeps for itself"),
        "`port` sets the port; other names are free",
    )
}

fn check_network(arguments: &BTreeMap<String, Value>) -> Option<Finding> {
    let egress = |name: &str| at(arguments, &["network_configuration", "egress_configuration", name]);
    let connector = egress("vpc_connector_arn").is_some();
    match egress("egress_type").and_then(Value::as_text) {
        Some("VPC") if !connector => finding(
            "network_configuration.egress_configuration",
            "`egress_type = \"VPC\"` needs `vpc_connector_arn`",
            "point it to an `apprunner_vpc_connector`",
        ),
        Some("DEFAULT") if connector => finding(
            "network_configuration.egress_configuration.vpc_connector_arn",
            "`egress_type = \"DEFAULT\"` takes no connector",
            "set `egress_type = \"VPC\"`, or leave the connector out",
        ),
        _ => None,
    }
}

fn check_state(arguments: &BTreeMap<String, Value>) -> Option<Finding> {
    let state = arguments.get("state").and_then(Value::as_text)?;
    if ["running", "paused"].contains(&state) {
        return None;
    }
    finding("state", format!("`{state}` is no state of a service"), "write `running` or `paused`")
}

fn check_retention(arguments: &BTreeMap<String, Value>) -> Option<Finding> {
    let days = arguments.get("log_retention_in_days").and_then(Value::as_i64)?;
    let mistake = crate::logs::log_group::retention_mistake(days)?;
    finding("log_retention_in_days", mistake.0, mistake.1)
}
