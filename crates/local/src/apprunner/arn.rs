//! ARNs of App Runner, whole and partial.

use crate::world::{Caller, World};

/// What stands behind the account in an ARN: `kind/name`, `kind/name/2` or `kind/name/2/id`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parts<'a> {
    pub kind: &'a str,
    pub name: &'a str,
    /// Revision and id, or the id alone.
    pub rest: Vec<&'a str>,
}

/// Takes an ARN of the caller's own partition, region and account apart.
pub(super) fn parse<'a>(caller: &Caller, arn: &'a str) -> Option<Parts<'a>> {
    let path = arn.strip_prefix(&prefix(caller))?;
    let mut parts = path.split('/');
    let (kind, name) = (parts.next()?, parts.next()?);
    let rest: Vec<_> = parts.collect();
    let complete = !name.is_empty() && rest.iter().all(|part| !part.is_empty());
    complete.then_some(Parts { kind, name, rest })
}

/// The ARN of something of this kind.
pub(super) fn of(caller: &Caller, path: &str) -> String {
    format!("{}{path}", prefix(caller))
}

fn prefix(caller: &Caller) -> String {
    format!("arn:{}:apprunner:{}:{}:", caller.partition, caller.region, caller.account)
}

/// The 32 hex digits that App Runner identifies things with: a UUID without its hyphens.
pub(super) fn fresh_id(world: &mut World) -> String {
    world.uuid().replace('-', "")
}
