//! One change as a block: mark, address, action; where and why; what differs.

use model::{Action, Change, Plan, Value, words::count};

use super::{
    action, difference,
    entry::{Entry, Shown, lay, note},
    order::OldObjects,
    tags::{self, Shared},
    value::inline,
};
use crate::{
    clean::{clean, key},
    lines::{Line, Piece, Sign},
    style::Tone,
};

/// One change, ready to be drawn.
pub(crate) struct Block {
    pub(crate) mark: &'static str,
    pub(crate) tone: Tone,
    pub(crate) address: String,
    /// "replace: create, then delete"
    pub(crate) words: String,
    /// Place, id, reasons, what is lost.
    pub(crate) about: Vec<Line>,
    /// Attributes.
    pub(crate) rows: Vec<Line>,
}

/// What the blocks of a plan look at.
pub(crate) struct Look<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) shared: &'a Shared,
    pub(crate) old: &'a OldObjects<'a>,
    pub(crate) room: usize,
}

impl Look<'_> {
    /// The block of a change; nothing when shared tags are all there is to it.
    pub(crate) fn block(&self, change: &Change) -> Option<Block> {
        let Self { shared, room, .. } = *self;
        let differences = tags::split(&change.differences);
        let (elsewhere, own): (Vec<_>, Vec<_>) =
            differences.into_iter().partition(|difference| shared.covers(difference));
        if change.action == Action::Update && own.is_empty() && !elsewhere.is_empty() && change.moved_from.is_none() {
            return None;
        }
        let mut entries = difference::entries(&own, change.place.as_ref(), room);
        if entries.is_empty() && shows_wanted(change.action) {
            entries = wanted(change, shared);
        }
        if !elsewhere.is_empty() {
            entries.push(Entry::new(Sign::Changed, "tags", Shown::Pieces(vec![note(above(elsewhere.len()))])));
        }
        Some(Block {
            mark: if change.action == Action::Keep { "-" } else { change.action.mark() },
            tone: action::tone(change.action),
            address: change.address.to_string(),
            words: if change.action == Action::Keep {
                "delete an old object".to_owned()
            } else {
                action::words(change.action).to_owned()
            },
            about: about(self.plan, change, self.unnamed_objects(change)),
            rows: lay(entries, room),
        })
    }

    /// Old objects that no reason names.
    fn unnamed_objects(&self, change: &Change) -> Vec<&str> {
        let named = |id: &&str| change.reasons.iter().any(|reason| reason.contains(id));
        self.old.get(&change.address).into_iter().flatten().copied().filter(|id| !named(id)).collect()
    }
}

fn above(number: usize) -> String {
    format!("{} as above", count(number, "tag"))
}

/// Actions that are about the whole resource and so list what is written.
fn shows_wanted(action: Action) -> bool {
    matches!(action, Action::Create | Action::Read)
}

/// The written attributes of something new.
fn wanted(change: &Change, shared: &Shared) -> Vec<Entry> {
    let written = change.want.iter().filter(|(_, value)| !value.is_null());
    written
        .filter_map(
            |(name, value)| {
                if name == "tags" { wanted_tags(change, shared) } else { Some(Entry::value(key(name), value)) }
            },
        )
        .collect()
}

fn wanted_tags(change: &Change, shared: &Shared) -> Option<Entry> {
    let (elsewhere, own): (Vec<_>, Vec<_>) =
        tags::wanted(change).partition(|(name, value)| shared.covers_new(name, value));
    let own: Value = Value::Map(own.into_iter().map(|(name, value)| (name.clone(), value.clone())).collect());
    let is_empty = own.as_map().is_some_and(std::collections::BTreeMap::is_empty);
    match (is_empty, elsewhere.len()) {
        (true, 0) => None,
        (false, 0) => Some(Entry::value("tags", &own)),
        (true, count) => Some(Entry::new(Sign::None, "tags", Shown::Pieces(vec![note(above(count))]))),
        (false, count) => {
            Some(Entry { notes: vec![note(format!("and {}", above(count)))], ..Entry::value("tags", &own) })
        }
    }
}

