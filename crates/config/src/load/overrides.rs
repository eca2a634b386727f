//! The values of root variables: `--var` before `GROMA_VAR_name` before `environments/<env>.vars.toml`.

use std::collections::{BTreeMap, BTreeSet};

use lang::Files;
use model::{
    Diagnostic, FileId, Secret, SecretSource, Span, Value, Written, WrittenKind, expression::Entry, graph::VariableType,
};

use super::{Loaded, environments::Found};
use crate::{mistakes::Mistakes, read, suggest, syntax};

/// Values of root variables from outside of the project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--var NAME=VALUE`
    pub vars: BTreeMap<String, String>,
    /// Environment variables `GROMA_VAR_NAME`, without the prefix.
    pub env_vars: BTreeMap<String, String>,
}

/// Gives the root's variables their values.
pub(super) fn give(
    loaded: &mut Loaded,
    overrides: &Overrides,
    found: &Found,
    files: &dyn Files,
    mistakes: &mut Mistakes,
) {
    from_file(loaded, found, files, mistakes);
    for (origin, values) in [("GROMA_VAR_", &overrides.env_vars), ("--var ", &overrides.vars)] {
        for (name, text) in values {
            from_text(loaded, origin, name, text, mistakes);
        }
    }
}

fn from_text(loaded: &mut Loaded, origin: &str, name: &str, text: &str, mistakes: &mut Mistakes) {
    let Some(variable) = loaded.root.variables.get(name) else {
        if !loaded.broken {
            let shown = format!("{origin}{name}");
            mistakes.push(unknown(loaded, name, &shown, None));
        }
        return;
    };
    if variable.secret {
        keep_secret(loaded, name, text.to_owned());
        return;
    }
    let kind = variable.kind.clone();
    let file = loaded.sources.add(format!("{origin}{name}"), text);
    loaded.given.insert(name.to_owned(), typed(file, text, &kind));
}

/// A text is itself; everything else is written as in TOML.
fn typed(file: FileId, text: &str, kind: &VariableType) -> Written {
    let span = Span::new(file, 0, text.len());
    let plain = || Written::value(text.into(), span);
    if *kind == VariableType::Text {
        return plain();
    }
    read::parse_value(file, text).map_or_else(plain, literal)
}

/// What comes from outside is never an expression.
fn literal(written: Written) -> Written {
    let kind = match written.kind {
        WrittenKind::Expression(expression) => WrittenKind::Value(Value::Text(expression.text)),
        WrittenKind::List(items) => WrittenKind::List(items.into_iter().map(literal).collect()),
        WrittenKind::Map(entries) => WrittenKind::Map(
            entries
                .into_iter()
                .map(|(key, entry)| (key, Entry { key_span: entry.key_span, value: literal(entry.value) }))
                .collect(),
        ),
        other => other,
    };
    Written { kind, span: written.span }
}

fn keep_secret(loaded: &mut Loaded, name: &str, text: String) {
    let source = SecretSource::Variable(name.to_owned());
    loaded.secrets.insert(name.to_owned(), Secret::new(text, vec![source.clone()]));
    let span = loaded.root.variables.get(name).map_or(Span::new(FileId(0), 0, 0), |variable| variable.span);
    loaded.given.insert(name.to_owned(), Written { kind: WrittenKind::Secret(source), span });
}

