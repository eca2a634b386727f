//! What differs, element by element.

use model::{Place, Value, plan::Difference};

use super::{
    document,
    entry::{Entry, Shown, note},
    policy,
    value::{absent_words, inline, is_given},
};
use crate::{
    clean::{clean, key},
    lines::{Line, Piece, Sign},
    style::Tone,
};

/// The entries of a list of differences. `home` is the place of the block, whose file need not be said again.
pub(crate) fn entries(differences: &[Difference], home: Option<&Place>, room: usize) -> Vec<Entry> {
    differences.iter().flat_map(|difference| one(difference, home, room)).collect()
}

fn one(difference: &Difference, home: Option<&Place>, room: usize) -> Vec<Entry> {
    let notes = notes(difference, home);
    let mut entries = if difference.document {
        vec![document_entry(difference, room)]
    } else {
        values(&clean(&difference.path), &difference.before, &difference.after)
    };
    // What holds for the whole attribute is said once, at its first line.
    if let Some(first) = entries.first_mut() {
        first.notes = notes;
    }
    entries
}

fn notes(difference: &Difference, home: Option<&Place>) -> Vec<Piece> {
    let mut notes = Vec::new();
    if difference.replaces {
        notes.push(Piece::new(Tone::Alarm, "forces replacement"));
    }
    if difference.drifted {
        notes.push(note("changed outside"));
    }
    match (&difference.place, home) {
        (Some(place), Some(home)) if place.file == home.file && place.line == home.line => {}
        (Some(place), Some(home)) if place.file == home.file => notes.push(note(format!("line {}", place.line))),
        (Some(place), _) => notes.push(Piece::whole(Tone::Quiet, place.to_string())),
        (None, _) => {}
    }
    notes
}

fn document_entry(difference: &Difference, room: usize) -> Entry {
    let (before, after) = (document::parsed(&difference.before), document::parsed(&difference.after));
    let sign = sign(&before, &after);
    let room = room.saturating_sub(2);
    let lines = match (&before, &after) {
        (Value::Null, whole) => return Entry::new(sign, &difference.path, Shown::Value(whole.clone())),
        (whole, Value::Null) => return Entry::new(sign, &difference.path, Shown::Value(whole.clone())),
        (Value::Unknown(_) | Value::Secret(_), _) | (_, Value::Unknown(_) | Value::Secret(_)) => {
            return Entry::new(sign, &difference.path, Shown::Change(before, after));
        }
        (before, after) => match (policy::statements(before), policy::statements(after)) {
            (Some(before), Some(after)) => policy::changed(&before, &after),
            _ => document::changed(before, after, room),
        },
    };
    Entry::new(sign, clean(&difference.path), Shown::Lines(lines))
}

fn sign(before: &Value, after: &Value) -> Sign {
    match (before.is_null(), after.is_null()) {
        (true, _) => Sign::Added,
        (_, true) => Sign::Removed,
        _ => Sign::Changed,
    }
}

/// Maps by key, lists by element, everything else as a whole.
fn values(path: &str, before: &Value, after: &Value) -> Vec<Entry> {
    match (before, after) {
        (Value::Map(old), Value::Map(new)) if !old.is_empty() || !new.is_empty() => {
            let mut keys: Vec<&String> = old.keys().chain(new.keys()).collect();
            keys.sort();
            keys.dedup();
            let sides = keys.into_iter().map(|name| (name, old.get(name), new.get(name)));
            let differing = sides.filter(|(_, old, new)| old != new);
            differing
                .flat_map(|(name, old, new)| {
                    values(&member(path, name), old.unwrap_or(&Value::Null), new.unwrap_or(&Value::Null))
                })
                .collect()
        }
        (Value::List(old), Value::List(new)) if same_tables(old, new) => {
            let pairs = old.iter().zip(new).enumerate().filter(|(_, (old, new))| old != new);
            pairs.flat_map(|(index, (old, new))| values(&format!("{path}[{index}]"), old, new)).collect()
        }
        (Value::List(old), Value::List(new)) if !old.is_empty() && !new.is_empty() => {
            let shown = list(old, new).map_or_else(|| whole(before, after), Shown::Tree);
            vec![Entry::new(Sign::Changed, path, shown)]
        }
        _ => vec![Entry::new(sign(before, after), path, whole(before, after))],
    }
}

/// `path.name`, or `path["a b"]` where the name is no bare key.
fn member(path: &str, name: &str) -> String {
    match key(name) {
        bare if bare == name => format!("{path}.{bare}"),
        quoted => format!("{path}[{quoted}]"),
    }
}