/// Where it is written, why it happens, which object it is about, what goes with it.
fn about(plan: &Plan, change: &Change, old: Vec<&str>) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut facts: Vec<Piece> = Vec::new();
    if let Some(place) = &change.place {
        facts.push(Piece::whole(Tone::Quiet, place.to_string()));
    }
    if let Some(id) = change.id.as_ref().filter(|_| names_id(change.action)) {
        facts.push(Piece::whole(Tone::Quiet, format!("id {}", clean(id))));
    }
    if change.region != plan.region && !change.region.is_empty() {
        facts.push(Piece::quiet(format!("region {}", change.region)));
    }
    if !facts.is_empty() {
        lines.push(Line::new(joined(facts, " · ")));
    }
    if let Some(from) = &change.moved_from {
        lines.push(Line::new(vec![Piece::plain("moved from "), Piece::whole(Tone::Normal, from.to_string())]));
    }
    lines.extend(reasons(change).map(|reason| Line::text(Tone::Normal, clean(reason)).hang(2)));
    lines.extend(lifts(change));
    lines.extend(delete_arguments(change));
    lines.extend(old.into_iter().map(|id| {
        Line::new(vec![
            Piece::plain("deletes the object an earlier replacement left: "),
            Piece::whole(Tone::Removed, clean(id)),
        ])
    }));
    lines.extend(change.loses.iter().map(|lost| Line::text(Tone::Alarm, format!("loses: {}", clean(lost))).hang(7)));
    lines
}

/// The steps of a deletion that needs more than one.
fn lifts(change: &Change) -> Vec<Line> {
    if change.lifts.is_empty() {
        return Vec::new();
    }
    let steps = change.lifts.iter().map(|lifted| format!("{} lifts: {}", lifted.flag, clean(&lifted.what)));
    let last = "the object is deleted".to_owned();
    let numbered = steps.chain([last]).enumerate().map(|(number, step)| format!("{}. {step}", number + 1));
    numbered.map(|step| Line::text(Tone::Alarm, step).hang(3)).collect()
}

fn joined(pieces: Vec<Piece>, between: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    for (index, piece) in pieces.into_iter().enumerate() {
        if index > 0 {
            out.push(Piece::quiet(between));
        }
        out.push(piece);
    }
    out
}

fn names_id(action: Action) -> bool {
    matches!(
        action,
        Action::Delete | Action::Replace(_) | Action::Import | Action::Adopt | Action::Forget | Action::Finish
    )
}

/// Reasons, without those that name nothing but what is shown anyway: attributes below, the address it moves from.
fn reasons(change: &Change) -> impl Iterator<Item = &String> {
    let from = change.moved_from.as_ref().map(ToString::to_string);
    let shown = move |name: &str| {
        from.as_deref() == Some(name) || change.differences.iter().any(|difference| difference.path == name)
    };
    change.reasons.iter().filter(move |reason| {
        let mut names = reason.split('`').skip(1).step_by(2).peekable();
        names.peek().is_none() || !names.all(&shown)
    })
}

/// `with force_delete = true`
fn delete_arguments(change: &Change) -> Option<Line> {
    let deletes = matches!(change.action, Action::Delete | Action::Replace(_));
    let arguments = change.deletion();
    let given: Vec<_> = arguments.iter().filter(|(_, value)| !value.is_null()).collect();
    if !deletes || given.is_empty() {
        return None;
    }
    let mut pieces = vec![Piece::plain("with ")];
    for (index, (name, value)) in given.into_iter().enumerate() {
        pieces.push(Piece::plain(format!("{}{} = ", if index == 0 { "" } else { ", " }, key(name))));
        pieces.extend(inline(value));
    }
    Some(Line::new(pieces).hang(5))
}
