//! The tags that say whose a resource is (`semantics.md` 3).

use std::collections::BTreeMap;

use model::{Address, observed::ownership as keys};

/// The ownership tags of one resource. `token` is that of its create call; imported resources have none.
pub fn ownership(environment: &str, lineage: &str, address: &Address, token: Option<&str>) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::from([
        (keys::ENVIRONMENT.to_owned(), environment.to_owned()),
        (keys::ADDRESS.to_owned(), keys::address_tag(address)),
        (keys::LINEAGE.to_owned(), lineage.to_owned()),
    ]);
    if let Some(token) = token {
        tags.insert(keys::CREATE.to_owned(), token.to_owned());
    }
    tags
}
