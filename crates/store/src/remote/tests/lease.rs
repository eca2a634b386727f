//! Who may write, and until when.

use super::*;
use crate::{Holder, LockedStore};

fn words<T>(outcome: Result<T, StoreError>) -> String {
    outcome.map_or_else(|error| error.to_string(), |_| "done".to_owned())
}

/// A run that was killed: it never gives anything back.
fn killed(guard: Box<dyn LockedStore + '_>) {
    std::mem::forget(guard);
}

fn ends(store: &RemoteStore) -> Option<u64> {
    match store.lock(&holder("bob")) {
        Err(StoreError::Locked { left, .. }) => left.map(|left| left.as_secs()),
        _ => None,
    }
}

#[test]
fn a_dead_runs_lease_ends_by_the_servers_clock_alone() {
    for clock in [Clock::Counts, Clock::Stands] {
        let (bucket, watch) = (Bucket::default(), Watch::default());
        let dead = troubled(&bucket, &watch, clock, |_, _| Trouble::None);
        let yesterday = Holder { started: 1, ..holder("ada") };
        killed(dead.lock(&yesterday).unwrap());
        let store = troubled(&bucket, &watch, clock, |_, _| Trouble::None);
        assert_eq!(ends(&store), Some(92));
        bucket.advance(Duration::from_secs(91));
        assert_eq!(ends(&store), Some(1));
        assert_eq!(store.holder().unwrap(), Some(yesterday));
        bucket.advance(Duration::from_secs(1));
        assert_eq!(store.holder().unwrap(), None);
        drop(store.lock(&holder("bob")).unwrap());
        assert_eq!(epoch(&bucket), 2);
    }
}

#[test]
fn a_heartbeat_keeps_it_and_changes_its_etag() {
    let (bucket, watch) = (Bucket::default(), Watch::default());
    let store = watched(&bucket, &watch);
    let guard = store.lock(&holder("ada")).unwrap();
    let mut before = bucket.text("lease.json");
    for _ in 0..10 {
        bucket.advance(Terms::standard().heartbeat());
        guard.renew().unwrap();
        let after = bucket.text("lease.json");
        assert_ne!(after, before);
        before = after;
    }
    assert_eq!(ends(&watched(&bucket, &watch)), Some(92));
}

#[test]
fn a_taker_that_looked_before_a_renewal_does_not_get_it_after() {
    let (bucket, watch) = (Bucket::default(), Watch::default());
    let store = watched(&bucket, &watch);
    let guard: Box<dyn LockedStore> = store.lock(&holder("ada")).unwrap();
    bucket.advance(LONG);
    let (slow, quick) = (Mutex::new(Some(())), bucket.clone());
    // The holder wakes up between the taker's look and its hand.
    let text = bucket.text("lease.json");
    let woken = text.replace("\"beat\": 0", "\"beat\": 1");
    let taker = troubled(&bucket, &watch, Clock::Counts, move |_, request| {
        if matches!(request, Request::Put { .. }) && slow.lock().unwrap().take().is_some() {
            quick.set("lease.json", &woken);
        }
        Trouble::None
    });
    assert!(words(taker.lock(&holder("bob")).map(drop)).starts_with("the state is locked by `apply` by ada"));
    guard.renew().unwrap();
    assert_eq!(epoch(&bucket), 1);
}

#[test]
fn a_late_holder_goes_on_when_nobody_took_it() {
    let (bucket, watch) = (Bucket::default(), Watch::default());
    let store = watched(&bucket, &watch);
    let ledger = Ledger::open(store.lock(&holder("ada")).unwrap(), fresh()).unwrap();
    bucket.advance(LONG * 3);
    ledger.record(&address("t.a"), |_| Some(recorded("i-1"))).unwrap();
    assert_eq!(ends(&watched(&bucket, &watch)), Some(92));
}

#[test]
fn nothing_is_sent_with_less_than_an_attempt_left() {
    let (bucket, watch) = (Bucket::default(), Watch::default());
    let away = Arc::new(Mutex::new(false));
    let gone = away.clone();
    let store = troubled(&bucket, &watch, Clock::Counts, move |_, request| match request {
        Request::Put { name, .. } if *gone.lock().unwrap() && name == "lease.json" => Trouble::Lost,
        _ => Trouble::None,
    });
    let ledger = Ledger::open(store.lock(&holder("ada")).unwrap(), fresh()).unwrap();
    ledger.record(&address("t.a"), |_| Some(recorded("i-1"))).unwrap();
    *away.lock().unwrap() = true;
    bucket.advance(Duration::from_secs(60));
    ledger.ensure().unwrap();
    bucket.advance(Duration::from_secs(1));
    let before = bucket.names();
    let outcome = ledger.record(&address("t.b"), |_| Some(recorded("i-2")));
    assert_eq!(words(outcome), "cannot write memory://bucket/lease.json");
    assert_eq!(words(ledger.ensure()), "cannot write memory://bucket/lease.json");
    assert_eq!(bucket.names(), before);
    *away.lock().unwrap() = false;
    ledger.flush_all().unwrap();
    drop(ledger);
    assert_eq!(load(&watched(&bucket, &watch)).unwrap().unwrap().state.resources.len(), 2);
}

