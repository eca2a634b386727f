//! What the store promises, whatever happens in between.

use std::{collections::BTreeMap, fs, path::Path};

use model::{Address, Condition, Recorded, State, Value, state::World};

use crate::{
    Answer, Entry, Event, FileStore, Holder, Intent, Ledger, StateStore, StoreError, Verb, load,
    remote::{
        memory::{Bucket, MemoryKeys},
        tests::calm,
    },
};

/// Somewhere a state can live. Each opening is another machine, as far as there can be one.
pub(crate) trait Home {
    fn store(&self) -> Box<dyn StateStore>;
}

impl Home for tempfile::TempDir {
    fn store(&self) -> Box<dyn StateStore> {
        Box::new(FileStore::open(self.path(), "dev", World::Local))
    }
}

impl Home for (Bucket, MemoryKeys) {
    fn store(&self) -> Box<dyn StateStore> {
        Box::new(calm(&self.0, &self.1))
    }
}

/// A law of every store.
fn everywhere(law: impl Fn(&dyn Home)) {
    law(&tempfile::tempdir().unwrap());
    law(&(Bucket::default(), MemoryKeys::default()));
}

pub(crate) fn address(text: &str) -> Address {
    text.parse().unwrap()
}

pub(crate) fn holder(owner: &str) -> Holder {
    Holder {
        owner: owner.to_owned(),
        host: "here".to_owned(),
        pid: 7,
        command: "apply".to_owned(),
        started: 50_520,
        run: String::new(),
    }
}

pub(crate) fn fresh() -> State {
    State { lineage: "l".to_owned(), region: "eu-west-1".to_owned(), ..State::default() }
}

pub(crate) fn recorded(id: &str) -> Recorded {
    Recorded { type_name: "t".to_owned(), id: id.to_owned(), ..Recorded::default() }
}

pub(crate) fn intent(verb: Verb, name: &str, id: Option<&str>) -> Intent {
    Intent {
        n: 0,
        at: 1,
        address: address(name),
        type_name: "t".to_owned(),
        region: "eu-west-1".to_owned(),
        verb,
        operation: "s:Do".to_owned(),
        id: id.map(str::to_owned),
        token: Some("token".to_owned()),
        identity: BTreeMap::from([("name".to_owned(), Value::from("x"))]),
        digest: String::new(),
        record: (verb == Verb::Create).then(|| Box::new(recorded(""))),
        deposes: None,
        replaces: false,
        lived: None,
    }
}

/// Plays a story on a ledger; gives what a later reader sees: `address: id condition [deposed] …; open verbs`.
fn check(story: &[&str], expected: &str) {
    everywhere(|home| check_in(home, story, expected));
}

fn check_in(home: &dyn Home, story: &[&str], expected: &str) {
    let store = home.store();
    let ledger = Ledger::open(store.lock(&holder("me")).unwrap(), fresh()).unwrap();
    let mut intents = BTreeMap::new();
    for line in story {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["record", name, "-"] => ledger.record(&address(name), |_| None).unwrap(),
            ["record", name, id] => ledger
                .record(&address(name), |old| {
                    let deposed = old.map(|old| old.deposed.clone()).unwrap_or_default();
                    Some(Recorded { deposed, ..recorded(id) })
                })
                .unwrap(),
            ["create", name] => {
                intents.insert("create", ledger.intend(intent(Verb::Create, name, None)).unwrap());
            }
            ["replace", name, old] => {
                let intent = Intent { deposes: Some((*old).to_owned()), ..intent(Verb::Create, name, None) };
                intents.insert("create", ledger.intend(intent).unwrap());
            }
            ["update", name, id] => {
                intents.insert("update", ledger.intend(intent(Verb::Update, name, Some(id))).unwrap());
            }
            ["delete", name, id] => {
                intents.insert("delete", ledger.intend(intent(Verb::Delete, name, Some(id))).unwrap());
            }
            ["done", verb, id] => ledger.answer(Answer::done(intents[verb], Some((*id).to_owned()), None)).unwrap(),
            ["no_effect", verb] => ledger.answer(Answer::no_effect(intents[verb], None)).unwrap(),
            ["unknown", verb] => ledger.answer(Answer::unknown(intents[verb])).unwrap(),
            ["save"] => ledger.save(|_| {}).unwrap(),
            other => panic!("no such line: {other:?}"),
        }
    }
    let in_memory = (ledger.state(), ledger.open_intents());
    drop(ledger);
    let loaded = load(home.store().as_ref()).unwrap().unwrap();
    assert_eq!(seen(&loaded.state, &loaded.open), expected);
    assert_eq!(seen(&in_memory.0, &in_memory.1), expected, "memory and disk differ");
}

