//! The state object: written under the condition that it is still the one that was read.

use crate::{
    StateStore, StoreError, Stored,
    codec::{self, Fence},
    remote::{
        RemoteStore,
        lease::fenced,
        objects::{Condition, Object},
        shelf::Put,
    },
};

pub(crate) const STATE: &str = "state.json";

/// How often a writer looks again when a slower one got in between.
const ROUNDS: usize = 8;

/// A state as it lies there.
pub(crate) struct Kept {
    pub(crate) stored: Stored,
    pub(crate) fence: Fence,
    pub(crate) etag: String,
}

pub(crate) fn read(store: &RemoteStore) -> Result<Option<Kept>, StoreError> {
    store.shelf().get(STATE)?.map(|object| decode(store, object)).transpose()
}

fn decode(store: &RemoteStore, object: Object) -> Result<Kept, StoreError> {
    let (stored, fence) = codec::decode_fenced(&store.shelf().at(STATE), &String::from_utf8_lossy(&object.bytes))?;
    let ours = &store.run.environment;
    if !fence.environment.is_empty() && fence.environment != *ours {
        let (place, found) = (store.place(), fence.environment);
        return Err(StoreError::OtherEnvironment { place, found, known: ours.clone() });
    }
    Ok(Kept { stored, fence, etag: object.etag })
}

/// Writes the same state under a new epoch, so that a write under an older one fails from now on.
///
/// # Errors
/// [`StoreError::Fenced`] when it stands under a newer one.
pub(crate) fn stamp(
    store: &RemoteStore,
    epoch: u64,
    may: impl Fn() -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    for _ in 0..ROUNDS {
        // No state: a first one under an older epoch is replaced by the first one under this.
        let (bytes, etag) = match read(store) {
            Ok(None) => return Ok(()),
            Ok(Some(kept)) if kept.fence.epoch > epoch => break,
            Ok(Some(kept)) => {
                let text = codec::encode_fenced(&kept.stored, Some(&Fence { epoch, ..kept.fence }))?;
                (text.into_bytes(), kept.etag)
            }
            // As damaged as before, but another object: whoever would write over the one it was fails.
            Err(StoreError::DamagedState { .. }) => match store.shelf().get(STATE)? {
                None => return Ok(()),
                Some(damaged) => ([&damaged.bytes[..], b"\n"].concat(), damaged.etag),
            },
            Err(error) => return Err(error),
        };
        if let Put::Ours(_) | Put::Before(_) = store.shelf().put(STATE, &bytes, &Condition::Match(etag), &may)? {
            return Ok(());
        }
    }
    Err(fenced(store, None))
}

/// Writes the state over the one with this etag; gives the new one.
///
/// # Errors
/// [`StoreError::Fenced`] when another run has written it.
pub(crate) fn write(
    store: &RemoteStore,
    stored: &Stored,
    fence: Fence,
    etag: Option<&str>,
    may: impl Fn() -> Result<(), StoreError>,
) -> Result<String, StoreError> {
    let text = codec::encode_fenced(stored, Some(&fence))?;
    let mut condition = etag.map_or(Condition::Absent, |etag| Condition::Match(etag.to_owned()));
    for _ in 0..ROUNDS {
        match store.shelf().put(STATE, text.as_bytes(), &condition, &may)? {
            Put::Ours(etag) | Put::Before(etag) => return Ok(etag),
            Put::Theirs(None) => break,
            Put::Theirs(Some(found)) => {
                let found = decode(store, found)?;
                // A write of this epoch is our own that nobody answered. A first state of an older one has nothing behind it:
                // what comes after it would stand in a journal, and that one is sealed.
                let first = condition == Condition::Absent && found.fence.epoch < fence.epoch;
                if found.fence.epoch != fence.epoch && !first {
                    break;
                }
                condition = Condition::Match(found.etag);
            }
        }
    }
    Err(fenced(store, None))
}
