//! What exists, by the local cloud's own account, held against what groma has recorded.

use serde_json::Value;
pub(crate) use tests::census::essence;
use tests::census::{Disagreement, difference, things};

use crate::world::World;

/// The ids of everything that a user could have made in the test's account, sorted; one that exists twice stands there twice.
pub(crate) fn ids(dump: &Value) -> Vec<String> {
    let mut found: Vec<String> = things(dump).into_iter().map(|(_, id)| id).collect();
    found.sort();
    found
}

/// Nothing is there that is not recorded, nothing recorded that is not there, and nothing twice.
#[track_caller]
pub(crate) fn agrees(world: &World, after: &str) {
    let found = Disagreement::of(&things(&world.dump()), &world.state());
    assert!(found.is_none(), "{after}: {found}");
}

/// Fails with the lines that only one side has.
#[track_caller]
pub(crate) fn same(found: &[String], expected: &[String], after: &str) {
    if let Some(difference) = difference(found, expected) {
        panic!("{after}, another world came out than without.\n{difference}");
    }
}
