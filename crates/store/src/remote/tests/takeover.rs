//! A run that is killed, or sleeps, at each of its requests, and another that goes on.

use super::*;

/// From request `point` on nothing arrives; the first of them may still have its effect.
fn dead_from(point: usize, first: Trouble) -> impl Fn(usize, &Request) -> Trouble + Send + Sync + 'static {
    move |index, _| match index {
        _ if index < point => Trouble::None,
        _ if index == point => first,
        _ => Trouble::Lost,
    }
}

#[test]
fn a_run_killed_at_any_request_loses_nothing() {
    for point in 0..requests_of_work() {
        for first in [Trouble::Lost, Trouble::Unheard, Trouble::Late] {
            let context = format!("killed at {point}, {first:?}");
            let (bucket, watch) = (Bucket::default(), Watch::default());
            let (told, next) = (Told::default(), Told::default());
            let dead = troubled(&bucket, &watch, Clock::Counts, dead_from(point, first));
            let outcome = work(&dead, "a", &told, &at_ease);
            bucket.advance(LONG);
            let taken = work(&watched(&bucket, &watch), "b", &next, &at_ease);
            assert!(taken.is_ok(), "{context}: {taken:?} after {outcome:?}");
            bucket.deliver_late();
            watch.look(&bucket);
            nothing_is_lost(&bucket, &watch, &[&told, &next], &context);
        }
    }
}

#[test]
fn a_taker_killed_at_any_request_leaves_the_rest_to_the_next() {
    for point in 0..requests_of_work() + 8 {
        for first in [Trouble::Lost, Trouble::Unheard, Trouble::Late] {
            let context = format!("taker killed at {point}, {first:?}");
            let (bucket, watch) = (Bucket::default(), Watch::default());
            let (told, second, third) = (Told::default(), Told::default(), Told::default());
            let store = troubled(&bucket, &watch, Clock::Stands, |_, _| Trouble::None);
            let sleeper = Ledger::open(store.lock(&holder("s")).unwrap(), fresh()).unwrap();
            sleeper.record(&address("t.s0"), |_| Some(recorded("i-t.s0"))).unwrap();
            told.note("record t.s0".to_owned());
            bucket.advance(LONG);
            let _ = work(&troubled(&bucket, &watch, Clock::Counts, dead_from(point, first)), "b", &second, &at_ease);
            bucket.advance(LONG);
            work(&watched(&bucket, &watch), "c", &third, &at_ease)
                .unwrap_or_else(|error| panic!("{context}: {error:?}"));
            bucket.deliver_late();
            let late = sleeper.record(&address("t.s1"), |_| Some(recorded("i-t.s1")));
            assert!(matches!(late, Err(StoreError::Fenced { .. })), "{context}: {late:?}");
            assert!(matches!(sleeper.save(|_| {}), Err(StoreError::Fenced { .. })), "{context}");
            drop(sleeper);
            watch.look(&bucket);
            nothing_is_lost(&bucket, &watch, &[&told, &second, &third], &context);
        }
    }
}

/// What a run meets that sleeps at one request while another takes over and finishes.
fn sleep(point: usize, clock: Clock, before: bool, answer: Trouble) {
    let context = format!("asleep at {point}, clock {clock:?}, before {before}, {answer:?}");
    let (bucket, watch) = (Bucket::default(), Watch::default());
    let (told, other) = (Told::default(), Told::default());
    let held_by_other = Arc::new(Mutex::new(None));
    let night = {
        let (bucket, watch, other, told) = (bucket.clone(), watch.clone(), other.clone(), told.clone());
        let (context, held_by_other) = (context.clone(), held_by_other.clone());
        move || {
            bucket.advance(LONG);
            let outcome = work(&watched(&bucket, &watch), "b", &other, &at_ease);
            outcome.unwrap_or_else(|error| panic!("{context}: {error:?}"));
            *held_by_other.lock().unwrap() = Some((epoch(&bucket), told.all().len()));
        }
    };
    let night = Arc::new(night);
    let count = Arc::new(AtomicUsize::new(0));
    let (evening, counter) = (night.clone(), count.clone());
    let objects = MemoryObjects::troubled(&bucket, move |_| {
        let index = counter.fetch_add(1, Ordering::SeqCst);
        if index != point {
            return Trouble::None;
        }
        if before {
            evening();
        }
        answer
    });
    let (looked, watcher) = (bucket.clone(), watch.clone());
    let objects = objects.then(move |_| {
        watcher.look(&looked);
        if !before && count.load(Ordering::SeqCst) == point + 1 {
            night();
        }
    });
    let store = RemoteStore::new(Box::new(objects), Box::new(MemoryKeys::default()), run(&bucket, clock));
    let outcome = work(&store, "a", &told, &at_ease);
    let (through, promised) = held_by_other.lock().unwrap().unwrap_or_default();
    let own = outcome.is_ok();
    // It either slept before it had the lease, and has one of its own now, or after all was done, or it was told so.
    match &outcome {
        Ok(()) => assert!(epoch(&bucket) > through || promised == 2 * RESOURCES, "{context}"),
        Err(error) => assert!(matches!(error, StoreError::Fenced { .. }), "{context}: {error:?}"),
    }
    // With a clock that stands, one promise is in its hands when it falls asleep behind the answer to a put. None comes later.
    let in_hand = usize::from(!before && clock == Clock::Stands && answer == Trouble::None);
    assert!(own || told.all().len() <= promised + in_hand, "{context}: {:?}", told.all());
    nothing_is_lost(&bucket, &watch, &[&told, &other], &context);
}

