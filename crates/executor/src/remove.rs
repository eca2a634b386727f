//! Takes a resource away: what must go first, the delete, the wait, what the service leaves behind.

use std::collections::BTreeMap;

use model::{Action, Live, Recorded, ReplaceOrder, Value};
use provider::{Call, FailureKind, Goal, Place, retry::RetryPhase};
use store::{Answer, Intent, Verb};

use crate::{
    Problem,
    blockers::deletion,
    retry::{Tries, Verdict},
    run::{Step, Task},
    settle::{self, Wait},
};

/// Calls before or after one delete.
const ROUNDS: usize = 200;
/// Tries of a delete whose answers are lost; sending it twice is harmless.
const UNANSWERED: u32 = 5;

/// The object to be removed, as the state knows it.
struct Doomed {
    id: String,
    place: Place,
    arguments: BTreeMap<String, Value>,
    timeout: u64,
}

impl Task<'_> {
    /// Removes the object with this id; whether it is the resource itself or a deposed one, the state tells.
    pub(crate) async fn remove(&self, id: &str) -> Step {
        self.moved()?;
        let doomed = self.doomed(id);
        let lived = match self.read(&doomed.place, id).await? {
            Some(live) => {
                let live = self.dismantle(&doomed, live).await?;
                if let Some(live) = &live {
                    self.delete(&doomed, live).await?;
                }
                live
            }
            None => None,
        };
        let observed = self.change.observed.clone().filter(|live| live.id == id);
        if let Some(lived) = lived.or(observed) {
            self.sweep(&doomed, &lived).await?;
        }
        self.forgotten(&doomed)
    }

    fn doomed(&self, id: &str) -> Doomed {
        let recorded = self.run.context.ledger.recorded(&self.change.address);
        let deposed = recorded.as_ref().and_then(|recorded| recorded.deposed.iter().find(|old| old.id == id));
        let current = recorded.as_ref().filter(|recorded| recorded.id == id).map(|recorded| &recorded.region);
        let region = deposed.map(|old| &old.region).or(current).unwrap_or(&self.change.region);
        Doomed {
            id: id.to_owned(),
            place: self.place(region),
            arguments: deletion(self.change, deposed),
            timeout: self.change.timeouts.delete.unwrap_or(self.schema().timeouts.delete),
        }
    }

    /// Sends what must be sent before the delete; nothing when it went away meanwhile.
    async fn dismantle(&self, doomed: &Doomed, mut live: Live) -> Step<Option<Live>> {
        let mut tries = Tries::new(&[RetryPhase::Delete]);
        let mut sent = Vec::new();
        for _ in 0..ROUNDS {
            let Some(Call { operation, does, send, .. }) =
                self.resource.dismantle(&doomed.place, &live, &doomed.arguments)
            else {
                return Ok(Some(live));
            };
            let intent = self.doomed_intent(doomed, Verb::Dismantle, operation);
            let (n, answer) = self.send(intent, &does, send).await?;
            let answer = match answer {
                Err(failure) if failure.is_not_found() => Ok(provider::Sent::default()),
                other => other,
            };
            match answer {
                Ok(answer) => {
                    self.run.answer(Answer::done(n, None, answer.operation.clone()))?;
                    tries.reset();
                    sent.push(operation.to_owned());
                    self.settle_present(&doomed.place, &doomed.id, answer.operation.as_deref(), doomed.timeout).await?;
                }
                Err(failure) => self.again(n, &mut tries, failure).await?,
            }
            match self.read(&doomed.place, &doomed.id).await? {
                Some(newer) => live = newer,
                None => return Ok(None),
            }
        }
        Err(Problem::Endless { calls: sent }.into())
    }

    /// Sends the delete and waits until it is gone. "Not found" is success.
    async fn delete(&self, doomed: &Doomed, live: &Live) -> Step {
        let operation = self.resource.delete_operation();
        let mut tries = Tries::new(&[RetryPhase::Delete]);
        loop {
            let mut intent = self.doomed_intent(doomed, Verb::Delete, operation);
            intent.lived = Some(Box::new(live.clone()));
            intent.replaces = self.change.action == Action::Replace(ReplaceOrder::DeleteFirst);
            let call = self.resource.delete(&doomed.place, &doomed.id, &doomed.arguments);
            let (n, answer) = self.send(intent, "deletes it", call).await?;
            match answer {
                Ok(sent) => {
                    self.run.answer(Answer::done(n, None, sent.operation.clone()))?;
                    return self.gone(doomed, sent.operation.as_deref()).await;
                }
                Err(failure) if failure.is_not_found() => {
                    self.run.answer(Answer::done(n, None, None))?;
                    return self.gone(doomed, None).await;
                }
                Err(failure) => self.again(n, &mut tries, failure).await?,
            }
        }
    }

    async fn gone(&self, doomed: &Doomed, operation: Option<&str>) -> Step {
        let wait = Wait { place: &doomed.place, id: &doomed.id, operation, goal: Goal::Gone, timeout: doomed.timeout };
        match self.settle(wait).await? {
            settle::Verdict::Ready => Ok(()),
            settle::Verdict::Failed { failure, .. } => Err(failure.into()),
        }
    }

    /// Clears up what the service leaves behind.
    async fn sweep(&self, doomed: &Doomed, lived: &Live) -> Step {
        let mut tries = Tries::new(&[RetryPhase::Delete]);
        let mut done = 0;
        while let Some(call) = self.resource.sweep(&doomed.place, lived, done) {
            if done >= ROUNDS {
                return Err(Problem::Endless { calls: vec![call.operation.to_owned()] }.into());
            }
            let intent = self.doomed_intent(doomed, Verb::Sweep, call.operation);
            let (n, answer) = self.send(intent, &call.does, call.send).await?;
            match answer {
                Err(failure) if !failure.is_not_found() => self.again(n, &mut tries, failure).await?,
                _ => {
                    self.run.answer(Answer::done(n, None, None))?;
                    tries.reset();
                    done += 1;
                }
            }
        }
        Ok(())
    }

    /// Answers a failed call and waits when it passes.
    async fn again(&self, n: u64, tries: &mut Tries, failure: provider::Failure) -> Step {
        if failure.kind == FailureKind::Unanswered {
            self.run.answer(Answer::unknown(n))?;
            tries.unanswered += 1;
            if tries.unanswered >= UNANSWERED {
                return Err(Problem::Unknown(failure).into());
            }
            return self.wait(tries.pause(), "no answer yet", tries.since(self)).await;
        }
        self.run.answer(Answer::no_effect(n, failure.code.clone()))?;
        match tries.judge(self, &failure) {
            Verdict::Again { after, word } => self.wait(after, &word, tries.since(self)).await,
            Verdict::Final => Err(failure.into()),
        }
    }

    fn doomed_intent(&self, doomed: &Doomed, verb: Verb, operation: &str) -> Intent {
        let region = doomed.place.region.clone();
        Intent { region, ..self.intent(verb, operation.to_owned(), Some(doomed.id.clone())) }
    }

    /// Out of the state: the resource itself, or the one deposed object.
    fn forgotten(&self, doomed: &Doomed) -> Step {
        let left = |old: Option<&Recorded>| without(old?, &doomed.id, &doomed.place.region);
        self.run.context.ledger.note_record(&self.change.address, left)?;
        let left = self.run.context.ledger.recorded(&self.change.address);
        if left.is_none_or(|recorded| recorded.id.is_empty()) {
            self.run.facts.gone(&self.change.address);
        }
        Ok(())
    }
}

/// The record without an object; nothing when no object is left. One name may live in two regions.
pub(crate) fn without(recorded: &Recorded, id: &str, region: &str) -> Option<Recorded> {
    let mut left = recorded.clone();
    left.deposed.retain(|old| old.id != id || old.region != region);
    if left.id == id && left.region == region {
        left.id = String::new();
        left.applied = BTreeMap::new();
        left.computed = BTreeMap::new();
        left.create_token = None;
    }
    (!left.id.is_empty() || !left.deposed.is_empty()).then_some(left)
}
