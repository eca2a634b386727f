//! A TOML document as one [`Written`] map.

use std::collections::BTreeMap;

use model::{
    Diagnostic, Expression, FileId, Number, Span, Value, Written, WrittenKind,
    expression::{Entry, Sees},
};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{newer, strings};

/// One file.
pub(crate) struct Parsed {
    pub(crate) entries: BTreeMap<String, Entry>,
    /// Syntax errors, numbers out of range and warnings.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// The tree is only a guess: what is missing in it may stand in the text.
    pub(crate) broken: bool,
}

/// Reads a whole file.
pub(crate) fn parse(file: FileId, text: &str) -> Parsed {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader { file, text, diagnostics: Vec::new() };
    let entries = reader.entries(table.get_ref());
    let broken = !errors.is_empty();
    if broken {
        // What the recovered tree says is a guess; only the syntax is told.
        reader.diagnostics = super::errors::told(file, text, &table, &errors);
    }
    Parsed { entries, diagnostics: reader.diagnostics, broken }
}

/// Reads one value, as given on the command line.
pub(crate) fn parse_value(file: FileId, text: &str) -> Option<Written> {
    let value = DeValue::parse(text).ok()?;
    let mut reader = Reader { file, text, diagnostics: Vec::new() };
    let written = reader.value(&value);
    reader.diagnostics.is_empty().then_some(written)
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn entries(&mut self, table: &DeTable<'_>) -> BTreeMap<String, Entry> {
        table
            .iter()
            .map(|(key, value)| {
                let entry = Entry { key_span: self.span(key.span()), value: self.value(value) };
                (key.get_ref().to_string(), entry)
            })
            .collect()
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>) -> Written {
        let kind = match value.get_ref() {
            DeValue::String(text) => return self.string(text, value.span()),
            DeValue::Boolean(flag) => WrittenKind::Value(Value::Flag(*flag)),
            DeValue::Datetime(time) => WrittenKind::Value(Value::Text(time.to_string())),
            DeValue::Integer(whole) => {
                self.number(i64::from_str_radix(whole.as_str(), whole.radix()).ok().map(Number::Whole), value.span())
            }
            DeValue::Float(real) => self.number(real.as_str().parse().ok().and_then(Number::from_f64), value.span()),
            DeValue::Array(items) => WrittenKind::List(items.iter().map(|item| self.value(item)).collect()),
            DeValue::Table(table) => {
                self.diagnostics.extend(newer::inline_table(self.file, self.text, value));
                WrittenKind::Map(self.entries(table))
            }
        };
        Written { kind, span: self.span(value.span()) }
    }

    fn number(&mut self, number: Option<Number>, range: std::ops::Range<usize>) -> WrittenKind {
        if number.is_none() {
            let detail = "a whole number has at most 64 bits, and no number is infinite";
            self.diagnostics.push(Diagnostic::error("number out of range", detail, Some(self.span(range))));
        }
        WrittenKind::Value(number.map_or(Value::Null, Value::Number))
    }

    fn string(&mut self, text: &str, range: std::ops::Range<usize>) -> Written {
        let placed = strings::placed(&self.text[range.clone()], range.start);
        self.diagnostics.extend(placed.newer_escapes.iter().map(|place| newer::escape(self.file, *place)));
        let kind = if lang::is_expression(text) {
            WrittenKind::Expression(Expression {
                text: text.to_owned(),
                span: Span::new(self.file, placed.start, placed.end),
                offsets: placed.offsets,
                sees: Sees::default(),
            })
        } else {
            WrittenKind::Value(Value::Text(text.to_owned()))
        };
        Written { kind, span: self.span(range) }
    }

    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }
}
