//! Named values under each other: aligned where they fit on a line, set in where they do not.

use model::Value;
use unicode_width::UnicodeWidthStr;

use super::{
    difference, document, policy,
    value::{inline, inline_text},
};
use crate::{
    clean::key,
    lines::{Line, Piece, Sign, columns},
    style::Tone,
};

/// What stands beside a name.
#[derive(Debug, Clone)]
pub(crate) enum Shown {
    Value(Value),
    /// Before and after.
    Change(Value, Value),
    Pieces(Vec<Piece>),
    /// Further entries below it.
    Tree(Vec<Entry>),
    /// Lines below it, as they are.
    Lines(Vec<Line>),
}

/// A name with what it is or becomes. The name is empty for elements of lists.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) sign: Sign,
    /// As it is shown: a path, or a key with quotes where it needs them.
    pub(crate) name: String,
    pub(crate) shown: Shown,
    /// "forces replacement", "changed outside", "line 16"
    pub(crate) notes: Vec<Piece>,
}

impl Entry {
    pub(crate) fn new(sign: Sign, name: impl Into<String>, shown: Shown) -> Self {
        Self { sign, name: name.into(), shown, notes: Vec::new() }
    }

    /// A value that is new or only shown.
    pub(crate) fn value(name: impl Into<String>, value: &Value) -> Self {
        Self::new(Sign::None, name, Shown::Value(value.clone()))
    }
}

/// Names wider than this do not push the values of the others to the right.
const WIDEST_NAME: usize = 32;
const GAP: usize = 2;

/// The lines of entries that stand at one level. `room` is the width after the sign.
pub(crate) fn lay(entries: Vec<Entry>, room: usize) -> Vec<Line> {
    let widest =
        |names: &mut dyn Iterator<Item = usize>| names.filter(|width| *width <= WIDEST_NAME).max().unwrap_or(0);
    let all = widest(&mut entries.iter().map(|entry| entry.name.width()));
    // Names that stand alone above their values do not count; whether they do was decided for the widest column.
    let laid: Vec<Vec<Line>> = entries.iter().map(|entry| lay_one(entry.clone(), all, room)).collect();
    let beside = |lines: &&(usize, bool)| lines.1;
    let names: Vec<(usize, bool)> =
        entries.iter().zip(&laid).map(|(entry, lines)| (entry.name.width(), lines.len() == 1)).collect();
    let column = widest(&mut names.iter().filter(beside).map(|(width, _)| *width));
    if column == all {
        return laid.into_iter().flatten().collect();
    }
    entries.into_iter().flat_map(|entry| lay_one(entry, column, room)).collect()
}

fn lay_one(entry: Entry, column: usize, room: usize) -> Vec<Line> {
    let Entry { sign, name, shown, notes } = entry;
    let head = Head { sign, name, column, notes };
    let space = room.saturating_sub(head.width() + head.notes_width());
    match shown {
        Shown::Value(value) => head.value(&value, space, room),
        Shown::Change(before, after) => head.change(&before, &after, space, room),
        Shown::Pieces(pieces) => vec![head.line(pieces)],
        Shown::Tree(entries) => head.above(lay(entries, room.saturating_sub(2))),
        Shown::Lines(lines) => head.above(lines),
    }
}

/// The left part of a line.
struct Head {
    sign: Sign,
    name: String,
    column: usize,
    notes: Vec<Piece>,
}

impl Head {
    /// The columns before the value.
    fn width(&self) -> usize {
        if self.name.is_empty() { 0 } else { self.name.width().max(self.column) + GAP }
    }

    fn notes_width(&self) -> usize {
        if self.notes.is_empty() { 0 } else { columns(&self.noted()) }
    }

    fn noted(&self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for (index, note) in self.notes.iter().enumerate() {
            pieces.push(Piece::quiet(if index == 0 { "  (" } else { ", " }));
            pieces.push(note.clone());
        }
        if !pieces.is_empty() {
            pieces.push(Piece::quiet(")"));
        }
        pieces
    }

