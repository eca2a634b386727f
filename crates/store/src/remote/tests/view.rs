//! What lies in the bucket, and what a reader makes of it.

use super::*;
use crate::tests::seen;

fn journal(bucket: &Bucket) -> Vec<String> {
    let names = bucket.names();
    let short = |name: &String| {
        let link = Link::parse(name)?;
        let seal = if bucket.text(name).contains("\"seal\"") { " sealed" } else { "" };
        Some(format!("{}/{}{seal}", link.epoch, link.n))
    };
    names.iter().filter_map(short).collect()
}

fn record(ledger: &Ledger<'_>, name: &str) {
    ledger.record(&address(name), |_| Some(recorded("i"))).unwrap();
}

#[test]
fn the_bucket_holds_what_the_documents_say() {
    let (bucket, watch) = (Bucket::default(), Watch::default());
    let store = watched(&bucket, &watch);
    let ledger = Ledger::open(store.lock(&holder("ada")).unwrap(), fresh()).unwrap();
    record(&ledger, "t.a");
    ledger.note_intent(intent(Verb::Create, "t.b", None)).unwrap();
    ledger.note_intent(intent(Verb::Create, "t.c", None)).unwrap();
    ledger.flush_all().unwrap();
    assert_eq!(
        bucket.names(),
        ["journal/0000000001/0000000001", "journal/0000000001/0000000002", "lease.json", "state.json"]
    );
    assert_eq!(bucket.text("journal/0000000001/0000000002").lines().count(), 2);
    let state: serde_json::Value = serde_json::from_str(&bucket.text("state.json")).unwrap();
    assert_eq!(state["fence"], serde_json::json!({ "epoch": 1, "settled": 1, "environment": "dev" }));
    assert_eq!(state["format"], 1);
}

/// What a run waits for: one request for all that it announces at once, and a few around it.
#[test]
fn a_run_costs_few_requests() {
    let (bucket, watch) = (Bucket::default(), Watch::default());
    work(&watched(&bucket, &watch), "a", &Told::default(), &at_ease).unwrap();
    let sent = Arc::new(Mutex::new(Vec::new()));
    let log = sent.clone();
    let store = troubled(&bucket, &watch, Clock::Counts, move |_, request| {
        let verb = request.permission().trim_start_matches("s3:").trim_end_matches("Object");
        let name = request.name().replace("journal/000000000", "").replace("/000000000", "/");
        log.lock().unwrap().push(format!("{verb} {name}"));
        Trouble::None
    });
    let step = |expected: &[&str]| {
        let taken = std::mem::take(&mut *sent.lock().unwrap());
        assert_eq!(taken, expected);
    };
    let guard = store.lock(&holder("ada")).unwrap();
    step(&["Get lease.json", "Put lease.json"]);
    let ledger = Ledger::open(guard, fresh()).unwrap();
    step(&["Get state.json", "ListBucket journal/", "Get 1/7", "Get 1/8", "Get state.json"]);
    for name in ["t.b", "t.c", "t.d"] {
        ledger.note_intent(intent(Verb::Create, name, None)).unwrap();
    }
    ledger.flush_all().unwrap();
    step(&["Put 2/1"]);
    ledger.renew().unwrap();
    step(&["Put lease.json"]);
    ledger.save(|_| {}).unwrap();
    step(&["Put state.json", "Delete 1/7", "Delete 1/8", "Put 2/2"]);
    drop(ledger);
    step(&["Put lease.json"]);
}

