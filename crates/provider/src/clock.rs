//! Time, handed in.

use std::time::Duration;

use futures::future::BoxFuture;

/// The time of a run. The executor alone waits, and only through this.
pub trait Clock: Send + Sync {
    /// Since the Unix epoch.
    fn now(&self) -> Duration;

    /// Waits. On the local cloud this moves the cloud's clock instead.
    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()>;
}
