//! Reading the input of an operation.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::refusal::Refusal;

/// Reads the input of an operation into the struct of the function that serves it.
///
/// The protocol layer has checked it against the service model, so this fails only where our struct and the model differ.
pub(crate) fn read<T: DeserializeOwned>(input: &Value) -> Result<T, Refusal> {
    let empty = Value::Object(serde_json::Map::new());
    let input = if input.is_null() { &empty } else { input };
    T::deserialize(input).map_err(|error| Refusal::new("SerializationException", error.to_string()))
}