pub(crate) fn seen(state: &State, open: &[Intent]) -> String {
    let mut words = Vec::new();
    for (address, recorded) in &state.resources {
        let deposed: String = recorded.deposed.iter().map(|old| format!(" [{}]", old.id)).collect();
        let condition = if recorded.condition == Condition::Ready { "" } else { " incomplete" };
        words.push(format!("{address}: {}{condition}{deposed}", recorded.id));
    }
    words.extend(open.iter().map(|intent| format!("open {:?}", intent.verb)));
    words.join("; ")
}

#[test]
fn a_create_is_recorded_as_soon_as_it_is_answered() {
    check(&["create t.a"], "open Create");
    check(&["create t.a", "done create i-1"], "t.a: i-1 incomplete");
    check(&["create t.a", "no_effect create"], "");
    check(&["create t.a", "done create i-1", "record t.a i-1"], "t.a: i-1");
}

#[test]
fn a_replacement_deposes_the_old_one() {
    check(&["record t.a i-1", "replace t.a i-1", "no_effect create"], "t.a: i-1");
    check(&["record t.a i-1", "replace t.a i-1", "done create i-2"], "t.a: i-2 incomplete [i-1]");
    check(&["record t.a i-1", "create t.a", "done create i-2"], "t.a: i-2 incomplete");
}

#[test]
fn an_update_leaves_doubt_until_it_is_recorded() {
    check(&["record t.a i-1", "update t.a i-1"], "t.a: i-1; open Update");
    check(&["record t.a i-1", "update t.a i-1", "done update i-1"], "t.a: i-1 incomplete");
    check(&["record t.a i-1", "update t.a i-1", "unknown update"], "t.a: i-1 incomplete");
    check(&["record t.a i-1", "update t.a i-1", "no_effect update"], "t.a: i-1");
    check(&["record t.a i-1", "update t.a i-1", "done update i-1", "record t.a i-1"], "t.a: i-1");
}

#[test]
fn a_delete_stays_open_until_it_leaves_the_state() {
    check(&["record t.a i-1", "delete t.a i-1", "done delete i-1"], "t.a: i-1; open Delete");
    check(&["record t.a i-1", "delete t.a i-1", "no_effect delete"], "t.a: i-1");
    check(&["record t.a i-1", "delete t.a i-1", "done delete i-1", "record t.a -"], "");
}

#[test]
fn saving_keeps_what_is_open() {
    check(&["record t.a i-1", "create t.b", "save"], "t.a: i-1; open Create");
    check(&["create t.b", "save", "done create i-1", "save"], "t.b: i-1 incomplete");
}

