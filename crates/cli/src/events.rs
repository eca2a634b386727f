//! What a run tells, for a person or as JSON lines.

use std::{collections::BTreeMap, time::Duration};

use executor::{Event, Outcome, Stopped};
use model::{Action, Address, Plan, plan::Phase};
use report::{FailureText, Progress, Summary, Verb};

use crate::{args::TextOrJson, out::Out, waits::Waits};

/// Prints events as they come.
pub(crate) struct Listener<'a> {
    out: &'a Out,
    format: TextOrJson,
    plan: Option<&'a Plan>,
    waits: Waits,
}

impl<'a> Listener<'a> {
    pub(crate) fn new(out: &'a Out, format: TextOrJson, plan: Option<&'a Plan>) -> Self {
        Self { out, format, plan, waits: Waits::default() }
    }

    pub(crate) fn hear(&self, event: Event) {
        if let Event::Waiting { address, word, elapsed } = &event
            && self.format == TextOrJson::Text
            && !self.waits.is_news(address, word, *elapsed)
        {
            return;
        }
        // The one call of a create or delete is said by its step already.
        if let Event::Call { does, .. } = &event
            && self.format == TextOrJson::Text
            && ["creates it", "deletes it"].contains(&does.as_str())
        {
            return;
        }
        self.tell(&progress(event, self.plan));
    }

    pub(crate) fn tell(&self, event: &Progress) {
        match self.format {
            TextOrJson::Json => self.out.text(&format!("{}\n", report::event_json(event))),
            TextOrJson::Text => match event {
                Progress::Summary(summary) => {
                    let event = Progress::Summary(Box::new(brief(summary)));
                    self.out.text(&format!("{}\n", report::event_text(&event, self.out.style, self.out.width)));
                }
                _ => self.out.progress(&report::event_text(event, self.out.error_style, self.out.width)),
            },
        }
    }
}

/// A summary without what the failures' own lines have told already.
fn brief(summary: &Summary) -> Summary {
    let mut summary = summary.clone();
    for (_, _, failure) in &mut summary.failed {
        failure.log.clear();
        failure.causes.clear();
        failure.hints.clear();
        failure.place = None;
    }
    summary
}

fn millis(elapsed: u64) -> Duration {
    Duration::from_millis(elapsed)
}

fn progress(event: Event, plan: Option<&Plan>) -> Progress {
    match event {
        Event::Started { address, phase, action } => Progress::Started { address, verb: Verb::of(action, &phase) },
        Event::Call { address, operation, does } => Progress::Call { address, operation, does },
        Event::Waiting { address, word, elapsed } => {
            Progress::Waiting { address, what: word, elapsed: millis(elapsed) }
        }
        Event::Log { address, source, message } => {
            Progress::Note { address: Some(address), text: format!("{source}: {message}") }
        }
        Event::Done { address, phase, action, id, elapsed } => {
            Progress::Done { address, verb: Verb::of(action, &phase), elapsed: millis(elapsed), id }
        }
        Event::Failed { address, phase, action, problem, elapsed } => {
            let failure = Box::new(failure(&problem, &address, plan));
            Progress::Failed { address, verb: Verb::of(action, &phase), elapsed: millis(elapsed), failure }
        }
        Event::Skipped { address, phase, action, because } => {
            Progress::Skipped { address, verb: Verb::of(action, &phase), because }
        }
        Event::Left { address, phase, action, left } => {
            let begun = left == executor::Left::Unfinished;
            Progress::Left { address, verb: Verb::of(action, &phase), begun }
        }
        Event::Stopping { because } => Progress::Stopping { because: stopped(&because) },
        Event::Resolving { address, operation } => Progress::Resolving { address, operation },
        Event::Resolved { address, operation, resolution } => {
            let resolution = match resolution {
                executor::Resolution::Made { id } => report::Resolution::Made { id },
                executor::Resolution::NotMade => report::Resolution::NotMade,
                executor::Resolution::Doubtful => report::Resolution::Doubtful,
                executor::Resolution::Gone => report::Resolution::Gone,
                executor::Resolution::StillThere => report::Resolution::StillThere,
            };
            Progress::Resolved { address, operation, resolution }
        }
    }
}

