//! `[module.NAME]`

use model::{Diagnostic, Span, WrittenKind, expression::Entry};

use super::{Call, literal, meta, secret::entries_with_secrets};
use crate::{mistakes::Mistakes, paths};

/// Reads one module call. `folder` holds the file that the call stands in.
pub(crate) fn call(name: &str, entry: Entry, folder: &str, mistakes: &mut Mistakes) -> Option<Call> {
    let span = entry.value.span;
    let WrittenKind::Map(mut entries) = entry.value.kind else { return None };
    let source = source(name, entries.remove("source"), span, folder, mistakes);
    let repeat = meta::repeat(&mut entries, mistakes);
    let depends_on = meta::depends_on(&mut entries, mistakes);
    let tags = entries.remove("tags").map(|entry| tags(entry, mistakes)).unwrap_or_default();
    let arguments = entries_with_secrets(entries, mistakes);
    let (folder, source_span) = source?;
    Some(Call { span, folder, source_span, repeat, depends_on, tags, arguments })
}

fn source(
    name: &str,
    entry: Option<Entry>,
    header: Span,
    folder: &str,
    mistakes: &mut Mistakes,
) -> Option<(String, Span)> {
    let Some(entry) = entry else {
        let detail = format!("module `{name}` needs `source`, the folder of its files");
        mistakes.push(
            Diagnostic::error("missing attribute", detail, Some(header))
                .hint("for example: source = \"../modules/chatbot\" (relative to this file)"),
        );
        return None;
    };
    let text = literal::text(&entry.value, "`source`", mistakes)?;
    match paths::join(folder, text) {
        Some(path) => Some((path, entry.value.span)),
        None => {
            let detail = format!("`{text}` lies outside of the project folder");
            mistakes.push(
                Diagnostic::error("module not found", detail, Some(entry.value.span))
                    .hint("`source` is relative to the file that holds it and stays inside the project"),
            );
            None
        }
    }
}

/// The tags that everything in a module gets, and everything in an environment.
pub(super) fn tags(entry: Entry, mistakes: &mut Mistakes) -> std::collections::BTreeMap<String, Entry> {
    match entry.value.kind {
        WrittenKind::Map(entries) => entries,
        other => {
            let found = literal::kind_name(&other);
            mistakes.push(literal::wrong_type("`tags`", "a table written out key by key", found, entry.value.span));
            Default::default()
        }
    }
}