/// The newest of its own chain stays until the next run has saved; a sealed chain keeps its end for good.
#[test]
fn what_the_state_holds_goes_and_ends_of_chains_stay() {
    let (bucket, watch) = (Bucket::default(), Watch::default());
    let store = watched(&bucket, &watch);
    let ledger = Ledger::open(store.lock(&holder("ada")).unwrap(), fresh()).unwrap();
    for name in ["t.a", "t.b", "t.c"] {
        record(&ledger, name);
    }
    assert_eq!(journal(&bucket), ["1/1", "1/2", "1/3"]);
    ledger.save(|_| {}).unwrap();
    assert_eq!(journal(&bucket), ["1/3"]);
    record(&ledger, "t.d");
    drop(ledger);
    let dead = watched(&bucket, &watch);
    let ledger = Ledger::open(dead.lock(&holder("bob")).unwrap(), fresh()).unwrap();
    assert_eq!(journal(&bucket), ["1/3", "1/4"]);
    record(&ledger, "t.e");
    ledger.save(|_| {}).unwrap();
    assert_eq!(journal(&bucket), ["2/1"]);
    record(&ledger, "t.f");
    record(&ledger, "t.g");
    std::mem::forget(ledger);
    bucket.advance(LONG);
    let store = watched(&bucket, &watch);
    let ledger = Ledger::open(store.lock(&holder("cyd")).unwrap(), fresh()).unwrap();
    assert_eq!(journal(&bucket), ["2/1", "2/2", "2/3", "2/4 sealed"]);
    ledger.save(|_| {}).unwrap();
    assert_eq!(journal(&bucket), ["2/3", "2/4 sealed"]);
    drop(ledger);
    let loaded = load(&watched(&bucket, &watch)).unwrap().unwrap();
    assert!(!loaded.unfinished);
    assert_eq!(seen(&loaded.state, &[]), "t.a: i; t.b: i; t.c: i; t.d: i; t.e: i; t.f: i; t.g: i");
}

/// A write that does not know all that was recorded before hides none of it.
#[test]
fn a_state_settles_only_what_it_holds() {
    let (bucket, watch) = (Bucket::default(), Watch::default());
    let store = watched(&bucket, &watch);
    let ledger = Ledger::open(store.lock(&holder("ada")).unwrap(), fresh()).unwrap();
    record(&ledger, "t.a");
    drop(ledger);
    let (stored, _) = store.read().unwrap().unwrap();
    store.lock(&holder("bob")).unwrap().write(&stored).unwrap();
    let loaded = load(&watched(&bucket, &watch)).unwrap().unwrap();
    assert_eq!(seen(&loaded.state, &[]), "t.a: i");
}

fn refused(bucket: &Bucket, name: &str, text: &str) -> String {
    bucket.set(name, text);
    let outcome = load(&calm(bucket, &MemoryKeys::default()));
    outcome.map_or_else(|error| error.to_string().replace("memory://bucket", "HERE"), |_| "accepted".to_owned())
}

#[test]
fn damage_is_told_with_its_place() {
    let (bucket, watch) = (Bucket::default(), Watch::default());
    let store = watched(&bucket, &watch);
    let ledger = Ledger::open(store.lock(&holder("ada")).unwrap(), fresh()).unwrap();
    for name in ["t.a", "t.b", "t.c"] {
        record(&ledger, name);
    }
    let name = "journal/0000000001/0000000002";
    let good = bucket.text(name);
    assert_eq!(
        refused(&bucket, name, good.trim_end()),
        format!("HERE/{name}, line 1, is damaged: its last line has no end")
    );
    assert_eq!(
        refused(&bucket, name, "nonsense\n"),
        format!("HERE/{name}, line 1, is damaged: expected ident at line 1 column 2")
    );
    assert_eq!(
        refused(&bucket, name, &good.replace("\"n\":2", "\"n\":1")),
        format!("HERE/{name}, line 1, is damaged: entry 1 comes after entry 1")
    );
    assert_eq!(
        refused(&bucket, name, &good.replace("\"format\":1", "\"format\":9")),
        format!("HERE/{name}, line 1 has format 9, and this groma knows formats up to 1")
    );
    bucket.remove(name);
    let last = "journal/0000000001/0000000003";
    assert_eq!(
        refused(&bucket, last, &bucket.text(last)),
        format!("HERE/{last}, line 1, is damaged: the object {name} before it is missing")
    );
    bucket.set(name, &good);
    let state = bucket.text("state.json");
    assert_eq!(refused(&bucket, "journal/notes.txt", "mine"), "accepted");
    assert_eq!(
        refused(&bucket, "state.json", &state.replace("\"settled\": 1", "\"settled\": -1")),
        "HERE/state.json is no state of groma: at `fencesettled`: invalid value: integer `-1`, expected u64"
    );
    bucket.remove("state.json");
    assert_eq!(refused(&bucket, name, &good), "HERE holds a journal and no state");
}

