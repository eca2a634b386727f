//! Reads of single resources during a step.

use std::time::Duration;

use model::Live;
use provider::{Failure, FailureKind, Place};

use crate::run::{Halt, Step, Task};

/// Tries of a read that fails in passing.
const TRIES: u32 = 6;

/// Whether trying the same read again may help.
pub(crate) fn is_passing(failure: &Failure) -> bool {
    matches!(failure.kind, FailureKind::Throttled | FailureKind::Unanswered | FailureKind::Unreachable)
}

/// Seconds before the try after this one.
pub(crate) fn pause(tried: u32) -> Duration {
    Duration::from_secs(1u64.checked_shl(tried).unwrap_or(10).min(10))
}

impl Task<'_> {
    /// One look at one resource; nothing when it is not there.
    pub(crate) async fn read(&self, place: &Place, id: &str) -> Step<Option<Live>> {
        let ids = [id.to_owned()];
        let since = self.run.now();
        for tried in 0.. {
            let slot = self.slot().await;
            let answer = self.resource.read(place, &ids).await;
            drop(slot);
            match answer {
                Ok(found) => return Ok(found.into_iter().next().flatten()),
                Err(failure) if is_passing(&failure) && tried + 1 < TRIES => {
                    self.throttle(&failure);
                    self.wait(pause(tried), "reading it back", since).await?;
                }
                Err(failure) => return Err(failure.into()),
            }
        }
        unreachable!("the loop ends by returning")
    }

    /// Reads what must be there: right after a create the service may not know it yet.
    pub(crate) async fn read_present(&self, place: &Place, id: &str) -> Step<Live> {
        let since = self.run.now();
        let window = Duration::from_secs(self.resource.consistency_window());
        for tried in 0.. {
            if let Some(live) = self.read(place, id).await? {
                return Ok(live);
            }
            if self.run.now().saturating_sub(since) >= window {
                break;
            }
            self.wait(pause(tried), "reading it back", since).await?;
        }
        Err(Halt::Problem(crate::Problem::Vanished { id: id.to_owned() }))
    }

    pub(crate) fn throttle(&self, failure: &Failure) {
        if failure.kind == FailureKind::Throttled {
            self.run.slots.throttled(self.service());
        }
    }
}
