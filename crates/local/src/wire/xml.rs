//! The answers of the query, ec2 and rest-xml protocols: XML by the model.

use jiff::Timestamp;
use serde_json::Value;

use crate::model::{Kind, Model, Protocol, Reference};

/// Writes the members of an answer, without an element around them.
///
/// # Errors
///
/// The name of a member that the model does not know: a mistake of the service function.
pub(crate) fn members(model: &Model, reference: &Reference, answer: &Value, out: &mut String) -> Result<(), String> {
    let shape = model.at(reference);
    let Value::Object(given) = answer else { return Ok(()) };
    if let Some(name) = given.keys().find(|name| !shape.members.contains_key(*name)) {
        return Err(format!("{} has no member {name}", reference.shape));
    }
    // What has another place than the body is written there.
    for (name, member) in shape.members.iter().filter(|(_, member)| member.location.is_none()) {
        match &answer[name] {
            Value::Null => {}
            value => written(model, member, member.location_name.as_deref().unwrap_or(name), value, out)?,
        }
    }
    Ok(())
}

fn written(model: &Model, reference: &Reference, name: &str, value: &Value, out: &mut String) -> Result<(), String> {
    let shape = model.at(reference);
    match (shape.kind, value) {
        (Kind::List, Value::Array(items)) => {
            let member = shape.member.as_ref().ok_or("a list without member")?;
            if shape.flattened || reference.flattened {
                return items.iter().try_for_each(|item| written(model, member, name, item, out));
            }
            let inner = member.location_name.as_deref().unwrap_or("member");
            element(name, out, |out| items.iter().try_for_each(|item| written(model, member, inner, item, out)))
        }
        (Kind::Map, Value::Object(entries)) => {
            let (key, held) =
                (shape.key.as_ref().ok_or("a map without key")?, shape.value.as_ref().ok_or("a map without value")?);
            let (key_name, value_name) =
                (key.location_name.as_deref().unwrap_or("key"), held.location_name.as_deref().unwrap_or("value"));
            let entry = |(key, value): (&String, &Value), out: &mut String| {
                text_element(key_name, key, out);
                written(model, held, value_name, value, out)
            };
            element(name, out, |out| entries.iter().try_for_each(|pair| element("entry", out, |out| entry(pair, out))))
        }
        (Kind::Structure, Value::Object(_)) => element(name, out, |out| members(model, reference, value, out)),
        (Kind::Structure | Kind::List | Kind::Map, other) => Err(format!("{} cannot be {other}", reference.shape)),
        (Kind::Timestamp, Value::String(text)) => {
            text_element(name, &iso(model, text)?, out);
            Ok(())
        }
        (_, Value::String(text)) => {
            text_element(name, text, out);
            Ok(())
        }
        (_, other) => {
            text_element(name, &other.to_string(), out);
            Ok(())
        }
    }
}

fn element(name: &str, out: &mut String, inner: impl FnOnce(&mut String) -> Result<(), String>) -> Result<(), String> {
    out.extend(["<", name, ">"]);
    inner(out)?;
    out.extend(["</", name, ">"]);
    Ok(())
}

pub(crate) fn text_element(name: &str, text: &str, out: &mut String) {
    out.extend(["<", name, ">"]);
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\r' => out.push_str("&#xD;"),
            other => out.push(other),
        }
    }
    out.extend(["</", name, ">"]);
}

/// ISO 8601 in whole seconds, as these protocols write times; S3 writes the thousandths that it does not keep.
fn iso(model: &Model, text: &str) -> Result<String, String> {
    let moment: Timestamp = text.parse().map_err(|error| format!("`{text}` is no time: {error}"))?;
    let whole = moment.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    Ok(whole + if model.metadata.protocol == Protocol::RestXml { ".000Z" } else { "Z" })
}
