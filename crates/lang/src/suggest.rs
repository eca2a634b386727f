//! Nearest names for "did you mean".

use model::{Diagnostic, Span};

/// The known name closest to a wrong one, when it is close enough to be meant.
pub fn nearest<'n>(wrong: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let limit = (wrong.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(wrong, name), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

/// An error about a name that is not there: with the nearest one as hint and patch, else with what there is.
pub(crate) fn unknown_name<'n>(
    summary: &str,
    detail: String,
    span: Option<Span>,
    wrong: &str,
    known: impl IntoIterator<Item = &'n str>,
) -> Diagnostic {
    /// More names than this are no help.
    const SHOWN: usize = 12;
    let known: Vec<&str> = known.into_iter().collect();
    let diagnostic = Diagnostic::error(summary, detail, span);
    match (nearest(wrong, known.iter().copied()), span) {
        (Some(name), Some(span)) => diagnostic.hint(format!("did you mean `{name}`?")).patch(span, name),
        (Some(name), None) => diagnostic.hint(format!("did you mean `{name}`?")),
        (None, _) if known.is_empty() || known.len() > SHOWN => diagnostic,
        (None, _) => diagnostic.hint(format!("there is {}", listed(&known))),
    }
}

/// `` `a`, `b` and `c` ``
pub(crate) fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn nearest_names_are_near() {
        let known = ["repository_uri", "repository_arn", "name"];
        for (wrong, expected) in [
            ("repository_url", Some("repository_uri")),
            ("nmae", Some("name")),
            ("names", Some("name")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(wrong, known), expected, "{wrong}");
        }
    }
}
