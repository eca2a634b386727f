//! What a remote store promises, whatever becomes of its requests.

mod lease;
mod race;
mod takeover;
mod trouble;
mod view;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use super::{
    RemoteStore, Run, Terms,
    chain::Link,
    memory::{Bucket, MemoryKeys, MemoryObjects, Request, Trouble},
};
use crate::{
    Answer, Ledger, StateStore, StoreError, Verb, load,
    tests::{address, fresh, holder, intent, recorded},
};

/// Longer than any lease holds.
const LONG: Duration = Duration::from_secs(100);

pub(crate) fn calm(bucket: &Bucket, keys: &MemoryKeys) -> RemoteStore {
    RemoteStore::new(Box::new(MemoryObjects::new(bucket)), Box::new(keys.clone()), calm_run(bucket))
}

pub(crate) fn calm_run(bucket: &Bucket) -> Run {
    run(bucket, Clock::Counts)
}

/// A run's own clock: whether it counts on while its machine sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clock {
    /// With the server's, a day off it.
    Counts,
    Stands,
}

fn run(bucket: &Bucket, clock: Clock) -> Run {
    static RUNS: AtomicU64 = AtomicU64::new(0);
    let bucket = bucket.clone();
    let now = move || match clock {
        Clock::Counts => bucket.now() + Duration::from_hours(24),
        Clock::Stands => Duration::from_secs(5),
    };
    let id = format!("run-{}", RUNS.fetch_add(1, Ordering::SeqCst));
    let environment = "dev".to_owned();
    Run { terms: Terms::standard(), id, environment, clock: Arc::new(now), heartbeat: None }
}

/// A store whose requests are counted and meet what a function makes of their number; a watch looks on.
fn troubled(
    bucket: &Bucket,
    watch: &Watch,
    clock: Clock,
    trouble: impl Fn(usize, &Request) -> Trouble + Send + Sync + 'static,
) -> RemoteStore {
    let count = AtomicUsize::new(0);
    let (bucket, watch) = (bucket.clone(), watch.clone());
    let objects =
        MemoryObjects::troubled(&bucket, move |request| trouble(count.fetch_add(1, Ordering::SeqCst), request));
    let objects = {
        let bucket = bucket.clone();
        objects.then(move |_| watch.look(&bucket))
    };
    RemoteStore::new(Box::new(objects), Box::new(MemoryKeys::default()), run(&bucket, clock))
}

fn watched(bucket: &Bucket, watch: &Watch) -> RemoteStore {
    troubled(bucket, watch, Clock::Counts, |_, _| Trouble::None)
}

/// Checks after each request what must hold at every moment.
#[derive(Clone, Default)]
struct Watch(Arc<Mutex<Watched>>);

#[derive(Default)]
struct Watched {
    epoch: u64,
    state: (u64, u64),
    /// Where each chain was sealed. A seal may also come late, to a name that is free again: it is none then.
    seals: BTreeMap<u64, u64>,
    broken: Vec<String>,
}

impl Watch {
    /// Only notes what is broken: this runs in destructors, too.
    fn look(&self, bucket: &Bucket) {
        let watched = &mut *self.0.lock().unwrap();
        let lease = epoch(bucket);
        let before = watched.epoch;
        watched.law(lease >= before, || format!("the lease's epoch fell to {lease}"));
        watched.epoch = lease;
        let text = bucket.text("state.json");
        if !text.is_empty() {
            let (stored, fence) = crate::codec::decode_fenced("state", &text).unwrap();
            let (before, now) = (watched.state, (fence.epoch, stored.state.serial));
            watched
                .law(now.0 >= before.0 && now.1 >= before.1, || format!("the state fell from {before:?} to {now:?}"));
            watched.state = now;
        }
        let links: Vec<Link> = bucket.names().iter().filter_map(|name| Link::parse(name)).collect();
        for (index, link) in links.iter().enumerate() {
            let end = watched.seals.get(&link.epoch).copied();
            watched.law(end.is_none_or(|end| link.n <= end), || format!("{link:?} was written behind a seal"));
            let newest = links.get(index + 1).is_none_or(|next| next.epoch != link.epoch);
            if newest && bucket.text(&link.name()).contains("\"seal\"") {
                watched.seals.entry(link.epoch).or_insert(link.n);
            }
        }
    }
}

