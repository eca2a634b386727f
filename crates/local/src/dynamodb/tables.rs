//! Tables: describe, list, delete.

use serde::Deserialize;
use serde_json::{Value, json};

use super::names;
use super::refusals::{in_use, invalid};
use super::schedule::{self, Step};
use super::table::{Status, Table};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Named {
    pub(super) table_name: String,
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let Named { table_name } = read(input)?;
    let now = world.now();
    Ok(json!({ "Table": names::table(world, caller, &table_name)?.describe(now) }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ListTables {
    exclusive_start_table_name: Option<String>,
    limit: Option<usize>,
}

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: ListTables = read(input)?;
    let after = asked.exclusive_start_table_name.unwrap_or_default();
    let all: Vec<&String> = world.region(caller).dynamodb.tables.keys().filter(|name| **name > after).collect();
    let page = &all[..all.len().min(asked.limit.unwrap_or(100))];
    let last = page.last().filter(|_| page.len() < all.len());
    Ok(json!({ "TableNames": page, "LastEvaluatedTableName": last }))
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let Named { table_name } = read(input)?;
    let now = world.now();
    let table = names::table(world, caller, &table_name)?;
    // Deleting a table that is being deleted is no error.
    if table.status != Status::Deleting {
        refuse_delete(table, now)?;
        table.status = Status::Deleting;
        table.schedule.clear();
        table.plan(now + schedule::DELETE, Step::Deleted);
    }
    Ok(json!({ "TableDescription": table.describe(now) }))
}

fn refuse_delete(table: &Table, now: jiff::Timestamp) -> Result<(), Refusal> {
    if table.protected {
        return Err(invalid(
            "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
        ));
    }
    if table.status != Status::Creating && table.global_indexes.iter().any(|index| index.status != Status::Active) {
        return Err(in_use("Cannot delete table while indexes are being created, updated, or deleted", &table.name));
    }
    table.refuse_busy()?;
    if table.is_encrypting() {
        return Err(in_use("Table is being updated", &table.name));
    }
    if table.tags_locked_until.is_some_and(|until| until > now) {
        return Err(in_use("Table tags are being updated", &table.name));
    }
    Ok(())
}

/// `DescribeLimits`: the quotas of a fresh account.
pub(super) fn limits() -> Value {
    json!({
        "AccountMaxReadCapacityUnits": 80_000,
        "AccountMaxWriteCapacityUnits": 80_000,
        "TableMaxReadCapacityUnits": 40_000,
        "TableMaxWriteCapacityUnits": 40_000,
    })
}
