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
