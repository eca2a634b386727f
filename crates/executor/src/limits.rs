//! How many calls may be in flight, altogether and to each service. Who waits longest behind it goes first.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

use crate::Options;

/// Successful calls after which a throttled service gets one more slot.
const REGROW_AFTER: usize = 20;

/// Slots for calls. Waits hold none.
#[derive(Clone)]
pub(crate) struct Slots {
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    free: usize,
    per_service: usize,
    services: BTreeMap<String, Gate>,
    /// By rank, highest first, then by arrival.
    waiting: BTreeMap<(Reverse<u32>, u64), Waiting>,
    arrivals: u64,
}

struct Waiting {
    service: String,
    granted: oneshot::Sender<Slot>,
}

/// One service's share.
struct Gate {
    limit: usize,
    in_use: usize,
    successes: usize,
}

/// The right to have one call in flight; given back when dropped.
pub(crate) struct Slot {
    slots: Slots,
    service: String,
}

impl Slots {
    pub(crate) fn new(options: &Options) -> Self {
        let inner = Inner {
            free: options.parallelism.get(),
            per_service: options.per_service.get(),
            services: BTreeMap::new(),
            waiting: BTreeMap::new(),
            arrivals: 0,
        };
        Self { inner: Arc::new(Mutex::new(inner)) }
    }

    /// Waits for a slot. `service` is the part of an operation before its colon.
    pub(crate) async fn take(&self, service: &str, rank: u32) -> Slot {
        let (granted, slot) = oneshot::channel();
        {
            let mut inner = self.inner();
            inner.arrivals += 1;
            let place = (Reverse(rank), inner.arrivals);
            inner.waiting.insert(place, Waiting { service: service.to_owned(), granted });
        }
        self.grant();
        slot.await.expect("slots outlive whoever waits for one")
    }

    /// The service said that there are too many calls.
    pub(crate) fn throttled(&self, service: &str) {
        let mut inner = self.inner();
        let gate = inner.gate(service);
        gate.limit = (gate.limit / 2).max(1);
        gate.successes = 0;
    }

    /// A call went through.
    pub(crate) fn succeeded(&self, service: &str) {
        {
            let mut inner = self.inner();
            let most = inner.per_service;
            let gate = inner.gate(service);
            gate.successes += 1;
            if gate.successes.is_multiple_of(REGROW_AFTER) {
                gate.limit = (gate.limit + 1).min(most);
            }
        }
        self.grant();
    }

    /// Hands out what is free. A slot whose taker has gone away comes back by its drop, outside the lock.
    fn grant(&self) {
        loop {
            let Some(Waiting { service, granted }) = self.inner().next() else { return };
            let _ = granted.send(Slot { slots: self.clone(), service });
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn gate(&mut self, service: &str) -> &mut Gate {
        let limit = self.per_service;
        self.services.entry(service.to_owned()).or_insert(Gate { limit, in_use: 0, successes: 0 })
    }

    /// Takes the first out of the queue for whom there is room.
    fn next(&mut self) -> Option<Waiting> {
        if self.free == 0 {
            return None;
        }
        let full = |gate: &Gate| gate.in_use >= gate.limit;
        let fits = |waiting: &Waiting| !self.services.get(&waiting.service).is_some_and(full);
        let place = *self.waiting.iter().find(|(_, waiting)| fits(waiting))?.0;
        let waiting = self.waiting.remove(&place)?;
        self.free -= 1;
        self.gate(&waiting.service).in_use += 1;
        Some(waiting)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        {
            let mut inner = self.slots.inner();
            inner.free += 1;
            inner.gate(&self.service).in_use -= 1;
        }
        self.slots.grant();
    }
}

/// The service of an operation like `ecr:CreateRepository`.
pub(crate) fn service(operation: &str) -> &str {
    operation.split_once(':').map_or(operation, |(service, _)| service)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use futures::{FutureExt, future::join_all};

    use super::*;
    use crate::OnFailure;

    fn slots(all: usize, each: usize) -> Slots {
        let some = |count| NonZeroUsize::new(count).unwrap();
        Slots::new(&Options {
            parallelism: some(all),
            per_service: some(each),
            on_failure: OnFailure::FinishIndependent,
        })
    }

    #[tokio::test]
    async fn the_highest_rank_goes_first() {
        let slots = slots(1, 1);
        let order = Mutex::new(Vec::new());
        let held = slots.take("ecr", 0).now_or_never().unwrap();
        let takers = [1, 5, 3].map(|rank| {
            let (slots, order) = (&slots, &order);
            async move {
                let _slot = slots.take("ecr", rank).await;
                order.lock().unwrap().push(rank);
            }
        });
        let mut takers = Box::pin(join_all(takers));
        assert!(takers.as_mut().now_or_never().is_none());
        drop(held);
        takers.await;
        assert_eq!(*order.lock().unwrap(), [5, 3, 1]);
    }

    #[test]
    fn a_throttled_service_gets_half_and_grows_again() {
        let slots = slots(10, 4);
        slots.throttled("iam");
        let held: Vec<_> = std::iter::from_fn(|| slots.take("iam", 0).now_or_never()).collect();
        assert_eq!(held.len(), 2);
        assert!(slots.take("ecr", 0).now_or_never().is_some());
        (0..REGROW_AFTER).for_each(|_| slots.succeeded("iam"));
        assert!(slots.take("iam", 0).now_or_never().is_some());
    }

    #[test]
    fn a_taker_that_went_away_takes_nothing() {
        let slots = slots(1, 1);
        let held = slots.take("ecr", 0).now_or_never().unwrap();
        drop(slots.take("ecr", 9).now_or_never());
        drop(held);
        assert!(slots.take("ecr", 0).now_or_never().is_some());
    }
}
