//! Time: the wall clock, or the local cloud's.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use futures::future::BoxFuture;
use jiff::SignedDuration;
use local::Cloud;
use provider::Clock;
use tokio::sync::Notify;

/// The time of a run.
#[derive(Debug, Clone)]
pub(crate) enum RunClock {
    Wall,
    /// Waiting moves the cloud's clock on and takes no time.
    Virtual(Sleepers),
    /// Waiting takes its time, so many times as fast.
    Fast(Arc<Cloud>, f64),
    /// Beside a local cloud in another process, whose clock runs so many times as fast as the wall clock.
    Served {
        begun: Duration,
        since: Instant,
        speed: f64,
    },
}

/// Those who wait for the clock of a cloud in this process. Who is up first moves it, as far as that and no further: those
/// who wait at the same time wait together, not one after the other.
#[derive(Debug, Clone)]
pub(crate) struct Sleepers {
    cloud: Arc<Cloud>,
    due: Arc<Mutex<Due>>,
    moved: Arc<Notify>,
}

/// When each is up, with its number.
#[derive(Debug, Default)]
struct Due {
    times: BTreeSet<(Duration, u64)>,
    count: u64,
}

/// Turns that everybody else gets before the clock moves, so that whoever has something to do does it first.
const TURNS: usize = 16;

impl Sleepers {
    async fn sleep(&self, time: Duration) {
        let bed = self.lie_down(time_of(&self.cloud) + time);
        loop {
            let moved = self.moved.notified();
            let first = lock(&self.due).times.first().copied();
            if bed.due.0 <= time_of(&self.cloud) {
                return;
            }
            if first != Some(bed.due) {
                moved.await;
                continue;
            }
            give_way().await;
            if lock(&self.due).times.first() == Some(&bed.due) {
                let left = bed.due.0.saturating_sub(time_of(&self.cloud));
                return self.cloud.advance(SignedDuration::try_from(left).unwrap_or_default());
            }
        }
    }

    fn lie_down(&self, at: Duration) -> Bed<'_> {
        let mut due = lock(&self.due);
        due.count += 1;
        let entry = (at, due.count);
        due.times.insert(entry);
        Bed { sleepers: self, due: entry }
    }
}

/// Lets everybody else do what they have to do. A call to a cloud in this process is over when its turn is.
async fn give_way() {
    for _ in 0..TURNS {
        tokio::task::yield_now().await;
    }
}

/// A place among the sleepers; who gets up or is called away leaves it.
struct Bed<'a> {
    sleepers: &'a Sleepers,
    due: (Duration, u64),
}

impl Drop for Bed<'_> {
    fn drop(&mut self) {
        lock(&self.sleepers.due).times.remove(&self.due);
        self.sleepers.moved.notify_waiters();
    }
}

fn lock(due: &Mutex<Due>) -> MutexGuard<'_, Due> {
    due.lock().unwrap_or_else(PoisonError::into_inner)
}

fn time_of(cloud: &Cloud) -> Duration {
    Duration::from_millis(u64::try_from(cloud.now().as_millisecond()).unwrap_or_default())
}

impl RunClock {
    /// The clock of a cloud in this process, which moves as it is waited for.
    pub(crate) fn moving(cloud: Arc<Cloud>) -> Self {
        Self::Virtual(Sleepers { cloud, due: Arc::default(), moved: Arc::default() })
    }

    /// How many times as fast as the wall clock the services' clocks run.
    pub(crate) fn speed(&self) -> f64 {
        match self {
            Self::Served { speed, .. } => *speed,
            Self::Wall | Self::Virtual(_) | Self::Fast(..) => 1.0,
        }
    }

    pub(crate) fn served(speed: f64) -> Self {
        Self::Served { begun: wall(), since: Instant::now(), speed }
    }
}

impl Clock for RunClock {
    fn now(&self) -> Duration {
        match self {
            Self::Wall => wall(),
            Self::Served { begun, since, speed } => *begun + since.elapsed().mul_f64(*speed),
            Self::Virtual(sleepers) => time_of(&sleepers.cloud),
            Self::Fast(cloud, _) => time_of(cloud),
        }
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            match self {
                Self::Wall => tokio::time::sleep(time).await,
                Self::Virtual(sleepers) => sleepers.sleep(time).await,
                Self::Fast(_, speed) | Self::Served { speed, .. } => tokio::time::sleep(time.div_f64(*speed)).await,
            }
        })
    }
}

fn wall() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;

    #[test]
    fn who_waits_at_the_same_time_waits_together() {
        let folder = tempfile::tempdir().unwrap();
        let cloud = Arc::new(Cloud::open(folder.path()).unwrap());
        let clock = RunClock::moving(cloud);
        let begun = clock.now();
        let passed = |clock: &RunClock| (clock.now() - begun).as_secs();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let up = runtime.block_on(join_all([30, 10, 20, 10].map(|seconds| {
            let clock = &clock;
            async move {
                clock.sleep(Duration::from_secs(seconds)).await;
                passed(clock)
            }
        })));
        assert_eq!(up, [30, 10, 20, 10]);
        assert_eq!(passed(&clock), 30);
    }
}
