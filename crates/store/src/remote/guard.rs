//! A held lease: what may be written under it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{
    Entry, LockedStore, Salvage, StoreError, Stored,
    codec::{self, Fence},
    moved::Moved,
    remote::{
        MOVED, RemoteStore,
        beat::Beat,
        chain::{self, Link},
        lease::Held,
        objects::Condition,
        prune,
        shelf::Put,
        state::{self, STATE},
        view::{self, View},
    },
};

/// How often a lease is renewed for one call, before the network counts as too slow for it.
const RENEWALS: usize = 3;

/// The lease, held as long as this lives and nobody takes it away.
pub(crate) struct Guard<'s> {
    store: &'s RemoteStore,
    epoch: u64,
    /// Apart from the rest, so that a heartbeat never waits for an append.
    lease: Arc<Mutex<Held>>,
    desk: Mutex<Desk>,
    beat: Option<Beat>,
}

/// What this run knows of what lies there.
#[derive(Default)]
struct Desk {
    /// Its own links that are known to be written, each with the number of its last entry.
    links: Vec<(Link, u64)>,
    /// A link that may be written; the same bytes are sent again before anything else.
    pending: Option<Pending>,
    /// Whether a write of the state had no answer.
    state_unsure: bool,
    /// The objects that the last salvage could not read, or could not use for what stands before them.
    damaged: Vec<String>,
    /// The state's etag, and what lay there when it was read; nothing before that.
    seen: Option<Seen>,
}

struct Pending {
    link: Link,
    bytes: Vec<u8>,
    last: u64,
}

struct Seen {
    etag: Option<String>,
    /// Of the state as it lies there.
    settled: u64,
    /// The number of the last entry of earlier epochs.
    earlier: u64,
    view: View,
}

impl<'s> Guard<'s> {
    /// Fences the holders before, if they may still write. When that fails, dropping the guard gives the lease back with the
    /// work still to be done.
    pub(crate) fn open(store: &'s RemoteStore, held: Held) -> Result<Self, StoreError> {
        let (epoch, unsealed) = (held.lease.epoch, held.lease.unsealed.clone());
        let mut guard = Self { store, epoch, lease: Arc::new(Mutex::new(held)), desk: Mutex::default(), beat: None };
        if !unsealed.is_empty() {
            for earlier in unsealed {
                chain::seal(store.shelf(), earlier, epoch, || guard.ensure())?;
            }
            state::stamp(store, epoch, || guard.ensure())?;
            guard.lease().lease.unsealed.clear();
        }
        if let Some(every) = store.run.heartbeat {
            let beat = Beat::start(store.clone(), Arc::clone(&guard.lease), every);
            guard.beat = Some(beat.map_err(|source| StoreError::Thread { source })?);
        }
        Ok(guard)
    }

    fn lease(&self) -> MutexGuard<'_, Held> {
        self.lease.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A condition that failed is final: another run has gone on from what was there.
    fn note_loss<T>(&self, outcome: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(StoreError::Fenced { holder, .. }) = &outcome {
            self.lease().lose(holder.clone());
        }
        outcome
    }

    fn look(&self, desk: &mut Desk) -> Result<Vec<Entry>, StoreError> {
        let view = view::read(self.store)?;
        let etag = view.kept.as_ref().map(|kept| kept.etag.clone());
        self.note_view(desk, view, etag)
    }

    fn note_view(&self, desk: &mut Desk, mut view: View, etag: Option<String>) -> Result<Vec<Entry>, StoreError> {
        let fence = view.kept.as_ref().map(|kept| kept.fence.clone()).unwrap_or_default();
        let newest = view.links.last_key_value().map_or(0, |(link, _)| link.epoch);
        if fence.epoch.max(newest) > self.epoch {
            return self.note_loss(Err(self.fenced()));
        }
        let entries = std::mem::take(&mut view.entries);
        let earlier = view.links.iter().filter(|(link, _)| link.epoch < self.epoch).map(|(_, last)| *last);
        let earlier = earlier.max().unwrap_or_default();
        desk.seen = Some(Seen { etag, settled: fence.settled, earlier, view });
        Ok(entries)
    }

    /// Sends what may or may not be written until it is known to be. What was written by an unanswered sending may have been
    /// sealed since: a renewal tells that nobody has taken the lease.
    fn settle(&self, desk: &mut Desk) -> Result<(), StoreError> {
        let Some(pending) = &desk.pending else { return Ok(()) };
        let name = pending.link.name();
        let put = self.store.shelf().put(&name, &pending.bytes, &Condition::Absent, || self.ensure())?;
        if let Put::Theirs(_) = put {
            return self.note_loss(Err(self.fenced()));
        }
        desk.links.push((pending.link, pending.last));
        desk.pending = None;
        if let Put::Before(_) = put { self.renew() } else { Ok(()) }
    }

    /// Who has the lease now is worth a look, no more.
    fn fenced(&self) -> StoreError {
        let holder = crate::remote::lease::holder(self.store).ok().flatten();
        crate::remote::lease::fenced(self.store, holder)
    }
}

