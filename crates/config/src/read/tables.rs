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
        reader.diagnostics = syntax_errors(file, text, &errors);
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

/// The parser's errors in file order, one for each line, and none of those that only follow from a bracket left open.
fn syntax_errors(file: FileId, text: &str, errors: &[toml::de::Error]) -> Vec<Diagnostic> {
    let mut places: Vec<(usize, usize, &str)> = errors
        .iter()
        .map(|error| {
            let span = error.span().unwrap_or(0..0);
            (span.start, span.end, error.message())
        })
        .collect();
    places.sort_unstable();
    let left_open = places.iter().any(|(.., message)| message.starts_with("unclosed "));
    let mut lines = std::collections::BTreeSet::new();
    let mut found = Vec::new();
    for (start, end, message) in places {
        if !lines.insert(text[..start].matches('\n').count()) {
            continue;
        }
        let span = Span::new(file, start, end.max(start + usize::from(start < text.len())));
        let consequence = left_open && (message.starts_with("missing comma") || message.contains("` in array"));
        let error = Diagnostic::error("TOML syntax error", message, Some(span));
        if consequence {
            found.push(error.hint("a bracket or brace before this place is not closed"));
            break;
        }
        found.push(match hint(message) {
            Some(hint) => error.hint(hint),
            None => error,
        });
    }
    found
}

fn hint(message: &str) -> Option<&'static str> {
    if message.starts_with("string values must be quoted") {
        Some("put the text in quotes; an expression stands inside a string: \"${var.size}\"")
    } else if message == "duplicate key" {
        Some("a key and a table header may stand only once in a file; join the two")
    } else if message.starts_with("invalid basic string") {
        Some("close the string with `\"` on the same line, or use `\"\"\"` for several lines")
    } else {
        None
    }
}
