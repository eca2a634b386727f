//! What the writer may have meant.

pub(crate) use lang::nearest;
use model::{Diagnostic, Span};

/// An error about a name that is none of the known ones, with the nearest as hint and patch, else with all of them.
pub(crate) fn unknown<'a>(
    summary: &str,
    detail: String,
    span: Span,
    name: &str,
    known: impl IntoIterator<Item = &'a str> + Clone,
) -> Diagnostic {
    let error = Diagnostic::error(summary, detail, Some(span));
    match nearest(name, known.clone()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")).patch(span, near),
        None => match listed(known) {
            Some(list) => error.hint(format!("known here: {list}")),
            None => error,
        },
    }
}

/// The names in one line, or nothing when there are none.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    const MOST: usize = 24;
    let mut names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    names.sort();
    let left_out = names.len().saturating_sub(MOST);
    names.truncate(MOST);
    match (names.is_empty(), left_out) {
        (true, _) => None,
        (false, 0) => Some(names.join(", ")),
        (false, more) => Some(format!("{} and {more} more", names.join(", "))),
    }
}