fn stopped(because: &Stopped) -> String {
    match because {
        Stopped::Interrupted => "the run was interrupted".to_owned(),
        Stopped::Credentials(failure) => format!("the credentials are not valid any more: {}", failure.message),
        Stopped::Failed => "something failed".to_owned(),
        Stopped::Store(message) => format!("the state cannot be written: {message}"),
        Stopped::Fenced(message) => message.clone(),
    }
}

pub(crate) fn failure(problem: &executor::Problem, address: &Address, plan: Option<&Plan>) -> FailureText {
    let place = plan.and_then(|plan| plan.changes.get(address)).and_then(|change| change.place.clone());
    match problem {
        executor::Problem::Call(failure) => FailureText {
            operation: failure.operation.clone(),
            code: failure.code.clone(),
            message: failure.message.clone(),
            request_id: failure.request_id.clone(),
            log: failure.log.clone(),
            causes: failure.causes.clone(),
            place,
            ..FailureText::default()
        },
        executor::Problem::Differs { attribute, planned, found } => FailureText {
            message: problem.summary(),
            differs: Some(report::Unexpected {
                attribute: attribute.clone(),
                planned: planned.clone(),
                found: found.clone(),
            }),
            hints: problem.hints(),
            place,
            ..FailureText::default()
        },
        other => FailureText { message: other.summary(), hints: other.hints(), place, ..FailureText::default() },
    }
}

/// What to type, where something is left to do.
fn next(plan: &Plan, outcome: &Outcome, retry: &str) -> Option<String> {
    if !outcome.is_complete() {
        return Some(format!("mend what failed, then run `{retry}` again: it goes on from here"));
    }
    if !plan.gates.is_empty() {
        return Some(format!("run the commands above, then `{retry}` again: it goes on from here"));
    }
    let staged = plan.is_gated() && !retry.starts_with("groma rollout");
    staged.then(|| format!("`{}` goes on stage by stage", retry.replacen("groma apply", "groma rollout", 1)))
}

/// What a run came to.
pub(crate) fn summary(plan: &Plan, outcome: &Outcome, elapsed: Duration, retry: &str) -> Summary {
    let mut done: BTreeMap<Verb, usize> = BTreeMap::new();
    for step in &outcome.done {
        let old_half = matches!((step.action, &step.phase), (Action::Replace(_), Phase::Remove { .. }));
        if !old_half && step.action != Action::Keep {
            *done.entry(Verb::of(step.action, &step.phase)).or_default() += 1;
        }
    }
    let verb = |action: Action, phase: &Phase| Verb::of(action, phase);
    Summary {
        environment: plan.environment.clone(),
        destroy: plan.destroy,
        done,
        failed: outcome
            .failed
            .iter()
            .map(|failed| {
                let text = failure(&failed.problem, &failed.address, Some(plan));
                (failed.address.clone(), verb(failed.action, &failed.phase), text)
            })
            .collect(),
        skipped: outcome.skipped.iter().map(|one| (one.address.clone(), one.because.clone())).collect(),
        left: outcome.left.iter().map(|(address, _)| (address.clone(), true)).collect(),
        stale_outputs: outcome.outputs.iter().map(|(name, problem)| (name.clone(), problem.summary())).collect(),
        interrupted: matches!(outcome.stopped, Some(Stopped::Interrupted)),
        stopped: outcome.stopped.as_ref().filter(|why| **why != Stopped::Interrupted).map(stopped),
        gates: plan.gates.clone(),
        withheld: plan.withheld.clone(),
        elapsed,
        outputs: BTreeMap::new(),
        next: next(plan, outcome, retry),
    }
}
