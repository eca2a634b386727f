//! `[stage.NAME]`

use std::collections::BTreeMap;

use model::{Address, Diagnostic, ModulePath, Span, Written, WrittenKind, expression::Entry, graph::Stage};

use super::{
    literal::{self, Table},
    secret::with_secrets,
};
use crate::mistakes::Mistakes;

const WORDS: [&str; 5] = ["hold", "run", "environment", "inherit", "gate"];

/// The stages in the order in which they are written.
pub(crate) fn stages(entries: &[(String, Entry)], mistakes: &mut Mistakes) -> Vec<Stage> {
    let read = entries.iter().filter_map(|(name, entry)| stage(name, entry, mistakes));
    let mut stages: Vec<Stage> = read.collect();
    stages.sort_by_key(|stage| stage.span);
    stages
}

fn stage(name: &str, entry: &Entry, mistakes: &mut Mistakes) -> Option<Stage> {
    let table = Table::of(&entry.value, &format!("stage `{name}`"), mistakes)?;
    table.only("a stage", &WORDS, mistakes);
    if !["hold", "run", "gate"].iter().any(|word| table.get(word).is_some()) {
        let detail = format!("stage `{name}` needs `hold`, `run` or `gate`");
        mistakes.push(
            Diagnostic::error("missing attribute", detail, Some(entry.key_span))
                .hint("for example: run = [\"npm run migrate\"]"),
        );
    }
    let run = commands(&table.texts("run", mistakes), mistakes);
    let gate = gate(&table, mistakes);
    Some(Stage {
        name: name.to_owned(),
        span: entry.key_span,
        hold: holds(&table, mistakes),
        run,
        environment: environment(&table, mistakes),
        inherit: inherited(&table, mistakes),
        gate,
    })
}

/// One command, whose success says that the stage is passed.
fn gate(table: &Table<'_>, mistakes: &mut Mistakes) -> Option<String> {
    if let Some(Written { kind: kind @ WrittenKind::List(_), span }) = table.get("gate") {
        let error = literal::wrong_type("`gate`", "text", literal::kind_name(kind), *span);
        mistakes.push(error.hint("a gate is one command: join several by ` && `"));
        return None;
    }
    let gate = table.text("gate", mistakes)?;
    commands(&[gate], mistakes).into_iter().next()
}

fn commands(written: &[(&str, Span)], mistakes: &mut Mistakes) -> Vec<String> {
    for (_, span) in written.iter().filter(|(text, _)| text.trim().is_empty()) {
        let error = Diagnostic::error("invalid command", "a command is not empty", Some(*span));
        mistakes.push(error.hint("write a command like `npm run migrate`, or take it away"));
    }
    written.iter().map(|(text, _)| (*text).to_owned()).collect()
}

fn holds(table: &Table<'_>, mistakes: &mut Mistakes) -> Vec<(String, Span)> {
    let mut held = Vec::new();
    for (text, span) in table.texts("hold", mistakes) {
        let module = text.parse::<ModulePath>().is_ok_and(|path| !path.is_root());
        match text.parse::<Address>() {
            Ok(address) if address.data => {
                let detail = format!("`{text}` is data: only resources and modules are withheld");
                mistakes.push(Diagnostic::error("invalid address", detail, Some(span)));
            }
            Err(error) if !module => {
                mistakes.push(Diagnostic::error("invalid address", error.to_string(), Some(span)).hint(
                    "a resource (`apprunner_service.web`), one instance (`x.y[\"key\"]`) or a module (`module.web`)",
                ));
            }
            _ => held.push((text.to_owned(), span)),
        }
    }
    held
}

fn environment(table: &Table<'_>, mistakes: &mut Mistakes) -> BTreeMap<String, Written> {
    let Some(written) = table.get("environment") else { return BTreeMap::new() };
    let WrittenKind::Map(entries) = &written.kind else {
        let error = literal::wrong_type("`environment`", "a table", literal::kind_name(&written.kind), written.span);
        mistakes.push(error.hint("names with their values: environment = { POSTGRES_URL = \"…\" }"));
        return BTreeMap::new();
    };
    for (name, entry) in entries {
        mistakes.extend(not_a_variable(name, entry.key_span));
    }
    entries.iter().map(|(name, entry)| (name.clone(), with_secrets(entry.value.clone(), mistakes))).collect()
}

fn inherited(table: &Table<'_>, mistakes: &mut Mistakes) -> Vec<String> {
    let names = table.texts("inherit", mistakes);
    mistakes.extend(names.iter().filter_map(|(name, span)| not_a_variable(name, *span)));
    names.into_iter().map(|(name, _)| name.to_owned()).collect()
}

fn not_a_variable(name: &str, span: Span) -> Option<Diagnostic> {
    let letter = |byte: u8| byte == b'_' || byte.is_ascii_alphabetic();
    let fits =
        name.bytes().next().is_some_and(letter) && name.bytes().all(|byte| letter(byte) || byte.is_ascii_digit());
    let detail = format!("`{name}` is no name of an environment variable: letters, digits and `_`");
    let error = Diagnostic::error("invalid name", detail, Some(span));
    (!fits).then(|| match name.split_once('=') {
        Some((name, _)) => error.hint(format!("write `{name}` alone; a value belongs into `environment`")),
        None => error,
    })
}
