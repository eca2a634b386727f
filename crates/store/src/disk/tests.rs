//! The file store on a disk that loses what was not synced.

use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use model::state::World;

use super::memory::{Doing, MemoryDisk, Platter, Step, Trouble};
use crate::{
    Answer, FileStore, Ledger, StateStore, StoreError, Verb, load,
    tests::{address, fresh, holder, intent, recorded},
};

const PROJECT: &str = "/project";

fn store(platter: &Platter, before: impl Fn(usize, Step<'_>) -> Trouble + Send + Sync + 'static) -> FileStore {
    let steps = AtomicUsize::new(0);
    let disk = MemoryDisk::troubled(platter, move |step| before(steps.fetch_add(1, Ordering::SeqCst), step));
    FileStore::on(Arc::new(disk), Path::new(PROJECT), "dev", World::Local)
}

fn calm(platter: &Platter) -> FileStore {
    store(platter, |_, _| Trouble::None)
}

/// A run that makes two things and saves after each; `told` gets what was promised.
fn work(store: &FileStore, name: &str, told: &Mutex<Vec<String>>) -> Result<(), StoreError> {
    store.fingerprint_key()?;
    let ledger = Ledger::open(store.lock(&holder(name))?, fresh())?;
    for index in 0..2 {
        let resource = format!("t.{name}{index}");
        let n = ledger.intend(intent(Verb::Create, &resource, None))?;
        told.lock().unwrap().push(resource.clone());
        ledger.answer(Answer::done(n, Some(format!("i-{resource}")), None))?;
        ledger.record(&address(&resource), |_| Some(recorded(&format!("i-{resource}"))))?;
        ledger.save(|_| {})?;
    }
    Ok(())
}

/// Whatever was promised is recorded or open.
#[track_caller]
fn nothing_is_lost(platter: &Platter, told: &Mutex<Vec<String>>, context: &str) {
    let loaded = load(&calm(platter)).unwrap_or_else(|error| panic!("{context}: {error:?}")).unwrap_or_default();
    for name in told.lock().unwrap().iter().map(|name| address(name)) {
        let known = loaded.state.resources.contains_key(&name) || loaded.open.iter().any(|open| open.address == name);
        assert!(known, "{context}: {name} is lost");
    }
}

fn steps_of_work() -> usize {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let platter = Platter::with_folder(Path::new(PROJECT));
    let store = store(&platter, move |step, _| {
        counter.store(step + 1, Ordering::SeqCst);
        Trouble::None
    });
    work(&store, "a", &Mutex::default()).unwrap();
    count.load(Ordering::SeqCst)
}

/// Ends a run at each step with each trouble; what follows is worked through once more.
fn at_each_step(trouble: impl Fn(usize, usize) -> Trouble + Copy + Send + Sync + 'static, cuts: usize) {
    for last in 0..steps_of_work() {
        for cut in 0..cuts {
            let (platter, told) = (Platter::with_folder(Path::new(PROJECT)), Mutex::default());
            let _ = work(&store(&platter, move |step, _| trouble(step, last)), "a", &told);
            let context = format!("step {last}, cut {cut}");
            let mut dice = cut as u64 * 977 + last as u64;
            let mut choose = |end: usize| {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                // Nothing, everything, and what chance has it.
                [0, end - 1, (dice >> 33) as usize % end][cut.min(2)]
            };
            platter.cut(&mut choose);
            nothing_is_lost(&platter, &told, &context);
            work(&calm(&platter), "b", &told).unwrap_or_else(|error| panic!("{context}: {error:?}"));
            platter.cut(&mut choose);
            nothing_is_lost(&platter, &told, &context);
        }
    }
}

#[test]
fn a_power_cut_at_any_step_loses_nothing() {
    at_each_step(|step, last| if step >= last { Trouble::Ended(0) } else { Trouble::None }, 6);
}

#[test]
fn a_write_torn_by_a_power_cut_loses_nothing() {
    at_each_step(
        |step, last| match step.cmp(&last) {
            std::cmp::Ordering::Less => Trouble::None,
            std::cmp::Ordering::Equal => Trouble::Ended(25),
            std::cmp::Ordering::Greater => Trouble::Ended(0),
        },
        5,
    );
}

#[test]
fn a_step_that_fails_loses_nothing() {
    for trouble in [Trouble::Full(0), Trouble::Full(30), Trouble::Broken, Trouble::ReadOnly] {
        at_each_step(move |step, last| if step == last { trouble } else { Trouble::None }, 1);
        at_each_step(move |step, last| if step >= last { trouble } else { Trouble::None }, 2);
    }
}

/// What a failed sync has left counts as synced from then on, and is in memory alone.
#[test]
fn what_a_failed_sync_left_is_written_again() {
    let (platter, told) = (Platter::with_folder(Path::new(PROJECT)), Mutex::default());
    work(&calm(&platter), "a", &told).unwrap();
    let of_journal = |step: Step<'_>| step.doing == Doing::Sync && step.path.ends_with("journal.jsonl");
    let failing = store(&platter, move |_, step| if of_journal(step) { Trouble::Broken } else { Trouble::None });
    let opened = failing.lock(&holder("b")).map(drop);
    assert!(opened.is_err());
    let first = AtomicUsize::new(0);
    let failing = store(&platter, move |_, step| match of_journal(step) && first.fetch_add(1, Ordering::SeqCst) > 0 {
        true => Trouble::Broken,
        false => Trouble::None,
    });
    let ledger = Ledger::open(failing.lock(&holder("b")).unwrap(), fresh()).unwrap();
    assert!(ledger.intend(intent(Verb::Create, "t.b", None)).is_err());
    drop(ledger);
    let store = calm(&platter);
    let ledger = Ledger::open(store.lock(&holder("c")).unwrap(), fresh()).unwrap();
    ledger.intend(intent(Verb::Create, "t.c", None)).unwrap();
    told.lock().unwrap().push("t.c".to_owned());
    drop(ledger);
    platter.cut(|_| 0);
    nothing_is_lost(&platter, &told, "after a failed sync");
}

#[test]
fn a_folder_that_cannot_be_written_can_be_read() {
    let (platter, told) = (Platter::with_folder(Path::new(PROJECT)), Mutex::default());
    work(&calm(&platter), "a", &told).unwrap();
    let writes = |_, step: Step<'_>| if step.doing == Doing::Read { Trouble::None } else { Trouble::ReadOnly };
    let reader = store(&platter, writes);
    assert_eq!(load(&reader).unwrap(), load(&calm(&platter)).unwrap());
    assert_eq!(reader.fingerprint_key().unwrap(), calm(&platter).fingerprint_key().unwrap());
    let refused = reader.lock(&holder("b")).err().map(|error| error.to_string());
    assert_eq!(refused.as_deref(), Some("cannot write /project/.groma/dev/local/lock"));
}
