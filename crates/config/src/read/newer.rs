//! Syntax that only TOML 1.1 knows: our parser reads it, other tools that read the same files may not.

use model::{Diagnostic, FileId, Span};
use toml::{Spanned, de::DeValue};

const SUMMARY: &str = "TOML 1.1 syntax";

/// An escape that TOML 1.0 refuses.
pub(super) fn escape(file: FileId, (start, end): (usize, usize)) -> Diagnostic {
    Diagnostic::warning(SUMMARY, "TOML 1.0 does not know this escape", Some(Span::new(file, start, end)))
        .hint("write it as `\\u00XX`, so that every editor and formatter reads the file")
}

/// Newlines and a trailing comma inside an inline table.
pub(super) fn inline_table(file: FileId, text: &str, table: &Spanned<DeValue<'_>>) -> Option<Diagnostic> {
    let whole = table.span();
    let source = text.get(whole.clone())?;
    if !source.starts_with('{') {
        return None;
    }
    let mut values = Vec::new();
    leaves(table.get_ref(), text, &mut values);
    values.sort_unstable();
    let mut at = whole.start + 1;
    values.push((whole.end.saturating_sub(1), whole.end));
    for (start, end) in values {
        let gap = text.get(at..start).unwrap_or_default();
        if let Some(newline) = gap.find('\n') {
            return Some(found(file, at + newline, "an inline table over several lines"));
        }
        if end == whole.end && gap.contains(',') {
            let comma = at + gap.find(',').unwrap_or_default();
            return Some(found(file, comma, "a comma after the last entry of an inline table"));
        }
        at = end;
    }
    None
}

fn found(file: FileId, at: usize, what: &str) -> Diagnostic {
    Diagnostic::warning(SUMMARY, format!("TOML 1.0 does not allow {what}"), Some(Span::new(file, at, at + 1)))
        .hint("write the entries as a table of their own: `[resource.TYPE.NAME.TABLE]`")
}

/// The places of the values of an inline table; dotted keys make tables without a place of their own.
fn leaves(value: &DeValue<'_>, text: &str, into: &mut Vec<(usize, usize)>) {
    let DeValue::Table(entries) = value else { return };
    for item in entries.values() {
        let span = item.span();
        let dotted = item.get_ref().is_table() && !text.get(span.clone()).is_some_and(|source| source.starts_with('{'));
        if dotted {
            leaves(item.get_ref(), text, into);
        } else {
            into.push((span.start, span.end));
        }
    }
}
