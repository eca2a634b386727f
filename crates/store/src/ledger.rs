//! The truth during a run: what is in memory is always the stored state with the journal folded in.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use model::{Address, Recorded, State};

use crate::{
    Folded, LockedStore, StoreError,
    entry::{Answer, Entry, Event, Intent},
    fold,
};

/// The state of a run that holds the lock. Everything that changes it goes through the journal first.
pub struct Ledger<'s> {
    store: Box<dyn LockedStore + 's>,
    inner: Mutex<Inner>,
}

struct Inner {
    folded: Folded,
    /// Whether a state was written at all, so that a journal always has one to be folded into.
    written: bool,
    /// Whether the written state lacks something.
    dirty: bool,
    /// Entries that are folded in memory and not yet on disk.
    waiting: Vec<Entry>,
}

impl<'s> Ledger<'s> {
    /// Opens what is stored, or begins with `fresh`.
    ///
    /// # Errors
    /// As [`crate::StateStore::read`].
    pub fn open(store: Box<dyn LockedStore + 's>, fresh: State) -> Result<Self, StoreError> {
        let stored = store.read()?;
        let written = stored.is_some();
        let (stored, entries) =
            stored.unwrap_or_else(|| (crate::Stored { state: fresh, open: Vec::new() }, Vec::new()));
        let dirty = crate::is_unfinished(&stored, &entries);
        let folded = fold(stored, entries);
        Ok(Self { store, inner: Mutex::new(Inner { folded, written, dirty, waiting: Vec::new() }) })
    }

    /// A copy of the state as it is now.
    pub fn state(&self) -> State {
        self.inner().folded.state.clone()
    }

    /// What is recorded of one resource now.
    pub fn recorded(&self, address: &Address) -> Option<Recorded> {
        self.inner().folded.state.resources.get(address).cloned()
    }

    /// Calls without an answer, oldest first.
    pub fn open_intents(&self) -> Vec<Intent> {
        self.inner().folded.open.values().cloned().collect()
    }

    /// When resources were last changed, in seconds since the Unix epoch; those of the last five minutes before the newest.
    pub fn recent(&self) -> BTreeMap<Address, u64> {
        self.inner().folded.recent()
    }

    /// As [`LockedStore::is_shared`].
    pub fn is_shared(&self) -> bool {
        self.store.is_shared()
    }

    /// As [`LockedStore::ensure`]: asked before each attempt of a call, since the first may lie long before the last.
    ///
    /// # Errors
    /// The call must not be sent.
    pub fn ensure(&self) -> Result<(), StoreError> {
        self.store.ensure()
    }

    /// As [`LockedStore::renew`]; never waits for an entry that is being written.
    ///
    /// # Errors
    /// As [`LockedStore::renew`].
    pub fn renew(&self) -> Result<(), StoreError> {
        self.store.renew()
    }

    /// Announces a call; it may be sent when this returns.
    ///
    /// # Errors
    /// It is not on disk and must not be sent.
    pub fn intend(&self, intent: Intent) -> Result<u64, StoreError> {
        let n = self.note_intent(intent)?;
        self.flush(n)?;
        Ok(n)
    }

    /// As [`Self::intend`], but not on disk before [`Self::flush`]: several intents share one write this way.
    ///
    /// # Errors
    /// The first state of all cannot be written.
    pub fn note_intent(&self, intent: Intent) -> Result<u64, StoreError> {
        self.note(Event::Intent(Box::new(intent)))
    }

    /// Notes what came back for an intent.
    ///
    /// # Errors
    /// It may not be on disk; then the next run finds it out again.
    pub fn answer(&self, answer: Answer) -> Result<(), StoreError> {
        self.note_answer(answer)?;
        self.flush_all()
    }

    /// As [`Self::answer`], on disk with the next flush.
    ///
    /// # Errors
    /// The first state of all cannot be written.
    pub fn note_answer(&self, answer: Answer) -> Result<(), StoreError> {
        self.note(Event::Result(answer)).map(drop)
    }

    /// Changes what is recorded of one resource, from what is recorded now.
    ///
    /// # Errors
    /// It may not be on disk.
    pub fn record(
        &self,
        address: &Address,
        change: impl FnOnce(Option<&Recorded>) -> Option<Recorded>,
    ) -> Result<(), StoreError> {
        self.note_record(address, change)?;
        self.flush_all()
    }

