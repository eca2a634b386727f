//! Time: the wall clock, or the local cloud's.

use std::{
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use futures::future::BoxFuture;
use jiff::SignedDuration;
use local::Cloud;
use provider::Clock;

/// The time of a run.
#[derive(Debug, Clone)]
pub(crate) enum RunClock {
    Wall,
    /// Waiting moves the cloud's clock on and takes no time.
    Virtual(Arc<Cloud>),
    /// Waiting takes its time, so many times as fast.
    Fast(Arc<Cloud>, f64),
    /// Beside a local cloud in another process, whose clock runs so many times as fast as the wall clock.
    Served {
        begun: Duration,
        since: Instant,
        speed: f64,
    },
}

impl RunClock {
    pub(crate) fn served(speed: f64) -> Self {
        Self::Served { begun: wall(), since: Instant::now(), speed }
    }
}

impl Clock for RunClock {
    fn now(&self) -> Duration {
        match self {
            Self::Wall => wall(),
            Self::Served { begun, since, speed } => *begun + since.elapsed().mul_f64(*speed),
            Self::Virtual(cloud) | Self::Fast(cloud, _) => {
                Duration::from_millis(u64::try_from(cloud.now().as_millisecond()).unwrap_or_default())
            }
        }
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            match self {
                Self::Wall => tokio::time::sleep(time).await,
                Self::Virtual(cloud) => {
                    cloud.advance(SignedDuration::try_from(time).unwrap_or_default());
                    tokio::task::yield_now().await;
                }
                Self::Fast(_, speed) | Self::Served { speed, .. } => tokio::time::sleep(time.div_f64(*speed)).await,
            }
        })
    }
}

fn wall() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
