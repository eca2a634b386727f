//! `groma state recover`

use std::collections::BTreeSet;

use engine::{How, Proof, Recall, RecoverWish};
use report::{ForeignText, FoundText, RecoveredText};

use crate::{
    args::{Recover, TextOrJson},
    commands::{lock::patiently, run::compact},
    events::Listener,
    exit::Exit,
    out::{Out, Problem},
    session::Session,
};

pub(crate) async fn run(session: &Session, out: &Out, arguments: &Recover) -> Result<Exit, Problem> {
    let told = |error| Problem::engine(error, session.sources().clone());
    let engine = session.engine();
    let wish = RecoverWish {
        lineage: arguments.lineage.clone(),
        regions: arguments.regions.iter().cloned().collect(),
        current: arguments.current.iter().cloned().collect::<BTreeSet<_>>(),
    };
    let recovered = match patiently(session, out, async || engine.recover(&wish).await).await {
        Ok(recovered) => recovered,
        Err(exit) => return Ok(exit),
    };
    let name = &session.loaded.name;
    let shown = text(name, &recovered.recall);
    match arguments.format {
        TextOrJson::Text => out.text(&report::recovered_text(&shown, out.style, out.width)),
        TextOrJson::Json => out.text(&compact(&report::recovered_json(&shown, &recovered.recall.state))),
    }
    if recovered.recall.is_nothing() {
        out.progress("There is nothing to recover.");
        return Ok(Exit::Done);
    }
    if !arguments.auto_approve {
        match out.ask(&format!("Write this state of `{name}`?")) {
            Some(true) => {}
            Some(false) => {
                out.progress("Nothing was written.");
                return Ok(Exit::Failed);
            }
            None => return Ok(out.nobody("state recover")),
        }
    }
    let listener = Listener::new(out, arguments.format, None);
    let proof = engine.write_recovered(recovered, &|event| listener.hear(event)).await.map_err(told)?;
    show(session, out, arguments.format, proof);
    Ok(Exit::Done)
}

/// What was written, and what a plan says of it.
fn show(session: &Session, out: &Out, format: TextOrJson, proof: Proof) {
    for copy in &proof.kept {
        out.progress(&format!("What could not be read is kept in {copy}."));
    }
    out.progress(&format!("The state is written to {}.", session.place()));
    match (proof.plan, format) {
        (Ok(plan), TextOrJson::Json) => out.text(&compact(&report::plan_json(&plan))),
        (Ok(plan), TextOrJson::Text) if plan.is_empty() => {
            out.text("\nThe plan is empty: what is written, what is recorded and what lives agree.\n");
        }
        (Ok(plan), TextOrJson::Text) => {
            out.text("\nThe next apply would do this:\n\n");
            out.text(&report::plan_text(&plan, out.style, out.width));
        }
        (Err(error), format) => {
            if format == TextOrJson::Text {
                out.text("\nThe next apply would be refused:\n");
            }
            session.tell(out, error);
        }
    }
}

fn text<'a>(environment: &'a str, recall: &Recall) -> RecoveredText<'a> {
    let found = recall.resources.iter().filter_map(|(address, recalled)| {
        let recorded = recall.state.resources.get(address)?;
        Some(FoundText {
            address: address.clone(),
            id: recorded.id.clone(),
            region: recorded.region.clone(),
            by: match recalled.how {
                How::Tags => "tags",
                How::Name => "name",
                How::Kept => "kept",
            },
            written: recalled.written,
            old: recorded.deposed.iter().map(|old| old.id.clone()).collect(),
        })
    });
    let foreign = recall.foreign.iter().map(|one| ForeignText {
        address: one.address.clone(),
        id: one.id.clone(),
        whose: one.whose.clone(),
    });
    let unsurveyed =
        recall.unsurveyed.iter().map(|one| format!("{} in {}: {}", one.type_name, one.region, one.failure));
    RecoveredText {
        environment,
        found: found.collect(),
        foreign: foreign.collect(),
        absent: recall.absent.iter().cloned().collect(),
        unfinished: recall.unfinished.clone(),
        damaged: recall.damaged.clone(),
        unsurveyed: unsurveyed.collect(),
        others: recall.others.clone().into_iter().collect(),
    }
}
