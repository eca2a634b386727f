//! Values as text and text as values, by the rules of Terraform's conversions.

use model::{Number, Value};

/// A bool, number or text as text; nothing for all else.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Flag(flag) => Some(flag.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// A number, or text that is one.
pub(crate) fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => parse_number(text),
        _ => None,
    }
}

/// Text as a number the way Terraform reads it: decimal digits with an optional fraction and exponent.
pub(crate) fn parse_number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'));
    if !plain {
        return None;
    }
    match text.parse::<i64>() {
        Ok(whole) => Some(Number::Whole(whole)),
        Err(_) => Number::from_f64(text.parse().ok()?),
    }
}

/// A bool, or text that is `true` or `false`.
pub(crate) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Flag(flag) => Some(*flag),
        Value::Text(text) => match text.as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A short form of a value for an error.
pub(crate) fn shown(value: &Value) -> String {
    /// Longer texts are cut in errors.
    const LONGEST: usize = 60;
    match value {
        Value::Text(text) if text.chars().count() <= LONGEST => format!("{text:?}"),
        Value::Text(text) => format!("{:?}…", text.chars().take(LONGEST).collect::<String>()),
        Value::Flag(_) | Value::Number(_) => scalar(value).unwrap_or_default(),
        other => other.kind_name().to_owned(),
    }
}
