//! Ids. Those of what is there from the start are made from the world's seed, so that they do not depend on the order of calls.

use sha2::{Digest, Sha256};

use crate::world::{Caller, World};

/// `prefix` and seventeen hex digits; `what` tells the things of one region apart.
pub(super) fn id(seed: u64, caller: &Caller, prefix: &str, what: &str) -> String {
    let digest = Sha256::digest(format!("{seed}:{}:{}:{prefix}{what}", caller.account, caller.region));
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{prefix}0{}", &hex[..16])
}

/// An id of something that a call makes.
pub(super) fn fresh(world: &mut World, prefix: &str) -> String {
    format!("{prefix}0{}", world.hex(16))
}
