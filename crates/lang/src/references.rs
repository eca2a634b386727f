//! What an expression refers to, without evaluating it.

use std::collections::BTreeSet;

use model::{Address, Scopes, Written};

/// Every resource and data instance that a value refers to, through locals, variables and module outputs.
///
/// A reference to a block with `for_each` names all its instances, with a literal key that instance only.
pub fn references(scopes: &Scopes, written: &Written) -> BTreeSet<Address> {
    let _ = (scopes, written);
    BTreeSet::new()
}
