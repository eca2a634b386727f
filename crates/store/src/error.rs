//! What can go wrong with a store, told with path, reason and next step.

use std::{io, path::PathBuf, time::Duration};

use crate::{Blame, Holder, remote::ObjectError};

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
    Locked {
        holder: Holder,
        /// For a lease: when it ends unless it is renewed, from now. A lock of the system goes with its process.
        left: Option<Duration>,
    },

    #[error("cannot {doing} {place}")]
    Remote {
        doing: &'static str,
        place: String,
        #[source]
        source: ObjectError,
    },

    #[error("the lease on {place} is in other hands{}", holder.as_ref().map(|by| format!(": {by}")).unwrap_or_default())]
    Fenced { place: String, holder: Option<Holder> },

    #[error("the lease on {place} ends in {} s and could not be renewed in time", left.as_secs())]
    LeaseEnds { place: String, left: Duration },

    #[error("the state of {place} has another origin: lineage `{found}` instead of `{known}`")]
    OtherLineage { place: String, found: String, known: String },

    #[error("the state in {place} is the one of environment `{found}`, not of `{known}`")]
    OtherEnvironment { place: String, found: String, known: String },

    #[error("the state has moved from {place} to {to}")]
    Moved { place: String, to: String },

    #[error("there is no state in {place} that could be moved")]
    NothingToMove { place: String },

    #[error("{one} and {other} do not say the same: {}", differing.join(", "))]
    Unequal { one: String, other: String, differing: Vec<String> },

    #[error("the state in {place} is newer: {reason}")]
    Outdated { place: String, reason: String },

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

    #[error("no thread is to be had for the lease's renewals")]
    Thread {
        #[source]
        source: io::Error,
    },

    #[error("no random bytes are to be had: {reason}")]
    Randomness { reason: String },

    #[error("the state cannot be put into JSON: {reason}")]
    Unwritable { reason: String },
}

impl StoreError {
    /// Whose turn it is.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Locked { .. } | Self::Fenced { .. } => Blame::Locked,
            Self::Unwritable { .. } | Self::Unequal { .. } => Blame::Bug,
            Self::Newer { .. }
            | Self::OtherLineage { .. }
            | Self::OtherEnvironment { .. }
            | Self::Moved { .. }
            | Self::NothingToMove { .. }
            | Self::Outdated { .. } => Blame::User,
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
            Self::Locked { left: Some(left), .. } => vec![
                format!("wait for that run to end; if it is dead, its lease ends by itself in {} s", left.as_secs()),
                "`--lock-timeout 3m` waits for it; `groma unlock` ends it at once".to_owned(),
            ],
            Self::Locked { left: None, .. } => {
                one("wait for that run to end; the lock goes with its process, so a dead run holds none")
            }
            Self::DamagedState { .. } => {
                one("put the last good copy back (version control, backup), or rebuild it with `groma state recover`")
            }
            Self::DamagedJournal { .. } => one(
                "every line is one JSON object that groma appended; undo whatever changed the file, since deleting lines can lose resources; or let `groma state recover` keep a copy and find what lives",
            ),
            Self::Newer { .. } => one("use the version of groma that wrote it, or a newer one"),
            Self::MissingState { .. } => {
                one("put state.json back from version control or backup, or rebuild it with `groma state recover`")
            }
            Self::WrongKey { .. } => one(
                "put the file back from backup, or delete it: then every secret counts as changed once and is sent again",
            ),
            Self::Remote { source, .. } => source.hints(),
            Self::Fenced { .. } => one(
                "nothing that this run did is lost: run again, and what was left open is resolved; a lease runs out when a machine sleeps or its network is away",
            ),
            Self::LeaseEnds { .. } => one("check the network, then run again: what was left open is resolved"),
            Self::OtherLineage { .. } => one(
                "check that bucket, key and environment are the right ones; `--force` replaces the state that is there",
            ),
            Self::OtherEnvironment { .. } => {
                one("give each environment a `key` of its own in `[state] s3`; without one it is groma/ENVIRONMENT")
            }
            Self::NothingToMove { .. } => {
                one("check the name of the environment; `groma state list` shows what is recorded")
            }
            Self::Unequal { .. } => {
                one("nothing was put aside: the old place still holds the state; please report this")
            }
            Self::Moved { to, .. } => {
                let follow = match to.starts_with("s3://") {
                    true => "say in `[state]` that it lies there",
                    false => "take `[state]` out of the environment: it lies in files again, where it was moved to",
                };
                vec![
                    follow.to_owned(),
                    "or bring it back: `groma state migrate` moves it to where `[state]` says".to_owned(),
                ]
            }
            Self::Outdated { .. } => one("pull it again and repeat the edit; `--force` replaces the state"),
            Self::Thread { .. } => one("check the limits of this machine (`ulimit -u`), then run again"),
            Self::Randomness { .. } | Self::Unwritable { .. } => Vec::new(),
        }
    }
}
