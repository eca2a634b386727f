//! The limits that AWS's model states for a member.

use std::{
    collections::BTreeMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use model::{Diagnostic, Number, Span, schema::Member};
use regex::Regex;

use crate::suggest;

/// What is counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    one: &'static str,
    many: &'static str,
}

pub(super) const CHARACTERS: Unit = Unit { one: "character", many: "characters" };
pub(super) const ENTRIES: Unit = Unit { one: "entry", many: "entries" };

/// A value that is none of those AWS lists.
pub(super) fn listed(path: &str, member: &Member, text: &str, span: Span) -> Option<Diagnostic> {
    if member.values.contains(&text) {
        return None;
    }
    let detail = format!("`{path}` does not take {}", shown(text));
    let error = Diagnostic::error("value not allowed", detail, Some(span));
    let same_letters = member.values.iter().find(|value| value.eq_ignore_ascii_case(text)).copied();
    let near = same_letters.or_else(|| suggest::nearest(text, member.values.iter().copied()));
    let list = suggest::listed(member.values.iter().copied()).unwrap_or_default();
    Some(match near {
        Some(near) => error.hint(format!("did you mean \"{near}\"?")).patch(span, format!("\"{near}\"")),
        None => error.hint(format!("it takes {list}")),
    })
}

/// A number outside of its range.
pub(super) fn range(path: &str, member: &Member, number: Number, span: Span) -> Option<Diagnostic> {
    let value = number.as_f64();
    let low = member.min.is_some_and(|min| value < min as f64);
    let high = member.max.is_some_and(|max| value > max as f64);
    (low || high).then(|| {
        let detail = format!("`{path}` takes a number of {}, not {number}", bounds(member));
        Diagnostic::error("number out of range", detail, Some(span))
    })
}

/// A text, list or map that is too short or too long.
pub(super) fn size(path: &str, member: &Member, unit: Unit, size: i64, span: Span) -> Option<Diagnostic> {
    let low = member.min.is_some_and(|min| size < min);
    let high = member.max.is_some_and(|max| size > max);
    (low || high).then(|| {
        let unit = if size == 1 { unit.one } else { unit.many };
        let detail = format!("`{path}` has {size} {unit} and must have {}", bounds(member));
        Diagnostic::error("wrong length", detail, Some(span))
    })
}

/// A text without the form AWS asks for.
pub(super) fn form(path: &str, member: &Member, text: &str, span: Span) -> Option<Diagnostic> {
    let pattern = member.pattern?;
    (!matches(pattern, text)).then(|| {
        let detail = format!("{} is no `{path}` that AWS takes", shown(text));
        Diagnostic::error("wrong form", detail, Some(span)).hint(format!("it must match {pattern}"))
    })
}

fn bounds(member: &Member) -> String {
    match (member.min, member.max) {
        (Some(min), Some(max)) if min == max => format!("exactly {min}"),
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "any size".to_owned(),
    }
}

/// A text short enough to be read in a message.
fn shown(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() > MOST {
        let start: String = text.chars().take(MOST).collect();
        format!("{start:?}…")
    } else {
        format!("{text:?}")
    }
}

/// Whether the whole text has the form. A pattern that Rust's regex cannot read refuses nothing.
fn matches(pattern: &'static str, text: &str) -> bool {
    static COMPILED: LazyLock<Mutex<BTreeMap<&'static str, Option<Regex>>>> = LazyLock::new(Mutex::default);
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    let whole = || Regex::new(&format!(r"\A(?:{})\z", narrow(pattern))).ok();
    let regex = compiled.entry(pattern).or_insert_with(whole);
    regex.as_ref().is_none_or(|regex| regex.is_match(text))
}

/// `\w`, `\d` and `\s` mean ASCII to AWS. To Rust they mean all of Unicode, a thousand times the memory where they repeat.
fn narrow(pattern: &str) -> String {
    let mut narrow = String::new();
    let mut rest = pattern.chars();
    while let Some(character) = rest.next() {
        let escaped = (character == '\\').then(|| rest.next()).flatten();
        match escaped {
            Some('w') => narrow.push_str("[0-9A-Za-z_]"),
            Some('d') => narrow.push_str("[0-9]"),
            Some('s') => narrow.push_str(r"[\t\n\x0B\f\r ]"),
            _ => narrow.extend([character].into_iter().chain(escaped)),
        }
    }
    narrow
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_hold_for_the_whole_text() {
        assert!(matches("[a-z]+", "abc"));
        assert!(!matches("[a-z]+", "abC"));
        assert!(matches("^a|b$", "b"));
        assert!(matches("(?!x)never compiles", "anything"));
    }

    #[test]
    fn classes_are_those_of_ascii() {
        assert!(matches(r"(\w|\/|-){1,1011}", "role/a-b_1"));
        assert!(!matches(r"\w+", "größe"));
        assert!(matches(r"[\p{L}\s-]+", "größe -"));
        assert!(matches(r"[-\w]+\\w", r"a-b\w"));
    }
}
