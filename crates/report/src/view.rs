//! What every format of a plan shows: built once here, drawn by `text`, `markdown` and `html`.

pub(crate) mod action;
mod change;
mod difference;
mod document;
pub(crate) mod entry;
pub(crate) mod gates;
mod order;
mod policy;
mod tags;
pub(crate) mod value;

use model::{Diagnostic, Plan};

use crate::{
    clean::key,
    lines::{Line, Piece, Sign},
    style::Tone,
};

pub(crate) use action::counts;
pub(crate) use change::Block;
pub(crate) use difference::entries as difference_entries;
pub(crate) use order::{in_order, old_objects};

use entry::{Entry, Shown};

/// A plan, ready to be drawn.
pub(crate) struct View<'a> {
    /// "Plan for dev"
    pub(crate) title: String,
    /// Region, account, world.
    pub(crate) facts: Vec<String>,
    pub(crate) blocks: Vec<Block>,
    pub(crate) outputs: Vec<Line>,
    /// What must be there before the withheld can be done, with the commands that bring it.
    pub(crate) gates: Vec<Line>,
    pub(crate) withheld: Vec<Line>,
    pub(crate) warnings: &'a [Diagnostic],
    /// "Plan: 3 to create; 5 unchanged."
    pub(crate) summary: Vec<Piece>,
}

/// Builds what is shown; `room` is the width of an attribute line.
pub(crate) fn view(plan: &Plan, room: usize) -> View<'_> {
    let shared = tags::shared(plan);
    let old = old_objects(plan);
    let look = change::Look { plan, shared: &shared, old: &old, room };
    let mut blocks: Vec<Block> = shared.blocks(room);
    blocks.extend(in_order(plan, &old).into_iter().filter_map(|change| look.block(change)));
    View {
        title: if plan.destroy {
            format!("Plan to destroy {}", plan.environment)
        } else {
            format!("Plan for {}", plan.environment)
        },
        facts: facts(plan),
        blocks,
        outputs: entry::lay(outputs(plan), room),
        gates: gates::gates(&plan.gates),
        withheld: gates::withheld(&plan.withheld),
        warnings: &plan.warnings,
        summary: action::summary(plan, &old),
    }
}

fn facts(plan: &Plan) -> Vec<String> {
    let account = plan.account.as_ref().map(|account| format!("account {account}"));
    let world = match plan.world {
        model::state::World::Aws => None,
        model::state::World::Local => Some("local cloud".to_owned()),
        model::state::World::Endpoint => Some("custom endpoint".to_owned()),
    };
    [Some(plan.region.clone()).filter(|region| !region.is_empty()), account, world].into_iter().flatten().collect()
}

fn outputs(plan: &Plan) -> Vec<Entry> {
    let changed = plan.outputs.iter().filter(|(_, output)| output.before != output.after);
    changed
        .map(|(name, output)| {
            let (sign, shown) = match (&output.before, &output.after) {
                (before, after) if output.secret => {
                    let sign = match (before.is_null(), after.is_null()) {
                        (true, _) => Sign::Added,
                        (_, true) => Sign::Removed,
                        _ => Sign::Changed,
                    };
                    (sign, Shown::Pieces(vec![Piece::new(Tone::Veiled, "(secret)")]))
                }
                (before, after) if before.is_null() => (Sign::Added, Shown::Value(after.clone())),
                (before, after) if after.is_null() => (Sign::Removed, Shown::Value(before.clone())),
                (before, after) => (Sign::Changed, Shown::Change(before.clone(), after.clone())),
            };
            Entry { sign, name: key(name), shown, notes: Vec::new() }
        })
        .collect()
}
