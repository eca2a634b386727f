//! A deployment of a resource as it is: one call outside of any plan, followed to its end.

use std::{collections::BTreeSet, time::Duration};

use model::{
    Address, Change, Plan,
    plan::{Phase, Step as Planned, StepId},
};
use provider::{Call, Failure, FailureKind, Goal, LogLine, Place, Settled};
use store::{Answer, Verb};

use crate::{
    Context, Event, Problem,
    facts::Facts,
    reads::{is_passing, pause},
    run::{Halt, Run, Step, Task},
};

/// Starts a deployment of a recorded resource and follows its operation and logs. Whoever calls this holds the lock.
///
/// # Errors
/// Why it did not start or failed; nothing when the run was stopped: App Runner goes on by itself.
pub async fn deploy(
    change: &Change,
    timeout: u64,
    context: &Context<'_>,
    emit: &(dyn Fn(Event) + Sync),
) -> Result<(), Option<Problem>> {
    let id = StepId { address: change.address.clone(), phase: Phase::Put };
    let step = Planned { id, after: BTreeSet::new(), rank: 0 };
    let plan = Plan { steps: vec![step.clone()], ..Plan::default() };
    let run = Run::new(*context, &plan, Facts::new(&plan, Default::default()), emit);
    let result = match Task::new(&run, &step, change) {
        Ok(task) => task.deploy(timeout).await,
        Err(halt) => Err(halt),
    };
    let written = run.commit().await;
    match result.and(written) {
        Ok(()) => Ok(()),
        Err(Halt::Problem(problem)) => Err(Some(problem)),
        Err(Halt::Left(_)) => Err(None),
    }
}

/// Which lines have been told already.
#[derive(Debug, Default)]
pub struct Follower {
    seen: BTreeSet<String>,
    /// Milliseconds since the Unix epoch: nothing older is asked for.
    since: i64,
}

impl Follower {
    pub fn since(since: i64) -> Self {
        Self { seen: BTreeSet::new(), since }
    }

    /// When the next lines may begin.
    pub fn begin(&self) -> i64 {
        self.since
    }

    /// Those of the lines that are new, oldest first.
    pub fn news(&mut self, mut lines: Vec<LogLine>) -> Vec<LogLine> {
        lines.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        lines.retain(|line| self.seen.insert(line.id.clone()));
        self.since = lines.last().map_or(self.since, |line| line.at.max(self.since));
        lines
    }
}

impl Task<'_> {
    async fn deploy(&self, timeout: u64) -> Step {
        let place = self.place(&self.change.region);
        let id = self.change.id.as_deref().unwrap_or_default();
        let began = self.run.now();
        let Some(Call { operation, does, send, .. }) = self.resource.deploy(&place, id) else {
            return Err(Failure::new(FailureKind::Bug, "deploy", "this type has no deployments").into());
        };
        let before = self.run.context.ledger.recorded(&self.change.address);
        let intent = self.intent(Verb::Update, operation.to_owned(), Some(id.to_owned()));
        let (n, answer) = self.send(intent, &does, send).await?;
        let sent = match answer {
            Ok(sent) => sent,
            Err(failure) if failure.kind == FailureKind::Unanswered => {
                self.run.answer(Answer::unknown(n))?;
                return Err(Problem::Unknown(failure).into());
            }
            Err(failure) => {
                self.run.answer(Answer::no_effect(n, failure.code.clone()))?;
                return Err(failure.into());
            }
        };
        self.run.answer(Answer::done(n, None, sent.operation.clone()))?;
        self.run.commit().await?;
        let followed = self.follow(&place, id, sent.operation.as_deref(), began, Duration::from_secs(timeout)).await;
        // It changes nothing that is recorded, whether it succeeds or App Runner goes back to what ran before.
        match &followed {
            Ok(()) => self.run.context.ledger.note_record(&self.change.address, |_| before)?,
            Err(halt) => self.restore(before.as_ref(), halt)?,
        }
        followed
    }

    /// Looks until the operation has ended, telling new lines of the logs at each look.
    async fn follow(
        &self,
        place: &Place,
        id: &str,
        operation: Option<&str>,
        began: Duration,
        longest: Duration,
    ) -> Step {
        let mut follower = Follower::since(i64::try_from(began.as_millis()).unwrap_or_default());
        for tried in 0.. {
            let look = self.resource.settle(place, id, operation, Goal::Present).await;
            let lines = self.resource.logs(place, id, follower.begin()).await.unwrap_or_default();
            for line in follower.news(lines) {
                self.run.emit(Event::Log { address: self.address(), source: line.source, message: line.message });
            }
            let (after, word) = match look {
                Ok(Settled::Ready) => return Ok(()),
                Ok(Settled::Failed { failure, .. }) => return Err((*failure).into()),
                Ok(Settled::Again(after, word)) => (after, word),
                Err(failure) if is_passing(&failure) => (pause(tried), failure.message),
                Err(failure) => return Err(failure.into()),
            };
            if self.run.now().saturating_sub(began) >= longest {
                let doing = "the deployment".to_owned();
                return Err(Problem::TimedOut { doing, word, seconds: longest.as_secs() }.into());
            }
            self.wait(after, &word, began).await?;
        }
        unreachable!("the loop ends by returning")
    }

    fn address(&self) -> Address {
        self.change.address.clone()
    }
}
