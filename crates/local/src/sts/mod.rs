//! AWS STS of the local cloud.

use serde_json::Value;

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// Answers one call whose input the model has already accepted.
pub fn call(_world: &mut World, _caller: &Caller, operation: &str, _input: &Value) -> Answer {
    Err(Refusal::new("UnknownOperationException", format!("{operation} is not served here")))
}
