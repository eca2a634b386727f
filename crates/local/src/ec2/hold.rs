//! Network interfaces that services put into a caller's subnets. While one is there, its groups cannot be deleted.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ids::fresh;
use super::start;
use crate::world::{Caller, World};

/// A network interface that a service holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Held {
    pub id: String,
    /// Who asked for it: `amazon-rds`, `amazon-aws`.
    pub owner: String,
    /// `interface` or `vpc_endpoint`.
    pub kind: String,
    pub description: String,
    pub subnet: String,
    pub groups: Vec<String>,
    pub created: Timestamp,
    pub tags: BTreeMap<String, String>,
}

/// Puts an interface with these groups into a subnet and gives its id. `owner` is who asks (`amazon-rds`), `description`
/// what people read of it (`RDSNetworkInterface`).
pub fn hold(
    world: &mut World,
    caller: &Caller,
    owner: &str,
    description: &str,
    subnet: &str,
    groups: &[String],
) -> String {
    insert(world, caller, ("interface", owner), description, subnet, groups)
}

pub(super) fn insert(
    world: &mut World,
    caller: &Caller,
    (kind, owner): (&str, &str),
    description: &str,
    subnet: &str,
    groups: &[String],
) -> String {
    let id = fresh(world, "eni-");
    let held = Held {
        id: id.clone(),
        owner: owner.to_owned(),
        kind: kind.to_owned(),
        description: description.to_owned(),
        subnet: subnet.to_owned(),
        groups: groups.to_vec(),
        created: world.now(),
        tags: BTreeMap::new(),
    };
    start::ensure(world, caller).interfaces.insert(id.clone(), held);
    id
}

/// Gives an interface other groups; one that is gone stays so.
pub fn regroup(world: &mut World, caller: &Caller, id: &str, groups: &[String]) {
    if let Some(held) = start::ensure(world, caller).interfaces.get_mut(id) {
        held.groups = groups.to_vec();
    }
}

/// Removes an interface; one that is gone stays so.
pub fn release(world: &mut World, caller: &Caller, id: &str) {
    start::ensure(world, caller).interfaces.remove(id);
}
