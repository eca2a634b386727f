//! The TOML parser's errors as mistakes of a person.

use std::collections::BTreeSet;

use model::{Diagnostic, FileId, Span};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

const SUMMARY: &str = "TOML syntax error";

/// The errors in file order, one for each line. A bracket left open swallows what follows it; then only the bracket is told.
pub(super) fn told(
    file: FileId,
    text: &str,
    table: &Spanned<DeTable<'_>>,
    errors: &[toml::de::Error],
) -> Vec<Diagnostic> {
    let mut places: Vec<(usize, usize, &str)> = errors
        .iter()
        .map(|error| {
            let span = error.span().unwrap_or(0..0);
            (text.floor_char_boundary(span.start), span.end.min(text.len()), error.message())
        })
        .collect();
    places.sort_unstable();
    let mut lines = BTreeSet::new();
    let mut found = Vec::new();
    if let Some((start, end)) = places.iter().filter(|(.., message)| is_left_open(message)).find_map(|(_, end, _)| {
        let start = opening(table.get_ref().values(), text, *end)?;
        Some((start, *end))
    }) {
        let kind = if text[start..].starts_with('[') { ("list", "]") } else { ("table", "}") };
        found.push(
            Diagnostic::error(
                SUMMARY,
                format!("this {} is not closed", kind.0),
                Some(Span::new(file, start, start + 1)),
            )
            .hint(format!("put `{}` where it ends", kind.1)),
        );
        lines.insert(line(text, start));
        places.retain(|(at, ..)| *at < start || *at > end);
    }
    for (start, end, message) in places {
        if lines.insert(line(text, start)) {
            let next = text[start..].chars().next().map_or(0, char::len_utf8);
            let span = Span::new(file, start, text.ceil_char_boundary(end.max(start + next)));
            let empty = text[start..].trim_start_matches([' ', '\t']).starts_with(['\r', '\n', '#']);
            found.push(one(message, empty, span));
        }
    }
    found.sort_by_key(|diagnostic| diagnostic.span);
    found
}

fn line(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count()
}

fn is_left_open(message: &str) -> bool {
    message.starts_with("unclosed array") || message.starts_with("unclosed inline table")
}

/// Where the outermost list or inline table starts that reaches a place.
fn opening<'a, 'i: 'a>(
    values: impl IntoIterator<Item = &'a Spanned<DeValue<'i>>>,
    text: &str,
    reaches: usize,
) -> Option<usize> {
    values.into_iter().find_map(|value| {
        let span = value.span();
        let source = text.get(span.clone()).unwrap_or_default();
        let left_open =
            |open: char, close: char| source.starts_with(open) && (span.end >= reaches || !source.ends_with(close));
        match value.get_ref() {
            DeValue::Array(_) if left_open('[', ']') => Some(span.start),
            DeValue::Table(_) if left_open('{', '}') => Some(span.start),
            DeValue::Table(entries) => opening(entries.values(), text, reaches),
            DeValue::Array(items) => opening(items.iter(), text, reaches),
            _ => None,
        }
    })
}

/// `empty`: nothing follows on the line.
fn one(message: &str, empty: bool, span: Span) -> Diagnostic {
    let error = |detail: &str| Diagnostic::error(SUMMARY, detail, Some(span));
    if message.starts_with("string values must be quoted") && empty {
        error("a value is missing").hint("write one after `=`, or take the line away")
    } else if message.starts_with("string values must be quoted") {
        error("a text stands in quotes").hint("put it in quotes; an expression stands inside a string: \"${var.size}\"")
    } else if message == "duplicate key" {
        error("this stands here for the second time")
            .hint("a key and a table header may stand only once in a file; join the two")
    } else if message.starts_with("invalid basic string") {
        error(message).hint("close the string with `\"` on the same line, or use `\"\"\"` for several lines")
    } else {
        error(message)
    }
}
