//! Keys that are not known at plan: what is unknown, and what to use instead.

use model::{Address, Diagnostic, Schemas};

use super::{repeat::Open, tree::Tree};
use crate::suggest;

/// The mistake of a block that waits for something that no plan can know.
pub(super) fn told(open: &Open, tree: &Tree<'_>, schemas: &Schemas) -> Diagnostic {
    let names: Vec<String> = open.leaves.iter().map(|leaf| format!("`{}`", leaf.expression)).collect();
    let detail = format!(
        "`{}` must be known before the plan is made, and {} is known only after apply",
        open.word,
        names.join(", ")
    );
    let mut error = Diagnostic::error("not known at plan", detail, Some(open.span));
    let needs: Vec<&Address> = open.needs().into_iter().collect();
    for address in &needs {
        if address.data {
            let reason = format!("`{address}` refers to a resource, so it is read only during apply");
            error = error.hint(reason);
        } else if let Some(list) = known_attributes(address, tree, schemas) {
            error = error.hint(format!("known of `{address}` at plan: {list}"));
        }
    }
    error.hint("or take the keys from a variable, and let only the values refer to resources")
}

/// The attributes of a resource that a plan knows: written ones and predicted ones.
fn known_attributes(address: &Address, tree: &Tree<'_>, schemas: &Schemas) -> Option<String> {
    let resource = tree.resources.get(address)?;
    let schema = schemas.resource(&address.type_name)?;
    let predicted = schema.computed().filter(|attribute| attribute.predicted.is_some());
    let names = predicted.map(|attribute| attribute.name).chain(resource.arguments.keys().map(String::as_str));
    suggest::listed(names)
}

/// Whether waiting for these is a mistake: a resource, or data that refers to one. Data that can still be read is none, and
/// neither is what waits for another block that is not decided.
pub(super) fn is_mistake(open: &Open, tree: &Tree<'_>, uses: &super::dependencies::Uses<'_, '_>) -> bool {
    open.needs().into_iter().any(|address| {
        !super::data::is_symbolic(address) && tree_knows(address, tree) && uses.waits_for_resources(address)
    })
}

fn tree_knows(address: &Address, tree: &Tree<'_>) -> bool {
    tree.resources.contains_key(address) || tree.data.contains_key(address)
}
