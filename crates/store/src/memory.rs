//! A store in memory, for tests and dry runs. It keeps the same texts as a file store and forgets as little.

use std::sync::{Mutex, MutexGuard, PoisonError, atomic::AtomicBool, atomic::Ordering};

use crate::{Entry, Holder, LockedStore, StateStore, StoreError, Stored, codec};

/// State, journal and lock as texts.
#[derive(Debug, Default)]
pub struct MemoryStore {
    texts: Mutex<Texts>,
    holder: Mutex<Option<Holder>>,
    /// Set: the journal can no longer be written, as on a full disk.
    full: AtomicBool,
}

#[derive(Debug, Default, Clone)]
struct Texts {
    state: Option<String>,
    journal: String,
}

impl MemoryStore {
    /// Makes every later append fail, or work again.
    pub fn set_full(&self, full: bool) {
        self.full.store(full, Ordering::SeqCst);
    }

    /// The text of the state file; empty when there is none.
    pub fn state_text(&self) -> String {
        self.texts().state.clone().unwrap_or_default()
    }

    pub fn journal_text(&self) -> String {
        self.texts().journal.clone()
    }

    fn texts(&self) -> MutexGuard<'_, Texts> {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn held(&self) -> MutexGuard<'_, Option<Holder>> {
        self.holder.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StateStore for MemoryStore {
    fn place(&self) -> String {
        "memory".to_owned()
    }

    fn read(&self) -> Result<Option<(Stored, Vec<Entry>)>, StoreError> {
        let texts = self.texts().clone();
        let entries = codec::decode_entries("journal", texts.journal.as_bytes())?;
        let Some(state) = texts.state else { return Ok(None) };
        Ok(Some((codec::decode_state("state", &state)?, entries)))
    }

    fn lock(&self, holder: &Holder) -> Result<Box<dyn LockedStore + '_>, StoreError> {
        let mut held = self.held();
        if let Some(holder) = held.clone() {
            return Err(StoreError::Locked { holder, left: None });
        }
        *held = Some(holder.clone());
        Ok(Box::new(Guard { store: self }))
    }

    fn holder(&self) -> Result<Option<Holder>, StoreError> {
        Ok(self.held().clone())
    }

    fn fingerprint_key(&self) -> Result<Vec<u8>, StoreError> {
        Ok(vec![7; 32])
    }

    fn adopt_key(&self, key: &[u8]) -> Result<bool, StoreError> {
        Ok(key == [7; 32])
    }
}

struct Guard<'s> {
    store: &'s MemoryStore,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        *self.store.held() = None;
    }
}

impl LockedStore for Guard<'_> {
    fn read(&self) -> Result<Option<(Stored, Vec<Entry>)>, StoreError> {
        StateStore::read(self.store)
    }

    fn append(&self, entries: &[Entry]) -> Result<(), StoreError> {
        if self.store.full.load(Ordering::SeqCst) {
            let source = std::io::ErrorKind::StorageFull.into();
            return Err(StoreError::Io { doing: "append to", path: "journal".into(), source });
        }
        let lines = codec::encode_entries(entries)?;
        self.store.texts().journal.push_str(&lines);
        Ok(())
    }

    fn write(&self, stored: &Stored) -> Result<(), StoreError> {
        let text = codec::encode_state(stored)?;
        *self.store.texts() = Texts { state: Some(text), journal: String::new() };
        Ok(())
    }

    fn retire(&self, _to: &str) -> Result<(), StoreError> {
        *self.store.texts() = Texts::default();
        Ok(())
    }
}
