//! Amazon CloudWatch Logs of the local cloud.

mod append;
mod events;
mod filter;
mod group;
mod groups;
mod others;
mod pattern;
mod refusals;
mod retention;
mod settings;
mod streams;
mod tags;
mod token;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

pub use append::append;
pub use group::{Event, Group, Stream};

/// What exists in this service.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Logs {
    pub groups: BTreeMap<String, Group>,
}

/// Answers one call whose input the model has already accepted.
pub fn call(world: &mut World, caller: &Caller, operation: &str, input: &Value) -> Answer {
    match operation {
        "CreateLogGroup" => groups::create(world, caller, input),
        "DescribeLogGroups" => groups::describe(world, caller, input),
        "ListLogGroups" => groups::list(world, caller, input),
        "DeleteLogGroup" => groups::delete(world, caller, input),

        "PutRetentionPolicy" => retention::put(world, caller, input),
        "DeleteRetentionPolicy" => retention::delete(world, caller, input),
        "AssociateKmsKey" => settings::associate_key(world, caller, input),
        "DisassociateKmsKey" => settings::disassociate_key(world, caller, input),
        "PutLogGroupDeletionProtection" => settings::protect(world, caller, input),

        "TagResource" => tags::tag_resource(world, caller, input),
        "UntagResource" => tags::untag_resource(world, caller, input),
        "ListTagsForResource" => tags::list_for_resource(world, caller, input),
        "TagLogGroup" => tags::tag_group(world, caller, input),
        "UntagLogGroup" => tags::untag_group(world, caller, input),
        "ListTagsLogGroup" => tags::list_of_group(world, caller, input),

        "CreateLogStream" => streams::create(world, caller, input),
        "DescribeLogStreams" => streams::describe(world, caller, input),
        "DeleteLogStream" => streams::delete(world, caller, input),

        "PutLogEvents" => events::put(world, caller, input),
        "GetLogEvents" => events::get(world, caller, input),
        "FilterLogEvents" => filter::filter(world, caller, input),

        "DescribeMetricFilters" => others::none(world, caller, input, "metricFilters"),
        "DescribeSubscriptionFilters" => others::none(world, caller, input, "subscriptionFilters"),
        "DescribeIndexPolicies" => others::none(world, caller, input, "indexPolicies"),
        "DescribeFieldIndexes" => others::none(world, caller, input, "fieldIndexes"),
        "GetDataProtectionPolicy" => others::data_protection(world, caller, input),
        _ => Err(Refusal::new("UnknownOperationException", format!("{operation} is not served here"))),
    }
}

/// Does what has become due by the world's clock: events past their retention go.
pub fn tick(world: &mut World, caller: &Caller) {
    let now = world.now().as_millisecond();
    world.region(caller).logs.groups.values_mut().for_each(|group| group.expire(now));
}
