//! `[variable.NAME]`

use model::{Diagnostic, Span, Value, Written, WrittenKind, expression::Entry, graph::VariableType};

use super::{
    META_WORDS, Validation, VariableBlock,
    literal::{Table, literal_value, not_literal},
    secret::with_secrets,
};
use crate::mistakes::Mistakes;

const WORDS: [&str; 6] = ["type", "default", "description", "secret", "validation", "nullable"];

/// Reads one variable; nothing when it is not worth going on with.
pub(crate) fn variable(name: &str, entry: Entry, mistakes: &mut Mistakes) -> Option<VariableBlock> {
    if META_WORDS.contains(&name) {
        let detail = format!("`{name}` is a word of the language, so no variable can have this name");
        mistakes.push(
            Diagnostic::error("reserved name", detail, Some(entry.key_span))
                .hint(format!("reserved are: {}", META_WORDS.join(", "))),
        );
    }
    let table = Table::of(&entry.value, &format!("variable `{name}`"), mistakes)?;
    table.only("a variable", &WORDS, mistakes);
    table.text("description", mistakes);
    let kind = kind(table, mistakes);
    let secret = table.flag("secret", mistakes).unwrap_or(false);
    let default = table.get("default").map(|written| with_secrets(written.clone(), mistakes));
    if let (Some(default), Some(kind)) = (&default, &kind) {
        check_default(name, default, kind, secret, mistakes);
    }
    Some(VariableBlock {
        span: entry.value.span,
        kind: kind.unwrap_or(VariableType::Any),
        default,
        secret,
        nullable: table.flag("nullable", mistakes).unwrap_or(true),
        validations: table.get("validation").map(|written| validations(written, mistakes)).unwrap_or_default(),
    })
}

/// The written type, `any` without one; nothing when it is wrong.
fn kind(table: Table<'_>, mistakes: &mut Mistakes) -> Option<VariableType> {
    if table.get("type").is_none() {
        return Some(VariableType::Any);
    }
    let (text, span) = table.text("type", mistakes)?;
    lang::parse_type(text)
        .map_err(|error| {
            mistakes.push(Diagnostic::error("invalid type", error, Some(span)).hint(
                "types are string, number, bool, any, list(…), set(…), map(…), tuple([…]), object({ name = … })",
            ));
        })
        .ok()
}

fn check_default(name: &str, default: &Written, kind: &VariableType, secret: bool, mistakes: &mut Mistakes) {
    let Some(value) = literal_value(default) else {
        let mut first = None;
        default.expressions(&mut |expression| first = first.or(Some(expression.span)));
        let detail = format!("the default of `{name}` is written out, without expressions");
        mistakes.push(
            Diagnostic::error("expression not allowed", detail, first.or(Some(default.span)))
                .hint("put the expression into `[locals]` and leave the default away"),
        );
        return;
    };
    let plain = !matches!(&value, Value::Secret(_)) && value.as_text() != Some("");
    if secret && plain && !value.has_secret() {
        mistakes.push(plain_secret(
            format!("the default of the secret variable `{name}` stands here in plain"),
            default.span,
        ));
    } else if let Err(error) = lang::convert(value, kind) {
        // The same words as where the variable is used, so that it is told once.
        let detail = format!("variable `{name}`: {error}");
        mistakes.push(Diagnostic::error("wrong type", detail, Some(default.span)));
    }
}

fn plain_secret(detail: String, span: Span) -> Diagnostic {
    Diagnostic::error("secret in plain", detail, Some(span))
        .hint("leave the default away and give the value by `GROMA_VAR_…`, or write { secret = { env = \"NAME\" } }")
}

fn validations(written: &Written, mistakes: &mut Mistakes) -> Vec<Validation> {
    let items: &[Written] = match &written.kind {
        WrittenKind::List(items) => items,
        WrittenKind::Map(_) => std::slice::from_ref(written),
        other => {
            mistakes.push(not_literal("`validation`", "a list of tables", other, written.span));
            return Vec::new();
        }
    };
    items.iter().filter_map(|item| validation(item, mistakes)).collect()
}

fn validation(written: &Written, mistakes: &mut Mistakes) -> Option<Validation> {
    let table = Table::of(written, "an entry of `validation`", mistakes)?;
    table.only("`validation`", &["condition", "error_message"], mistakes);
    let part = |key: &str, mistakes: &mut Mistakes| {
        let found = table.get(key).cloned();
        if found.is_none() {
            let detail = format!("`validation` needs `{key}`");
            mistakes.push(
                Diagnostic::error("missing attribute", detail, Some(table.span))
                    .hint("validation = [{ condition = \"${…}\", error_message = \"…\" }]"),
            );
        }
        found
    };
    let (condition, error_message) = (part("condition", mistakes), part("error_message", mistakes));
    Some(Validation { condition: condition?, error_message: error_message? })
}
