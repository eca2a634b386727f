//! The order of the steps: each begins when everything before it is done.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use futures::stream::{FuturesUnordered, StreamExt};
use model::{
    Action, Address, Plan,
    plan::{Phase, Step as Planned, StepId},
};
use provider::{Failure, FailureKind};

use crate::{
    Done, Event, Failed, Left, Outcome, Skipped,
    records::read_data,
    run::{Halt, Run, Step, Task, milliseconds},
};

/// What is still to be done.
struct Queue<'p> {
    /// Steps with what they still wait for.
    waiting: BTreeMap<&'p StepId, BTreeSet<&'p StepId>>,
    users: BTreeMap<&'p StepId, Vec<&'p StepId>>,
    steps: BTreeMap<&'p StepId, &'p Planned>,
}

impl<'p> Queue<'p> {
    fn new(plan: &'p Plan) -> Self {
        let steps: BTreeMap<&StepId, &Planned> = plan.steps.iter().map(|step| (&step.id, step)).collect();
        let mut users: BTreeMap<&StepId, Vec<&StepId>> = BTreeMap::new();
        let mut waiting = BTreeMap::new();
        for step in &plan.steps {
            let after: BTreeSet<&StepId> = step.after.iter().filter(|id| steps.contains_key(id)).collect();
            after.iter().for_each(|id| users.entry(id).or_default().push(&step.id));
            waiting.insert(&step.id, after);
        }
        Self { waiting, users, steps }
    }

    /// Takes out what can begin now, the longest path first.
    fn ready(&mut self) -> Vec<&'p Planned> {
        let free: Vec<&StepId> = self.waiting.iter().filter(|(_, after)| after.is_empty()).map(|(id, _)| *id).collect();
        let mut ready: Vec<&Planned> = free.iter().map(|id| self.steps[*id]).collect();
        free.iter().for_each(|id| drop(self.waiting.remove(*id)));
        ready.sort_by(|a, b| b.rank.cmp(&a.rank).then_with(|| a.id.cmp(&b.id)));
        ready
    }

    fn done(&mut self, id: &StepId) {
        for user in self.users.get(id).into_iter().flatten() {
            if let Some(after) = self.waiting.get_mut(user) {
                after.remove(id);
            }
        }
    }

    /// Takes out everything that needs this step, however far away.
    fn give_up(&mut self, id: &StepId) -> Vec<&'p StepId> {
        let mut given_up = Vec::new();
        let mut queue: Vec<&StepId> = self.users.get(id).cloned().unwrap_or_default();
        while let Some(user) = queue.pop() {
            if self.waiting.remove(user).is_some() {
                given_up.push(user);
                queue.extend(self.users.get(user).into_iter().flatten());
            }
        }
        given_up.sort();
        given_up
    }
}

/// Carries out all steps; ends when nothing is left that could be done.
pub(crate) async fn walk(run: &Run<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    let mut queue = Queue::new(run.plan);
    let mut under_way = FuturesUnordered::new();
    loop {
        if run.stopped().is_none() {
            under_way.extend(queue.ready().into_iter().map(|step| one(run, step)));
        }
        let Some((step, result, elapsed)) = under_way.next().await else { break };
        let (address, phase, action) = (step.id.address.clone(), step.id.phase.clone(), action(run.plan, step));
        match result {
            Ok(id) => {
                queue.done(&step.id);
                outcome.done.push(Done { address: address.clone(), phase: phase.clone(), action, elapsed });
                run.emit(Event::Done { address, phase, action, id, elapsed });
            }
            Err(Halt::Problem(problem)) => {
                skip(run, queue.give_up(&step.id), &address, &mut outcome);
                outcome.failed.push(Failed { address, phase, action, problem });
            }
            Err(Halt::Left(left)) => {
                outcome.left.push((address.clone(), phase.clone()));
                if left == Left::Unfinished {
                    run.emit(Event::Left { address, phase, action, left });
                }
            }
        }
    }
    outcome.left.extend(queue.waiting.keys().map(|id| (id.address.clone(), id.phase.clone())));
    outcome.left.sort();
    outcome.stopped = run.stopped();
    outcome
}

fn skip(run: &Run<'_>, given_up: Vec<&StepId>, because: &Address, outcome: &mut Outcome) {
    for id in given_up {
        let (address, phase) = (id.address.clone(), id.phase.clone());
        let action = run.plan.changes.get(&address).map_or(Action::Keep, |change| change.action);
        let because = because.clone();
        run.emit(Event::Skipped { address: address.clone(), phase: phase.clone(), action, because: because.clone() });
        outcome.skipped.push(Skipped { address, phase, action, because });
    }
}

fn action(plan: &Plan, step: &Planned) -> Action {
    plan.changes.get(&step.id.address).map_or(Action::Keep, |change| change.action)
}

type Ended<'p> = (&'p Planned, Step<Option<String>>, u64);

async fn one<'r>(run: &'r Run<'r>, step: &'r Planned) -> Ended<'r> {
    let began = run.now();
    let mut result = perform(run, step).await;
    tell(run, step, began, &result);
    if let Err(lost) = run.commit().await
        && result.is_ok()
    {
        result = Err(lost);
        tell(run, step, began, &result);
    }
    (step, result, milliseconds(run.now().saturating_sub(began)))
}

/// A failure is told and heeded before anything else can begin.
fn tell(run: &Run<'_>, step: &Planned, began: Duration, result: &Step<Option<String>>) {
    let Err(Halt::Problem(problem)) = result else { return };
    run.emit(Event::Failed {
        address: step.id.address.clone(),
        phase: step.id.phase.clone(),
        action: action(run.plan, step),
        problem: Box::new(problem.clone()),
        elapsed: milliseconds(run.now().saturating_sub(began)),
    });
    run.heed(problem);
}

async fn perform(run: &Run<'_>, step: &Planned) -> Step<Option<String>> {
    let address = &step.id.address;
    let change = run.plan.changes.get(address).ok_or_else(|| {
        Failure::new(FailureKind::Bug, "plan", format!("the plan has a step for {address} and no change"))
    })?;
    if step.id.phase == Phase::Read {
        return read_data(run, change, step.rank).await.map(|()| None);
    }
    let task = Task::new(run, step, change)?;
    match &step.id.phase {
        Phase::Put => task.put().await.map(Some),
        Phase::Remove { id } => task.remove(id).await.map(|()| Some(id.clone())),
        _ => task.record().await.map(|()| change.id.clone()),
    }
}
