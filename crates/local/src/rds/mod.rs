//! Amazon RDS of the local cloud.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// What exists in this service.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Rds {}

/// Answers one call whose input the model has already accepted.
pub fn call(_world: &mut World, _caller: &Caller, operation: &str, _input: &Value) -> Answer {
    match operation {
        "DescribeDBInstances" => Ok(json!({ "DBInstances": [] })),
        _ => Err(Refusal::new("InvalidAction", format!("The action {operation} is not valid for this web service."))),
    }
}

/// Nothing here becomes due.
pub fn tick(_world: &mut World, _caller: &Caller) {}
