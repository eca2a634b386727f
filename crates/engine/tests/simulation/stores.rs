//! Where the state is: on a disk or in a bucket, both with trouble at any step.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use model::state::World;
use store::{
    FileStore, RemoteStore, StateStore,
    disk::memory::{self as disk, Doing, MemoryDisk, Platter},
    remote::{
        Keys, Run, Terms,
        memory::{self as bucket, Bucket, MemoryKeys, MemoryObjects},
    },
};

use super::{
    process::Process,
    stage::{BEGIN, Stage, digest},
    story::{HomeKind, StepTrouble},
};

const PROJECT: &str = "/project";

/// What keeps the state while processes come and go.
pub(crate) enum Home {
    Disk(Platter),
    Bucket { bucket: Bucket, keys: MemoryKeys },
}

impl Home {
    pub(crate) fn new(kind: HomeKind) -> Self {
        match kind {
            HomeKind::Disk => Self::Disk(Platter::with_folder(Path::new(PROJECT))),
            HomeKind::Bucket => {
                let (bucket, keys) = (Bucket::default(), MemoryKeys::default());
                bucket.advance(BEGIN);
                keys.make(&[7; 32]).expect("a key in memory can be made");
                Self::Bucket { bucket, keys }
            }
        }
    }

    /// The store as a process has it.
    pub(crate) fn store(&self, process: &Arc<Process>, run: usize) -> Box<dyn StateStore> {
        match self {
            Self::Disk(platter) => {
                let process = Arc::clone(process);
                let disk = MemoryDisk::troubled(platter, move |step| on_disk(&process, step));
                Box::new(FileStore::on(Arc::new(disk), Path::new(PROJECT), "dev", World::Local))
            }
            Self::Bucket { bucket, keys } => {
                let (before, after, own) = (Arc::clone(process), Arc::clone(process), bucket.clone());
                let objects = MemoryObjects::troubled(bucket, move |request| before_request(&before, &own, request));
                let objects = objects.then(move |_| after_request(&after));
                let watch = Arc::clone(process);
                let clock = move || watch.stage.now() + watch.ahead;
                let run = Run {
                    terms: Terms::standard(),
                    id: format!("run-{run}"),
                    environment: "dev".to_owned(),
                    clock: Arc::new(clock),
                    heartbeat: None,
                };
                Box::new(RemoteStore::new(Box::new(objects), Box::new(keys.clone()), run))
            }
        }
    }

    /// The store as somebody has it whom nothing disturbs.
    pub(crate) fn quiet(&self) -> Box<dyn StateStore> {
        match self {
            Self::Disk(platter) => {
                let disk = MemoryDisk::new(platter);
                Box::new(FileStore::on(Arc::new(disk), Path::new(PROJECT), "dev", World::Local))
            }
            Self::Bucket { bucket, keys } => {
                let run = Run {
                    terms: Terms::standard(),
                    id: "reader".to_owned(),
                    environment: "dev".to_owned(),
                    clock: Arc::new(|| Duration::ZERO),
                    heartbeat: None,
                };
                Box::new(RemoteStore::new(Box::new(MemoryObjects::new(bucket)), Box::new(keys.clone()), run))
            }
        }
    }

    /// The journal as it would be found after a power cut right now.
    pub(crate) fn lasting_journal(&self) -> String {
        match self {
            Self::Disk(platter) => {
                let path = PathBuf::from(PROJECT).join(".groma/dev/local/journal.jsonl");
                String::from_utf8_lossy(&platter.lasting(&path).unwrap_or_default()).into_owned()
            }
            Self::Bucket { bucket, .. } => {
                let names = bucket.names();
                names.iter().filter(|name| name.starts_with("journal/")).map(|name| bucket.text(name)).collect()
            }
        }
    }

    /// The epoch of the lease, and who has it; nothing where the lock is another.
    pub(crate) fn lease(&self) -> Option<(String, bool)> {
        let Self::Bucket { bucket, .. } = self else { return None };
        let lease: serde_json::Value = serde_json::from_str(&bucket.text("lease.json")).ok()?;
        Some((lease["holder"]["owner"].as_str()?.to_owned(), lease["released"].as_bool()?))
    }