fn whole(before: &Value, after: &Value) -> Shown {
    match (before, after) {
        (Value::Null, value) | (value, Value::Null) => Shown::Value(value.clone()),
        _ => Shown::Change(before.clone(), after.clone()),
    }
}

/// Lists of as many tables, of which at most half differ: then it is the tables that changed.
fn same_tables(old: &[Value], new: &[Value]) -> bool {
    let all_maps = |items: &[Value]| items.iter().all(|item| matches!(item, Value::Map(_)));
    old.len() == new.len()
        && all_maps(old)
        && all_maps(new)
        && old.iter().zip(new).filter(|(old, new)| old != new).count() * 2 <= old.len().max(2)
}

/// Elements that came and went; those in both are counted. Whether the order matters is not known here, so it is not told.
/// Nothing when only the order differs.
fn list(old: &[Value], new: &[Value]) -> Option<Vec<Entry>> {
    let mut gone: Vec<&Value> = old.iter().collect();
    let mut came: Vec<&Value> = Vec::new();
    for item in new {
        match gone.iter().position(|other| *other == item) {
            Some(at) => drop(gone.remove(at)),
            None => came.push(item),
        }
    }
    let kept = new.len() - came.len();
    let element = |sign, item: &Value| Entry::new(sign, "", Shown::Value(item.clone()));
    let mut entries: Vec<Entry> = gone.into_iter().map(|item| element(Sign::Removed, item)).collect();
    entries.extend(came.into_iter().map(|item| element(Sign::Added, item)));
    if entries.is_empty() {
        return None;
    }
    if kept > 0 {
        entries.push(Entry::new(Sign::None, "", Shown::Pieces(vec![note(format!("{kept} kept"))])));
    }
    Some(entries)
}

/// `before → after`
pub(crate) fn arrow(before: &Value, after: &Value) -> Vec<Piece> {
    if let (Value::Secret(_), Value::Secret(secret)) = (before, after) {
        let words = if is_given(secret) { "(secret, changed)" } else { absent_words(secret) };
        return vec![Piece::new(Tone::Veiled, words)];
    }
    let mut pieces = toned(inline(before), Tone::Removed);
    pieces.push(Piece::plain(" → "));
    pieces.extend(toned(inline(after), Tone::Added));
    pieces
}

fn toned(pieces: Vec<Piece>, tone: Tone) -> Vec<Piece> {
    let normal = |piece: &Piece| piece.tone == Tone::Normal;
    pieces.into_iter().map(|piece| if normal(&piece) { Piece { tone, ..piece } } else { piece }).collect()
}

/// Two texts of several lines as a diff of lines.
pub(crate) fn text_lines(before: &Value, after: &Value) -> Option<Vec<Line>> {
    let (before, after) = (before.as_text()?, after.as_text()?);
    let many = |text: &str| text.trim_end_matches('\n').contains('\n');
    (many(before) && many(after)).then(|| document::diff(&split(before), &split(after)))
}

/// A text of several lines, the first dozen of them.
pub(crate) fn many_lines(text: &str, sign: Sign) -> Vec<Line> {
    const SHOWN: usize = 12;
    let all = split(text);
    let mut lines: Vec<Line> =
        all.iter().take(SHOWN).map(|line| Line::text(sign.tone(), line.clone()).sign(sign).hang(4)).collect();
    if all.len() > SHOWN {
        lines.push(Line::text(Tone::Quiet, format!("… {} more lines", all.len() - SHOWN)));
    }
    lines
}

fn split(text: &str) -> Vec<String> {
    clean(text).trim_end_matches('\n').split('\n').map(str::to_owned).collect()
}

/// Two long texts without what both start and end with, so that the difference is seen.
pub(crate) fn shortened(before: &Value, after: &Value, room: usize) -> (Value, Value) {
    /// How much of what is the same stays on each side.
    const AROUND: usize = 12;
    let (Value::Text(old), Value::Text(new)) = (before, after) else { return (before.clone(), after.clone()) };
    let (old, new): (Vec<char>, Vec<char>) = (old.chars().collect(), new.chars().collect());
    if old.len().max(new.len()) <= 2 * room {
        return (before.clone(), after.clone());
    }
    let start = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let most = old.len().min(new.len()) - start;
    let end = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(old, new)| old == new).count();
    let (start, end) = (start.saturating_sub(AROUND), end.saturating_sub(AROUND));
    let cut = |text: &[char]| {
        let middle: String = text[start..text.len() - end].iter().collect();
        let dots = |left_out: usize| if left_out > 0 { "…" } else { "" };
        Value::Text(format!("{}{middle}{}", dots(start), dots(end)))
    };
    (cut(&old), cut(&new))
}