#[test]
fn earlier_states_are_told_where_versions_are_kept() {
    let (bucket, watch) = (Bucket::default(), Watch::default());
    assert_eq!(watched(&bucket, &watch).history(9).unwrap(), None);
    bucket.keep_versions();
    for name in ["t.a", "t.b"] {
        bucket.advance(LONG);
        let store = watched(&bucket, &watch);
        let ledger = Ledger::open(store.lock(&holder("ada")).unwrap(), fresh()).unwrap();
        record(&ledger, name);
        ledger.save(|_| {}).unwrap();
        record(&ledger, "t.c");
        // Killed: the next run writes the same state under its own epoch first.
        std::mem::forget(ledger);
    }
    bucket.advance(LONG);
    let store = watched(&bucket, &watch);
    drop(store.lock(&holder("ada")).unwrap());
    let told = |past: &crate::remote::Past| format!("{} {} s: {}", past.serial, past.written, past.resources);
    let past = store.history(9).unwrap().unwrap();
    assert_eq!(past.iter().map(told).collect::<Vec<_>>(), ["3 200 s: 3", "2 100 s: 1", "1 100 s: 0"]);
    let text = store.past(&past[1].version).unwrap().unwrap();
    assert_eq!(seen(&crate::codec::decode_state("text", &text).unwrap().state, &[]), "t.a: i");
    assert_eq!(store.past("77").unwrap(), None);
}

/// A writer saves and clears up between a reader's requests, at each of them.
#[test]
fn a_reader_sees_one_moment() {
    for point in 0..8 {
        let (bucket, watch) = (Bucket::default(), Watch::default());
        let store = Arc::new(watched(&bucket, &watch));
        let ledger = Ledger::open(store.lock(&holder("ada")).unwrap(), fresh()).unwrap();
        for name in ["t.a", "t.b"] {
            record(&ledger, name);
        }
        drop(ledger);
        let writer = store.clone();
        let reader = troubled(&bucket, &watch, Clock::Counts, move |index, _| {
            if index == point {
                let ledger = Ledger::open(writer.lock(&holder("ada")).unwrap(), fresh()).unwrap();
                record(&ledger, "t.c");
                ledger.save(|_| {}).unwrap();
                record(&ledger, "t.d");
            }
            Trouble::None
        });
        let loaded = load(&reader).unwrap().unwrap();
        let resources = seen(&loaded.state, &loaded.open);
        let moments = ["t.a: i; t.b: i", "t.a: i; t.b: i; t.c: i", "t.a: i; t.b: i; t.c: i; t.d: i"];
        assert!(moments.contains(&resources.as_str()), "at {point}: {resources}");
    }
}

#[test]
fn a_reader_without_a_key_has_one_for_itself_and_writes_nothing() {
    let (bucket, keys) = (Bucket::default(), MemoryKeys::default());
    let reader = calm(&bucket, &keys.for_reader());
    let key = reader.fingerprint_key().unwrap();
    assert_eq!(reader.fingerprint_key().unwrap(), key);
    assert_ne!(calm(&bucket, &keys.for_reader()).fingerprint_key().unwrap(), key);
    let refused = reader.lock(&holder("ada")).map(drop).map_err(|error| error.to_string());
    assert_eq!(refused, Err("cannot make the fingerprint key in memory://key".to_owned()));
    let writer = calm(&bucket, &keys.for_reader());
    drop(writer.lock(&holder("ada")).unwrap());
    assert!(writer.fingerprint_key().is_err());
    assert!(calm(&bucket, &keys).adopt_key(&[9; 32]).unwrap());
    assert_eq!(calm(&bucket, &keys.for_reader()).fingerprint_key().unwrap(), [9; 32]);
    assert!(!calm(&bucket, &keys).adopt_key(&[8; 32]).unwrap());
}