fn store_with(story: impl FnOnce(&Ledger<'_>)) -> (tempfile::TempDir, FileStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::open(folder.path(), "dev", World::Local);
    let ledger = Ledger::open(store.lock(&holder("me")).unwrap(), fresh()).unwrap();
    story(&ledger);
    drop(ledger);
    (folder, store)
}

#[test]
fn a_kill_between_state_and_journal_changes_nothing() {
    let (_folder, store) = store_with(|ledger| {
        ledger.record(&address("t.a"), |_| Some(recorded("i-1"))).unwrap();
        ledger.record(&address("t.a"), |_| None).unwrap();
    });
    let journal = store.folder().join("journal.jsonl");
    let lines = fs::read(&journal).unwrap();
    Ledger::open(store.lock(&holder("me")).unwrap(), fresh()).unwrap().save(|_| {}).unwrap();
    let saved = load(&store).unwrap().unwrap();
    assert!(!saved.unfinished);
    fs::write(&journal, lines).unwrap();
    assert_eq!(load(&store).unwrap().unwrap(), saved);
}

#[test]
fn a_torn_last_line_is_dropped_and_never_joined() {
    let (_folder, store) = store_with(|ledger| ledger.record(&address("t.a"), |_| Some(recorded("i-1"))).unwrap());
    let journal = store.folder().join("journal.jsonl");
    let whole = fs::read_to_string(&journal).unwrap();
    fs::write(&journal, format!("{whole}{{\"format\":1,\"n\":2,\"rec")).unwrap();
    assert_eq!(seen(&load(&store).unwrap().unwrap().state, &[]), "t.a: i-1");
    let ledger = Ledger::open(store.lock(&holder("me")).unwrap(), fresh()).unwrap();
    ledger.record(&address("t.b"), |_| Some(recorded("i-2"))).unwrap();
    drop(ledger);
    assert_eq!(seen(&load(&store).unwrap().unwrap().state, &[]), "t.a: i-1; t.b: i-2");
}

fn refused(path: &Path, text: &str, store: &FileStore) -> String {
    fs::write(path, text).unwrap();
    match load(store) {
        Err(error) => error.to_string().replace(&store.place(), "HERE"),
        Ok(_) => "accepted".to_owned(),
    }
}

#[test]
fn damage_is_told_with_its_place() {
    let (_folder, store) = store_with(|ledger| ledger.record(&address("t.a"), |_| Some(recorded("i-1"))).unwrap());
    let (state, journal) = (store.folder().join("state.json"), store.folder().join("journal.jsonl"));
    let (good_state, good) = (fs::read_to_string(&state).unwrap(), fs::read_to_string(&journal).unwrap());
    assert_eq!(
        refused(&journal, &format!("nonsense\n{good}"), &store),
        "HERE/journal.jsonl, line 1, is damaged: expected ident at line 1 column 2"
    );
    assert_eq!(
        refused(&journal, &format!("{good}{good}"), &store),
        "HERE/journal.jsonl, line 2, is damaged: entry 1 comes after entry 1"
    );
    assert_eq!(
        refused(&journal, &good.replace("\"format\":1", "\"format\":9"), &store),
        "HERE/journal.jsonl, line 1 has format 9, and this groma knows formats up to 1"
    );
    fs::write(&journal, &good).unwrap();
    assert_eq!(
        refused(&state, &good_state.replace("\"local\"", "\"moon\"").replace("\"aws\"", "\"moon\""), &store),
        "HERE/state.json is no state of groma: at `world`: unknown variant `moon`, expected one of `aws`, `local`, `endpoint`"
    );
    assert_eq!(
        refused(&state, &good_state.replace("\"format\": 1", "\"format\": 2"), &store),
        "HERE/state.json has format 2, and this groma knows formats up to 1"
    );
    fs::remove_file(&state).unwrap();
    assert_eq!(refused(&journal, &good, &store), "HERE holds a journal and no state");
}

#[test]
fn one_run_at_a_time() {
    everywhere(one_run_in);
}

fn one_run_in(home: &dyn Home) {
    let store = home.store();
    assert_eq!(store.holder().unwrap(), None);
    let guard = store.lock(&holder("ada")).unwrap();
    assert_eq!(store.holder().unwrap(), Some(holder("ada")));
    let other = home.store();
    let second = other.lock(&holder("bob")).map(drop);
    let words = second.map_err(|error| (error.blame(), error.to_string()));
    assert_eq!(
        words,
        Err((
            crate::Blame::Locked,
            "the state is locked by `apply` by ada on here since 14:02 UTC (process 7)".to_owned()
        ))
    );
    drop(guard);
    assert_eq!(store.holder().unwrap(), None);
    drop(other.lock(&holder("bob")).unwrap());
    drop(guard_again(store.as_ref()));
}

fn guard_again(store: &dyn StateStore) -> Box<dyn crate::LockedStore + '_> {
    store.lock(&holder("ada")).unwrap()
}

