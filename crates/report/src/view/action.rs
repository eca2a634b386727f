//! Words for actions, and how many there are of each.

use std::collections::BTreeMap;

use model::{Action, Plan, ReplaceOrder, words::count};

use super::order::OldObjects;
use crate::{lines::Piece, style::Tone};

/// What stands after an address.
pub(crate) fn words(action: Action) -> &'static str {
    match action {
        Action::Keep => "keep",
        Action::Record => "record, state only",
        Action::Read => "read",
        Action::Create => "create",
        Action::Adopt => "adopt",
        Action::Import => "import",
        Action::Move => "move, state only",
        Action::Update => "update",
        Action::Finish => "finish",
        Action::Replace(ReplaceOrder::DeleteFirst) => "replace: delete, then create",
        Action::Replace(ReplaceOrder::CreateFirst) => "replace: create, then delete",
        Action::Delete => "delete",
        Action::Forget => "forget, it stays alive",
    }
}

/// The bare name, for JSON and counts.
pub(crate) fn name(action: Action) -> &'static str {
    match action {
        Action::Keep => "keep",
        Action::Record => "record",
        Action::Read => "read",
        Action::Create => "create",
        Action::Adopt => "adopt",
        Action::Import => "import",
        Action::Move => "move",
        Action::Update => "update",
        Action::Finish => "finish",
        Action::Replace(_) => "replace",
        Action::Delete => "delete",
        Action::Forget => "forget",
    }
}

pub(crate) fn tone(action: Action) -> Tone {
    match action {
        Action::Keep | Action::Record | Action::Read | Action::Move => Tone::Note,
        Action::Create | Action::Import => Tone::Added,
        Action::Adopt | Action::Update | Action::Finish | Action::Forget => Tone::Changed,
        Action::Replace(_) | Action::Delete => Tone::Removed,
    }
}

/// The order in which counts are said.
const SAID: [Action; 11] = [
    Action::Create,
    Action::Import,
    Action::Adopt,
    Action::Finish,
    Action::Update,
    Action::Replace(ReplaceOrder::DeleteFirst),
    Action::Delete,
    Action::Forget,
    Action::Move,
    Action::Record,
    Action::Read,
];

/// How many changes there are of each kind, in the order in which they are said; without those that stay.
pub(crate) fn counts(plan: &Plan) -> Vec<(Action, usize)> {
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    for change in plan.shown() {
        *by_name.entry(name(change.action)).or_default() += 1;
    }
    SAID.into_iter().filter_map(|action| Some((action, *by_name.get(name(action))?))).collect()
}

/// "Plan: 3 to create, 1 to replace; 5 unchanged."
pub(crate) fn summary(plan: &Plan, old: &OldObjects<'_>) -> Vec<Piece> {
    let counts = counts(plan);
    let kept = plan.changes.len() - counts.iter().map(|(_, count)| count).sum::<usize>();
    let leftovers = plan.changes.values().filter(|change| change.action == Action::Keep);
    let leftovers: usize = leftovers.filter_map(|change| old.get(&change.address)).map(Vec::len).sum();
    let outputs = plan.outputs.values().filter(|output| output.before != output.after).count();
    let mut said: Vec<(Tone, String)> =
        counts.iter().map(|(action, count)| (tone(*action), format!("{count} to {}", name(*action)))).collect();
    if leftovers > 0 {
        said.push((Tone::Removed, format!("{} to delete", count(leftovers, "old object"))));
    }
    if said.is_empty() && outputs > 0 {
        said.push((Tone::Changed, format!("{} to record", count(outputs, "output"))));
    }
    if said.is_empty() && plan.withheld.is_empty() {
        return nothing(plan, kept);
    }
    if said.is_empty() {
        said.push((Tone::Normal, "nothing to do now".to_owned()));
    }
    if !plan.withheld.is_empty() {
        said.push((Tone::Changed, format!("{} withheld", plan.withheld.len())));
    }
    let mut pieces = vec![Piece::new(Tone::Strong, if plan.partial { "Plan (partial): " } else { "Plan: " })];
    for (index, (tone, text)) in said.into_iter().enumerate() {
        if index > 0 {
            pieces.push(Piece::plain(", "));
        }
        pieces.push(Piece::new(tone, text));
    }
    if kept > 0 {
        pieces.push(Piece::quiet(format!("; {kept} unchanged")));
    }
    pieces.push(Piece::plain("."));
    if plan.partial {
        pieces.push(Piece::quiet(" Whatever --target leaves out stays as it is."));
    }
    pieces
}

fn nothing(plan: &Plan, kept: usize) -> Vec<Piece> {
    let done = Piece::new(Tone::Strong, "Nothing to do");
    let why = match (plan.destroy, kept, plan.partial) {
        (true, _, _) => ": no resource is left.".to_owned(),
        (_, _, true) => format!(" for the targets: {} as written.", is_are(kept)),
        (_, 0, _) => ": no resource is written and none is recorded.".to_owned(),
        _ => format!(": {} as written.", is_are(kept)),
    };
    vec![done, Piece::plain(why)]
}

fn is_are(number: usize) -> String {
    format!("{} {}", count(number, "resource"), if number == 1 { "is" } else { "are" })
}
