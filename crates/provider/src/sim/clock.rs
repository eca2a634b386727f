//! Time that passes only when everybody waits.

use std::{
    collections::BTreeMap,
    future::poll_fn,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use futures::future::BoxFuture;

use crate::Clock;

/// How often the first sleeper lets the others go on before it moves the time.
const PATIENCE: u32 = 8;

/// A clock for tests in one task: when all are asleep, the time jumps to the first who wakes.
#[derive(Debug, Default)]
pub struct VirtualClock {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    now: Duration,
    /// By the time of waking, then by arrival; with how often each was asked since the time last moved.
    sleepers: BTreeMap<(Duration, u64), u32>,
    arrivals: u64,
}

impl VirtualClock {
    pub fn at(now: Duration) -> Self {
        Self { inner: Mutex::new(Inner { now, ..Inner::default() }) }
    }

    /// Lets time pass, as between two runs.
    pub fn advance(&self, time: Duration) {
        self.inner().now += time;
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Whether this sleeper may go on.
    fn is_over(&mut self, place: (Duration, u64)) -> bool {
        if self.now < place.0 {
            let asked = self.sleepers.entry(place).or_insert(0);
            *asked += 1;
            let patient = *asked < PATIENCE;
            if patient || self.sleepers.first_key_value().is_none_or(|(first, _)| *first != place) {
                return false;
            }
            self.now = place.0;
            self.sleepers.values_mut().for_each(|asked| *asked = 0);
        }
        self.sleepers.remove(&place);
        true
    }
}

/// A sleeper that is dropped wakes nobody up.
struct Place<'c> {
    clock: &'c VirtualClock,
    place: (Duration, u64),
}

impl Place<'_> {
    fn poll(&self, context: &Context<'_>) -> Poll<()> {
        if self.clock.inner().is_over(self.place) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.clock.inner().sleepers.remove(&self.place);
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Duration {
        self.inner().now
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        let place = {
            let mut inner = self.inner();
            inner.arrivals += 1;
            let place = (inner.now + time, inner.arrivals);
            inner.sleepers.insert(place, 0);
            Place { clock: self, place }
        };
        Box::pin(poll_fn(move |context| place.poll(context)))
    }
}