    /// As [`Self::record`], on disk with the next flush.
    ///
    /// # Errors
    /// The first state of all cannot be written.
    pub fn note_record(
        &self,
        address: &Address,
        change: impl FnOnce(Option<&Recorded>) -> Option<Recorded>,
    ) -> Result<(), StoreError> {
        self.note_change(|state| BTreeMap::from([(address.clone(), change(state.resources.get(address)))]))
    }

    /// Changes several records at once, for moves.
    ///
    /// # Errors
    /// It may not be on disk.
    pub fn change(&self, change: impl FnOnce(&State) -> BTreeMap<Address, Option<Recorded>>) -> Result<(), StoreError> {
        self.note_change(change)?;
        self.flush_all()
    }

    fn note_change(
        &self,
        change: impl FnOnce(&State) -> BTreeMap<Address, Option<Recorded>>,
    ) -> Result<(), StoreError> {
        let mut inner = self.inner();
        self.begin(&mut inner)?;
        let records = change(&inner.folded.state);
        inner.note(Event::Record(records));
        Ok(())
    }

    /// Puts everything noted so far on disk.
    ///
    /// # Errors
    /// What was noted may not be on disk.
    pub fn flush_all(&self) -> Result<(), StoreError> {
        self.flush(u64::MAX)
    }

    /// Puts everything noted up to this number on disk.
    ///
    /// # Errors
    /// What was noted may not be on disk.
    pub fn flush(&self, through: u64) -> Result<(), StoreError> {
        let mut inner = self.inner();
        if inner.waiting.first().is_some_and(|first| first.n <= through) {
            self.store.append(&inner.waiting)?;
            inner.waiting.clear();
        }
        Ok(())
    }

    /// Writes the state when anything has changed, with one more serial, after a last change to what no journal carries
    /// (outputs, account).
    ///
    /// # Errors
    /// As [`LockedStore::write`].
    pub fn save(&self, change: impl FnOnce(&mut State)) -> Result<(), StoreError> {
        let mut inner = self.inner();
        let before = inner.folded.state.clone();
        change(&mut inner.folded.state);
        if inner.written && !inner.dirty && inner.folded.state == before {
            return Ok(());
        }
        self.write(&mut inner)
    }

    /// Writes the state when the journal knew more than it: what an earlier run has left.
    ///
    /// # Errors
    /// As [`LockedStore::write`].
    pub fn fold(&self) -> Result<(), StoreError> {
        let mut inner = self.inner();
        if inner.written && inner.dirty { self.write(&mut inner) } else { Ok(()) }
    }

    fn note(&self, event: Event) -> Result<u64, StoreError> {
        let mut inner = self.inner();
        self.begin(&mut inner)?;
        Ok(inner.note(event))
    }

    /// A journal without a state would have no lineage: the first state is written before the first entry.
    fn begin(&self, inner: &mut MutexGuard<'_, Inner>) -> Result<(), StoreError> {
        if inner.written { Ok(()) } else { self.write(inner) }
    }

    fn write(&self, inner: &mut MutexGuard<'_, Inner>) -> Result<(), StoreError> {
        if !inner.waiting.is_empty() {
            self.store.append(&inner.waiting)?;
            inner.waiting.clear();
        }
        let mut stored = inner.folded.stored();
        stored.state.serial += 1;
        self.store.write(&stored)?;
        inner.folded.state.serial = stored.state.serial;
        inner.folded.state.folded_through = stored.state.folded_through;
        inner.written = true;
        inner.dirty = false;
        self.keep_recent(inner);
        Ok(())
    }

    /// The emptied journal begins with what was changed just now: the next run may come soon. Without it some refusals
    /// that would pass are final, so failing to write it fails nothing.
    fn keep_recent(&self, inner: &mut MutexGuard<'_, Inner>) {
        let recent = inner.folded.recent();
        if !recent.is_empty() {
            let entry = Entry { n: inner.folded.last + 1, event: Event::Changed(recent) };
            inner.folded.apply(entry.clone());
            let _ = self.store.append(&[entry]);
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn note(&mut self, event: Event) -> u64 {
        let entry = Entry { n: self.folded.last + 1, event };
        self.folded.apply(entry.clone());
        self.dirty = true;
        self.waiting.push(entry);
        self.folded.last
    }
}
