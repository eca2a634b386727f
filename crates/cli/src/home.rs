//! Where an environment keeps its state: in files of the project, or in S3 with the rest of its team.

use std::sync::Arc;

use aws::{Options, state_store};
use config::Loaded;
use model::{
    Diagnostic,
    graph::{S3Home, StateHome},
    state::World,
};
use store::{
    FileStore, RemoteStore, StateStore,
    remote::{Run, Terms},
};

use crate::{args::Global, clock::RunClock, out::Problem, world::transport};

/// An environment's store.
pub(crate) enum Home {
    Files(FileStore),
    S3(RemoteStore),
}

impl Home {
    pub(crate) fn store(&self) -> &dyn StateStore {
        match self {
            Self::Files(store) => store,
            Self::S3(store) => store,
        }
    }
}

/// The way to where `[state]` says. The local cloud is one project's own: its states are files, whatever is written.
pub(crate) async fn open(global: &Global, loaded: &Loaded, world: World, clock: &RunClock) -> Result<Home, Problem> {
    match loaded.state_home() {
        StateHome::S3(home) if world != World::Local => Ok(Home::S3(in_s3(loaded, home, clock).await?)),
        StateHome::Unclear => {
            Err(Problem::Diagnostics { list: loaded.diagnostics.clone(), sources: loaded.sources.clone() })
        }
        StateHome::Files | StateHome::S3(_) => Ok(Home::Files(in_files(global, loaded, world))),
    }
}

pub(crate) fn in_files(global: &Global, loaded: &Loaded, world: World) -> FileStore {
    FileStore::open(&global.directory, &loaded.name, world)
}

pub(crate) async fn in_s3(loaded: &Loaded, home: &S3Home, clock: &RunClock) -> Result<RemoteStore, Problem> {
    let settings = loaded.settings();
    let options = Options { region: home.region.clone(), transport: transport(settings) };
    let (objects, keys) = state_store::connect(options, home.clone())
        .await
        .map_err(|error| Problem::words("cannot reach the state", error.to_string()))?;
    let terms = Terms::standard();
    let speed = clock.speed();
    let run = Run {
        terms,
        id: uuid::Uuid::new_v4().to_string(),
        environment: loaded.name.clone(),
        clock: Arc::new(move || since_boot().mul_f64(speed)),
        heartbeat: Some(terms.heartbeat().div_f64(speed)),
    };
    Ok(RemoteStore::new(objects, keys, run))
}

/// Time that counts while the machine sleeps: a lease runs out then, too.
#[cfg(target_os = "linux")]
fn since_boot() -> std::time::Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    std::time::Duration::try_from(time).unwrap_or_default()
}

#[cfg(not(target_os = "linux"))]
fn since_boot() -> std::time::Duration {
    static BEGUN: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    BEGUN.elapsed()
}

/// What is wrong with a bucket that keeps no versions. Whoever may not ask is not told.
pub(crate) fn unversioned(home: &Home) -> Option<Diagnostic> {
    let Home::S3(remote) = home else { return None };
    let place = remote.place();
    let Ok(false) = remote.keeps_versions() else { return None };
    let detail = format!("a state in {place} that somebody spoils or deletes cannot be brought back");
    Some(Diagnostic::warning("the bucket keeps no versions", detail, None).hint(versioning(&place)))
}

/// What makes the bucket of a place keep versions.
pub(crate) fn versioning(place: &str) -> String {
    let bucket = place.trim_start_matches("s3://").split('/').next().unwrap_or_default();
    format!(
        "`aws s3api put-bucket-versioning --bucket {bucket} --versioning-configuration Status=Enabled` makes it keep them"
    )
}

/// Where a run would find no state, though the environment has one: it is still in files.
pub(crate) fn left_behind(global: &Global, loaded: &Loaded, world: World, home: &Home) -> Option<Problem> {
    let Home::S3(remote) = home else { return None };
    let files = in_files(global, loaded, world);
    let recorded = store::load(&files).ok().flatten()?;
    if (recorded.state.resources.is_empty() && recorded.open.is_empty()) || !matches!(remote.read(), Ok(None)) {
        return None;
    }
    let detail = format!("`[state]` says {}, where none is, and {} holds one", remote.place(), files.place(),);
    Some(Problem::Words {
        summary: "the state is still in files".to_owned(),
        detail,
        hints: vec![
            format!("`groma state migrate {}` moves it, and proves that nothing is lost", loaded.name),
            "if it is another one, move that folder away first".to_owned(),
        ],
    })
}
