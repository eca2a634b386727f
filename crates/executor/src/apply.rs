//! Carries a plan out.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::{Either, select};
use lang::Evaluator;
use model::{
    Action, Address, Plan, Value,
    fault::{Fault, is_planted},
    plan::PlannedOutput,
    state::RecordedOutput,
};

use crate::{
    Context, Event, Outcome, Problem, Stopped,
    facts::{self, Facts},
    observe::{ReadRequest, Reader, Requests, observe},
    recorded::without_content,
    run::Run,
    walk::walk,
};

/// Does what the plan says, in its order, and writes the state. Whoever calls this holds the lock (the ledger proves it), has
/// resolved what was open, and has checked that the plan belongs to this state.
///
/// When [`Stop::now`](crate::Stop) is cancelled it returns at once, in the middle of anything; the journal covers that.
pub async fn apply(plan: &Plan, context: &Context<'_>, emit: &(dyn Fn(Event) + Sync)) -> Outcome {
    let secrets = facts::secrets(plan, context.secrets).await;
    let facts = Facts::new(plan, secrets);
    look_again(plan, context, &facts).await;
    let run = Run::new(*context, plan, facts, emit);
    let now = std::pin::pin!(context.stop.now.cancelled());
    let mut outcome = match select(now, std::pin::pin!(walk(&run))).await {
        Either::Left(_) => return Outcome { stopped: Some(Stopped::Interrupted), ..Outcome::default() },
        Either::Right((outcome, _)) => outcome,
    };
    let whole = outcome.failed.is_empty() && outcome.left.is_empty();
    let outputs = outputs(&run, whole, &mut outcome);
    let saved = context.ledger.save(|state| {
        state.outputs = outputs;
        state.written_by.clone_from(&plan.made_by);
        // What nobody wants any more has no successor.
        state.replaced.retain(|address, _| plan.partial || plan.changes.contains_key(address));
    });
    if let Err(error) = saved {
        outcome.stopped = Some(match Problem::from(error) {
            Problem::Fenced { message, .. } => Stopped::Fenced(message),
            problem => Stopped::Store(problem.summary()),
        });
    }
    outcome
}

/// Reads kept resources that an expression still refers to: the plan does not carry what nobody wrote of them.
/// What cannot be read stays unknown, and whoever needs it says so.
async fn look_again(plan: &Plan, context: &Context<'_>, facts: &Facts) {
    let residuals = plan.changes.values().flat_map(|change| change.residuals.values());
    let outputs = plan.outputs.values().filter_map(|output| output.residual.as_ref());
    let references: BTreeSet<Address> =
        residuals.chain(outputs).flat_map(|written| lang::references(&plan.scopes, written)).collect();
    let kept = references.iter().filter_map(|address| plan.changes.get(address));
    let kept =
        kept.filter(|change| change.observed.is_none() && matches!(change.action, Action::Keep | Action::Record));
    let resources = kept.filter_map(|change| {
        Some(ReadRequest {
            address: change.address.clone(),
            type_name: change.address.type_name.clone(),
            region: change.region.clone(),
            id: change.id.clone()?,
        })
    });
    let requests = Requests { resources: resources.collect(), ..Requests::default() };
    let reader = Reader {
        provider: context.provider,
        clock: context.clock,
        identity: context.identity,
        options: &context.options,
    };
    let (observed, _) = observe(reader, &requests).await;
    for (address, live) in observed.resources.iter().filter_map(|(address, live)| Some((address, live.as_ref()?))) {
        facts.kept(address, live);
    }
}

/// The outputs as they are now. One that cannot be computed because something was not made keeps its last value.
fn outputs(run: &Run<'_>, whole: bool, outcome: &mut Outcome) -> BTreeMap<String, RecordedOutput> {
    let files = lang::RecordedFiles(&run.plan.scopes.files);
    let evaluator = Evaluator::new(&run.plan.scopes, &run.facts, &files);
    let mut recorded = BTreeMap::new();
    for (name, planned) in &run.plan.outputs {
        match value(&evaluator, planned) {
            Ok(value) if value.is_known() && (planned.before.is_null() || !is_planted(Fault::KeepsStaleOutput)) => {
                let value = without_content(value.sealed(run.context.fingerprinter));
                if !value.is_null() {
                    recorded.insert(name.clone(), RecordedOutput { value, secret: planned.secret });
                }
            }
            result => {
                if let (Err(problem), true) = (result, whole) {
                    outcome.outputs.push((name.clone(), problem));
                }
                if !planned.before.is_null() {
                    let before = RecordedOutput { value: planned.before.clone(), secret: planned.secret };
                    recorded.insert(name.clone(), before);
                }
            }
        }
    }
    recorded
}

fn value(evaluator: &Evaluator<'_>, planned: &PlannedOutput) -> Result<Value, Problem> {
    match &planned.residual {
        Some(residual) => evaluator.written(residual).map_err(Problem::Expression),
        None => Ok(planned.after.clone()),
    }
}
