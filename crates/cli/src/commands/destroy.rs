//! `groma destroy`

use std::collections::BTreeMap;

use model::Address;
use planner::BlockerFact;
use report::{Blocked, BlockerText};

use crate::{
    args::{self, Global, Reach, TextOrJson},
    commands::{
        lock::patiently,
        plan::{lifts, wish},
        run::{Manner, confirmed},
    },
    events::Listener,
    exit::Exit,
    out::Out,
    session::Session,
};

pub(crate) async fn run(global: &Global, out: Out, arguments: &args::Destroy) -> Exit {
    let reach = Reach { targets: arguments.targets.clone(), replace: Vec::new() };
    let wish = match wish(&reach, &arguments.lifting, true) {
        Ok(wish) => wish,
        Err(problem) => return out.problem(&problem),
    };
    let session = match Session::open(global, &out, &arguments.environment, "destroy").await {
        Ok(session) => session,
        Err(problem) => return out.problem(&problem),
    };
    let engine = session.engine();
    if arguments.check {
        return match engine.check_destroy(&wish).await {
            Ok(check) => told(global, &out, arguments, &check),
            Err(error) => session.tell(&out, error),
        };
    }
    let listener = Listener::new(&out, arguments.format, None);
    match patiently(&session, &out, async || engine.prepare(&wish, &|event| listener.hear(event)).await).await {
        Ok(prepared) => {
            let manner = Manner {
                auto_approve: arguments.auto_approve,
                format: arguments.format,
                command: "destroy",
                again: typed(global, arguments),
            };
            confirmed(&session, out.clone(), prepared, &manner).await
        }
        Err(exit) => exit,
    }
}

/// The command as it was typed, as far as it says what goes and what is lifted.
fn typed(global: &Global, arguments: &args::Destroy) -> String {
    let local = global.local_flag();
    let targets = arguments.targets.iter().map(|target| match target.contains(['"', '[']) {
        true => format!(" --target '{target}'"),
        false => format!(" --target {target}"),
    });
    let flags = lifts(&arguments.lifting).into_iter().map(|lift| format!(" {}", lift.flag()));
    let rest: String = targets.chain(flags).collect();
    format!("groma destroy {}{local}{rest}", arguments.environment)
}

/// What would go, and everything in its way.
fn told(global: &Global, out: &Out, arguments: &args::Destroy, check: &engine::Check) -> Exit {
    let texts = |facts: &BTreeMap<Address, Vec<BlockerFact>>| -> Vec<Blocked> {
        facts.iter().map(|(address, facts)| blocked(check, address, facts)).collect()
    };
    let (blocked, lasting) = (texts(&check.blocked), texts(&check.lasting));
    match arguments.format {
        TextOrJson::Json => out.text(&report::blockers_json(&check.plan, &blocked, &lasting)),
        TextOrJson::Text => {
            out.text(&report::plan_text(&check.plan, out.style, out.width));
            if !lasting.is_empty() {
                out.text(&format!("\n{}", report::lasting_text(&lasting, out.style, out.width)));
            }
            match blocked[..] {
                [] => out.text("Nothing stands in the way.\n"),
                _ => out.text(&format!(
                    "\n{}",
                    report::blockers_text(&blocked, &typed(global, arguments), out.style, out.width)
                )),
            }
        }
    }
    if blocked.is_empty() { Exit::Done } else { Exit::Differences }
}

fn blocked(check: &engine::Check, address: &Address, facts: &[BlockerFact]) -> Blocked {
    let change = check.plan.changes.get(address);
    let blocker = |fact: &BlockerFact| BlockerText {
        what: fact.what.clone(),
        held_by: fact.held_by.clone(),
        toml: fact.toml.clone(),
        flag: fact.flag.clone(),
        also: fact.also.clone(),
    };
    Blocked {
        address: address.clone(),
        id: change.and_then(|change| change.id.clone()).unwrap_or_default(),
        place: change.and_then(|change| change.place.clone()),
        blockers: facts.iter().map(blocker).collect(),
    }
}
