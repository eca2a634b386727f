//! What `apply`, `destroy` and `import` share: show, ask, run, sum up.

use std::time::Duration;

use engine::Prepared;
use provider::Clock;
use report::Progress;

use crate::{
    args::TextOrJson,
    events::{Listener, summary},
    exit::Exit,
    out::Out,
    session::Session,
};

/// How a prepared plan is confirmed and shown.
pub(crate) struct Manner {
    pub(crate) auto_approve: bool,
    pub(crate) format: TextOrJson,
    /// `apply`, `destroy` …, for questions and hints.
    pub(crate) command: &'static str,
    /// The line that is typed to go on after a failure.
    pub(crate) again: String,
}

/// A plan that waited longer for its answer is held against the world once more.
const PATIENCE: Duration = Duration::from_secs(600);

/// Shows the plan, asks, carries it out and sums up.
pub(crate) async fn confirmed(session: &Session, out: Out, prepared: Prepared<'_>, manner: &Manner) -> Exit {
    let shown = match manner.format {
        TextOrJson::Text => report::plan_text(&prepared.plan, out.style, out.width),
        TextOrJson::Json => compact(&report::plan_json(&prepared.plan)),
    };
    out.text(&shown);
    if prepared.plan.is_empty() {
        return if prepared.plan.is_gated() { Exit::Gate } else { Exit::Done };
    }
    let changes = prepared.plan.shown().next().is_some();
    if changes && !manner.auto_approve {
        let asked = session.clock.now();
        match out.ask(&question(session, manner)) {
            Some(true) if session.clock.now().saturating_sub(asked) < PATIENCE => {}
            Some(true) => {
                if let Err(error) = session.engine().look_again(&prepared).await {
                    return session.tell(&out, error);
                }
            }
            Some(false) => {
                out.progress("Nothing was changed.");
                return Exit::Failed;
            }
            None => {
                return out.nobody(manner.command);
            }
        }
    }
    carried_out(session, &out, prepared, manner).await
}

async fn carried_out(session: &Session, out: &Out, prepared: Prepared<'_>, manner: &Manner) -> Exit {
    let signals = match session.signals(out) {
        Ok(signals) => signals,
        Err(exit) => return exit,
    };
    let listener = Listener::new(out, manner.format, Some(&prepared.plan));
    let engine = session.engine();
    let begun = session.clock.now();
    let outcome = engine.run(&prepared, &signals.stop, &|event| listener.hear(event)).await;
    let mut summary = summary(&prepared.plan, &outcome, session.clock.now().saturating_sub(begun), &manner.again);
    let state = engine.state().ok().flatten();
    summary.outputs = state.map(|state| state.outputs).unwrap_or_default();
    listener.tell(&Progress::Summary(Box::new(summary)));
    match (outcome.blame(), signals.exit()) {
        (Some(store::Blame::Bug), _) => Exit::Bug,
        (_, Some(exit)) => exit,
        (Some(blame), None) => Exit::of_blame(blame),
        (None, None) if !outcome.is_complete() => Exit::Failed,
        (None, None) if prepared.plan.is_gated() => Exit::Gate,
        (None, None) => Exit::Done,
    }
}

fn question(session: &Session, manner: &Manner) -> String {
    let place = match session.world {
        model::state::World::Local => " on the local cloud",
        model::state::World::Endpoint => " at the endpoint that is set",
        model::state::World::Aws => "",
    };
    let verb = if manner.command == "destroy" { "Destroy" } else { "Apply these changes to" };
    format!("{verb} `{}`{place}?", session.loaded.name)
}

/// JSON on one line, so that every line of the output is one value.
pub(crate) fn compact(json: &str) -> String {
    let value: Result<serde_json::Value, _> = serde_json::from_str(json);
    value.map_or_else(|_| json.to_owned(), |value| format!("{value}\n"))
}
