//! Requests into inputs: path, query, headers and body, each member from its place by the model.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::body::Body;
use super::document::{self, Element};
use super::place::Place;
use crate::model::{Kind, Location, Model, Operation, Reference, Shape};
use crate::refusal::Refusal;

/// The input of an operation.
pub(super) fn decode(
    model: &Model,
    operation: &Operation,
    place: &Place,
    query: &BTreeMap<String, String>,
    body: &Body,
) -> Result<Value, Refusal> {
    let Some(input) = &operation.input else { return Ok(Value::Null) };
    let shape = model.at(input);
    let mut read = Map::new();
    for (name, member) in &shape.members {
        let wire = member.location_name.as_deref().unwrap_or(name);
        let value = match member.location {
            Some(Location::Uri) => {
                let given = if wire == "Bucket" { &place.bucket } else { &place.key };
                given.as_deref().map(Value::from)
            }
            Some(Location::QueryString) => scalar(model, member, wire, query.get(wire).map(String::as_str))?,
            Some(Location::Header) => scalar(model, member, wire, header(&body.headers, wire).as_deref())?,
            Some(Location::Headers) => headers(&body.headers, wire),
            None if shape.payload.as_ref() == Some(name) => payload(model, member, wire, body)?,
            None => None,
        };
        read.extend(value.map(|value| (name.clone(), value)));
    }
    Ok(Value::Object(read))
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// All headers that begin so, by the rest of their names.
fn headers(headers: &HeaderMap, prefix: &str) -> Option<Value> {
    let found = headers.keys().filter_map(|name| Some((name.as_str().strip_prefix(prefix)?, name)));
    let found = found.filter_map(|(rest, name)| Some((rest.to_owned(), Value::from(header(headers, name.as_str())?))));
    let found: Map<_, _> = found.collect();
    (!found.is_empty()).then_some(Value::Object(found))
}

/// A text of the query or of a header as the model's kind of value.
fn scalar(model: &Model, member: &Reference, name: &str, text: Option<&str>) -> Result<Option<Value>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    let read = match model.at(member).kind {
        Kind::List => Some(text.split(',').map(|item| Value::from(item.trim())).collect()),
        kind => value(kind, text),
    };
    let refuse = || {
        let message = match model.at(member).kind {
            Kind::Integer | Kind::Long => format!("Provided {name} not an integer or within integer range"),
            _ => format!("The value of {name} is invalid."),
        };
        Refusal::new("InvalidArgument", message).with("ArgumentName", name).with("ArgumentValue", text)
    };
    read.map(Some).ok_or_else(refuse)
}

fn value(kind: Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Integer | Kind::Long => text.trim().parse::<i64>().ok().map(Value::from),
        Kind::Float | Kind::Double => text.trim().parse::<f64>().ok().map(Value::from),
        Kind::Boolean => text.trim().to_ascii_lowercase().parse::<bool>().ok().map(Value::from),
        Kind::Timestamp => moment(text.trim()).map(|moment| Value::from(moment.to_string())),
        _ => Some(Value::from(text)),
    }
}

/// Headers write times as mail does, bodies as ISO 8601.
fn moment(text: &str) -> Option<Timestamp> {
    let mail = || jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
    text.parse().ok().or_else(mail)
}

/// The body: bytes as they are, or a document. One that is not there is left to the check of the input.
fn payload(model: &Model, member: &Reference, name: &str, body: &Body) -> Result<Option<Value>, Refusal> {
    let shape = model.at(member);
    if shape.kind == Kind::Blob {
        return Ok(Some(Value::from(STANDARD.encode(&body.bytes))));
    }
    if body.bytes.is_empty() {
        return Ok(None);
    }
    let root = std::str::from_utf8(&body.bytes).ok().and_then(document::parse).filter(|root| root.name == name);
    let read = root.and_then(|root| structure(model, shape, &root));
    read.map(Some).ok_or_else(malformed)
}

/// The body is not what the model says.
pub(in crate::wire) fn malformed() -> Refusal {
    Refusal::new(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
    )
}

fn structure(model: &Model, shape: &Shape, element: &Element) -> Option<Value> {
    let wire = |(name, member): (&String, &Reference)| member.location_name.clone().unwrap_or_else(|| name.clone());
    let known: Vec<_> = shape.members.iter().map(wire).collect();
    if element.children.iter().any(|child| !known.contains(&child.name)) {
        return None;
    }
    let mut read = Map::new();
    for ((name, member), wire) in shape.members.iter().zip(known) {
        let found: Vec<_> = element.children.iter().filter(|child| child.name == wire).collect();
        if !found.is_empty() {
            read.insert(name.clone(), decoded(model, member, &found)?);
        }
    }
    Some(Value::Object(read))
}

/// One member from its elements: many for a list without an element of its own, else one.
fn decoded(model: &Model, member: &Reference, found: &[&Element]) -> Option<Value> {
    let shape = model.at(member);
    if let (Kind::List, Some(item)) = (shape.kind, &shape.member) {
        let own: Vec<_>;
        let items = if shape.flattened || member.flattened {
            found
        } else {
            own = found.first()?.children.iter().collect();
            &own
        };
        return items.iter().map(|element| decoded(model, item, &[element])).collect::<Option<_>>().map(Value::Array);
    }
    let [element] = found else { return None };
    match shape.kind {
        Kind::Structure => structure(model, shape, element),
        Kind::List | Kind::Map => None,
        kind => value(kind, &element.text),
    }
}