impl LockedStore for Guard<'_> {
    fn read(&self) -> Result<Option<(Stored, Vec<Entry>)>, StoreError> {
        let mut desk = self.desk();
        let entries = self.look(&mut desk)?;
        let kept = desk.seen.as_ref().and_then(|seen| seen.view.kept.as_ref());
        self.store.joined(kept, entries)
    }

    /// Beside a damaged state its whole journal counts, as far as it is there. Nobody else writes, so that one look tells.
    fn salvage(&self) -> Result<Salvage, StoreError> {
        let mut desk = self.desk();
        let (kept, damaged_state) = match state::read(self.store) {
            Ok(kept) => (kept, None),
            Err(error @ StoreError::DamagedState { .. }) => (None, Some(error)),
            Err(error) => return Err(error),
        };
        let etag = match &kept {
            Some(kept) => Some(kept.etag.clone()),
            None => self.store.shelf().get(STATE)?.map(|damaged| damaged.etag),
        };
        if etag.is_none() {
            self.store.not_moved()?;
        }
        let journal = view::journal(self.store, kept.as_ref())?;
        let mut view = View { kept, ..journal };
        let damage = view.damage.take();
        desk.damaged = damage.iter().flat_map(|damage| damage.links.iter().map(|link| link.name())).collect();
        desk.damaged.extend(damaged_state.iter().map(|_| STATE.to_owned()));
        let stored = view.kept.as_ref().map(|kept| kept.stored.clone());
        let entries = self.note_view(&mut desk, view, etag)?;
        Ok(Salvage { stored, entries, damaged_state, damaged_journal: damage.map(|damage| damage.error) })
    }

    fn set_aside(&self) -> Result<Vec<String>, StoreError> {
        LockedStore::salvage(self)?;
        let damaged = std::mem::take(&mut self.desk().damaged);
        let mut kept = Vec::new();
        for (name, object) in damaged.iter().zip(self.store.shelf().get_all(&damaged)?) {
            let Some(object) = object else { continue };
            let aside = format!("{name}.damaged-{}", self.epoch);
            self.store.shelf().put(&aside, &object.bytes, &Condition::Absent, || self.ensure())?;
            kept.push(self.store.shelf().at(&aside));
        }
        Ok(kept)
    }

    /// One object for all the entries. Those that an earlier call wrote without knowing it are not written twice.
    fn append(&self, entries: &[Entry]) -> Result<(), StoreError> {
        let mut desk = self.desk();
        self.ensure()?;
        self.settle(&mut desk)?;
        let (link, written) = desk
            .links
            .last()
            .map_or((Link { epoch: self.epoch, n: 1 }, 0), |(link, last)| (Link { n: link.n + 1, ..*link }, *last));
        let news = &entries[entries.partition_point(|entry| entry.n <= written)..];
        if let Some(last) = news.last() {
            let bytes = codec::encode_entries(news)?.into_bytes();
            desk.pending = Some(Pending { link, bytes, last: last.n });
            self.settle(&mut desk)?;
        }
        // It may have taken long: what it announces is sent only with time left.
        self.ensure()
    }

    fn write(&self, stored: &Stored) -> Result<(), StoreError> {
        let mut desk = self.desk();
        self.ensure()?;
        if desk.seen.is_none() {
            self.look(&mut desk)?;
        }
        let Desk { seen: Some(seen), state_unsure, links, .. } = &mut *desk else { return Ok(()) };
        let through = stored.state.folded_through;
        let settled = if seen.earlier <= through { self.epoch } else { seen.settled };
        let fence = Fence { epoch: self.epoch, settled, environment: self.store.run.environment.clone() };
        *state_unsure = true;
        let written = state::write(self.store, stored, fence, seen.etag.as_deref(), || self.ensure());
        let first = seen.etag.is_none();
        seen.etag = Some(self.note_loss(written)?);
        if first {
            // With a state beside it, it says nothing any more.
            let _ = self.store.objects.delete(MOVED);
        }
        seen.settled = settled;
        *state_unsure = false;
        // What stays lying there is covered by the state; the next run tries again.
        let covered = prune::covered(self.epoch, through, &mut seen.view, links);
        let _ = self.store.objects.delete_all(&covered);
        Ok(())
    }

    /// A bucket that keeps versions keeps what is deleted here.
    fn retire(&self, to: &str) -> Result<(), StoreError> {
        let text = Moved::text(to)?;
        self.store.shelf().put(MOVED, text.as_bytes(), &Condition::Any, || self.ensure())?;
        self.store.shelf().delete(STATE)
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn ensure(&self) -> Result<(), StoreError> {
        let margin = self.store.run.terms.margin;
        let mut lease = self.lease();
        lease.not_lost(self.store)?;
        // One that was answered late is none: its time counts from before it was sent.
        for _ in 0..RENEWALS {
            if lease.left(self.store) >= margin {
                break;
            }
            lease.renew(self.store)?;
        }
        let left = lease.left(self.store);
        if left < margin { Err(StoreError::LeaseEnds { place: self.store.objects.place(), left }) } else { Ok(()) }
    }

    fn renew(&self) -> Result<(), StoreError> {
        self.lease().renew(self.store)
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        self.beat = None;
        let unsure = {
            let desk = self.desk();
            desk.pending.is_some() || desk.state_unsure
        };
        // A lease that could not be given back ends by itself.
        let _ = self.lease().release(self.store, unsure);
    }
}