#[test]
fn a_sleeper_at_any_request_is_fenced_before_its_next_call() {
    for point in 0..requests_of_work() {
        for clock in [Clock::Counts, Clock::Stands] {
            sleep(point, clock, true, Trouble::None);
            sleep(point, clock, false, Trouble::None);
            sleep(point, clock, true, Trouble::Unheard);
            sleep(point, clock, false, Trouble::Unheard);
            sleep(point, clock, true, Trouble::Lost);
        }
    }
}

/// A sleeper's run and its store, that live as long as the test: its clock stands.
fn sleeper(bucket: &Bucket, watch: &Watch) -> Ledger<'static> {
    let store: &'static RemoteStore = Box::leak(Box::new(troubled(bucket, watch, Clock::Stands, |_, _| Trouble::None)));
    let ledger = Ledger::open(store.lock(&holder("s")).unwrap(), fresh()).unwrap();
    record(&ledger, "t.s0");
    ledger
}

fn record(ledger: &Ledger<'_>, name: &str) {
    ledger.record(&address(name), |_| Some(recorded(&format!("i-{name}")))).unwrap();
}

#[test]
fn a_sleeper_that_saves_later_is_in_nobodys_way() {
    let (bucket, watch) = (Bucket::default(), Watch::default());
    let old = sleeper(&bucket, &watch);
    bucket.advance(LONG);
    let store = watched(&bucket, &watch);
    let ledger = Ledger::open(store.lock(&holder("b")).unwrap(), fresh()).unwrap();
    assert!(matches!(old.save(|_| {}), Err(StoreError::Fenced { .. })));
    record(&ledger, "t.b0");
    ledger.save(|_| {}).unwrap();
    drop((old, ledger));
    nothing_is_lost(&bucket, &watch, &[], "late save");
}

/// It appends, saves and clears up behind itself at any moment of the taking: the seal must not end up where it once was.
#[test]
fn a_sleeper_that_wakes_while_it_is_sealed_is_sealed_all_the_same() {
    for point in 0..12 {
        let (bucket, watch) = (Bucket::default(), Watch::default());
        let old = Arc::new(sleeper(&bucket, &watch));
        bucket.advance(LONG);
        let awake = old.clone();
        let store = troubled(&bucket, &watch, Clock::Counts, move |index, _| {
            if index == point {
                for name in ["t.s1", "t.s2", "t.s3"] {
                    let _ = awake.record(&address(name), |_| Some(recorded(&format!("i-{name}"))));
                }
                let _ = awake.save(|_| {});
            }
            Trouble::None
        });
        let ledger = Ledger::open(store.lock(&holder("b")).unwrap(), fresh()).unwrap();
        let late = old.record(&address("t.s4"), |_| Some(recorded("i-t.s4")));
        assert!(matches!(late, Err(StoreError::Fenced { .. })), "at {point}: {late:?}");
        record(&ledger, "t.b0");
        ledger.save(|_| {}).unwrap();
        drop(ledger);
        nothing_is_lost(&bucket, &watch, &[], &format!("at {point}"));
    }
}

#[test]
fn one_of_two_takers_wins_at_any_request() {
    for dead in [false, true] {
        let mut winners = BTreeMap::new();
        for point in 0..12 {
            let (bucket, watch) = (Bucket::default(), Watch::default());
            if dead {
                let store = watched(&bucket, &watch);
                let ledger = Ledger::open(store.lock(&holder("s")).unwrap(), fresh()).unwrap();
                ledger.record(&address("t.s0"), |_| Some(recorded("i-t.s0"))).unwrap();
                std::mem::forget(ledger);
                bucket.advance(LONG);
            }
            let second = Arc::new(Mutex::new(None));
            let (at, look, result) = (bucket.clone(), watch.clone(), second.clone());
            let first = troubled(&bucket, &watch, Clock::Counts, move |index, _| {
                if index == point {
                    let other = watched(&at, &look);
                    // It never gives it back.
                    let won = other.lock(&holder("same")).map(std::mem::forget).is_ok();
                    *result.lock().unwrap() = Some(won);
                }
                Trouble::None
            });
            let won = first.lock(&holder("same")).map(std::mem::forget).is_ok();
            let Some(other) = *second.lock().unwrap() else { continue };
            assert!(won != other, "dead {dead}, at {point}: {won} and {other}");
            *winners.entry(won).or_insert(0) += 1;
        }
        assert!(winners.contains_key(&false), "{winners:?}");
        assert!(!dead || winners.contains_key(&true), "{winners:?}");
    }
}
