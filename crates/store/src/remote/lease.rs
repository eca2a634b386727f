//! Who may write: one object that only ever changes under the condition that nobody else changed it.

use std::{collections::BTreeSet, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    FORMAT, Holder, StoreError,
    remote::{
        RemoteStore, chain,
        objects::{Condition, Object},
        shelf::Put,
        state,
    },
    upgrade,
};

pub(crate) const LEASE: &str = "lease.json";

/// `Date` and `Last-Modified` are whole seconds: an age of them may be too great by almost one.
const GRAIN: Duration = Duration::from_secs(1);

/// How often a taker looks again when others write at the same moment.
const ROUNDS: usize = 8;

/// What stands in the lease. It is never deleted, so that epochs only grow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Lease {
    format: u32,
    /// Grows by one with each holder; fences its writes.
    pub(crate) epoch: u64,
    pub(crate) holder: Holder,
    /// Tells holders apart that introduce themselves alike.
    nonce: String,
    /// Grows with each renewal. An etag is made of the content: were that the same, a taker that looked before a renewal
    /// could take the lease after it.
    beat: u64,
    /// Seconds after the last renewal, by the server's clock, that it holds.
    ttl: u64,
    released: bool,
    /// Earlier epochs whose holders may not know that they ended. Who takes the lease fences them before it does anything.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) unsealed: BTreeSet<u64>,
}

impl Lease {
    fn decode(store: &RemoteStore, object: &Object) -> Result<Self, StoreError> {
        let place = store.shelf().at(LEASE);
        let damaged = |path: String, reason: String| StoreError::DamagedState { place: place.clone(), path, reason };
        let json = serde_json::from_slice(&object.bytes).map_err(|error| damaged(".".to_owned(), error.to_string()))?;
        let json = upgrade::upgrade(&place, json, upgrade::LEASE)?;
        serde_path_to_error::deserialize(json)
            .map_err(|error| damaged(error.path().to_string(), error.inner().to_string()))
    }

    fn encode(&self) -> Result<Vec<u8>, StoreError> {
        let text = serde_json::to_string_pretty(self);
        Ok(text.map_err(|error| StoreError::Unwritable { reason: error.to_string() })?.into_bytes())
    }

    /// How long it holds if nobody renews it; nothing when it is free.
    fn left(&self, age: Duration) -> Option<Duration> {
        let whole = Duration::from_secs(self.ttl) + GRAIN;
        (!self.released && age <= whole).then(|| whole - age + GRAIN)
    }

    /// The epochs that are not known to have ended well.
    fn unsure(&self) -> BTreeSet<u64> {
        let own = (!self.released).then_some(self.epoch);
        self.unsealed.iter().copied().chain(own).collect()
    }
}

/// Who holds the lease now.
pub(crate) fn holder(store: &RemoteStore) -> Result<Option<Holder>, StoreError> {
    let Some(object) = store.shelf().get(LEASE)? else { return Ok(None) };
    let lease = Lease::decode(store, &object)?;
    Ok(lease.left(object.age).map(|_| lease.holder))
}

/// Takes the lease, if it is free.
pub(crate) fn take(store: &RemoteStore, holder: &Holder) -> Result<Held, StoreError> {
    let nonce = store.nonce();
    for _ in 0..ROUNDS {
        let found = store.shelf().get(LEASE)?;
        let (condition, epoch, unsealed) = match &found {
            None => {
                let earlier = earlier_epochs(store)?;
                (Condition::Absent, earlier.last().unwrap_or(&0) + 1, earlier)
            }
            Some(object) => {
                let lease = Lease::decode(store, object)?;
                if let Some(left) = lease.left(object.age) {
                    return Err(StoreError::Locked { holder: lease.holder, left: Some(left) });
                }
                (Condition::Match(object.etag.clone()), lease.epoch + 1, lease.unsure())
            }
        };
        let (nonce, holder, ttl) = (nonce.clone(), holder.clone(), store.run.terms.ttl.as_secs());
        let lease = Lease { format: FORMAT, epoch, holder, nonce, beat: 0, ttl, released: false, unsealed };
        let sent = store.now();
        if let Put::Ours(etag) | Put::Before(etag) =
            store.shelf().put(LEASE, &lease.encode()?, &condition, || Ok(()))?
        {
            return Ok(Held { until: sent + store.run.terms.ttl, beats: lease.beat, lease, etag, lost: None });
        }
    }
    Err(fenced(store, None))
}

