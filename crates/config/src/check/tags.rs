//! What AWS accepts as tags.

use std::{collections::BTreeMap, sync::LazyLock};

use model::{Diagnostic, Span, Value, WrittenKind, expression::Entry, observed::ownership};
use regex::Regex;

use crate::mistakes::Mistakes;

/// AWS allows 50 tags, and four are groma's own.
const MOST: usize = 46;
const LONGEST_KEY: usize = 128;
const LONGEST_VALUE: usize = 256;

static CHARACTERS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\A[\p{L}\p{Z}\p{N}_.:/=+\-@]*\z").ok());

/// Checks tags as they are written.
pub(crate) fn written(tags: &BTreeMap<String, Entry>, mistakes: &mut Mistakes) {
    for (key, entry) in tags {
        mistakes.extend(check_key(key, entry.key_span));
        match &entry.value.kind {
            WrittenKind::Value(Value::Text(text)) => mistakes.extend(check_value(key, text, entry.value.span)),
            WrittenKind::Value(Value::Secret(_)) | WrittenKind::Secret(_) => {
                let detail = format!("tag `{key}` would show a secret to everyone who may list resources");
                mistakes.push(Diagnostic::error("invalid tag", detail, Some(entry.value.span)));
            }
            _ => {}
        }
    }
}

/// Checks how many there are when those of the environment and the modules are added.
pub(crate) fn effective(
    own: &BTreeMap<String, Entry>,
    inherited: &BTreeMap<String, Entry>,
    span: Span,
) -> Option<Diagnostic> {
    let count = own.len() + inherited.keys().filter(|key| !own.contains_key(*key)).count();
    (count > MOST).then(|| {
        let detail = format!("{count} tags, and AWS allows 50, of which four are groma's own");
        Diagnostic::error("too many tags", detail, Some(span))
            .hint("tags of `[environment]` and of the modules around count too")
    })
}

fn check_key(key: &str, span: Span) -> Option<Diagnostic> {
    let lower = key.to_ascii_lowercase();
    let invalid = |detail: String| Some(Diagnostic::error("invalid tag", detail, Some(span)));
    if lower.starts_with(ownership::PREFIX) || lower.starts_with("aws:") {
        let owner = if lower.starts_with("aws:") { "AWS" } else { "groma" };
        let detail =
            format!("tags that start with `{}` are {owner}'s own", &key[..key.find(':').map_or(0, |at| at + 1)]);
        return Some(Diagnostic::error("reserved tag", detail, Some(span)).hint("give the tag another name"));
    }
    match key.chars().count() {
        0 => invalid("a tag needs a key".to_owned()),
        length if length > LONGEST_KEY => {
            invalid(format!("a tag's key has at most {LONGEST_KEY} characters, not {length}"))
        }
        _ if !allowed(key) => invalid(format!("the key `{key}` holds a character that AWS does not take in tags")),
        _ => None,
    }
    .map(hinted)
}

fn check_value(key: &str, text: &str, span: Span) -> Option<Diagnostic> {
    let length = text.chars().count();
    if length > LONGEST_VALUE {
        let detail =
            format!("the value of tag `{key}` has {length} characters, and at most {LONGEST_VALUE} are allowed");
        Some(Diagnostic::error("invalid tag", detail, Some(span)))
    } else if !allowed(text) {
        let detail = format!("the value of tag `{key}` holds a character that AWS does not take in tags");
        Some(hinted(Diagnostic::error("invalid tag", detail, Some(span))))
    } else {
        None
    }
}

fn allowed(text: &str) -> bool {
    CHARACTERS.as_ref().is_none_or(|characters| characters.is_match(text))
}

fn hinted(error: Diagnostic) -> Diagnostic {
    error.hint("letters, digits, spaces and _ . : / = + - @ are allowed")
}
