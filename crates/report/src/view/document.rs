//! JSON documents: pretty lines, and what differs between two of them.

use std::collections::BTreeMap;

use model::Value;
use similar::{ChangeTag, TextDiff};

use super::value::secret_words;
use crate::{
    clean::quoted,
    lines::{Line, Piece, Sign},
    style::Tone,
};

/// A text that is a JSON object or list, as the value it stands for; anything else as it is.
pub(crate) fn parsed(value: &Value) -> Value {
    let json = value.as_text().map(str::trim_start).filter(|text| text.starts_with(['{', '[']));
    match json.and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok()) {
        Some(json) => Value::from_json(json),
        None => value.clone(),
    }
}

/// The whole document with one sign.
pub(crate) fn whole(value: &Value, sign: Sign, room: usize) -> Vec<Line> {
    let lines = pretty(value, room, Brackets::Together);
    lines.into_iter().map(|line| written(&line, sign)).collect()
}

/// The lines that differ, with two lines around them.
pub(crate) fn changed(before: &Value, after: &Value, room: usize) -> Vec<Line> {
    diff(&pretty(before, room, Brackets::Apart), &pretty(after, room, Brackets::Apart))
}

/// A diff of lines; `…` stands for lines left out.
pub(crate) fn diff(before: &[String], after: &[String]) -> Vec<Line> {
    let before: Vec<&str> = before.iter().map(String::as_str).collect();
    let after: Vec<&str> = after.iter().map(String::as_str).collect();
    let diff = TextDiff::from_slices(&before, &after);
    let mut lines = Vec::new();
    let mut shown = 0;
    for group in diff.grouped_ops(2) {
        if group.first().is_some_and(|op| op.old_range().start > shown) {
            lines.push(Line::text(Tone::Quiet, "…"));
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            lines.push(match change.tag() {
                ChangeTag::Equal => quiet(change.value()),
                ChangeTag::Delete => written(change.value(), Sign::Removed),
                ChangeTag::Insert => written(change.value(), Sign::Added),
            });
        }
        shown = group.last().map_or(shown, |op| op.old_range().end);
    }
    if shown < before.len() && !lines.is_empty() {
        lines.push(Line::text(Tone::Quiet, "…"));
    }
    lines
}

fn written(text: &str, sign: Sign) -> Line {
    indented(text, if sign == Sign::None { Tone::Normal } else { sign.tone() }).sign(sign)
}

fn quiet(text: &str) -> Line {
    indented(text, Tone::Quiet)
}

/// Leading spaces become indent behind the sign, so that folding keeps them.
fn indented(text: &str, tone: Tone) -> Line {
    let content = text.trim_start_matches(' ');
    let spaces = text.len() - content.len();
    let piece = Piece::new(tone, content);
    if spaces == 0 {
        return Line::new(vec![piece]).hang(4);
    }
    Line::new(vec![Piece::plain(" ".repeat(spaces)), piece]).hang(spaces + 4)
}

/// Where the brackets of a collection inside a collection stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Brackets {
    /// Those of an only item on the line of its owner: shorter.
    Together,
    /// Each on a line of its own, so that a second item changes no other line.
    Apart,
}

/// JSON with sorted keys; what fits in `room` stays on one line.
fn pretty(value: &Value, room: usize, brackets: Brackets) -> Vec<String> {
    let mut page = Page { room: room.clamp(24, 72), brackets, lines: Vec::new() };
    page.write(value, String::new(), String::new(), 0);
    page.lines
}

struct Page {
    room: usize,
    brackets: Brackets,
    lines: Vec<String>,
}

impl Page {
    /// `before` and `after` are what stands around the value on its first and last line.
    fn write(&mut self, value: &Value, before: String, after: String, indent: usize) {
        let space = " ".repeat(indent);
        let short = compact(value);
        if indent + before.len() + short.len() + after.len() <= self.room || !is_collection(value) {
            self.lines.push(format!("{space}{before}{short}{after}"));
            return;
        }
        let (open, close) = if matches!(value, Value::Map(_)) { ("{", "}") } else { ("[", "]") };
        let items = items(value);
        if let [(name, item)] = items.as_slice()
            && self.brackets == Brackets::Together
            && is_collection(item)
        {
            let gap = if open == "{" { " " } else { "" };
            self.write(item, format!("{before}{open}{gap}{name}"), format!("{gap}{close}{after}"), indent);
            return;
        }
        self.lines.push(format!("{space}{before}{open}"));
        let last = items.len().saturating_sub(1);
        for (index, (name, item)) in items.into_iter().enumerate() {
            let comma = if index == last { "" } else { "," };
            self.write(item, name, comma.to_owned(), indent + 2);
        }
        self.lines.push(format!("{space}{close}{after}"));
    }
}

/// The items of a collection with their keys as they are written.
fn items(value: &Value) -> Vec<(String, &Value)> {
    match value {
        Value::Map(entries) => entries.iter().map(|(key, item)| (format!("{}: ", quoted(key)), item)).collect(),
        Value::List(items) => items.iter().map(|item| (String::new(), item)).collect(),
        _ => Vec::new(),
    }
}

fn is_collection(value: &Value) -> bool {
    match value {
        Value::Map(entries) => !entries.is_empty(),
        Value::List(items) => !items.is_empty(),
        _ => false,
    }
}

/// On one line, as JSON where it is known.
fn compact(value: &Value) -> String {
    let list = |items: &[Value]| items.iter().map(compact).collect::<Vec<_>>().join(", ");
    let map = |entries: &BTreeMap<String, Value>| {
        let entries = entries.iter().map(|(key, item)| format!("{}: {}", quoted(key), compact(item)));
        entries.collect::<Vec<_>>().join(", ")
    };
    match value {
        Value::Null => "null".to_owned(),
        Value::Flag(flag) => flag.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => quoted(text),
        Value::List(items) => format!("[{}]", list(items)),
        Value::Map(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Map(entries) => format!("{{ {} }}", map(entries)),
        Value::Unknown(unknown) => format!("(from {})", unknown.expression),
        Value::Secret(secret) => secret_words(secret).to_owned(),
    }
}
