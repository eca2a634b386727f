//! Amazon S3 of the local cloud: buckets, their objects and versions.

mod bucket;
mod buckets;
mod conditions;
mod delete;
mod get;
mod list;
mod names;
mod object;
mod page;
mod put;
mod range;
mod refusals;
mod versioning;
mod versions;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

pub use bucket::{Bucket, Versioning};
pub use object::{Content, Version};

/// What exists in this service.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct S3 {
    /// By name, which no other account or region of the partition has.
    pub buckets: BTreeMap<String, Bucket>,
}

/// Answers one call whose input the model has already accepted.
pub fn call(world: &mut World, caller: &Caller, operation: &str, input: &Value) -> Answer {
    match operation {
        "CreateBucket" => buckets::create(world, caller, input),
        "HeadBucket" => buckets::head(world, caller, input),
        "DeleteBucket" => buckets::delete(world, caller, input),
        "ListBuckets" => buckets::list(world, caller, input),
        "GetBucketLocation" => buckets::location(world, caller, input),
        "GetBucketVersioning" => versioning::get(world, caller, input),
        "PutBucketVersioning" => versioning::put(world, caller, input),

        "PutObject" => put::object(world, caller, input),
        "GetObject" => get::object(world, caller, input),
        "HeadObject" => get::head(world, caller, input),
        "DeleteObject" => delete::object(world, caller, input),
        "DeleteObjects" => delete::objects(world, caller, input),
        "ListObjectsV2" => list::objects(world, caller, input),
        "ListObjectVersions" => versions::list(world, caller, input),
        _ => Err(Refusal::new("UnknownOperationException", format!("S3 has no operation {operation}."))),
    }
}
