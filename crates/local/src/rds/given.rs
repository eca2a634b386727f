//! Members of an input whose names the usual spelling of fields does not meet (`DBInstanceIdentifier`).

use serde_json::Value;

use super::refusals::invalid;
use crate::refusal::Refusal;

pub(super) fn text<'a>(input: &'a Value, member: &str) -> Option<&'a str> {
    input[member].as_str()
}

/// A required text, as the model has made sure.
pub(super) fn required<'a>(input: &'a Value, member: &str) -> Result<&'a str, Refusal> {
    text(input, member).ok_or_else(|| invalid(format!("The parameter {member} must be provided.")))
}

pub(super) fn whole(input: &Value, member: &str) -> Option<i64> {
    input[member].as_i64()
}

pub(super) fn flag(input: &Value, member: &str) -> Option<bool> {
    input[member].as_bool()
}

/// A list of texts; nothing when it was not given.
pub(super) fn texts(input: &Value, member: &str) -> Option<Vec<String>> {
    let items = input[member].as_array()?;
    Some(items.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}