#[test]
fn a_killed_holder_holds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::open(folder.path(), "dev", World::Aws);
    drop(store.lock(&holder("ada")).unwrap());
    fs::write(store.folder().join("lock"), serde_json::to_vec(&holder("ada")).unwrap()).unwrap();
    assert_eq!(store.holder().unwrap(), None);
    assert!(store.lock(&holder("bob")).is_ok());
}

#[test]
fn the_key_is_made_once() {
    everywhere(|home| {
        let store = home.store();
        let key = store.fingerprint_key().unwrap();
        assert_eq!(key.len(), 32);
        assert_ne!(key, vec![0; 32]);
        assert_eq!(store.fingerprint_key().unwrap(), key);
        assert_eq!(home.store().fingerprint_key().unwrap(), key);
    });
}

#[test]
fn the_key_in_a_file_is_nobody_elses() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileStore::open(folder.path(), "dev", World::Aws);
    store.fingerprint_key().unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&store.folder().join("fingerprint.key")), 0o600);
        assert_eq!(mode(store.folder()), 0o700);
    }
    fs::write(store.folder().join("fingerprint.key"), "short").unwrap();
    assert!(matches!(store.fingerprint_key(), Err(StoreError::WrongKey { length: 5, .. })));
}

#[test]
fn what_changed_just_now_outlives_the_journal() {
    everywhere(|home| {
        let store = home.store();
        let ledger = Ledger::open(store.lock(&holder("me")).unwrap(), fresh()).unwrap();
        for (name, at) in [("t.old", 1_000), ("t.new", 1_300), ("t.newest", 1_301)] {
            let n = ledger.intend(Intent { at, ..intent(Verb::Create, name, None) }).unwrap();
            ledger.answer(Answer::done(n, Some("i".to_owned()), None)).unwrap();
        }
        ledger.save(|_| {}).unwrap();
        drop(ledger);
        let store = home.store();
        let loaded = load(store.as_ref()).unwrap().unwrap();
        assert!(!loaded.unfinished);
        let ledger = Ledger::open(store.lock(&holder("me")).unwrap(), fresh()).unwrap();
        assert_eq!(ledger.recent(), BTreeMap::from([(address("t.new"), 1_300), (address("t.newest"), 1_301)]));
        let serial = ledger.state().serial;
        ledger.save(|_| {}).unwrap();
        assert_eq!(ledger.state().serial, serial);
    });
}

#[test]
fn nothing_changed_is_nothing_written() {
    everywhere(|home| {
        let store = home.store();
        Ledger::open(store.lock(&holder("me")).unwrap(), fresh()).unwrap().save(|_| {}).unwrap();
        let ledger = Ledger::open(store.lock(&holder("me")).unwrap(), fresh()).unwrap();
        ledger.save(|_| {}).unwrap();
        assert_eq!(ledger.state().serial, 1);
        ledger.save(|state| state.written_by = "2".to_owned()).unwrap();
        assert_eq!(ledger.state().serial, 2);
    });
}

