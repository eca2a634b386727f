//! Global indexes: one is created or deleted at a time.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;

use super::capacity::{self, Asked};
use super::refusals::{in_use, limit, parameter};
use super::schedule::{self, Step};
use super::schema::{self, Definition};
use super::table::{GlobalIndex, KeyElement, Mode, OnDemand, Projection, Status, Table};
use crate::refusal::Refusal;

const MOST: usize = 20;

/// A global index as a request gives it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct IndexInput {
    pub(super) index_name: String,
    pub(super) key_schema: Vec<KeyElement>,
    pub(super) projection: Projection,
    #[serde(flatten)]
    pub(super) capacity: Asked,
}

impl IndexInput {
    pub(super) fn check(&self) -> Result<(), Refusal> {
        schema::index_key(&self.key_schema)?;
        schema::projection(&self.projection)
    }

    pub(super) fn build(self, mode: Mode) -> GlobalIndex {
        GlobalIndex {
            capacity: capacity::first(mode, &self.capacity, OnDemand::default()),
            name: self.index_name,
            keys: self.key_schema,
            projection: self.projection,
            status: Status::Creating,
            backfilling: false,
        }
    }
}

pub(super) fn no_index(table: &str, index: &str) -> Refusal {
    Refusal::new(
        "ResourceNotFoundException",
        format!("Requested resource not found: Index: {index} of Table: {table} not found"),
    )
}

pub(super) fn one_at_a_time() -> Refusal {
    limit("Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table")
}

/// Starts the creation of an index. The table updates for a moment, then the index fills while the table is active.
pub(super) fn create(
    table: &mut Table,
    now: Timestamp,
    given: &[Definition],
    wanted: IndexInput,
) -> Result<(), Refusal> {
    refuse_second(table)?;
    let name = wanted.index_name.clone();
    if table.global_indexes.iter().any(|index| index.name == name)
        || table.local_indexes.iter().any(|index| index.index_name == name)
    {
        return Err(parameter(format!("Duplicate index name: {name}")));
    }
    if table.global_indexes.len() >= MOST {
        return Err(limit(format!(
            "Subscriber limit exceeded: GlobalSecondaryIndex count exceeds the per-table limit of {MOST}"
        )));
    }
    wanted.check()?;
    wanted.capacity.check_index(table.billing.mode, &name)?;
    table.attributes = definitions(table, given, &wanted.key_schema)?;
    table.global_indexes.push(wanted.build(table.billing.mode));
    table.status = Status::Updating;
    table.plan(now + schedule::INDEX_ALLOCATION, Step::Updated);
    table.plan(now + schedule::INDEX_ALLOCATION, Step::IndexBackfills(name.clone()));
    table.plan(now + schedule::INDEX_CREATE, Step::IndexCreated(name));
    Ok(())
}

/// The table's definitions with those of the new keys. Others of the request are ignored: an update may name them all.
fn definitions(table: &Table, given: &[Definition], keys: &[KeyElement]) -> Result<BTreeMap<String, String>, Refusal> {
    let mut types = table.attributes.clone();
    for (name, kind) in schema::definitions(given)? {
        if types.get(&name).is_some_and(|old| *old != kind) {
            return Err(parameter(format!("Attribute {name} is already defined with another type")));
        }
        if keys.iter().any(|key| key.attribute_name == name) {
            types.insert(name, kind);
        }
    }
    let locals = table.local_indexes.iter().map(|index| index.key_schema.as_slice());
    let globals = table.global_indexes.iter().map(|index| index.keys.as_slice());
    let indexes: Vec<_> = locals.chain(globals).chain([keys]).collect();
    schema::exactly(&types, &table.keys, &indexes)?;
    Ok(types)
}

/// Starts the deletion of an index; one that is still filling may be deleted too.
pub(super) fn delete(table: &mut Table, now: Timestamp, name: &str) -> Result<(), Refusal> {
    let Some(index) = table.global_indexes.iter().find(|index| index.name == name) else {
        return Err(no_index(&table.name, name));
    };
    match index.status {
        Status::Active => refuse_second(table)?,
        Status::Creating if index.backfilling => {}
        _ => return Err(in_use("Index is being created, updated, or deleted", name)),
    }
    table.schedule.retain(|due| due.step != Step::IndexCreated(name.to_owned()));
    let index = table.global_index(name).expect("it was found above");
    index.status = Status::Deleting;
    index.backfilling = false;
    table.status = Status::Updating;
    table.plan(now + schedule::INDEX_DELETE, Step::IndexDeleted(name.to_owned()));
    table.plan(now + schedule::INDEX_DELETE, Step::Updated);
    Ok(())
}

fn refuse_second(table: &Table) -> Result<(), Refusal> {
    let busy = table.global_indexes.iter().any(|index| matches!(index.status, Status::Creating | Status::Deleting));
    if busy { Err(one_at_a_time()) } else { Ok(()) }
}