    /// The machine loses its power.
    pub(crate) fn cut(&self, stage: &Stage) {
        if let Self::Disk(platter) = self {
            stage.count("power cuts");
            stage.note('!', "power cut");
            platter.cut(|end| stage.roll(end));
        }
    }

    /// Requests that were late arrive.
    pub(crate) fn deliver(&self) {
        if let Self::Bucket { bucket, .. } = self {
            bucket.deliver_late();
        }
    }
}

fn on_disk(process: &Process, step: disk::Step<'_>) -> disk::Trouble {
    if process.has_ended() {
        return disk::Trouble::Ended(0);
    }
    if !step.bytes.is_empty() {
        process.stage.notes().written.push(String::from_utf8_lossy(step.bytes).into_owned());
    }
    let number = process.steps.fetch_add(1, Ordering::SeqCst) + 1;
    let trouble = process.troubles.steps.get(&number);
    let name = step.path.file_name().unwrap_or_default().to_string_lossy();
    let what = if step.bytes.is_empty() { String::new() } else { format!(" {}", digest(step.bytes)) };
    let told = trouble.map(|trouble| format!(" {trouble:?}")).unwrap_or_default();
    process.note(&format!("disk {:?} {name}{what}{told}", step.doing));
    let writes = step.doing != Doing::Read;
    if process.troubles.read_only && writes {
        process.stage.count("disk faults");
        return disk::Trouble::ReadOnly;
    }
    match trouble {
        Some(StepTrouble::End(done)) => {
            process.end();
            disk::Trouble::Ended(*done)
        }
        Some(StepTrouble::EndAfter) => {
            process.end();
            disk::Trouble::None
        }
        Some(StepTrouble::Full(done)) if matches!(step.doing, Doing::Write | Doing::Make | Doing::MakeFolder) => {
            process.stage.count("disk faults");
            disk::Trouble::Full(*done)
        }
        Some(StepTrouble::Broken) => {
            process.stage.count("disk faults");
            disk::Trouble::Broken
        }
        _ => disk::Trouble::None,
    }
}

fn before_request(process: &Process, bucket: &Bucket, request: &bucket::Request) -> bucket::Trouble {
    if process.has_ended() {
        return bucket::Trouble::Lost;
    }
    let mut what = String::new();
    if let bucket::Request::Put { bytes, .. } = request {
        process.stage.notes().written.push(String::from_utf8_lossy(bytes).into_owned());
        what = format!(" {}", digest(bytes));
    }
    let number = process.steps.fetch_add(1, Ordering::SeqCst) + 1;
    let trouble = process.troubles.steps.get(&number);
    process.pause(Duration::from_millis(5 + process.stage.roll(60) as u64));
    if let Some(StepTrouble::Sleep(seconds)) = trouble {
        process.stage.count("sleeps");
        process.pause(Duration::from_secs(*seconds));
    }
    bucket.advance(process.stage.now().saturating_sub(bucket.now()));
    if process.stage.roll(8) == 0 {
        bucket.deliver_late();
    }
    let told = trouble.map(|trouble| format!(" {trouble:?}")).unwrap_or_default();
    process.note(&format!("{} {}{what}{told}", request.permission(), request.name()));
    match trouble {
        Some(StepTrouble::End(0 | 7)) => {
            process.end();
            bucket::Trouble::Lost
        }
        Some(StepTrouble::End(_) | StepTrouble::EndAfter) => {
            process.end();
            bucket::Trouble::Unheard
        }
        Some(StepTrouble::Lost) => told_lost(process, bucket::Trouble::Lost),
        Some(StepTrouble::Unheard) => told_lost(process, bucket::Trouble::Unheard),
        Some(StepTrouble::Late) => told_lost(process, bucket::Trouble::Late),
        _ => bucket::Trouble::None,
    }
}

fn told_lost(process: &Process, trouble: bucket::Trouble) -> bucket::Trouble {
    process.stage.count("lost answers of the store");
    trouble
}

fn after_request(process: &Process) {
    let number = process.steps.load(Ordering::SeqCst);
    if process.has_ended() {
        return;
    }
    process.pause(Duration::from_millis(process.stage.roll(60) as u64));
    if let Some(StepTrouble::SleepAfter(seconds)) = process.troubles.steps.get(&number) {
        process.stage.count("sleeps");
        process.pause(Duration::from_secs(*seconds));
    }
}
