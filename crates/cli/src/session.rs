//! One environment with everything a run needs, wired together.

use std::{collections::BTreeMap, sync::OnceLock, time::Duration};

use aws::Aws;
use config::{Loaded, Overrides};
use engine::Engine;
use executor::Options;
use model::{Scrubber, Sources, state::World};
use provider::{Clock, Token};
use store::Holder;

use crate::{
    args::Global,
    clock::RunClock,
    exit::Exit,
    files::DiskFiles,
    home::{self, Home},
    out::{Out, Problem},
    secrets::ProcessSecrets,
    signals::Signals,
    world,
};

/// The version that states and plans carry.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The command that moves a state.
pub(crate) const MIGRATION: &str = "state migrate";

/// A loaded environment and the way into its world.
pub(crate) struct Session {
    pub(crate) loaded: Loaded,
    pub(crate) world: World,
    pub(crate) clock: RunClock,
    files: DiskFiles,
    aws: Aws,
    pub(crate) home: Home,
    secrets: ProcessSecrets,
    scrubber: Scrubber,
    pub(crate) holder: Holder,
    options: Options,
    /// How long a lock that another run holds is waited for.
    pub(crate) lock_timeout: Duration,
    signals: OnceLock<Signals>,
}

/// Reads an environment; mistakes are in it.
pub(crate) fn load(global: &Global, environment: &str) -> (Loaded, DiskFiles) {
    let files = DiskFiles::new(&global.directory);
    let loaded = config::load(environment, &overrides(global), &files, &aws::schemas());
    (loaded, files)
}

fn overrides(global: &Global) -> Overrides {
    let env_vars =
        std::env::vars().filter_map(|(name, value)| Some((name.strip_prefix("GROMA_VAR_")?.to_owned(), value)));
    Overrides { vars: global.vars.iter().cloned().collect(), env_vars: env_vars.collect::<BTreeMap<_, _>>() }
}

/// A new id, in the order of time.
pub(crate) fn token() -> Token {
    Token(uuid::Uuid::now_v7().to_string())
}

impl Session {
    /// Loads the environment and reaches its world. Mistakes in TOML end it before anything is called, except for a destroy,
    /// which needs no more than the state and the way in.
    pub(crate) async fn open(global: &Global, out: &Out, environment: &str, command: &str) -> Result<Self, Problem> {
        let (loaded, files) = load(global, environment);
        let usable = command == "destroy" && !loaded.settings().region.is_empty();
        if loaded.has_error() && !usable {
            return Err(Problem::Diagnostics { list: loaded.diagnostics.clone(), sources: loaded.sources });
        }
        let settings = loaded.settings();
        let reached = match global.local {
            true => world::local(&global.directory, &loaded.name, settings, global.local_speed)
                .await
                .map_err(|error| Problem::words("cannot open the local cloud in `.groma/cloud/`", error.to_string()))?,
            false => world::network(settings, global.local_speed)
                .await
                .map_err(|reason| Problem::words("the endpoints do not go together", reason))?,
        };
        let home = home::open(global, &loaded, reached.world, &reached.clock).await?;
        // A migration is the way out.
        let left = (command != MIGRATION).then(|| home::left_behind(global, &loaded, reached.world, &home)).flatten();
        if let Some(problem) = left {
            return Err(problem);
        }
        if matches!(command, "apply" | "rollout") {
            out.diagnostics(home::unversioned(&home).as_slice(), &loaded.sources);
        }
        let aws = Aws::new(reached.client, &settings.region);
        let holder = holder(command, &reached.clock);
        let options = Options { parallelism: global.parallelism, ..Options::standard() };
        let secrets = ProcessSecrets { root: global.directory.clone(), stored: aws.stored_secrets() };
        let (world, clock) = (reached.world, reached.clock);
        let (scrubber, lock_timeout) = (out.scrubber.clone(), global.lock_timeout);
        let signals = OnceLock::new();
        Ok(Self { loaded, world, clock, files, aws, home, secrets, scrubber, holder, options, lock_timeout, signals })
    }

    pub(crate) fn engine(&self) -> Engine<'_> {
        Engine {
            loaded: &self.loaded,
            files: &self.files,
            provider: &self.aws,
            store: self.home.store(),
            secrets: &self.secrets,
            scrubber: &self.scrubber,
            clock: &self.clock,
            tokens: &token,
            holder: &self.holder,
            world: self.world,
            options: self.options,
            version: VERSION,
        }
    }

    /// Listens to signals from the first call on: a run that holds a lock gives it back.
    pub(crate) fn signals(&self, out: &Out) -> Result<&Signals, Exit> {
        if self.signals.get().is_none() {
            let signals = Signals::listen(out)
                .map_err(|error| out.problem(&Problem::words("cannot listen to signals", error.to_string())))?;
            // There is one caller at a time.
            let _ = self.signals.set(signals);
        }
        self.signals.get().ok_or(Exit::Bug)
    }

    pub(crate) fn sources(&self) -> &Sources {
        &self.loaded.sources
    }

    /// Prints a problem of the engine with this session's sources.
    pub(crate) fn tell(&self, out: &Out, error: engine::Error) -> Exit {
        out.problem(&Problem::engine(error, self.sources().clone()))
    }

    /// Says what a reader should know of its view. What keeps it from being found out will be said by the reading itself.
    pub(crate) fn caveats(&self, out: &Out) {
        out.diagnostics(&self.engine().caveats().unwrap_or_default(), self.sources());
    }

    /// Where the state is, for people.
    pub(crate) fn place(&self) -> String {
        self.home.store().place()
    }
}

/// The URL of the CI run, as GitHub Actions and GitLab tell it.
fn ci_run() -> String {
    let variable = |name: &str| std::env::var(name).ok();
    let github = || {
        let [server, repository, id] = ["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"].map(variable);
        Some(format!("{}/{}/actions/runs/{}", server?, repository?, id?))
    };
    github().or_else(|| variable("CI_JOB_URL")).unwrap_or_default()
}

fn holder(command: &str, clock: &RunClock) -> Holder {
    let variable = |names: &[&str]| names.iter().find_map(|name| std::env::var(name).ok()).unwrap_or_default();
    Holder {
        owner: variable(&["USER", "LOGNAME", "USERNAME"]),
        host: std::fs::read_to_string("/etc/hostname").map(|name| name.trim().to_owned()).unwrap_or_default(),
        pid: std::process::id(),
        command: command.to_owned(),
        started: clock.now().as_secs(),
        run: ci_run(),
    }
}
