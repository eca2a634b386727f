//! What was written, before it is a value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{ModulePath, SecretSource, Span, Value};

/// The iteration an expression stands in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Each {
    pub key: String,
    pub value: Box<Written>,
}

/// What an expression may see beside the environment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sees {
    pub module: ModulePath,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<Each>,
}

/// A text with `${…}` or `%{…}` in it. Parsed by `lang` alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Expression {
    /// The decoded text of the TOML string.
    pub text: String,
    /// The text between the quotes in the file.
    pub span: Span,
    /// For strings whose decoded bytes do not lie where their source bytes do (escapes): pairs of
    /// (offset in `text`, offset in the file), sorted; each holds until the next. Empty: `span.start` plus the offset.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offsets: Vec<(u32, u32)>,
    pub sees: Sees,
}

impl Expression {
    /// The place in the file of a range of bytes of `text`.
    pub fn locate(&self, range: std::ops::Range<usize>) -> Span {
        let place = |at: usize| {
            let at = at as u32;
            match self.offsets.iter().rev().find(|(from, _)| *from <= at) {
                Some((from, source)) => source + (at - from),
                None => self.span.start + at,
            }
        };
        Span { file: self.span.file, start: place(range.start), end: place(range.end) }
    }
}

/// A value as it stands in TOML, with its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Written {
    pub kind: WrittenKind,
    pub span: Span,
}

/// What can stand at a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrittenKind {
    /// A literal without expressions; never a list or a map.
    Value(Value),
    Expression(Expression),
    List(Vec<Written>),
    Map(BTreeMap<String, Entry>),
    /// `{ secret = { … } }`
    Secret(SecretSource),
}

/// One entry of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub key_span: Span,
    pub value: Written,
}

impl Written {
    /// A literal, for values that do not come from a file (defaults, tests).
    pub fn value(value: Value, span: Span) -> Self {
        Self { kind: WrittenKind::Value(value), span }
    }

    /// Visits every expression inside.
    pub fn expressions<'a>(&'a self, visit: &mut impl FnMut(&'a Expression)) {
        match &self.kind {
            WrittenKind::Expression(expression) => visit(expression),
            WrittenKind::List(items) => items.iter().for_each(|item| item.expressions(visit)),
            WrittenKind::Map(entries) => entries.values().for_each(|entry| entry.value.expressions(visit)),
            WrittenKind::Value(_) | WrittenKind::Secret(_) => {}
        }
    }
}
