//! Reading what must stand there literally.

use std::collections::BTreeMap;

use model::{Diagnostic, Secret, Span, Value, Written, WrittenKind, expression::Entry};

use crate::{mistakes::Mistakes, suggest};

/// A table whose keys are fixed words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table<'a> {
    pub(crate) entries: &'a BTreeMap<String, Entry>,
    pub(crate) span: Span,
}

impl<'a> Table<'a> {
    /// The table at a place, or a mistake. `what` names the place: "`lifecycle`".
    pub(crate) fn of(written: &'a Written, what: &str, mistakes: &mut Mistakes) -> Option<Self> {
        match &written.kind {
            WrittenKind::Map(entries) => Some(Self { entries, span: written.span }),
            other => {
                mistakes.push(wrong_type(what, "a table", kind_name(other), written.span));
                None
            }
        }
    }

    /// Refuses every key that is none of the known words.
    pub(crate) fn only(&self, what: &str, known: &[&str], mistakes: &mut Mistakes) {
        for (key, entry) in self.entries.iter().filter(|(key, _)| !known.contains(&key.as_str())) {
            let detail = format!("{what} has no attribute `{key}`");
            mistakes.push(suggest::unknown("unknown attribute", detail, entry.key_span, key, known.iter().copied()));
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'a Written> {
        self.entries.get(key).map(|entry| &entry.value)
    }

    pub(crate) fn text(&self, key: &str, mistakes: &mut Mistakes) -> Option<(&'a str, Span)> {
        let written = self.get(key)?;
        Some((text(written, &format!("`{key}`"), mistakes)?, written.span))
    }

    pub(crate) fn flag(&self, key: &str, mistakes: &mut Mistakes) -> Option<bool> {
        let written = self.get(key)?;
        match &written.kind {
            WrittenKind::Value(Value::Flag(flag)) => Some(*flag),
            other => {
                mistakes.push(not_literal(&format!("`{key}`"), "true or false", other, written.span));
                None
            }
        }
    }

    /// A list of literal texts.
    pub(crate) fn texts(&self, key: &str, mistakes: &mut Mistakes) -> Vec<(&'a str, Span)> {
        let Some(written) = self.get(key) else { return Vec::new() };
        match &written.kind {
            WrittenKind::List(items) => items
                .iter()
                .filter_map(|item| Some((text(item, &format!("an entry of `{key}`"), mistakes)?, item.span)))
                .collect(),
            other => {
                let error = not_literal(&format!("`{key}`"), "a list of texts", other, written.span);
                mistakes.push(match other {
                    WrittenKind::Value(Value::Text(_)) => error.hint("put it into [ ]"),
                    _ => error,
                });
                Vec::new()
            }
        }
    }
}

/// A literal text, or a mistake.
pub(crate) fn text<'a>(written: &'a Written, what: &str, mistakes: &mut Mistakes) -> Option<&'a str> {
    match &written.kind {
        WrittenKind::Value(Value::Text(text)) => Some(text),
        other => {
            mistakes.push(not_literal(what, "text", other, written.span));
            None
        }
    }
}

/// The mistake of something else than the literal that must stand there.
pub(crate) fn not_literal(what: &str, expected: &str, found: &WrittenKind, span: Span) -> Diagnostic {
    match found {
        WrittenKind::Expression(_) => Diagnostic::error(
            "expression not allowed",
            format!("{what} is read before anything is evaluated, so it must be written out as {expected}"),
            Some(span),
        ),
        other => wrong_type(what, expected, kind_name(other), span),
    }
}

/// The mistake of a value of another kind.
pub(crate) fn wrong_type(what: &str, expected: &str, found: &str, span: Span) -> Diagnostic {
    Diagnostic::error("wrong type", format!("{what} takes {expected}, not {found}"), Some(span))
}

/// What a person calls the kind of something written.
pub(crate) fn kind_name(kind: &WrittenKind) -> &'static str {
    match kind {
        WrittenKind::Value(value) => value.kind_name(),
        WrittenKind::Expression(_) => "an expression",
        WrittenKind::List(_) => "a list",
        WrittenKind::Map(_) => "a table",
        WrittenKind::Secret(_) => "a secret",
    }
}

/// The value of something written without expressions; secrets count as not given.
pub(crate) fn literal_value(written: &Written) -> Option<Value> {
    Some(match &written.kind {
        WrittenKind::Value(value) => value.clone(),
        WrittenKind::Expression(_) => return None,
        WrittenKind::Secret(source) => Value::Secret(Secret::not_given(vec![source.clone()])),
        WrittenKind::List(items) => Value::List(items.iter().map(literal_value).collect::<Option<_>>()?),
        WrittenKind::Map(entries) => Value::Map(
            entries
                .iter()
                .map(|(key, entry)| Some((key.clone(), literal_value(&entry.value)?)))
                .collect::<Option<_>>()?,
        ),
    })
}
