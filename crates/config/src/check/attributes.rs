//! Names of attributes: unknown, computed, missing.

use std::collections::BTreeMap;

use model::{Attribute, Diagnostic, Span, Value, WrittenKind, expression::Entry, schema::Role};

use crate::{mistakes::Mistakes, suggest};

/// Refuses names that the schema does not know and those that AWS sets itself. `words` are further names that may stand there.
pub(super) fn unknown(
    owner: &str,
    attributes: &[Attribute],
    entries: &BTreeMap<String, Entry>,
    words: &[&str],
    mistakes: &mut Mistakes,
) {
    for (name, entry) in entries {
        match attributes.iter().find(|attribute| attribute.name == name) {
            Some(attribute) if attribute.role == Role::Computed => {
                let detail = format!("`{name}` of {owner} is computed: AWS sets it, so it cannot be written");
                mistakes.push(
                    Diagnostic::error("computed attribute", detail, Some(entry.key_span))
                        .hint("remove this line; others refer to it as TYPE.NAME.ATTRIBUTE"),
                );
            }
            Some(_) => {}
            None => {
                let detail = format!("{owner} has no attribute `{name}`");
                let arguments = attributes.iter().filter(|attribute| attribute.is_argument());
                let known: Vec<&str> = arguments.map(|attribute| attribute.name).chain(words.iter().copied()).collect();
                mistakes.push(suggest::unknown(
                    "unknown attribute",
                    detail,
                    entry.key_span,
                    name,
                    known.iter().copied(),
                ));
            }
        }
    }
}

/// Names every required attribute that is not written, or is null.
pub(crate) fn missing(
    owner: &str,
    attributes: &[Attribute],
    entries: &BTreeMap<String, Entry>,
    span: Span,
    mistakes: &mut Mistakes,
) {
    for attribute in attributes.iter().filter(|attribute| attribute.role == Role::Required) {
        let prefix = attributes.iter().find(|other| other.begins == Some(attribute.name)).map(|other| other.name);
        let begun = prefix.and_then(|prefix| entries.get(prefix));
        match entries.get(attribute.name).map(|entry| &entry.value) {
            None if begun.is_some() || misspelt(attribute.name, attributes, entries) => {}
            None => {
                let or = prefix.map(|prefix| format!(" or `{prefix}`")).unwrap_or_default();
                let detail = format!("{owner} needs `{}`{or}", attribute.name);
                let error = Diagnostic::error("missing attribute", detail, Some(span));
                mistakes.push(match attribute.doc {
                    "" => error,
                    doc => error.hint(format!("`{}`: {doc}", attribute.name)),
                });
            }
            Some(written) if matches!(written.kind, WrittenKind::Value(Value::Null)) => {
                let detail = format!("{owner} needs `{}`, and this is null", attribute.name);
                mistakes.push(Diagnostic::error("missing attribute", detail, Some(written.span)));
            }
            Some(_) => mistakes.extend(begun.map(|begun| {
                let (name, prefix) = (attribute.name, prefix.unwrap_or_default());
                let detail = format!("{owner} has `{name}`, which leaves nothing to `{prefix}`");
                Diagnostic::error("attributes do not go together", detail, Some(begun.key_span))
                    .hint(format!("write exactly one of `{name}` and `{prefix}`"))
            })),
        }
    }
}

/// Whether a name that nobody knows was meant for this one; then telling of that name is enough.
fn misspelt(name: &str, attributes: &[Attribute], entries: &BTreeMap<String, Entry>) -> bool {
    let known = || attributes.iter().map(|attribute| attribute.name);
    let mut slips = entries.keys().filter(|written| known().all(|known| known != written.as_str()));
    slips.any(|written| suggest::nearest(written, known()) == Some(name))
}
