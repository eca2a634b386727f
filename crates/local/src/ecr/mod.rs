//! AWS ECR of the local cloud.

mod expiry;
mod image_calls;
pub mod images;
mod lifecycle;
mod mutability;
mod page;
mod policy;
mod refusals;
mod registry;
mod repositories;
mod tags;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};
pub use images::{Image, ImageMarks, Images};

/// What exists in this service.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Ecr {
    pub repositories: BTreeMap<String, Repository>,
    /// `repository:tag` of images that exist as soon as their repository does, as if a CI had pushed them; by who expects them.
    pub expected: BTreeMap<String, BTreeSet<String>>,
}

/// One repository with what hangs on it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Repository {
    pub name: String,
    pub created_at: Timestamp,
    /// `MUTABLE`, `IMMUTABLE`, `IMMUTABLE_WITH_EXCLUSION` or `MUTABLE_WITH_EXCLUSION`.
    pub mutability: String,
    /// The wildcard filters of tags that are excluded from `mutability`.
    pub exclusions: Vec<String>,
    pub scan_on_push: bool,
    /// `AES256`, `KMS` or `KMS_DSSE`.
    pub encryption: String,
    /// The key's ARN, unless `encryption` is `AES256`.
    pub kms_key: Option<String>,
    pub tags: BTreeMap<String, String>,
    /// The repository policy as it was set.
    pub policy: Option<Value>,
    pub lifecycle: Option<Lifecycle>,
    pub images: Images,
}

/// A lifecycle policy and when it was last looked at.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Lifecycle {
    pub policy: Value,
    pub evaluated_at: Timestamp,
}

impl Repository {
    /// The image that a tag or a digest (`sha256:…`) names.
    pub fn image(&self, tag_or_digest: &str) -> Option<&Image> {
        images::named(&self.images, tag_or_digest)
    }
}

/// Answers one call whose input the model has already accepted.
pub fn call(world: &mut World, caller: &Caller, operation: &str, input: &Value) -> Answer {
    if let Some(registry) = input["registryId"].as_str().filter(|registry| *registry != caller.account) {
        return Err(refusals::other_registry(caller, operation, registry, &input["repositoryName"]));
    }
    match operation {
        "CreateRepository" => repositories::create(world, caller, input),
        "DescribeRepositories" => repositories::describe(world, caller, input),
        "DeleteRepository" => repositories::delete(world, caller, input),
        "PutImageTagMutability" => repositories::put_mutability(world, caller, input),
        "PutImageScanningConfiguration" => repositories::put_scanning(world, caller, input),
        "TagResource" => tags::tag(world, caller, input),
        "UntagResource" => tags::untag(world, caller, input),
        "ListTagsForResource" => tags::list(world, caller, input),
        "PutLifecyclePolicy" => lifecycle::put(world, caller, input),
        "GetLifecyclePolicy" => lifecycle::get(world, caller, input),
        "DeleteLifecyclePolicy" => lifecycle::delete(world, caller, input),
        "SetRepositoryPolicy" => policy::set(world, caller, input),
        "GetRepositoryPolicy" => policy::get(world, caller, input),
        "DeleteRepositoryPolicy" => policy::delete(world, caller, input),
        "DescribeImages" => image_calls::describe(world, caller, input),
        "ListImages" => image_calls::list(world, caller, input),
        "BatchGetImage" => image_calls::batch_get(world, caller, input),
        "BatchDeleteImage" => image_calls::batch_delete(world, caller, input),
        "PutImage" => image_calls::put(world, caller, input),
        "GetAuthorizationToken" => registry::authorization(world, caller, input),
        "DescribeRegistry" => Ok(registry::describe(caller)),
        "GetRegistryScanningConfiguration" => Ok(registry::scanning(caller)),
        "BatchGetRepositoryScanningConfiguration" => Ok(registry::scanning_of(world, caller, input)),
        _ => Err(Refusal::new("UnknownOperationException", format!("{operation} is not served here"))),
    }
}

/// Does what has become due by the world's clock.
pub fn tick(world: &mut World, caller: &Caller) {
    expiry::run(world, caller);
}

/// What exists, for the census.
pub(crate) fn census(ecr: &Ecr) -> Value {
    let repositories = ecr.repositories.iter().map(|(name, repository)| (name.clone(), census_of(repository)));
    crate::census::filled(repositories)
}

fn census_of(repository: &Repository) -> Value {
    let images = repository.images.values().map(|image| json!({ "digest": image.digest, "tags": image.tags }));
    crate::census::filled([
        ("encryption".to_owned(), json!(repository.encryption)),
        ("exclusions".to_owned(), json!(repository.exclusions)),
        ("images".to_owned(), images.collect()),
        ("kms_key".to_owned(), json!(repository.kms_key)),
        ("lifecycle".to_owned(), repository.lifecycle.as_ref().map(|held| held.policy.clone()).unwrap_or_default()),
        ("mutability".to_owned(), json!(repository.mutability)),
        ("policy".to_owned(), repository.policy.clone().unwrap_or_default()),
        ("scan_on_push".to_owned(), json!(repository.scan_on_push)),
        ("tags".to_owned(), json!(repository.tags)),
    ])
}

/// The ARN of a repository.
pub(crate) fn arn(caller: &Caller, name: &str) -> String {
    format!("arn:{}:ecr:{}:{}:repository/{name}", caller.partition, caller.region, caller.account)
}

/// The registry's host and the repository, as an image reference names it.
pub(crate) fn uri(caller: &Caller, name: &str) -> String {
    format!("{}/{name}", host(caller))
}

fn host(caller: &Caller) -> String {
    let domain = if caller.partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
    format!("{}.dkr.ecr.{}.{domain}", caller.account, caller.region)
}

/// The repository of an input, to be read or changed.
fn repository<'a>(world: &'a mut World, caller: &Caller, input: &Value) -> Result<&'a mut Repository, Refusal> {
    let name = input["repositoryName"].as_str().unwrap_or_default();
    world.region(caller).ecr.repositories.get_mut(name).ok_or_else(|| refusals::no_repository(caller, name))
}
