//! What can be typed.

use std::{num::NonZeroUsize, path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Reconciles AWS with TOML environments.
#[derive(Debug, Parser)]
#[command(name = "groma", version, about, max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// The project folder, where `environments/` stands
    #[arg(short = 'C', value_name = "DIR", default_value = ".", global = true)]
    pub(crate) directory: PathBuf,
    /// Run against the local cloud in `.groma/cloud/` instead of AWS
    #[arg(long, global = true)]
    pub(crate) local: bool,
    /// Really wait on the local cloud, so many times as fast as AWS; beside `local serve`, its `--speed`
    #[arg(long, value_name = "FACTOR", global = true, value_parser = factor)]
    pub(crate) local_speed: Option<f64>,
    /// Give a root variable its value
    #[arg(long = "var", value_name = "NAME=VALUE", global = true, value_parser = assignment)]
    pub(crate) vars: Vec<(String, String)>,
    /// Calls in flight at once
    #[arg(long, value_name = "N", default_value = "10", global = true)]
    pub(crate) parallelism: NonZeroUsize,
    /// How long to wait for a lock that another run holds: `90s`, `10m`
    #[arg(long, value_name = "DURATION", default_value = "0s", global = true, value_parser = duration)]
    pub(crate) lock_timeout: Duration,
    /// Colour in what is printed
    #[arg(long, value_name = "WHEN", default_value = "auto", global = true)]
    pub(crate) color: Color,
    /// Ask nothing: a command that would ask ends instead
    #[arg(long, global = true)]
    pub(crate) no_input: bool,
}

