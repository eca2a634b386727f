//! Conversions between types.

use model::{Secret, Value};

use super::{Call, Fault, Function, Given, lists::MIXED};
use crate::{marks, text, unify};

pub(super) const FUNCTIONS: &[Function] = &[
    // `can` and `try` are evaluated by the evaluator itself.
    Function::own("can", "expression", |_| Err(Fault::Unknown)),
    Function::own("issensitive", "value", |call| Ok(call.values[0].has_secret().into())),
    Function::own("sensitive", "value", |call| Ok(marks::hidden(call.values[0].clone(), &[]))),
    Function::own("tobool", "value", |call| converted(call, "a bool", |value| text::flag(value).map(Value::Flag))),
    Function::through("tolist", "value", tolist),
    Function::through("tomap", "value", tomap),
    Function::own("tonumber", "value", |call| {
        converted(call, "a number", |value| text::number(value).map(Value::Number))
    }),
    Function::stop("toset", "value", toset),
    Function::own("tostring", "value", |call| converted(call, "text", |value| text::scalar(value).map(Value::Text))),
    Function::own("try", "expression, others...", |_| Err(Fault::Unknown)),
    Function::own("type", "value", |call| Ok(type_name(&call.values[0]).into())),
];

/// Null stays null, unknown unknown, and a secret stays one while its content fits.
fn converted(call: &Call<'_>, wanted: &str, convert: impl Fn(&Value) -> Option<Value>) -> Given {
    match &call.values[0] {
        Value::Null => Ok(Value::Null),
        Value::Unknown(_) => Err(Fault::Unknown),
        Value::Secret(secret) => match secret.expose().map(|content| convert(&content.into())) {
            None => Ok(Value::Secret(Secret::not_given(secret.sources.clone()))),
            Some(Some(value)) => Ok(marks::hidden(value, &secret.sources)),
            Some(None) => Err(Fault::at(0, format!("this secret is not {wanted}"))),
        },
        value => convert(value).ok_or_else(|| Fault::at(0, format!("{} is not {wanted}", text::shown(value)))),
    }
}

fn tolist(call: &Call<'_>) -> Given {
    match &call.values[0] {
        Value::Null => Ok(Value::Null),
        _ => unify::unify(call.list(0)?.to_vec()).map(Value::List).ok_or_else(|| Fault::at(0, MIXED)),
    }
}

fn toset(call: &Call<'_>) -> Given {
    match &call.values[0] {
        Value::Null => Ok(Value::Null),
        _ => unify::set(call.list(0)?.to_vec()).map(Value::List).ok_or_else(|| Fault::at(0, MIXED)),
    }
}

fn tomap(call: &Call<'_>) -> Given {
    if call.values[0].is_null() {
        return Ok(Value::Null);
    }
    let map = call.map(0)?;
    let values = unify::unify(map.values().cloned().collect()).ok_or_else(|| Fault::at(0, MIXED))?;
    Ok(Value::Map(map.keys().cloned().zip(values).collect()))
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Flag(_) => "bool",
        Value::Number(_) => "number",
        Value::Text(_) => "string",
        Value::List(_) => "list",
        Value::Map(_) => "map",
        Value::Unknown(_) => "unknown",
        Value::Secret(_) => "secret",
    }
}