#[test]
fn journal_lines_are_as_documented() {
    let entry = Entry { n: 3, event: Event::Intent(Box::new(intent(Verb::Create, "t.a[\"k\"]", None))) };
    let text = crate::codec::encode_entries(&[entry.clone(), Entry { n: 4, event: Event::Result(Answer::unknown(3)) }]);
    let text = text.unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines,
        [
            "{\"format\":1,\"n\":3,\"intent\":{\"n\":0,\"at\":1,\"address\":\"t.a[\\\"k\\\"]\",\"type\":\"t\",\"region\":\"eu-west-1\",\
             \"verb\":\"create\",\"operation\":\"s:Do\",\"token\":\"token\",\"identity\":{\"name\":\"x\"},\
             \"record\":{\"type\":\"t\",\"id\":\"\",\"region\":\"\",\"condition\":\"ready\",\"applied\":{},\"lifecycle\":{},\"timeouts\":{}}}}",
            "{\"format\":1,\"n\":4,\"result\":{\"of\":3,\"outcome\":\"unknown\"}}",
        ]
    );
    let back = crate::codec::decode_entries("j", text.as_bytes()).unwrap();
    assert_eq!(back[0], entry);
}

mod transfers {
    use super::*;
    use crate::{
        RemoteStore,
        remote::{
            memory::{MemoryObjects, Trouble},
            tests::calm_run,
        },
        transfer::{self, Mismatch},
    };

    /// A store with `t.a` recorded and a create open.
    fn begun(home: &dyn Home) {
        let store = home.store();
        let ledger = Ledger::open(store.lock(&holder("me")).unwrap(), fresh()).unwrap();
        ledger.record(&address("t.a"), |_| Some(recorded("i-1"))).unwrap();
        ledger.intend(intent(Verb::Create, "t.b", None)).unwrap();
    }

    fn word(outcome: Result<(), StoreError>) -> String {
        outcome.map_or_else(|error| error.to_string(), |()| "pushed".to_owned())
    }

    /// What both know of a state that was begun.
    const BEGUN: &str = "t.a: i-1; open Create";

    fn says(store: &dyn StateStore) -> String {
        match load(store) {
            Ok(None) => "nothing".to_owned(),
            Ok(Some(loaded)) => seen(&loaded.state, &loaded.open),
            Err(error) => error.to_string().replace(&store.place(), "HERE"),
        }
    }

    #[test]
    fn a_state_moves_either_way_and_leaves_word() {
        let (folder, bucket) = (tempfile::tempdir().unwrap(), (Bucket::default(), MemoryKeys::default()));
        begun(&folder);
        let (files, objects) = (folder.store(), bucket.store());
        let moved = transfer::migrate(files.as_ref(), objects.as_ref(), &holder("me")).unwrap();
        assert_eq!((moved.resources, moved.same_key), (1, true));
        assert_eq!(says(objects.as_ref()), BEGUN);
        assert_eq!(says(files.as_ref()), "the state has moved from HERE to memory://bucket");
        assert!(files.lock(&holder("late")).and_then(|locked| Ledger::open(locked, fresh())).is_err());
        let ledger = Ledger::open(objects.lock(&holder("me")).unwrap(), fresh()).unwrap();
        ledger.record(&address("t.c"), |_| Some(recorded("i-3"))).unwrap();
        drop(ledger);
        transfer::migrate(objects.as_ref(), files.as_ref(), &holder("me")).unwrap();
        assert_eq!(says(files.as_ref()), "t.a: i-1; t.c: i-3; open Create");
        assert!(says(objects.as_ref()).starts_with("the state has moved from HERE to /"), "{}", says(objects.as_ref()));
        let nothing = transfer::migrate(objects.as_ref(), files.as_ref(), &holder("me"));
        assert!(nothing.is_err());
    }

    /// Each request fails once, with and without effect; the same again ends what was begun.
    #[test]
    fn a_migration_that_was_interrupted_is_begun_again() {
        for there in [true, false] {
            for at in 0..40 {
                for trouble in [Trouble::Denied, Trouble::Unheard] {
                    interrupted(there, at, trouble);
                }
            }
        }
    }

