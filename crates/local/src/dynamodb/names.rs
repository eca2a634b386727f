//! Names and ARNs of tables: most operations take either.

use super::Table;
use super::refusals::{invalid, no_resource, no_table};
use crate::refusal::Refusal;
use crate::world::{Caller, World};

pub(super) fn arn(caller: &Caller, name: &str) -> String {
    format!("arn:{}:dynamodb:{}:{}:table/{name}", caller.partition, caller.region, caller.account)
}

/// Refuses a name that a new table may not have.
pub(super) fn check(name: &str) -> Result<(), Refusal> {
    if !(3..=255).contains(&name.len()) {
        return Err(invalid("TableName must be at least 3 characters long and at most 255 characters long"));
    }
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte)) {
        return Err(invalid(format!(
            "1 validation error detected: Value '{name}' at 'tableName' failed to satisfy constraint: \
             Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
        )));
    }
    Ok(())
}

/// The table of a name or an ARN, whatever its state.
pub(super) fn table<'a>(world: &'a mut World, caller: &Caller, name: &str) -> Result<&'a mut Table, Refusal> {
    let prefix = arn(caller, "");
    let short = name.strip_prefix(&prefix).unwrap_or(name);
    world.region(caller).dynamodb.tables.get_mut(short).ok_or_else(|| no_table(short))
}

/// The table of a resource ARN, once it exists for tag and policy calls: not while it is created.
pub(super) fn resource<'a>(world: &'a mut World, caller: &Caller, arn: &str) -> Result<&'a mut Table, Refusal> {
    if !arn.starts_with("arn:") {
        return Err(invalid(format!("Invalid ResourceArn: {arn}")));
    }
    let found = table(world, caller, arn).map_err(|_| no_resource(arn))?;
    if found.status == super::table::Status::Creating { Err(no_resource(arn)) } else { Ok(found) }
}
