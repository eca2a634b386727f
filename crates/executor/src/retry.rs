//! Refusals that pass by themselves, and how long to wait between two tries.

use std::time::Duration;

use provider::{Failure, FailureKind, Retry, retry::RetryPhase};

use crate::run::Task;

/// How long a throttled call is tried again.
const THROTTLED: Duration = Duration::from_secs(600);
/// How long a call is tried again that cannot even be sent.
const UNREACHABLE: Duration = Duration::from_secs(30);
/// The longest pause between the first tries, some two minutes.
const LONGEST_PAUSE: u64 = 10;
const FIRST_TRIES: u32 = 16;
/// The pause between later ones.
const LATER_PAUSE: u64 = 30;

/// The tries of one call.
pub(crate) struct Tries {
    phases: &'static [RetryPhase],
    first_failed: Option<Duration>,
    count: u32,
    pub(crate) unanswered: u32,
}

/// What to do about a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Wait this long, then send again.
    Again { after: Duration, word: String },
    /// It stays so.
    Final,
}

impl Tries {
    pub(crate) fn new(phases: &'static [RetryPhase]) -> Self {
        Self { phases, first_failed: None, count: 0, unanswered: 0 }
    }

    /// When the first of the tries failed.
    pub(crate) fn since(&self, task: &Task<'_>) -> Duration {
        self.first_failed.unwrap_or_else(|| task.run.now())
    }

    /// Whether the last call was refused.
    pub(crate) fn is_trying(&self) -> bool {
        self.first_failed.is_some()
    }

    /// A call went through: what fails from now on is another matter.
    pub(crate) fn reset(&mut self) {
        *self = Self::new(self.phases);
    }

    /// The pause before the next try: 1, 2, 4, 8, then 10 and at last 30 seconds.
    pub(crate) fn pause(&mut self) -> Duration {
        let first = 1u64.checked_shl(self.count).unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE);
        let seconds = if self.count < FIRST_TRIES { first } else { LATER_PAUSE };
        self.count += 1;
        Duration::from_secs(seconds)
    }

    /// Judges a failure that certainly had no effect.
    pub(crate) fn judge(&mut self, task: &Task<'_>, failure: &Failure) -> Verdict {
        let now = task.run.now();
        let since = *self.first_failed.get_or_insert(now);
        let Some((window, word)) = self.window(task, failure) else { return Verdict::Final };
        if now.saturating_sub(since) >= window {
            return Verdict::Final;
        }
        Verdict::Again { after: self.pause(), word }
    }

    fn window(&self, task: &Task<'_>, failure: &Failure) -> Option<(Duration, String)> {
        match failure.kind {
            FailureKind::Throttled => return Some((THROTTLED, format!("{} limits the rate of calls", task.service()))),
            FailureKind::Unreachable => return Some((UNREACHABLE, format!("{} cannot be reached", task.service()))),
            FailureKind::Credentials | FailureKind::Bug => return None,
            _ => {}
        }
        let passes = |retry: &&Retry| {
            self.phases.iter().any(|phase| retry.matches(*phase, failure.code.as_deref(), &failure.message))
                && (!retry.fresh_only || task.run.is_fresh(task.change))
        };
        let retry = task.resource.retries().iter().find(passes)?;
        Some((Duration::from_secs(retry.window), format!("waiting for {}", retry.waiting_for)))
    }
}