/// A lease that is not there any more has not made the epochs before it undone: what is left of them is found and fenced.
fn earlier_epochs(store: &RemoteStore) -> Result<BTreeSet<u64>, StoreError> {
    let names = store.shelf().list(chain::JOURNAL)?;
    let mut epochs: BTreeSet<u64> =
        names.iter().filter_map(|name| chain::Link::parse(name)).map(|link| link.epoch).collect();
    epochs.extend(state::read(store)?.map(|kept| kept.fence.epoch).filter(|epoch| *epoch > 0));
    Ok(epochs)
}

/// Ends the lease of the holder that was shown to whoever asks. Its chain is sealed by the next that takes the lease.
pub(crate) fn unlock(store: &RemoteStore, shown: &Holder) -> Result<(), StoreError> {
    for _ in 0..ROUNDS {
        let Some(object) = store.shelf().get(LEASE)? else { return Ok(()) };
        let lease = Lease::decode(store, &object)?;
        let Some(left) = lease.left(object.age) else { return Ok(()) };
        if lease.holder != *shown {
            return Err(StoreError::Locked { holder: lease.holder, left: Some(left) });
        }
        let ended = Lease { released: true, unsealed: lease.unsure(), beat: lease.beat + 1, ..lease };
        let condition = Condition::Match(object.etag);
        // A renewal in between changes the etag: look again.
        if let Put::Ours(_) | Put::Before(_) = store.shelf().put(LEASE, &ended.encode()?, &condition, || Ok(()))? {
            return Ok(());
        }
    }
    Err(fenced(store, None))
}

/// A lease that this run holds, as far as it knows.
pub(crate) struct Held {
    pub(crate) lease: Lease,
    etag: String,
    /// The newest beat that was ever sent. None is sent by two renewals: the second would take the first's time for its own.
    beats: u64,
    /// Until when it surely holds, by the run's own clock: counted from before the last renewal was sent.
    until: Duration,
    /// Set: it is in other hands, in these if that is known.
    lost: Option<Option<Holder>>,
}

impl Held {
    pub(crate) fn left(&self, store: &RemoteStore) -> Duration {
        if self.lost.is_some() { Duration::ZERO } else { self.until.saturating_sub(store.now()) }
    }

    pub(crate) fn lose(&mut self, holder: Option<Holder>) {
        self.lost.get_or_insert(holder);
    }

    pub(crate) fn not_lost(&self, store: &RemoteStore) -> Result<(), StoreError> {
        self.lost.as_ref().map_or(Ok(()), |holder| Err(fenced(store, holder.clone())))
    }

    /// Also after its time, as long as nobody took it: then nobody sealed anything either.
    pub(crate) fn renew(&mut self, store: &RemoteStore) -> Result<(), StoreError> {
        let sent = self.replace(store, |_| {})?;
        self.until = sent + store.run.terms.ttl;
        Ok(())
    }

    /// Gives it back. With `unsure` requests of this epoch may still take effect: the next holder fences them.
    pub(crate) fn release(&mut self, store: &RemoteStore, unsure: bool) -> Result<(), StoreError> {
        self.replace(store, |lease| {
            lease.released = true;
            if unsure {
                lease.unsealed.insert(lease.epoch);
            }
        })?;
        self.lose(None);
        Ok(())
    }

    /// Writes it with one more beat; gives the time before that was sent.
    fn replace(&mut self, store: &RemoteStore, change: impl Fn(&mut Lease)) -> Result<Duration, StoreError> {
        self.not_lost(store)?;
        for _ in 0..ROUNDS {
            self.beats += 1;
            let mut next = Lease { beat: self.beats, ..self.lease.clone() };
            change(&mut next);
            let sent = store.now();
            let put = store.shelf().put(LEASE, &next.encode()?, &Condition::Match(self.etag.clone()), || Ok(()))?;
            match put {
                Put::Ours(etag) | Put::Before(etag) => {
                    (self.etag, self.lease) = (etag, next);
                    return Ok(sent);
                }
                Put::Theirs(found) => self.adopt(store, found)?,
            }
        }
        Err(fenced(store, None))
    }

    /// An earlier renewal of ours that nobody answered may have been written; everything else is another's.
    fn adopt(&mut self, store: &RemoteStore, found: Option<Object>) -> Result<(), StoreError> {
        let found = found.map(|object| Lease::decode(store, &object).map(|lease| (lease, object.etag))).transpose()?;
        match found {
            Some((lease, etag)) if lease.nonce == self.lease.nonce && !lease.released => {
                self.etag = etag;
                Ok(())
            }
            found => {
                let other = found.filter(|(lease, _)| lease.nonce != self.lease.nonce);
                self.lose(other.map(|(lease, _)| lease.holder));
                self.not_lost(store)
            }
        }
    }
}

pub(crate) fn fenced(store: &RemoteStore, holder: Option<Holder>) -> StoreError {
    StoreError::Fenced { place: store.shelf().0.place(), holder }
}
