//! What can go wrong with a store, told with path, reason and next step.

use std::{io, path::PathBuf};

use crate::{Blame, Holder};

/// A store that cannot do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("cannot {doing} {}", path.display())]
    Io {
        doing: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },

    #[error("the state is locked by {holder}")]
    Locked { holder: Holder },

    #[error("{place} is no state of groma: at `{path}`: {reason}")]
    DamagedState { place: String, path: String, reason: String },

    #[error("{place}, line {line}, is damaged: {reason}")]
    DamagedJournal { place: String, line: usize, reason: String },

    #[error("{place} has format {found}, and this groma knows formats up to {known}")]
    Newer { place: String, found: u64, known: u32 },

    #[error("{place} holds a journal and no state")]
    MissingState { place: String },

    #[error("{} is no fingerprint key: it holds {length} bytes instead of 32", path.display())]
    WrongKey { path: PathBuf, length: usize },

    #[error("no random bytes are to be had: {reason}")]
    Randomness { reason: String },

    #[error("the state cannot be put into JSON: {reason}")]
    Unwritable { reason: String },
}

impl StoreError {
    /// Whose turn it is.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Locked { .. } => Blame::Locked,
            Self::Unwritable { .. } => Blame::Bug,
            Self::Newer { .. } => Blame::User,
            _ => Blame::World,
        }
    }

    /// What to do next.
    pub fn hints(&self) -> Vec<String> {
        let one = |hint: &str| vec![hint.to_owned()];
        match self {
            Self::Io { .. } => {
                one("check that the folder exists, is writable and that the disk is not full, then run again")
            }
            Self::Locked { .. } => {
                one("wait for that run to end; the lock goes with its process, so a dead run holds none")
            }
            Self::DamagedState { .. } => {
                one("put the last good copy back (version control, backup), or rebuild it with `groma state recover`")
            }
            Self::DamagedJournal { .. } => one(
                "every line is one JSON object that groma appended; undo whatever changed the file, since deleting lines can lose resources",
            ),
            Self::Newer { .. } => one("use the version of groma that wrote it, or a newer one"),
            Self::MissingState { .. } => {
                one("put state.json back from version control or backup, or rebuild it with `groma state recover`")
            }
            Self::WrongKey { .. } => one(
                "put the file back from backup, or delete it: then every secret counts as changed once and is sent again",
            ),
            Self::Randomness { .. } | Self::Unwritable { .. } => Vec::new(),
        }
    }
}
