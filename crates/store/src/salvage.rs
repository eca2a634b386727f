//! What is left of a state and its journal, where one of them is gone or cannot be read.

use crate::{Entry, Folded, StoreError, Stored, codec, fold};

/// What could still be read.
#[derive(Debug, Default)]
pub struct Salvage {
    /// Nothing when it is gone or damaged.
    pub stored: Option<Stored>,
    /// Of a damaged journal, what stands before the damage.
    pub entries: Vec<Entry>,
    pub damaged_state: Option<StoreError>,
    pub damaged_journal: Option<StoreError>,
}

impl Salvage {
    pub(crate) fn whole(stored: Stored, entries: Vec<Entry>) -> Self {
        Self { stored: Some(stored), entries, ..Self::default() }
    }

    /// From the texts as they lie there, each with its place.
    pub(crate) fn of_texts(
        (state, text): (String, Option<Vec<u8>>),
        (journal, lines): (String, Option<Vec<u8>>),
    ) -> Result<Self, StoreError> {
        let decoded = text.map(|text| codec::decode_state(&state, &String::from_utf8_lossy(&text))).transpose();
        let (stored, damaged_state) = or_damage(decoded)?;
        let (entries, error) = codec::readable_entries(&journal, &lines.unwrap_or_default());
        let ((), damaged_journal) = or_damage(error.map_or(Ok(()), Err))?;
        Ok(Self { stored, entries, damaged_state, damaged_journal })
    }

    /// Whether there is a state, and all of it can be read.
    pub fn is_whole(&self) -> bool {
        self.stored.is_some() && !self.is_damaged()
    }

    pub fn is_damaged(&self) -> bool {
        self.damaged_state.is_some() || self.damaged_journal.is_some()
    }

    /// The state with its journal folded in, or what a journal without its state still tells.
    pub fn folded(&self, fresh: model::State) -> Folded {
        let stored = self.stored.clone().unwrap_or(Stored { state: fresh, open: Vec::new() });
        fold(stored, self.entries.clone())
    }
}

