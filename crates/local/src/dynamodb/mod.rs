//! Amazon DynamoDB of the local cloud.
//!
//! States, times and refusals follow what others have measured on AWS; where a range was measured, its middle is used.

mod backups;
mod budget;
mod capacity;
mod create;
mod encryption;
mod indexes;
mod insights;
mod items;
mod names;
mod policies;
mod refusals;
mod schedule;
mod schema;
mod settings;
mod table;
mod tables;
mod tags;
mod throughput;
mod ttl;
mod update;
mod view;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

pub use table::Table;

/// What exists in this service.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DynamoDb {
    pub tables: BTreeMap<String, Table>,
}

/// Answers one call whose input the model has already accepted.
pub fn call(world: &mut World, caller: &Caller, operation: &str, input: &Value) -> Answer {
    match operation {
        "CreateTable" => create::create(world, caller, input),
        "DescribeTable" => tables::describe(world, caller, input),
        "ListTables" => tables::list(world, caller, input),
        "UpdateTable" => update::update(world, caller, input),
        "DeleteTable" => tables::delete(world, caller, input),

        "UpdateTimeToLive" => ttl::update(world, caller, input),
        "DescribeTimeToLive" => ttl::describe(world, caller, input),
        "UpdateContinuousBackups" => backups::update(world, caller, input),
        "DescribeContinuousBackups" => backups::describe(world, caller, input),

        "TagResource" => tags::tag(world, caller, input),
        "UntagResource" => tags::untag(world, caller, input),
        "ListTagsOfResource" => tags::list(world, caller, input),

        "PutResourcePolicy" => policies::put(world, caller, input),
        "GetResourcePolicy" => policies::get(world, caller, input),
        "DeleteResourcePolicy" => policies::delete(world, caller, input),

        "DescribeContributorInsights" => insights::contributors(world, caller, input),
        "DescribeKinesisStreamingDestination" => insights::kinesis(world, caller, input),
        "DescribeLimits" => Ok(tables::limits()),

        "PutItem" => items::put(world, caller, input),
        "GetItem" => items::get(world, caller, input),
        "DeleteItem" => items::delete(world, caller, input),
        "Scan" => items::scan(world, caller, input),
        _ => Err(Refusal::new("UnknownOperationException", format!("{operation} is not served here"))),
    }
}

/// Does what has become due by the world's clock.
pub fn tick(world: &mut World, caller: &Caller) {
    let now = world.now();
    let tables = &mut world.region(caller).dynamodb.tables;
    tables.values_mut().for_each(|table| table.run_until(now));
    tables.retain(|_, table| !table.gone);
}
