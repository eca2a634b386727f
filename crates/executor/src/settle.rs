//! The one loop that waits for what takes its time.

use std::time::Duration;

use provider::{Failure, Goal, Place, Settled};

use crate::{
    Problem,
    reads::{is_passing, pause},
    run::{Step, Task},
};

/// Nobody is asked more often than this.
const SHORTEST_PAUSE: Duration = Duration::from_millis(100);

/// How a wait ended.
#[derive(Debug)]
pub(crate) enum Verdict {
    Ready,
    /// The service says that it failed; `tainted`: it can only be replaced.
    Failed {
        failure: Failure,
        tainted: bool,
    },
}

/// What is waited for.
#[derive(Clone, Copy)]
pub(crate) struct Wait<'a> {
    pub(crate) place: &'a Place,
    pub(crate) id: &'a str,
    /// The service's operation, when the call brought one back.
    pub(crate) operation: Option<&'a str>,
    pub(crate) goal: Goal,
    /// Seconds.
    pub(crate) timeout: u64,
}

impl Task<'_> {
    /// Looks until it is ready, has failed or the time is over. Between two looks no slot is held.
    pub(crate) async fn settle(&self, wait: Wait<'_>) -> Step<Verdict> {
        self.run.commit().await?;
        let since = self.run.now();
        let end = since + Duration::from_secs(wait.timeout);
        let window = since + Duration::from_secs(self.resource.consistency_window());
        for tried in 0.. {
            let slot = self.slot().await;
            let look = self.resource.settle(wait.place, wait.id, wait.operation, wait.goal).await;
            drop(slot);
            let now = self.run.now();
            let (after, word) = match look {
                Ok(Settled::Ready) => return Ok(Verdict::Ready),
                Ok(Settled::Failed { failure, tainted }) => return Ok(Verdict::Failed { failure: *failure, tainted }),
                Ok(Settled::Again(after, word)) => (after, word),
                Err(failure) if failure.is_not_found() && wait.goal == Goal::Gone => return Ok(Verdict::Ready),
                Err(failure) if failure.is_not_found() && now < window => (pause(tried), "not visible yet".to_owned()),
                Err(failure) if is_passing(&failure) => {
                    self.throttle(&failure);
                    (pause(tried), failure.message)
                }
                Err(failure) => return Err(failure.into()),
            };
            if now >= end {
                return Err(self.timed_out(wait, word).into());
            }
            self.wait(after.max(SHORTEST_PAUSE).min(end - now), &word, since).await?;
        }
        unreachable!("the loop ends by returning")
    }

    fn timed_out(&self, wait: Wait<'_>, word: String) -> Problem {
        let doing = match wait.goal {
            Goal::Present => "becoming ready",
            Goal::Gone => "being deleted",
        };
        Problem::TimedOut { doing: doing.to_owned(), word, seconds: wait.timeout }
    }

    /// Waits for what was just done to be there; a failure is the step's.
    pub(crate) async fn settle_present(&self, place: &Place, id: &str, operation: Option<&str>, timeout: u64) -> Step {
        match self.settle(Wait { place, id, operation, goal: Goal::Present, timeout }).await? {
            Verdict::Ready => Ok(()),
            Verdict::Failed { failure, .. } => Err(failure.into()),
        }
    }
}
