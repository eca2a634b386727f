//! `[moved]`, `[removed."ADDR"]` and `[import."ADDR"]`

use model::{
    Address, Diagnostic, ModulePath, Span,
    expression::Entry,
    graph::{Import, Moved, Removed},
};

use super::{
    literal::{self, Table},
    secret::with_secrets,
};
use crate::mistakes::Mistakes;

/// `"old" = "new"`, both resources or both modules; with the place of the new address.
pub(crate) fn moved(from: &str, entry: &Entry, mistakes: &mut Mistakes) -> Option<(Moved, Span)> {
    let to = literal::text(&entry.value, "the new address", mistakes);
    let from_kind = shape(from, entry.key_span, mistakes);
    let to = to?;
    let to_kind = shape(to, entry.value.span, mistakes);
    let (from_kind, to_kind) = (from_kind?, to_kind?);
    if let (Some(old), Some(new)) = (&from_kind, &to_kind)
        && old.type_name != new.type_name
    {
        let detail = format!("a {} cannot become a {}", old.type_name, new.type_name);
        mistakes.push(Diagnostic::error("wrong type", detail, Some(entry.value.span)));
        return None;
    }
    if from_kind.is_some() != to_kind.is_some() {
        let detail = "a module moves to a module, a resource to a resource";
        mistakes.push(Diagnostic::error("wrong type", detail, Some(entry.value.span)));
        return None;
    }
    Some((Moved { from: from.to_owned(), to: to.to_owned(), span: entry.key_span }, entry.value.span))
}

/// The address of a resource, or nothing for a module; a mistake for anything else.
#[expect(clippy::option_option, reason = "the outer one says whether it is an address at all")]
fn shape(text: &str, span: Span, mistakes: &mut Mistakes) -> Option<Option<Address>> {
    if text.parse::<ModulePath>().is_ok_and(|path| !path.is_root()) {
        return Some(None);
    }
    address(text, span, mistakes).map(Some)
}

fn address(text: &str, span: Span, mistakes: &mut Mistakes) -> Option<Address> {
    match text.parse::<Address>() {
        Ok(address) if !address.data => Some(address),
        Ok(_) => {
            let detail = format!("`{text}` is data, which is never in the state");
            mistakes.push(Diagnostic::error("invalid address", detail, Some(span)));
            None
        }
        Err(error) => {
            mistakes.push(Diagnostic::error("invalid address", error.to_string(), Some(span)));
            None
        }
    }
}

/// `[removed."ADDR"] retain = true`
pub(crate) fn removed(text: &str, entry: &Entry, mistakes: &mut Mistakes) -> Option<Removed> {
    let table = Table::of(&entry.value, "`removed`", mistakes)?;
    table.only("`removed`", &["retain"], mistakes);
    let retain = table.flag("retain", mistakes).unwrap_or(false);
    let address = address(text, entry.key_span, mistakes)?;
    Some(Removed { address, retain, span: entry.key_span })
}

/// `[import."ADDR"] id = "…"`
pub(crate) fn import(text: &str, entry: &Entry, mistakes: &mut Mistakes) -> Option<Import> {
    let table = Table::of(&entry.value, "`import`", mistakes)?;
    table.only("`import`", &["id"], mistakes);
    let address = address(text, entry.key_span, mistakes);
    let Some(id) = table.get("id") else {
        let detail = format!("the import of `{text}` needs `id`");
        mistakes.push(
            Diagnostic::error("missing attribute", detail, Some(table.span))
                .hint("what the id is, says the page of the resource type: `groma docs TYPE`"),
        );
        return None;
    };
    Some(Import { address: address?, id: with_secrets(id.clone(), mistakes), span: entry.key_span })
}
