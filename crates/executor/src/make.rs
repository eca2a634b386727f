//! The one call that brings a resource into being, and what to do when its answer is lost.

use std::time::Duration;

use model::fault::{Fault, is_planted};
use provider::{
    Failure, FailureKind, Intent as Sought, Place, RetryClass, Token, erased::TypedWant, retry::RetryPhase,
};
use store::{Answer, Intent};

use crate::{
    Problem,
    reads::{is_passing, pause},
    retry::{Tries, Verdict},
    run::{Halt, Step, Task},
};

/// Tries of a create whose answers are lost, before the next run has to find out.
const UNANSWERED: u32 = 4;

/// What was made.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) operation: Option<String>,
}

/// A create with everything that a repetition needs.
pub(crate) struct Creation<'c> {
    pub(crate) place: &'c Place,
    pub(crate) typed: &'c dyn TypedWant,
    pub(crate) token: &'c Token,
    pub(crate) intent: Intent,
}

impl Task<'_> {
    /// Sends the create until it has an answer; never so that two could come into being.
    pub(crate) async fn create(&self, creation: &Creation<'_>) -> Step<Made> {
        let mut tries = Tries::new(&[RetryPhase::Create]);
        // Intents whose calls may have had their effect.
        let mut open: Vec<u64> = Vec::new();
        loop {
            let call = creation.typed.create(creation.place, creation.token);
            // Each try is as old as its own sending: `find` may not show yet what it made.
            let intent = Intent { at: self.run.now().as_secs(), ..creation.intent.clone() };
            let (n, answer) = self.send(intent, "creates it", call).await?;
            let failure = match answer {
                Ok(sent) => {
                    let made = Made { id: sent.id.ok_or_else(|| self.without_id())?, operation: sent.operation };
                    self.made(n, &made, &open)?;
                    return Ok(made);
                }
                Err(failure) => failure,
            };
            if failure.kind == FailureKind::Unanswered {
                open.push(n);
                tries.unanswered += 1;
                if let Some(made) = self.unanswered(creation, &mut tries, &mut open, failure).await? {
                    return Ok(made);
                }
                continue;
            }
            self.run.answer(Answer::no_effect(n, failure.code.clone()))?;
            let verdict = tries.judge(self, &failure);
            let lost = tries.unanswered > 0 && (failure.kind == FailureKind::Exists || !open.is_empty());
            if lost && (failure.kind == FailureKind::Exists || verdict == Verdict::Final) {
                // The name is taken, or nothing more can be learnt by sending: perhaps by what we made ourselves.
                if let Some(made) = self.found(creation, n, &mut open, &failure).await? {
                    return Ok(made);
                }
            }
            match verdict {
                Verdict::Again { after, word } => self.wait(after, &word, tries.since(self)).await?,
                Verdict::Final => return Err(failure.into()),
            }
        }
    }

    fn without_id(&self) -> Failure {
        let (operation, _) = self.resource.create_operation();
        Failure::new(FailureKind::Bug, operation, "the answer holds no id")
    }

    /// Records what was made, then closes the earlier tries that had the same token.
    fn made(&self, n: u64, made: &Made, open: &[u64]) -> Step {
        self.run.answer(Answer::done(n, Some(made.id.clone()), made.operation.clone()))?;
        open.iter().filter(|earlier| **earlier != n).try_for_each(|earlier| self.run.answer(Answer::unknown(*earlier)))
    }

    /// What may be repeated is repeated; for the rest `find` decides first.
    async fn unanswered(
        &self,
        creation: &Creation<'_>,
        tries: &mut Tries,
        open: &mut Vec<u64>,
        failure: Failure,
    ) -> Step<Option<Made>> {
        let (_, class) = self.resource.create_operation();
        let enough = tries.unanswered >= UNANSWERED;
        if class.is_repeatable() || is_planted(Fault::LostAnswerRepeated) {
            if enough {
                return Err(Problem::Unknown(failure).into());
            }
            self.wait(tries.pause(), "no answer yet", tries.since(self)).await?;
            return Ok(None);
        }
        debug_assert!(matches!(class, RetryClass::NaturalName | RetryClass::None), "the other classes are repeatable");
        let n = *open.last().unwrap_or(&0);
        match self.found(creation, n, open, &failure).await? {
            None if enough => Err(failure.into()),
            found => Ok(found),
        }
    }

    /// Looks for what an unanswered try may have made; closes the tries when there is nothing.
    async fn found(
        &self,
        creation: &Creation<'_>,
        n: u64,
        open: &mut Vec<u64>,
        failure: &Failure,
    ) -> Step<Option<Made>> {
        let sought = sought(&creation.intent, creation.token, &self.run.plan.lineage);
        let since = self.run.now();
        let found = match self.look_for(creation.place, &sought, since).await {
            Ok(found) => found,
            Err(Halt::Problem(_)) => return Err(Problem::Unknown(failure.clone()).into()),
            Err(left) => return Err(left),
        };
        let Some(id) = found else {
            open.drain(..).try_for_each(|earlier| self.run.answer(Answer::no_effect(earlier, None)))?;
            return Ok(None);
        };
        let made = Made { id, operation: None };
        let n = open.last().copied().unwrap_or(n);
        self.made(n, &made, open)?;
        self.run.mark_changed(&self.change.address);
        Ok(Some(made))
    }

    /// Asks until it is found or the type's window of consistency has passed.
    async fn look_for(&self, place: &Place, sought: &Sought, since: Duration) -> Step<Option<String>> {
        let window = Duration::from_secs(self.resource.consistency_window());
        for tried in 0.. {
            let slot = self.slot().await;
            let answer = self.resource.find(place, sought).await;
            drop(slot);
            match answer {
                Ok(Some(id)) => return Ok(Some(id)),
                Ok(None) if self.run.now().saturating_sub(since) >= window => return Ok(None),
                Ok(None) => {}
                Err(failure) if is_passing(&failure) && tried < 10 => self.throttle(&failure),
                Err(failure) => return Err(failure.into()),
            }
            self.wait(pause(tried), "finding out whether it was made", since).await?;
        }
        unreachable!("the loop ends by returning")
    }
}

/// What `find` may look at: the journalled intent alone.
pub(crate) fn sought(intent: &Intent, token: &Token, lineage: &str) -> Sought {
    Sought {
        address: intent.address.clone(),
        region: intent.region.clone(),
        token: token.clone(),
        lineage: lineage.to_owned(),
        identity: intent.identity.clone(),
    }
}
