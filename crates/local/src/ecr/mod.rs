//! AWS ECR of the local cloud.

pub mod images;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};
pub use images::{Image, ImageMarks, Images};

/// What exists in this service.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Ecr {
    pub repositories: BTreeMap<String, Repository>,
    /// `repository:tag` of images that exist as soon as their repository does, as if a CI had pushed them.
    pub expected: BTreeSet<String>,
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
pub fn call(_world: &mut World, _caller: &Caller, operation: &str, _input: &Value) -> Answer {
    Err(Refusal::new("UnknownOperationException", format!("{operation} is not served here")))
}

/// Does what has become due by the world's clock.
pub fn tick(_world: &mut World, _caller: &Caller) {}
