//! `{ secret = { env = "NAME" } }` and its like.

use std::collections::BTreeMap;

use model::{Diagnostic, SecretSource, Span, Value, Written, WrittenKind, expression::Entry};

use super::literal::Table;
use crate::{mistakes::Mistakes, suggest};

const SOURCES: [&str; 4] = ["env", "file", "generate", "secretsmanager"];

/// The same value with its secrets recognised.
pub(crate) fn with_secrets(written: Written, mistakes: &mut Mistakes) -> Written {
    let Written { kind, span } = written;
    let kind = match kind {
        WrittenKind::Map(entries) => match secret_table(&entries) {
            Some(table) => {
                let source = source(table, mistakes);
                // A broken source was told; the value is secret all the same.
                WrittenKind::Secret(source.unwrap_or_else(|| SecretSource::Env(String::new())))
            }
            None => WrittenKind::Map(entries_with_secrets(entries, mistakes)),
        },
        WrittenKind::List(items) => {
            WrittenKind::List(items.into_iter().map(|item| with_secrets(item, mistakes)).collect())
        }
        leaf => leaf,
    };
    Written { kind, span }
}

/// The same entries with their secrets recognised.
pub(crate) fn entries_with_secrets(
    entries: BTreeMap<String, Entry>,
    mistakes: &mut Mistakes,
) -> BTreeMap<String, Entry> {
    entries
        .into_iter()
        .map(|(key, entry)| (key, Entry { value: with_secrets(entry.value, mistakes), ..entry }))
        .collect()
}

/// The table behind `secret`, when it is all there is.
fn secret_table(entries: &BTreeMap<String, Entry>) -> Option<Table<'_>> {
    let written = &entries.get("secret").filter(|_| entries.len() == 1)?.value;
    match &written.kind {
        WrittenKind::Map(entries) => Some(Table { entries, span: written.span }),
        _ => None,
    }
}

fn source(table: Table<'_>, mistakes: &mut Mistakes) -> Option<SecretSource> {
    let mut known = true;
    for (key, entry) in table.entries {
        if !SOURCES.contains(&key.as_str()) && key != "key" {
            let detail = format!("a secret does not come from `{key}`");
            mistakes.push(suggest::unknown("unknown secret source", detail, entry.key_span, key, SOURCES));
            known = false;
        }
    }
    if !known {
        return None;
    }
    let written: Vec<&str> = SOURCES.into_iter().filter(|source| table.entries.contains_key(*source)).collect();
    let [only] = written[..] else {
        mistakes.push(one_source(table.span, written.len()));
        return None;
    };
    if let Some(key) = table.entries.get("key").filter(|_| only != "secretsmanager") {
        let detail = format!("`key` goes with `secretsmanager`, not with `{only}`");
        mistakes.push(Diagnostic::error("unknown attribute", detail, Some(key.key_span)));
    }
    match only {
        "env" => Some(SecretSource::Env(named(table, "env", mistakes)?)),
        "file" => Some(SecretSource::File(named(table, "file", mistakes)?)),
        "generate" => Some(SecretSource::Generate { length: length(table, mistakes)? }),
        _ => Some(SecretSource::Secretsmanager {
            secret: named(table, "secretsmanager", mistakes)?,
            key: table.text("key", mistakes).map(|(key, _)| key.to_owned()),
        }),
    }
}

fn one_source(span: Span, count: usize) -> Diagnostic {
    let detail = if count == 0 { "a secret needs a source" } else { "a secret has one source" };
    Diagnostic::error("unknown secret source", detail, Some(span))
        .hint("write one of `env`, `file`, `generate`, `secretsmanager`: { secret = { env = \"NAME\" } }")
}

fn named(table: Table<'_>, key: &str, mistakes: &mut Mistakes) -> Option<String> {
    let (text, span) = table.text(key, mistakes)?;
    if text.is_empty() {
        let detail = format!("`{key}` is empty");
        let what = match key {
            "env" => "the name of an environment variable",
            "file" => "the path of a file",
            "key" => "a key in the secret's JSON",
            _ => "the name of a secret, or its ARN",
        };
        mistakes.push(Diagnostic::error("wrong length", detail, Some(span)).hint(format!("write {what}")));
    }
    Some(text.to_owned())
}

const EXAMPLE: &str = "for example: { secret = { generate = { length = 32 } } }";

/// Characters of a generated secret.
fn length(table: Table<'_>, mistakes: &mut Mistakes) -> Option<u32> {
    const SHORTEST: i64 = 8;
    const LONGEST: i64 = 4096;
    let written = table.get("generate")?;
    if !matches!(written.kind, WrittenKind::Map(_)) {
        let error = super::literal::not_literal("`generate`", "a table", &written.kind, written.span);
        mistakes.push(error.hint(EXAMPLE));
        return None;
    }
    let generate = Table::of(written, "`generate`", mistakes)?;
    generate.only("`generate`", &["length"], mistakes);
    let written = match generate.get("length") {
        Some(written) => written,
        None => {
            let error = Diagnostic::error("missing attribute", "`generate` needs `length`", Some(generate.span));
            mistakes.push(error.hint(EXAMPLE));
            return None;
        }
    };
    match &written.kind {
        WrittenKind::Value(Value::Number(number)) => match number.as_i64() {
            Some(length @ SHORTEST..=LONGEST) => Some(length as u32),
            _ => {
                let detail = format!("a generated secret has {SHORTEST} to {LONGEST} characters, not {number}");
                let error = Diagnostic::error("number out of range", detail, Some(written.span));
                mistakes.push(error.hint(EXAMPLE));
                None
            }
        },
        other => {
            let error = super::literal::not_literal("`length`", "a number", other, written.span);
            mistakes.push(error.hint(EXAMPLE));
            None
        }
    }
}