/// What is damaged can be set aside. What a newer groma wrote, or what cannot be read at all, may be whole.
fn or_damage<T: Default>(read: Result<T, StoreError>) -> Result<(T, Option<StoreError>), StoreError> {
    match read {
        Ok(read) => Ok((read, None)),
        Err(error @ (StoreError::DamagedState { .. } | StoreError::DamagedJournal { .. })) => {
            Ok((T::default(), Some(error)))
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use model::state::World;

    use super::*;
    use crate::{
        FileStore, Ledger, LockedStore, StateStore, Verb,
        remote::{
            RemoteStore,
            memory::{Bucket, MemoryKeys},
            tests::calm,
        },
        tests::{address, fresh, holder, intent, recorded},
    };

    /// A state with one resource, and a journal with another and an open call.
    fn filled(store: &dyn StateStore) {
        let ledger = Ledger::open(store.lock(&holder("a")).unwrap(), fresh()).unwrap();
        ledger.record(&address("a.b"), |_| Some(recorded("1"))).unwrap();
        ledger.save(|_| {}).unwrap();
        ledger.record(&address("a.c"), |_| Some(recorded("2"))).unwrap();
        ledger.intend(intent(Verb::Create, "a.d", None)).unwrap();
    }

    /// What is salvaged, in words; then a new state is written over it, and read again.
    #[track_caller]
    fn check(store: &dyn StateStore, expected: &str, kept: usize) {
        let locked = store.lock(&holder("b")).unwrap();
        let salvage = locked.salvage().unwrap();
        let folded = salvage.folded(fresh());
        let addresses: Vec<String> = folded.state.resources.keys().map(ToString::to_string).collect();
        let damaged = [&salvage.damaged_state, &salvage.damaged_journal].map(|one| one.is_some());
        let state = if salvage.stored.is_some() { "state" } else { "no state" };
        let said = format!("{state}, {}, {} open, damaged: {damaged:?}", addresses.join(" "), folded.open.len());
        assert_eq!(said, expected);
        assert_eq!(locked.set_aside().unwrap().len(), kept);
        let stored = folded.stored();
        locked.write(&stored).unwrap();
        drop(locked);
        let (read, entries) = store.read().unwrap().unwrap();
        assert_eq!((read.open.len(), entries.len()), (stored.open.len(), 0));
        assert_eq!(read.state.resources, stored.state.resources);
    }

    const WHOLE: &str = "state, a.b a.c, 1 open, damaged: [false, false]";
    const ALONE: &str = "no state, a.c, 1 open, damaged: [false, false]";
    const BESIDE_DAMAGE: &str = "no state, a.c, 1 open, damaged: [true, false]";

    #[test]
    fn of_files() {
        let spoiled = |spoil: &dyn Fn(&FileStore), expected: &str, kept: usize| {
            let folder = tempfile::tempdir().unwrap();
            let store = FileStore::open(folder.path(), "dev", World::Local);
            filled(&store);
            spoil(&store);
            check(&store, expected, kept);
        };
        let file = |store: &FileStore, name: &str| store.folder().join(name);
        let cut = |store: &FileStore, name: &str| {
            let text = fs::read_to_string(file(store, name)).unwrap();
            fs::write(file(store, name), text.replacen("\"n\":", "\"m\":", 1)).unwrap();
        };
        spoiled(&|_| {}, WHOLE, 0);
        spoiled(&|store| fs::remove_file(file(store, "state.json")).unwrap(), ALONE, 0);
        spoiled(&|store| fs::write(file(store, "state.json"), "{").unwrap(), BESIDE_DAMAGE, 1);
        spoiled(&|store| cut(store, "journal.jsonl"), "state, a.b, 0 open, damaged: [false, true]", 1);
        let both = |store: &FileStore| {
            fs::write(file(store, "state.json"), "{").unwrap();
            cut(store, "journal.jsonl");
        };
        spoiled(&both, "no state, , 0 open, damaged: [true, true]", 2);
    }

    #[test]
    fn a_copy_never_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileStore::open(folder.path(), "dev", World::Local);
        filled(&store);
        for text in ["first", "second"] {
            fs::write(store.folder().join("state.json"), text).unwrap();
            let locked = store.lock(&holder("b")).unwrap();
            locked.set_aside().unwrap();
        }
        let copy =
            |number: u32| fs::read_to_string(store.folder().join(format!("state.json.damaged-{number}"))).unwrap();
        assert_eq!([copy(1), copy(2)], ["first", "second"]);
    }

    fn link(n: u64) -> String {
        format!("journal/{:010}/{n:010}", 1)
    }

    #[test]
    fn of_objects() {
        type Spoil = fn(&Bucket);
        // The newest object of a journal stays, though its state holds what it tells.
        let damage = "no state, a.b a.c, 1 open, damaged: [true, false]";
        let hurt = "state, a.b, 0 open, damaged: [false, true]";
        let cases: [(Spoil, &str, usize); 6] = [
            (|_| {}, WHOLE, 0),
            (|bucket| bucket.remove("state.json"), "no state, a.b a.c, 1 open, damaged: [false, false]", 0),
            (|bucket| bucket.set("state.json", "{"), damage, 1),
            // A record, then an intent; the state holds what stands before them.
            (|bucket| bucket.set(&link(2), "{\n"), hurt, 2),
            (|bucket| bucket.set(&link(3), "{\n"), "state, a.b a.c, 0 open, damaged: [false, true]", 1),
            (|bucket| bucket.remove(&link(2)), hurt, 1),
        ];
        for (spoil, expected, kept) in cases {
            let (bucket, keys) = (Bucket::default(), MemoryKeys::default());
            filled(&calm(&bucket, &keys));
            spoil(&bucket);
            check(&calm(&bucket, &keys), expected, kept);
        }
        // A holder that died is fenced, though nobody can read what it wrote.
        let (bucket, keys) = (Bucket::default(), MemoryKeys::default());
        let dead: RemoteStore = calm(&bucket, &keys);
        filled(&dead);
        std::mem::forget(dead.lock(&holder("dead")).unwrap());
        bucket.set("state.json", "{");
        bucket.advance(std::time::Duration::from_secs(100));
        check(&calm(&bucket, &keys), damage, 1);
    }

    #[test]
    fn what_a_newer_groma_wrote_is_not_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let store = FileStore::open(folder.path(), "dev", World::Local);
        filled(&store);
        fs::write(store.folder().join("state.json"), "{\"format\": 99}").unwrap();
        let locked: Box<dyn LockedStore + '_> = store.lock(&holder("b")).unwrap();
        assert!(matches!(locked.salvage(), Err(StoreError::Newer { .. })));
    }
}