    /// Name, value and notes on one line, folded under the value.
    fn line(&self, value: Vec<Piece>) -> Line {
        let mut pieces = Vec::new();
        if !self.name.is_empty() {
            pieces.push(Piece::plain(self.name.clone()));
            pieces.push(Piece::plain(" ".repeat(self.width() - self.name.width())));
        }
        pieces.extend(value);
        pieces.extend(self.noted());
        let hang = if self.width() <= WIDEST_NAME + GAP { self.width() } else { 4 };
        Line::new(pieces).sign(self.sign).hang(hang)
    }

    /// Name and notes, with lines below.
    fn above(&self, below: Vec<Line>) -> Vec<Line> {
        if self.name.is_empty() && self.notes.is_empty() {
            return below;
        }
        let mut pieces = vec![Piece::plain(self.name.clone())];
        pieces.extend(self.noted());
        let mut lines = vec![Line::new(pieces).sign(self.sign).hang(4)];
        lines.extend(below.into_iter().map(|line| line.inset(2)));
        lines
    }

    fn value(&self, value: &Value, space: usize, room: usize) -> Vec<Line> {
        if let Some(lines) = document_lines(self.sign, value, space, room.saturating_sub(2)) {
            return self.above(lines);
        }
        let pieces = inline(value);
        if columns(&pieces) <= space {
            return vec![self.line(pieces)];
        }
        match value {
            Value::Map(entries) => {
                let entries =
                    entries.iter().map(|(name, value)| Entry::new(self.sign, key(name), Shown::Value(value.clone())));
                self.above(lay(entries.collect(), room.saturating_sub(2)))
            }
            Value::List(items) => self.above(lay(elements(self.sign, items, room), room.saturating_sub(2))),
            _ => vec![self.line(pieces)],
        }
    }

    fn change(&self, before: &Value, after: &Value, space: usize, room: usize) -> Vec<Line> {
        if let Some(lines) = difference::text_lines(before, after) {
            return self.above(lines);
        }
        let pieces = difference::arrow(before, after);
        if columns(&pieces) <= space {
            return vec![self.line(pieces)];
        }
        let (before, after) = difference::shortened(before, after, room);
        let sides = [(Sign::Removed, before), (Sign::Added, after)];
        let sides = sides.into_iter().map(|(sign, value)| Entry::new(sign, "", Shown::Value(value)));
        self.above(lay(sides.collect(), room.saturating_sub(2)))
    }
}

/// The elements of a list that needs more than a line; tables that need several lines are numbered.
fn elements(sign: Sign, items: &[Value], room: usize) -> Vec<Entry> {
    let fits = |item: &Value| !matches!(item, Value::Map(_) | Value::List(_)) || inline_text(item).width() + 2 <= room;
    items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            let name = if fits(item) { String::new() } else { format!("[{index}]") };
            Entry::new(sign, name, Shown::Value(item.clone()))
        })
        .collect()
}

/// Policies by statement, JSON and other texts of several lines by line.
fn document_lines(sign: Sign, value: &Value, space: usize, room: usize) -> Option<Vec<Line>> {
    let parsed = document::parsed(value);
    if let Some(lines) = policy::statements(&parsed).map(|policy| policy::whole(&policy, sign)) {
        return Some(lines);
    }
    let text = value.as_text()?;
    if matches!(parsed, Value::Map(_) | Value::List(_)) {
        let short = columns(&inline(value)) <= space;
        return (!short).then(|| document::whole(&parsed, sign, room));
    }
    text.trim_end_matches('\n').contains('\n').then(|| difference::many_lines(text, sign))
}

/// A quiet remark behind a value.
pub(crate) fn note(text: impl Into<String>) -> Piece {
    Piece::new(Tone::Quiet, text)
}