    fn interrupted(there: bool, at: usize, trouble: Trouble) {
        let (folder, bucket) = (tempfile::tempdir().unwrap(), (Bucket::default(), MemoryKeys::default()));
        let (files, objects) = (folder.store(), bucket.store());
        if there {
            begun(&folder)
        } else {
            begun(&bucket)
        }
        let count = std::sync::atomic::AtomicUsize::new(0);
        let way = MemoryObjects::troubled(&bucket.0, move |_| {
            let now = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            if now == at { trouble } else { Trouble::None }
        });
        let rough = RemoteStore::new(Box::new(way), Box::new(bucket.1.clone()), calm_run(&bucket.0));
        let migrate = |remote: &dyn StateStore| match there {
            true => transfer::migrate(files.as_ref(), remote, &holder("me")),
            false => transfer::migrate(remote, files.as_ref(), &holder("me")),
        };
        let context = format!("there: {there}, {trouble:?} at request {at}");
        let first = migrate(&rough).is_ok();
        bucket.0.advance(std::time::Duration::from_secs(100));
        let (old, new) = if there { (&files, &objects) } else { (&objects, &files) };
        let kept = [says(old.as_ref()), says(new.as_ref())];
        assert!(kept.iter().any(|said| said == BEGUN), "{context}: {kept:?}");
        let again = migrate(objects.as_ref());
        assert!(first || again.is_ok() || says(old.as_ref()).contains("moved"), "{context}: {again:?}");
        assert_eq!(says(new.as_ref()), BEGUN, "{context}");
        assert!(says(old.as_ref()).starts_with("the state has moved"), "{context}: {}", says(old.as_ref()));
    }

    #[test]
    fn what_is_pulled_can_be_pushed_and_nothing_older() {
        everywhere(|home| {
            begun(home);
            let store = home.store();
            let push = |text: &str, mismatch| transfer::push(home.store().as_ref(), &holder("me"), text, mismatch);
            let first = transfer::pull(store.as_ref()).unwrap().unwrap();
            let serial = |text: &str| crate::codec::decode_state("text", text).unwrap().state.serial;
            assert_eq!(word(push(&first, Mismatch::Refuse)), "pushed");
            let second = transfer::pull(store.as_ref()).unwrap().unwrap();
            assert_eq!(serial(&second), serial(&first) + 1);
            let words = word(push(&first, Mismatch::Refuse)).replace(&store.place(), "HERE");
            assert_eq!(words, "the state in HERE is newer: serial 2 is there, and this one is 1");
            let stranger = second.replace("\"lineage\": \"l\"", "\"lineage\": \"m\"");
            let words = word(push(&stranger, Mismatch::Refuse)).replace(&store.place(), "HERE");
            assert_eq!(words, "the state of HERE has another origin: lineage `m` instead of `l`");
            let ledger = Ledger::open(store.lock(&holder("me")).unwrap(), fresh()).unwrap();
            ledger.record(&address("t.d"), |_| Some(recorded("i-4"))).unwrap();
            drop(ledger);
            let words = word(push(&second, Mismatch::Refuse)).replace(&store.place(), "HERE");
            assert_eq!(words, "the state in HERE is newer: its journal goes to entry 3, and this one knows 2");
            assert_eq!(word(push(&second, Mismatch::Replace)), "pushed");
            let third = load(home.store().as_ref()).unwrap().unwrap();
            assert_eq!(seen(&third.state, &third.open), "t.a: i-1; open Create");
            assert_eq!(third.state.serial, 3);
        });
    }
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        /// Cut a journal anywhere: what is left is a beginning of the story, and reading it never fails.
        #[test]
        fn any_beginning_of_a_journal_can_be_read(count in 1u64..8, cut in 0usize..2000) {
            let entries: Vec<Entry> = (1..=count)
                .map(|n| {
                    let record = BTreeMap::from([(address("t.a"), Some(recorded(&format!("i-{n}"))))]);
                    Entry { n, event: Event::Record(record) }
                })
                .collect();
            let text = crate::codec::encode_entries(&entries).unwrap();
            let left = &text.as_bytes()[..cut.min(text.len())];
            let read = crate::codec::decode_entries("j", left).unwrap();
            prop_assert_eq!(&read[..], &entries[..read.len()]);
        }
    }
}
