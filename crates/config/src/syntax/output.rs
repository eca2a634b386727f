//! `[output.NAME]`

use model::{Diagnostic, expression::Entry, graph::Output};

use super::{literal::Table, secret::with_secrets};
use crate::mistakes::Mistakes;

/// Reads one output.
pub(crate) fn output(name: &str, entry: &Entry, mistakes: &mut Mistakes) -> Option<Output> {
    let table = Table::of(&entry.value, &format!("output `{name}`"), mistakes)?;
    table.only("an output", &["value", "description", "secret"], mistakes);
    let description = table.text("description", mistakes).map(|(text, _)| text.to_owned());
    let secret = table.flag("secret", mistakes).unwrap_or(false);
    let Some(value) = table.get("value") else {
        let detail = format!("output `{name}` needs `value`");
        mistakes.push(
            Diagnostic::error("missing attribute", detail, Some(table.span))
                .hint("for example: value = \"${ecr_repository.app.repository_uri}\""),
        );
        return None;
    };
    let value = with_secrets(value.clone(), mistakes);
    Some(Output { value, description, secret })
}
