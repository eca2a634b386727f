//! JSON text.

use std::fmt::Write;

use model::{Number, Value};

use super::{Call, Fault, Given};

/// Sorted keys, no white space, and `<`, `>`, `&` escaped as Terraform does.
///
/// Unknown and secret leaves never get here; they would be null.
pub(crate) fn encode(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value);
    text
}

fn write(out: &mut String, value: &Value) {
    match value {
        Value::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::Text(text) => quote(out, text),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(out, item);
            }
            out.push(']');
        }
        Value::Map(entries) => {
            out.push('{');
            for (index, (key, item)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                quote(out, key);
                out.push(':');
                write(out, item);
            }
            out.push('}');
        }
        Value::Null | Value::Unknown(_) | Value::Secret(_) => out.push_str("null"),
    }
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

pub(super) fn decode(call: &Call<'_>) -> Given {
    let text = call.text(0)?;
    let json: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| Fault::at(0, format!("no JSON: {error}")))?;
    Ok(from_json(json))
}

/// Numbers too large for whole ones become the nearest double.
fn from_json(json: serde_json::Value) -> Value {
    match json {
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(whole) => whole.into(),
            None => number.as_f64().and_then(Number::from_f64).map_or(Value::Null, Value::Number),
        },
        serde_json::Value::Array(items) => Value::List(items.into_iter().map(from_json).collect()),
        serde_json::Value::Object(entries) => {
            Value::Map(entries.into_iter().map(|(key, item)| (key, from_json(item))).collect())
        }
        leaf => Value::from_json(leaf),
    }
}
