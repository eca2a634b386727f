//! Amazon RDS of the local cloud: database instances with their snapshots, subnet groups and parameter groups.
//!
//! PostgreSQL and MySQL are served. A call changes the stored state at once; what RDS does afterwards is a
//! [`schedule::Step`] with a due time. No database runs behind an endpoint.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

mod catalogue;
mod classes;
mod create;
mod engines;
mod given;
mod instance;
mod instances;
mod lifecycle;
mod modify;
mod network;
mod page;
mod parameter_groups;
mod parameters;
mod refusals;
mod schedule;
mod settings;
mod snapshots;
mod subnet_groups;
mod tags;
mod validate;
mod window;

#[cfg(test)]
mod tests;

pub use network::{Interface, interfaces};

/// What exists in this service, in one account and region. Identifiers are in lower case.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Rds {
    /// By identifier.
    pub instances: BTreeMap<String, instance::Instance>,
    /// By identifier, as are the next two by name.
    pub snapshots: BTreeMap<String, snapshots::Snapshot>,
    pub subnet_groups: BTreeMap<String, subnet_groups::SubnetGroup>,
    pub parameter_groups: BTreeMap<String, parameter_groups::ParameterGroup>,
    /// Tags of every kind of resource, by ARN.
    pub tags: BTreeMap<String, BTreeMap<String, String>>,
    /// The id of the account's own key `aws/rds`; empty until storage is first encrypted.
    pub own_key: String,
}

/// Answers one call whose input the model has already accepted.
pub fn call(world: &mut World, caller: &Caller, operation: &str, input: &Value) -> Answer {
    match operation {
        "CreateDBInstance" => create::create(world, caller, input),
        "DescribeDBInstances" => instances::describe(world, caller, input),
        "ModifyDBInstance" => modify::modify(world, caller, input),
        "DeleteDBInstance" => lifecycle::delete(world, caller, input),
        "RebootDBInstance" => lifecycle::reboot(world, caller, input),
        "StartDBInstance" => lifecycle::start(world, caller, input),
        "StopDBInstance" => lifecycle::stop(world, caller, input),
        "CreateDBSnapshot" => snapshots::create(world, caller, input),
        "DescribeDBSnapshots" => snapshots::describe(world, caller, input),
        "DeleteDBSnapshot" => snapshots::delete(world, caller, input),
        "DescribeDBEngineVersions" => engines::describe(caller, input),
        "DescribeOrderableDBInstanceOptions" => classes::describe(caller, input),
        "AddTagsToResource" => tags::add(world, caller, input),
        "RemoveTagsFromResource" => tags::remove(world, caller, input),
        "ListTagsForResource" => tags::list(world, caller, input),
        _ => call_of_a_group(world, caller, operation, input),
    }
}

/// The operations on what instances refer to.
fn call_of_a_group(world: &mut World, caller: &Caller, operation: &str, input: &Value) -> Answer {
    match operation {
        "CreateDBSubnetGroup" => subnet_groups::create(world, caller, input),
        "DescribeDBSubnetGroups" => subnet_groups::describe(world, caller, input),
        "ModifyDBSubnetGroup" => subnet_groups::modify(world, caller, input),
        "DeleteDBSubnetGroup" => subnet_groups::delete(world, caller, input),
        "CreateDBParameterGroup" => parameter_groups::create(world, caller, input),
        "DescribeDBParameterGroups" => parameter_groups::describe(world, caller, input),
        "ModifyDBParameterGroup" => parameters::modify(world, caller, input),
        "ResetDBParameterGroup" => parameters::reset(world, caller, input),
        "DescribeDBParameters" => parameters::describe(world, caller, input),
        "DescribeEngineDefaultParameters" => parameters::defaults(caller, input),
        "DeleteDBParameterGroup" => parameter_groups::delete(world, caller, input),
        _ => Err(Refusal::new("InvalidAction", format!("The action {operation} is not valid for this web service."))),
    }
}

/// Does what has become due by the world's clock.
pub fn tick(world: &mut World, caller: &Caller) {
    schedule::tick(world, caller);
}

/// The ARN of something of this service: `db:orders`, `subgrp:orders`.
fn arn(caller: &Caller, kind: &str, name: &str) -> String {
    format!("arn:{}:rds:{}:{}:{kind}:{name}", caller.partition, caller.region, caller.account)
}