/// A renewal that was written and not answered must not lend its age to the next.
#[test]
fn an_unanswered_renewal_counts_from_when_it_was_sent() {
    let (bucket, watch) = (Bucket::default(), Watch::default());
    let deaf = Arc::new(Mutex::new(false));
    let is_deaf = deaf.clone();
    let store = troubled(&bucket, &watch, Clock::Counts, move |_, request| match request {
        _ if !*is_deaf.lock().unwrap() => Trouble::None,
        Request::Put { .. } => Trouble::Unheard,
        _ => Trouble::Lost,
    });
    let guard = store.lock(&holder("ada")).unwrap();
    bucket.advance(Duration::from_secs(10));
    *deaf.lock().unwrap() = true;
    assert_eq!(words(guard.renew()), "cannot write memory://bucket/lease.json");
    *deaf.lock().unwrap() = false;
    bucket.advance(Duration::from_secs(70));
    guard.renew().unwrap();
    assert_eq!(ends(&watched(&bucket, &watch)), Some(92));
}

/// Its answer took a minute and more: the lease is as old as what was sent.
#[test]
fn a_slow_answer_makes_no_lease_longer() {
    let (bucket, watch) = (Bucket::default(), Watch::default());
    let slow = Arc::new(Mutex::new(Duration::ZERO));
    let (network, delay) = (bucket.clone(), slow.clone());
    let objects = MemoryObjects::new(&bucket).then(move |request| {
        if matches!(request, Request::Put { .. }) {
            network.advance(std::mem::take(&mut delay.lock().unwrap()));
        }
    });
    let store =
        RemoteStore::new(Box::new(objects), Box::new(MemoryKeys::default()), super::run(&bucket, Clock::Counts));
    let guard = store.lock(&holder("ada")).unwrap();
    *slow.lock().unwrap() = Duration::from_secs(80);
    guard.renew().unwrap();
    bucket.advance(Duration::from_secs(12));
    killed(watched(&bucket, &watch).lock(&holder("bob")).unwrap());
    assert!(matches!(guard.ensure(), Err(StoreError::Fenced { .. })));
}

#[test]
fn unlocking_fences_the_holder_that_was_shown_and_no_other() {
    for clock in [Clock::Counts, Clock::Stands] {
        let (bucket, watch) = (Bucket::default(), Watch::default());
        let store = troubled(&bucket, &watch, clock, |_, _| Trouble::None);
        let ledger = Ledger::open(store.lock(&holder("ada")).unwrap(), fresh()).unwrap();
        ledger.record(&address("t.a"), |_| Some(recorded("i-1"))).unwrap();
        let other = watched(&bucket, &watch);
        assert!(words(other.unlock(&holder("eve"))).starts_with("the state is locked by `apply` by ada"));
        other.unlock(&other.holder().unwrap().unwrap()).unwrap();
        assert_eq!(other.holder().unwrap(), None);
        assert_eq!(words(other.unlock(&holder("ada"))), "done");
        let next = Ledger::open(other.lock(&holder("bob")).unwrap(), fresh()).unwrap();
        assert_eq!(next.state().resources.len(), 1);
        let late = ledger.record(&address("t.b"), |_| Some(recorded("i-2")));
        let blame = late.as_ref().map_err(StoreError::blame).copied();
        assert_eq!(blame, Err(crate::Blame::Locked));
        assert!(words(late).starts_with("the lease on memory://bucket is in other hands: `apply` by bob"));
        assert!(matches!(ledger.save(|_| {}), Err(StoreError::Fenced { .. })));
        assert!(matches!(ledger.renew(), Err(StoreError::Fenced { .. })));
        drop(ledger);
        assert_eq!(owner(&bucket), "bob");
        next.record(&address("t.c"), |_| Some(recorded("i-3"))).unwrap();
    }
}

#[test]
fn a_lease_that_somebody_deleted_begins_no_epoch_again() {
    let (bucket, watch) = (Bucket::default(), Watch::default());
    work(&watched(&bucket, &watch), "a", &Told::default(), &at_ease).unwrap();
    let store = watched(&bucket, &watch);
    let sleeper = Ledger::open(store.lock(&holder("ada")).unwrap(), fresh()).unwrap();
    sleeper.record(&address("t.x"), |_| Some(recorded("i-1"))).unwrap();
    bucket.remove("lease.json");
    let other = calm(&bucket, &MemoryKeys::default());
    let next = Ledger::open(other.lock(&holder("bob")).unwrap(), fresh()).unwrap();
    assert_eq!(epoch(&bucket), 3);
    assert!(next.state().resources.contains_key(&address("t.x")));
    let late = sleeper.record(&address("t.y"), |_| Some(recorded("i-2")));
    assert!(matches!(late, Err(StoreError::Fenced { .. })));
    next.save(|_| {}).unwrap();
}

#[test]
fn a_damaged_lease_is_nobodys() {
    let (bucket, watch) = (Bucket::default(), Watch::default());
    bucket.set("lease.json", "{\"format\":1,\"epoch\":\"x\"}");
    let outcome = words(watched(&bucket, &watch).lock(&holder("ada")).map(drop));
    assert_eq!(
        outcome,
        "memory://bucket/lease.json is no state of groma: at `epoch`: invalid type: string \"x\", expected u64"
    );
}
