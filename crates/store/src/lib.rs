//! Where the state of an environment is kept, and how nothing of it is ever lost.
//!
//! Three things lie beside each other: the state (what the last runs left), the journal (what was done since the state was
//! written) and the lock. The truth is always the state with the journal folded in; [`Ledger`] holds that truth during a run.

pub mod blame;
pub mod codec;
pub mod disk;
pub mod entry;
pub mod error;
pub mod file;
pub mod fold;
pub mod ledger;
pub mod lock;
pub mod memory;
mod moved;
pub mod remote;
mod salvage;
#[cfg(test)]
mod tests;
pub mod transfer;
mod upgrade;

pub use blame::Blame;
pub use entry::{Answer, Entry, Event, Intent, Outcome, Verb};
pub use error::StoreError;
pub use file::FileStore;
pub use fold::{Folded, fold};
pub use ledger::Ledger;
pub use lock::Holder;
pub use memory::MemoryStore;
pub use remote::RemoteStore;
pub use salvage::Salvage;

use model::State;

/// The newest format of state and journal that this program writes and reads.
pub const FORMAT: u32 = 1;

/// What a store holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stored {
    /// As it was last written; the journal is not folded in yet.
    pub state: State,
    /// Intents that were open when the state was written.
    pub open: Vec<Intent>,
}

/// A home for one environment's state in one world.
///
/// Plain functions, no waiting: a store over a network blocks its caller for the length of one request.
pub trait StateStore: Send + Sync {
    /// Where it is, for people: a folder or a URL.
    fn place(&self) -> String;

    /// The state as written and the journal behind it; nothing when there is no state yet. Needs no lock.
    ///
    /// # Errors
    /// The state or journal cannot be read, is damaged, or is of a newer format.
    fn read(&self) -> Result<Option<(Stored, Vec<Entry>)>, StoreError>;

    /// Takes the lock, or says who holds it.
    ///
    /// # Errors
    /// [`StoreError::Locked`], or the lock cannot be made.
    fn lock(&self, holder: &Holder) -> Result<Box<dyn LockedStore + '_>, StoreError>;

    /// Who holds the lock now.
    ///
    /// # Errors
    /// The lock cannot be looked at.
    fn holder(&self) -> Result<Option<Holder>, StoreError>;

    /// Ends the lock of the holder that was shown to whoever asks, though it may still run: it is fenced off then.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another holds it now, or when the lock is one that goes with its process.
    fn unlock(&self, shown: &Holder) -> Result<(), StoreError> {
        let _ = shown;
        self.holder()?.map_or(Ok(()), |holder| Err(StoreError::Locked { holder, left: None }))
    }

    /// The key of this state's fingerprints, made when it is first asked for.
    ///
    /// # Errors
    /// The key cannot be read or made.
    fn fingerprint_key(&self) -> Result<Vec<u8>, StoreError>;

    /// Makes the key of another store this one's, when the state moves: fingerprints are comparable then as before.
    ///
    /// # Errors
    /// It cannot be written. `false`: there is another key already.
    fn adopt_key(&self, key: &[u8]) -> Result<bool, StoreError>;
}

/// A store whose lock is held; dropping it gives the lock back. Only through this is anything written.
pub trait LockedStore: Send + Sync {
    /// As [`StateStore::read`].
    ///
    /// # Errors
    /// As [`StateStore::read`].
    fn read(&self) -> Result<Option<(Stored, Vec<Entry>)>, StoreError>;

    /// What is left of state and journal, whatever has become of them: for whoever writes a lost state anew.
    ///
    /// # Errors
    /// Something cannot be read, or is of a newer format.
    fn salvage(&self) -> Result<Salvage, StoreError> {
        Ok(self.read()?.map_or_else(Salvage::default, |(stored, entries)| Salvage::whole(stored, entries)))
    }

    /// Keeps what [`Self::salvage`] calls damaged under other names, before a new state takes its place; gives the names.
    ///
    /// # Errors
    /// They cannot be written: then nothing may take its place.
    fn set_aside(&self) -> Result<Vec<String>, StoreError> {
        Ok(Vec::new())
    }

    /// Adds entries to the journal; when this returns they are on disk.
    ///
    /// # Errors
    /// They may not be on disk: what they announce must not be done.
    fn append(&self, entries: &[Entry]) -> Result<(), StoreError>;

    /// Writes the state, then empties the journal. Whatever happens in between, reading gives the same.
    ///
    /// # Errors
    /// The state may be the old or the new one; the journal still covers the old one.
    fn write(&self, stored: &Stored) -> Result<(), StoreError>;

    /// Whether other machines write here, too: their clocks are not ours.
    fn is_shared(&self) -> bool {
        false
    }

    /// Whether a mutating call may be sent now: the lock holds for at least one attempt's timeout, perhaps after a renewal.
    ///
    /// # Errors
    /// The lock is lost, or may be lost before the answer: the call must not be sent.
    fn ensure(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// Puts the state aside, since it has moved: whoever reads here is told where to. Nothing of it is deleted for good.
    ///
    /// # Errors
    /// It may still be there.
    fn retire(&self, to: &str) -> Result<(), StoreError>;

    /// Renews a lock that ends by time.
    ///
    /// # Errors
    /// It could not be renewed; [`StoreError::Fenced`] when it never will.
    fn renew(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// A reader's view: the state with the journal folded in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Loaded {
    pub state: State,
    /// Calls without an answer; the next run that changes anything resolves them.
    pub open: Vec<Intent>,
    /// Whether the journal holds what the written state does not.
    pub unfinished: bool,
}

/// Reads and folds in memory, without the lock.
///
/// # Errors
/// As [`StateStore::read`].
pub fn load(store: &dyn StateStore) -> Result<Option<Loaded>, StoreError> {
    let Some((stored, entries)) = store.read()? else { return Ok(None) };
    let unfinished = is_unfinished(&stored, &entries);
    let Folded { state, open, .. } = fold(stored, entries);
    Ok(Some(Loaded { state, open: open.into_values().collect(), unfinished }))
}

/// Whether the journal holds what the written state does not.
fn is_unfinished(stored: &Stored, entries: &[Entry]) -> bool {
    let news = |entry: &Entry| entry.n > stored.state.folded_through && !matches!(entry.event, Event::Changed(_));
    entries.iter().any(news)
}

/// As [`load`], for somebody who may find that the state has moved away.
pub(crate) fn load_unless_moved(store: &dyn StateStore) -> Result<Option<Loaded>, StoreError> {
    match load(store) {
        Err(StoreError::Moved { .. }) => Ok(None),
        loaded => loaded,
    }
}

/// Tells states apart without comparing them: what a saved plan is bound to.
pub fn digest(state: &State) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(format!("{}:{}", state.lineage, state.serial));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
