//! What a fresh account has.

use super::linked;
use crate::world::{Caller, World};

/// AWS makes these two roles with each account.
const FROM_THE_START: [&str; 2] = ["support.amazonaws.com", "trustedadvisor.amazonaws.com"];

/// Makes what a fresh account has, once.
pub(super) fn ensure(world: &mut World, caller: &Caller) {
    let started = std::mem::replace(&mut world.account(caller).iam.started, true);
    if !started {
        FROM_THE_START.iter().for_each(|service| linked::ensure(world, caller, service));
    }
}
