//! The json protocols, 1.0 and 1.1: bodies into inputs, answers into bodies.

use jiff::Timestamp;
use serde_json::{Map, Number, Value};

use crate::model::{Kind, Model, Reference, Shape};
use crate::refusal::Refusal;

/// Reads a body into an input of the given shape. What the model does not know is left out, as AWS does.
pub(crate) fn decode(model: &Model, shape: &Shape, body: &[u8]) -> Result<Value, Refusal> {
    let body = if body.is_empty() { Value::Object(Map::new()) } else { parse(body)? };
    structure(model, shape, body)
}

fn parse(body: &[u8]) -> Result<Value, Refusal> {
    serde_json::from_slice(body).map_err(|error| unreadable(format!("Unable to parse the request body: {error}")))
}

fn unreadable(message: impl Into<String>) -> Refusal {
    Refusal::new("SerializationException", message)
}

fn structure(model: &Model, shape: &Shape, value: Value) -> Result<Value, Refusal> {
    let Value::Object(mut given) = value else { return Err(unexpected(&value, shape.kind)) };
    let mut read = Map::new();
    for (name, member) in &shape.members {
        match given.remove(wire_name(name, member)) {
            None | Some(Value::Null) => {}
            Some(value) => drop(read.insert(name.clone(), decoded(model, member, value)?)),
        }
    }
    Ok(Value::Object(read))
}

fn wire_name<'a>(name: &'a str, member: &'a Reference) -> &'a str {
    member.location_name.as_deref().unwrap_or(name)
}

fn decoded(model: &Model, reference: &Reference, value: Value) -> Result<Value, Refusal> {
    let shape = model.at(reference);
    match (shape.kind, value) {
        (Kind::Structure, value) => structure(model, shape, value),
        (Kind::List, Value::Array(items)) => list(model, shape, items),
        (Kind::Map, Value::Object(entries)) => map(model, shape, entries),
        (Kind::String | Kind::Blob, Value::String(text)) => Ok(Value::String(text)),
        (Kind::Boolean, Value::Bool(flag)) => Ok(Value::Bool(flag)),
        (Kind::Integer | Kind::Long, Value::Number(number)) => whole(&number),
        (Kind::Float | Kind::Double, Value::Number(number)) => Ok(Value::Number(number)),
        (Kind::Timestamp, Value::Number(number)) => moment(&number),
        (kind, value) => Err(unexpected(&value, kind)),
    }
}

fn list(model: &Model, shape: &Shape, items: Vec<Value>) -> Result<Value, Refusal> {
    let Some(member) = &shape.member else { return Ok(Value::Array(items)) };
    let items = items.into_iter().filter(|item| !item.is_null());
    items.map(|item| decoded(model, member, item)).collect::<Result<_, _>>().map(Value::Array)
}

fn map(model: &Model, shape: &Shape, entries: Map<String, Value>) -> Result<Value, Refusal> {
    let Some(held) = &shape.value else { return Ok(Value::Object(entries)) };
    let entries = entries.into_iter().filter(|(_, value)| !value.is_null());
    entries.map(|(key, value)| Ok((key, decoded(model, held, value)?))).collect::<Result<_, _>>().map(Value::Object)
}

/// Java truncates what it reads into a whole number.
fn whole(number: &Number) -> Result<Value, Refusal> {
    let truncated = number.as_i64().or_else(|| number.as_f64().map(|number| number as i64));
    truncated.map(Value::from).ok_or_else(|| unreadable("NUMBER_VALUE cannot be converted to Long"))
}

fn moment(seconds: &Number) -> Result<Value, Refusal> {
    let milliseconds = seconds.as_f64().map(|seconds| (seconds * 1000.0).round() as i64);
    let moment = milliseconds.and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok());
    moment
        .map(|moment| Value::String(moment.to_string()))
        .ok_or_else(|| unreadable("NUMBER_VALUE cannot be converted to Date"))
}

fn unexpected(value: &Value, wanted: Kind) -> Refusal {
    let wanted = match wanted {
        Kind::Structure | Kind::Map => return unreadable("Unexpected value type in payload"),
        Kind::List => return unreadable("Expected list or null"),
        Kind::String => "String",
        Kind::Integer => "Integer",
        Kind::Long => "Long",
        Kind::Float => "Float",
        Kind::Double => "Double",
        Kind::Boolean => "Boolean",
        Kind::Blob => "ByteBuffer",
        Kind::Timestamp => "Date",
    };
    unreadable(match value {
        Value::Object(_) => "Start of structure or map found where not expected.".to_owned(),
        Value::Array(_) => "Start of list found where not expected.".to_owned(),
        Value::String(_) => format!("STRING_VALUE cannot be converted to {wanted}"),
        Value::Bool(true) => format!("TRUE_VALUE cannot be converted to {wanted}"),
        Value::Bool(false) => format!("FALSE_VALUE cannot be converted to {wanted}"),
        Value::Number(_) | Value::Null => format!("NUMBER_VALUE cannot be converted to {wanted}"),
    })
}

/// Writes an answer by the model.
///
/// # Errors
///
/// The name of a member that the model does not know: a mistake of the service function.
pub(crate) fn encode(model: &Model, reference: &Reference, answer: &Value) -> Result<Value, String> {
    let shape = model.at(reference);
    Ok(match (shape.kind, answer) {
        (Kind::Structure, Value::Object(members)) => {
            let mut written = Map::new();
            for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
                let member =
                    shape.members.get(name).ok_or_else(|| format!("{} has no member {name}", reference.shape))?;
                written.insert(wire_name(name, member).to_owned(), encode(model, member, value)?);
            }
            Value::Object(written)
        }
        (Kind::List, Value::Array(items)) => {
            let member = shape.member.as_ref().ok_or("a list without member")?;
            items.iter().map(|item| encode(model, member, item)).collect::<Result<_, _>>()?
        }
        (Kind::Map, Value::Object(entries)) => {
            let held = shape.value.as_ref().ok_or("a map without value")?;
            entries
                .iter()
                .map(|(key, value)| Ok((key.clone(), encode(model, held, value)?)))
                .collect::<Result<_, String>>()?
        }
        (Kind::Timestamp, Value::String(text)) => seconds(text)?,
        (Kind::Structure | Kind::List | Kind::Map | Kind::Timestamp, other) => {
            return Err(format!("{} cannot be {other}", reference.shape));
        }
        (_, scalar) => scalar.clone(),
    })
}

/// RFC 3339 as seconds since 1970, to the millisecond.
fn seconds(text: &str) -> Result<Value, String> {
    let moment: Timestamp = text.parse().map_err(|error| format!("`{text}` is no time: {error}"))?;
    Ok(Value::from(moment.as_millisecond() as f64 / 1000.0))
}
