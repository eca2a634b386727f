//! The state of a team, as objects of a service with conditional writes.
//!
//! | object | written | holds |
//! |---|---|---|
//! | `state.json` | if it is still the one that was read | the state and its fence: the epoch it was written under |
//! | `lease.json` | if it is still the one that was read | who may write, in which epoch, until when |
//! | `journal/<epoch>/<n>` | if it is not there | whole journal lines, or a seal |
//! | `moved.json` | when the state moves elsewhere | where to |
//!
//! **The lease** gives one run at a time an epoch of its own. It is free once it is released, or once its age by the
//! server's clock exceeds its time; taking it makes the epoch one greater. It is never deleted, and each renewal changes a
//! number in it: etags are made of the content, so that renewals of equal bytes could not be told apart, and one that looked
//! before a renewal could take the lease after it. For the same reason no beat is sent by two renewals: the second would take
//! the time of the first, which nobody answered, for its own. The holder counts its time from before a renewal is sent, by a
//! clock that only needs to run as fast as others, and writes nothing with less than an attempt's timeout left.
//!
//! **The journal** of an epoch is a chain. Whoever takes a lease that was not given back seals the chain before by writing
//! its next link, so that a holder that slept fails at its next append, whatever its clock says, before the call that it
//! announces. The newest link of a chain is never deleted: a seal must stand right behind it, and whoever writes one looks again
//! afterwards, since a holder that still appends, saves and deletes may have freed a name far behind its newest. Of a sealed chain the one before
//! the seal stays too, since its holder may still have it in its hands, unanswered, and must not find its name free.
//! Epochs that are not known to have ended well are listed in the lease until they are fenced, also those whose holder gave
//! the lease back with a request unanswered, and those that were unlocked: a taker that dies before it has sealed them leaves
//! that to the next.
//!
//! **The state** is then written once, the same with the new epoch, so that a write under an older one fails. It also says
//! before which epoch all journals are settled, so that readers do not open the seals of years.
//!
//! A request without an answer is sent again; that it then finds exactly its own bytes in its way is its answer. For a link
//! that answer may be old, with a seal behind it by now, so that the lease is renewed before it counts. An append
//! that failed may still be written later: its entries keep their numbers, and the next append brings them through first.
//!
//! What no store can fence: a call that was announced in time and is sent late, by a process that stood still in between.
//! [`LockedStore::ensure`] before each attempt makes that as short as it can be, and the next run looks for what such a call
//! made, since its intent stands in the journal.

mod beat;
mod chain;
mod guard;
mod history;
mod lease;
pub mod memory;
pub mod objects;
mod prune;
mod shelf;
mod state;
#[cfg(test)]
pub(crate) mod tests;
mod view;

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

pub use history::Past;
pub use objects::{Condition, Keys, Object, ObjectError, Objects, Version};

use self::{guard::Guard, shelf::Shelf, state::Kept};
use crate::{Entry, Holder, LockedStore, StateStore, StoreError, Stored, moved::Moved};

const KEY_LENGTH: usize = 32;

/// Tells where the state has gone.
const MOVED: &str = "moved.json";

/// The times of a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// How long it holds after a renewal; whole seconds.
    pub ttl: Duration,
    /// The timeout of one attempt of any call: with less than this left nothing is sent.
    pub margin: Duration,
}

impl Terms {
    /// A dead run is in nobody's way for longer than a minute and a half; calls have 30 s.
    pub fn standard() -> Self {
        Self { ttl: Duration::from_secs(90), margin: Duration::from_secs(30) }
    }

    /// How often it is renewed: three renewals in a row may fail before a call has to wait.
    pub fn heartbeat(&self) -> Duration {
        self.ttl.saturating_sub(self.margin) / 3
    }
}

/// What a remote store needs to know of the run that it serves.
#[derive(Clone)]
pub struct Run {
    pub terms: Terms,
    /// Of this run alone, random enough that no other has it.
    pub id: String,
    /// The name of the environment whose state this is.
    pub environment: String,
    /// Time since any moment, never backwards. One that counts while the machine sleeps spares a sleeper some requests.
    pub clock: Arc<dyn Fn() -> Duration + Send + Sync>,
    /// How often a thread of the store's own renews a held lease, in real time; nothing: it is renewed when it is needed.
    pub heartbeat: Option<Duration>,
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("terms", &self.terms).field("id", &self.id).finish_non_exhaustive()
    }
}

/// State, journal and lease in a bucket. Copies are the same store of the same run.
#[derive(Clone)]
pub struct RemoteStore {
    objects: Arc<dyn Objects>,
    keys: Arc<dyn Keys>,
    run: Run,
    /// How often the lease was asked for.
    taken: Arc<AtomicU64>,
    key: Arc<Mutex<Option<Key>>>,
}