impl Watched {
    fn law(&mut self, holds: bool, words: impl FnOnce() -> String) {
        if !holds {
            let words = words();
            if !self.broken.contains(&words) {
                self.broken.push(words);
            }
        }
    }
}

/// The epoch of the lease.
fn epoch(bucket: &Bucket) -> u64 {
    let lease: serde_json::Value = serde_json::from_str(&bucket.text("lease.json")).unwrap_or_default();
    lease["epoch"].as_u64().unwrap_or_default()
}

fn owner(bucket: &Bucket) -> String {
    let lease: serde_json::Value = serde_json::from_str(&bucket.text("lease.json")).unwrap_or_default();
    lease["holder"]["owner"].as_str().unwrap_or_default().to_owned()
}

/// What a run was told to be written.
#[derive(Debug, Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn note(&self, what: String) {
        self.0.lock().unwrap().push(what);
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

const RESOURCES: usize = 3;

/// A run that makes a few resources and saves twice. `told` gets what an append has promised; `sure` is asked right after.
fn work(store: &RemoteStore, name: &str, told: &Told, sure: &dyn Fn()) -> Result<(), StoreError> {
    let ledger = Ledger::open(store.lock(&holder(name))?, fresh())?;
    for index in 0..RESOURCES {
        let resource = format!("t.{name}{index}");
        let n = ledger.intend(intent(Verb::Create, &resource, None))?;
        sure();
        told.note(format!("intent {resource}"));
        ledger.note_answer(Answer::done(n, Some(format!("i-{resource}")), None))?;
        ledger.record(&address(&resource), |_| Some(recorded(&format!("i-{resource}"))))?;
        sure();
        told.note(format!("record {resource}"));
        if index == 0 {
            ledger.save(|_| {})?;
        }
    }
    ledger.save(|state| state.written_by = name.to_owned())
}

fn at_ease() {}

/// Everything that any run was told is there for the next one, which takes the lease after its time.
fn nothing_is_lost(bucket: &Bucket, watch: &Watch, told: &[&Told], context: &str) {
    let reader = load(&watched(bucket, watch)).unwrap_or_else(|error| panic!("{context}: {error:?}"));
    bucket.advance(LONG);
    let store = watched(bucket, watch);
    let locked = store.lock(&holder("last")).unwrap_or_else(|error| panic!("{context}: {error:?}"));
    let ledger = Ledger::open(locked, fresh()).unwrap_or_else(|error| panic!("{context}: {error:?}"));
    let check = |state: &model::State, open: &[crate::Intent]| {
        for told in told.iter().flat_map(|told| told.all()) {
            let (kind, name) = told.split_once(' ').unwrap();
            let name = address(name);
            let is_recorded = state.resources.get(&name).is_some_and(|recorded| recorded.id == format!("i-{name}"));
            let is_open = kind == "intent" && open.iter().any(|intent| intent.address == name);
            assert!(is_recorded || is_open, "{context}: `{told}` is lost");
        }
    };
    check(&ledger.state(), &ledger.open_intents());
    if let Some(reader) = reader {
        check(&reader.state, &reader.open);
    }
    ledger.save(|state| state.written_by = "last".to_owned()).unwrap();
    drop(ledger);
    let saved = load(&watched(bucket, watch)).unwrap().unwrap();
    check(&saved.state, &saved.open);
    assert!(!saved.unfinished, "{context}");
    assert_eq!(watch.0.lock().unwrap().broken, Vec::<String>::new(), "{context}");
}

/// How many requests a run makes that nothing disturbs.
fn requests_of_work() -> usize {
    let (bucket, watch, count) = (Bucket::default(), Watch::default(), Arc::new(AtomicUsize::new(0)));
    let counter = count.clone();
    let store = troubled(&bucket, &watch, Clock::Counts, move |index, _| {
        counter.store(index + 1, Ordering::SeqCst);
        Trouble::None
    });
    work(&store, "a", &Told::default(), &at_ease).unwrap();
    count.load(Ordering::SeqCst)
}
