//! AWS IAM of the local cloud.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// What exists in this service.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Iam {}

/// Answers one call whose input the model has already accepted.
pub fn call(_world: &mut World, _caller: &Caller, operation: &str, _input: &Value) -> Answer {
    Err(Refusal::new("UnknownOperationException", format!("{operation} is not served here")))
}

/// Does what has become due by the world's clock.
pub fn tick(_world: &mut World, _caller: &Caller) {}