fn from_file(loaded: &mut Loaded, found: &Found, files: &dyn Files, mistakes: &mut Mistakes) {
    let listed = files.list(crate::paths::folder(&found.vars_file)).unwrap_or_default();
    if !listed.contains(&found.vars_file) {
        return;
    }
    let text = match files.read(&found.vars_file).map(String::from_utf8) {
        Ok(Ok(text)) => text,
        Ok(Err(_)) => {
            let detail = format!("{} is not UTF-8 text", found.vars_file);
            mistakes.push(Diagnostic::error("TOML syntax error", detail, None));
            return;
        }
        Err(error) => {
            let detail = format!("{}: {error}", found.vars_file);
            mistakes.push(Diagnostic::error("file not readable", detail, None));
            return;
        }
    };
    let file = FileId(loaded.sources.iter().count() as u32);
    let parsed = read::parse(file, &text);
    mistakes.extend(parsed.diagnostics);
    if parsed.broken {
        loaded.broken = true;
        // Which parts are secret cannot be told, so no value is kept.
        loaded.sources.add(found.vars_file.clone(), without_values(&text));
        return;
    }
    let mut secret = Vec::new();
    for (name, entry) in parsed.entries {
        match loaded.root.variables.get(&name) {
            None if loaded.broken => secret.push(entry.value.span),
            None => {
                mistakes.push(unknown(loaded, &name, &format!("`{name}`"), Some(entry.key_span)));
                secret.push(entry.value.span);
            }
            Some(variable) if variable.secret => {
                secret.push(entry.value.span);
                secret_entry(loaded, &name, &entry.value, mistakes);
            }
            Some(_) => plain_entry(loaded, &name, entry.value, mistakes),
        }
    }
    loaded.sources.add(found.vars_file.clone(), blanked(&text, &secret));
}

fn secret_entry(loaded: &mut Loaded, name: &str, written: &Written, mistakes: &mut Mistakes) {
    match &written.kind {
        WrittenKind::Value(Value::Text(text)) => keep_secret(loaded, name, text.clone()),
        WrittenKind::Expression(expression) => keep_secret(loaded, name, expression.text.clone()),
        WrittenKind::Value(Value::Number(number)) => keep_secret(loaded, name, number.to_string()),
        WrittenKind::Map(_) => {
            let written = syntax::with_secrets(written.clone(), mistakes);
            if let WrittenKind::Secret(_) = written.kind {
                loaded.given.insert(name.to_owned(), written);
            } else {
                mistakes.push(syntax::wrong_type("a secret variable", "text", "a table", written.span));
            }
        }
        _ => mistakes.push(syntax::wrong_type("a secret variable", "text", "a list or bool", written.span)),
    }
}

fn plain_entry(loaded: &mut Loaded, name: &str, written: Written, mistakes: &mut Mistakes) {
    let written = syntax::with_secrets(written, mistakes);
    let mut first = None;
    written.expressions(&mut |expression| first = first.or(Some(expression.span)));
    if let Some(span) = first {
        let detail = "values of variables are written out, without expressions";
        mistakes.push(Diagnostic::error("expression not allowed", detail, Some(span)));
    }
    loaded.given.insert(name.to_owned(), literal(written));
}

fn unknown(loaded: &Loaded, name: &str, shown: &str, span: Option<Span>) -> Diagnostic {
    let known: BTreeSet<&str> = loaded.root.variables.keys().map(String::as_str).collect();
    let detail = format!("{shown}: the environment has no variable `{name}`");
    match span {
        Some(span) => suggest::unknown("unknown variable", detail, span, name, known),
        None => {
            let error = Diagnostic::error("unknown variable", detail, None);
            match (suggest::nearest(name, known.iter().copied()), suggest::listed(known.iter().copied())) {
                (Some(near), _) => error.hint(format!("did you mean `{near}`?")),
                (None, Some(list)) => error.hint(format!("known here: {list}")),
                (None, None) => error.hint("declare it: `[variable.NAME]`"),
            }
        }
    }
}

/// The text with the marked places blanked out; every other byte keeps its place.
fn blanked(text: &str, places: &[Span]) -> String {
    let hidden = |at: usize| places.iter().any(|place| place.range().contains(&at));
    masked(text, hidden)
}

/// The text with everything after a `=`, and every line without one, blanked out.
fn without_values(text: &str) -> String {
    let mut shown = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let is_key = |key: &str| key.trim().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        if let Some((key, _)) = line.split_once('=').filter(|(key, _)| is_key(key)) {
            shown.push(start..start + key.len() + 1);
        }
        start += line.len();
    }
    masked(text, |at| !shown.iter().any(|range| range.contains(&at)))
}

fn masked(text: &str, hidden: impl Fn(usize) -> bool) -> String {
    let mut masked = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        if character == '\n' || !hidden(at) {
            masked.push(character);
        } else {
            masked.extend(std::iter::repeat_n('*', character.len_utf8()));
        }
    }
    masked
}