impl Global {
    /// What a command that is named for later has behind the environment.
    pub(crate) fn local_flag(&self) -> &'static str {
        if self.local { " --local" } else { "" }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a first environment
    Init {
        /// Its name
        #[arg(default_value = "dev")]
        environment: String,
        /// Its region
        #[arg(long, default_value = "us-east-1")]
        region: String,
    },
    /// Check an environment offline; all mistakes at once
    Validate {
        environment: String,
        #[arg(long, value_enum, default_value = "text")]
        format: TextOrJson,
    },
    /// Show what apply would do
    Plan(Plan),
    /// Show a saved plan
    Show {
        plan: PathBuf,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Make what is written real
    Apply(Apply),
    /// Apply stage by stage: commands and gates between them, as `[stage.NAME]` says
    Rollout {
        environment: String,
        /// Do not ask, neither before changes nor before commands
        #[arg(long)]
        auto_approve: bool,
    },
    /// Deploy a service anew as it is written, and follow it to its end
    Deploy {
        environment: String,
        /// Which service; not needed where there is only one
        address: Option<String>,
    },
    /// Print the logs of a service
    Logs {
        environment: String,
        /// Which service; not needed where there is only one
        address: Option<String>,
        /// Go on with what comes, until Ctrl-C
        #[arg(long)]
        follow: bool,
        /// How far back to begin: `90s`, `15m`, `1h`, `2d`
        #[arg(long, value_name = "TIME", default_value = "1h", value_parser = duration)]
        since: std::time::Duration,
    },
    /// Delete everything that the environment holds
    Destroy(Destroy),
    /// Print outputs, from the state
    Output {
        environment: String,
        /// One output; all without it
        name: Option<String>,
        /// The bare text of one output
        #[arg(long, requires = "name", conflicts_with = "json")]
        raw: bool,
        #[arg(long)]
        json: bool,
        /// Read one output live and print it bare, also when it is secret
        #[arg(long, requires = "name", conflicts_with_all = ["json", "raw"])]
        reveal: bool,
    },
    /// Look at and mend the state
    #[command(subcommand)]
    State(State),
    /// Take something that exists into the state of a written resource
    Import {
        environment: String,
        /// Where it is written: `ecr_repository.app`
        address: String,
        /// What AWS knows it by; `groma docs TYPE` says what that is
        id: String,
        #[arg(long)]
        auto_approve: bool,
    },
    /// Show what was changed outside of groma
    Drift {
        environment: String,
        #[arg(long, value_enum, default_value = "text")]
        format: TextOrJson,
        /// End with 2 when something differs
        #[arg(long)]
        detailed_exitcode: bool,
    },
    /// End the lock of a run that is dead, after showing whose it is
    Unlock {
        environment: String,
        #[arg(long)]
        auto_approve: bool,
    },
    /// Describe a resource type, or list them all
    Docs {
        /// For example `ecr_repository`
        type_name: Option<String>,
    },
    /// The cloud inside this project
    #[command(subcommand)]
    Local(Local),
    /// Print a completion script
    Completions { shell: clap_complete::Shell },
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Reach {
    /// Only this resource or module, with what it needs; may be repeated
    #[arg(long = "target", value_name = "ADDR")]
    pub(crate) targets: Vec<String>,
    /// Replace this resource though nothing asks for it
    #[arg(long = "replace", value_name = "ADDR")]
    pub(crate) replace: Vec<String>,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Protections to lift, each shown in the plan")]
pub(crate) struct Lifting {
    /// Switch deletion protection off where it stops a delete
    #[arg(long)]
    pub(crate) allow_unprotect: bool,
    /// Delete repositories together with their images
    #[arg(long)]
    pub(crate) delete_images: bool,
    /// Delete databases without a last snapshot
    #[arg(long)]
    pub(crate) skip_final_snapshot: bool,
    /// Delete secrets without their recovery window
    #[arg(long)]
    pub(crate) force_delete_secrets: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// A name (`dev` is `environments/dev.toml`) or a path
    pub(crate) environment: String,
    /// Keep the plan in a file, for `apply`
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Plan to delete everything
    #[arg(long)]
    pub(crate) destroy: bool,
    #[command(flatten)]
    pub(crate) reach: Reach,
    /// End with 2 when there are changes
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) lifting: Lifting,
}

#[derive(Debug, Args)]
pub(crate) struct Apply {
    /// An environment, or the file of a saved plan
    pub(crate) environment: String,
    /// Do not ask
    #[arg(long)]
    pub(crate) auto_approve: bool,
    #[command(flatten)]
    pub(crate) reach: Reach,
    /// `json`: one event a line
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: TextOrJson,
    #[command(flatten)]
    pub(crate) lifting: Lifting,
}

#[derive(Debug, Args)]
pub(crate) struct Destroy {
    pub(crate) environment: String,
    /// Only say what stands in the way
    #[arg(long)]
    pub(crate) check: bool,
    /// Do not ask
    #[arg(long)]
    pub(crate) auto_approve: bool,
    /// Only this resource or module, with what needs it; may be repeated
    #[arg(long = "target", value_name = "ADDR")]
    pub(crate) targets: Vec<String>,
    /// `json`: one event a line
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: TextOrJson,
    #[command(flatten)]
    pub(crate) lifting: Lifting,
}

#[derive(Debug, Subcommand)]
pub(crate) enum State {
    /// What is recorded
    List {
        environment: String,
        #[arg(long)]
        json: bool,
    },
    /// One recorded resource
    Show {
        environment: String,
        address: String,
        #[arg(long)]
        json: bool,
    },
    /// Give a recorded resource another address
    Mv { environment: String, from: String, to: String },
    /// Make a lost or damaged state again, from ownership tags and names
    Recover(Recover),
    /// Forget recorded resources; they live on
    Rm {
        environment: String,
        #[arg(required = true)]
        addresses: Vec<String>,
    },
    /// Print the whole state
    Pull {
        environment: String,
        /// An earlier one, by its version in `state history`
        #[arg(long)]
        version: Option<String>,
    },
    /// Put a whole state in, from a file or `-` for standard input
    Push {
        environment: String,
        file: PathBuf,
        /// Also one of another lineage, or an older one
        #[arg(long)]
        force: bool,
    },
    /// List the earlier states that the bucket keeps
    History {
        environment: String,
        #[arg(long)]
        json: bool,
    },
    /// Move the state to where `[state]` says, and prove that nothing is lost
    Migrate {
        environment: String,
        /// Where it is now: `s3://BUCKET/KEY`, with `?region=REGION` where it is another region; else in files
        #[arg(long, value_name = "PLACE")]
        from: Option<String>,
        #[arg(long)]
        auto_approve: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Recover {
    pub(crate) environment: String,
    /// Which state, where several call themselves like this environment
    #[arg(long, value_name = "ID")]
    pub(crate) lineage: Option<String>,
    /// Look here too, beside the regions that are written; may be repeated
    #[arg(long = "region", value_name = "REGION")]
    pub(crate) regions: Vec<String>,
    /// The object that is to stay, where several have one address; may be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) current: Vec<String>,
    /// Do not ask
    #[arg(long)]
    pub(crate) auto_approve: bool,
    /// `json`: what was found, then the plan
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: TextOrJson,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Local {
    /// Offer the local cloud on loopback to the AWS CLI, SDKs and Terraform
    Serve {
        #[arg(long, default_value = "4580")]
        port: u16,
        /// How fast its clock runs
        #[arg(long, default_value = "1", value_parser = factor)]
        speed: f64,
    },
    /// Add an image record: `REPOSITORY:TAG`
    Push {
        reference: String,
        #[arg(long)]
        account: Option<String>,
        #[arg(long)]
        region: Option<String>,
        /// The one port the application listens on
        #[arg(long)]
        port: Option<u16>,
        /// A path that answers 200; may be repeated. Without it every path does
        #[arg(long = "healthy-path", value_name = "PATH")]
        healthy_paths: Vec<String>,
        /// `amd64` or `arm64`
        #[arg(long, default_value = "amd64")]
        architecture: String,
        /// A line the application logs while it crashes at its start; may be repeated
        #[arg(long = "crash", value_name = "LINE")]
        crash: Vec<String>,
    },
    /// Print everything that exists, as JSON
    Dump,
    /// Forget everything
    Reset,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
    Markdown,
    Html,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextOrJson {
    Text,
    Json,
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn duration(text: &str) -> Result<std::time::Duration, String> {
    let wrong = || "expected a number with s, m, h or d".to_owned();
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86400,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    number.checked_mul(seconds).map(std::time::Duration::from_secs).ok_or_else(wrong)
}

fn factor(text: &str) -> Result<f64, String> {
    let factor: f64 = text.parse().map_err(|_| "expected a number")?;
    if factor.is_finite() && factor > 0.0 { Ok(factor) } else { Err("expected a number above 0".to_owned()) }
}