/// The fingerprint key of this run.
#[derive(Clone)]
enum Key {
    Kept(Vec<u8>),
    /// For a reader that may not make one: its fingerprints are good for this run alone, and the reason is why.
    Passing(Vec<u8>, ObjectError),
}

impl RemoteStore {
    pub fn new(objects: Box<dyn Objects>, keys: Box<dyn Keys>, run: Run) -> Self {
        Self { objects: objects.into(), keys: keys.into(), run, taken: Arc::default(), key: Arc::default() }
    }

    fn shelf(&self) -> Shelf<'_> {
        Shelf(self.objects.as_ref())
    }

    fn now(&self) -> Duration {
        (self.run.clock)()
    }

    /// Tells one holder from all others, also from this run's own before.
    fn nonce(&self) -> String {
        format!("{}-{}", self.run.id, self.taken.fetch_add(1, Ordering::SeqCst))
    }

    fn joined(&self, kept: Option<&Kept>, entries: Vec<Entry>) -> Result<Option<(Stored, Vec<Entry>)>, StoreError> {
        match kept {
            Some(kept) => return Ok(Some((kept.stored.clone(), entries))),
            None => self.not_moved()?,
        }
        if entries.is_empty() { Ok(None) } else { Err(StoreError::MissingState { place: self.place() }) }
    }

    /// Where no state is, it may have moved.
    fn not_moved(&self) -> Result<(), StoreError> {
        let Some(object) = self.shelf().get(MOVED)? else { return Ok(()) };
        Err(Moved::told(self.place(), &object.bytes))
    }

    /// Whether the bucket keeps what is written over: a state that somebody spoils can be brought back then.
    ///
    /// # Errors
    /// It cannot be asked.
    pub fn keeps_versions(&self) -> Result<bool, StoreError> {
        self.shelf().keeps_versions()
    }

    fn find_key(&self) -> Result<Key, StoreError> {
        if let Some(key) = self.keys.read().map_err(|error| self.keyless("read", error))? {
            return Ok(Key::Kept(key));
        }
        let mut new = vec![0; KEY_LENGTH];
        getrandom::fill(&mut new).map_err(|error| StoreError::Randomness { reason: error.to_string() })?;
        match self.keys.make(&new) {
            Ok(kept) => Ok(Key::Kept(kept)),
            Err(error @ ObjectError::Denied { .. }) if self.taken.load(Ordering::SeqCst) == 0 => {
                Ok(Key::Passing(new, error))
            }
            Err(error) => Err(self.keyless("make", error)),
        }
    }

    fn keyless(&self, verb: &str, source: ObjectError) -> StoreError {
        let doing = if verb == "make" { "make the fingerprint key in" } else { "read the fingerprint key in" };
        StoreError::Remote { doing, place: self.keys.place(), source }
    }
}

impl StateStore for RemoteStore {
    fn place(&self) -> String {
        self.objects.place()
    }

    fn read(&self) -> Result<Option<(Stored, Vec<Entry>)>, StoreError> {
        let view = view::read(self)?;
        self.joined(view.kept.as_ref(), view.entries)
    }

    /// A run whose fingerprints nobody can compare later must not write any.
    fn lock(&self, holder: &Holder) -> Result<Box<dyn LockedStore + '_>, StoreError> {
        if let Some(Key::Passing(_, error)) = &*self.key.lock().unwrap_or_else(PoisonError::into_inner) {
            return Err(self.keyless("make", error.clone()));
        }
        let held = lease::take(self, holder)?;
        Ok(Box::new(Guard::open(self, held)?))
    }

    fn holder(&self) -> Result<Option<Holder>, StoreError> {
        lease::holder(self)
    }

    fn unlock(&self, shown: &Holder) -> Result<(), StoreError> {
        lease::unlock(self, shown)
    }

    fn fingerprint_key(&self) -> Result<Vec<u8>, StoreError> {
        let mut known = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        let key = known.clone().map_or_else(|| self.find_key(), Ok)?;
        let (Key::Kept(bytes) | Key::Passing(bytes, _)) = &key;
        if bytes.len() != KEY_LENGTH {
            return Err(StoreError::WrongKey { path: self.keys.place().into(), length: bytes.len() });
        }
        let bytes = bytes.clone();
        *known = Some(key);
        Ok(bytes)
    }

    fn adopt_key(&self, key: &[u8]) -> Result<bool, StoreError> {
        let kept = self.keys.make(key).map_err(|error| self.keyless("make", error))?;
        Ok(kept == key)
    }
}
