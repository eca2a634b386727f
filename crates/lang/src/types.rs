//! The types of variables, read from their text.

use std::{collections::BTreeMap, str::FromStr};

use hcl_edit::expr::{Expression as Node, FuncCall, Object, ObjectKey};
use model::graph::VariableType;

use crate::suggest::nearest;

/// Reads a type: `string`, `number`, `bool`, `any`, `list(…)`, `set(…)`, `map(…)`, `tuple([…])`,
/// `object({ a = string, b = optional(number, 3) })`.
///
/// # Errors
/// What is wrong with the text, in one sentence.
pub fn parse_type(text: &str) -> Result<VariableType, String> {
    let node = Node::from_str(text.trim()).map_err(|error| format!("`{text}` is no type: {}", error.message()))?;
    read(&node)
}

const NAMES: [&str; 9] = ["any", "bool", "list", "map", "number", "object", "set", "string", "tuple"];

fn read(node: &Node) -> Result<VariableType, String> {
    match node {
        Node::Parenthesis(inner) => read(inner.inner()),
        Node::Variable(name) => match name.as_str() {
            "string" => Ok(VariableType::Text),
            "number" => Ok(VariableType::Number),
            "bool" => Ok(VariableType::Flag),
            "any" => Ok(VariableType::Any),
            "list" => Ok(VariableType::List(Box::new(VariableType::Any))),
            "set" => Ok(VariableType::Set(Box::new(VariableType::Any))),
            "map" => Ok(VariableType::Map(Box::new(VariableType::Any))),
            other => Err(unknown(other)),
        },
        Node::FuncCall(call) => read_call(call),
        other => Err(format!("`{}` is no type", other.to_string().trim())),
    }
}

fn unknown(name: &str) -> String {
    match nearest(name, NAMES) {
        Some(near) => format!("there is no type `{name}`; did you mean `{near}`?"),
        None => format!("there is no type `{name}`; there are {}", NAMES.join(", ")),
    }
}

fn read_call(call: &FuncCall) -> Result<VariableType, String> {
    let name = call.name.name.as_str();
    let arguments: Vec<&Node> = call.args.iter().collect();
    match (name, arguments.as_slice()) {
        ("list", [item]) => read(item).map(Box::new).map(VariableType::List),
        ("set", [item]) => read(item).map(Box::new).map(VariableType::Set),
        ("map", [item]) => read(item).map(Box::new).map(VariableType::Map),
        ("tuple", [Node::Array(items)]) => items.iter().map(read).collect::<Result<_, _>>().map(VariableType::Tuple),
        ("object", [Node::Object(members)]) => read_members(members).map(VariableType::Object),
        ("tuple", _) => Err("a tuple is written `tuple([string, number])`".to_owned()),
        ("object", _) => Err("an object is written `object({ name = string })`".to_owned()),
        ("optional", _) => Err("`optional(…)` stands only inside `object({ … })`".to_owned()),
        ("list" | "set" | "map", _) => Err(format!("`{name}(…)` takes one type")),
        _ => Err(unknown(name)),
    }
}

fn read_members(members: &Object) -> Result<BTreeMap<String, (VariableType, bool)>, String> {
    let entries = members.iter().map(|(key, value)| {
        let name = match key {
            ObjectKey::Ident(name) => name.as_str().to_owned(),
            ObjectKey::Expression(Node::String(name)) => name.value().clone(),
            ObjectKey::Expression(other) => {
                return Err(format!("`{}` is no name of a member", other.to_string().trim()));
            }
        };
        Ok((name, read_member(value.expr())?))
    });
    entries.collect()
}

/// A member's type with whether it may be left out.
fn read_member(node: &Node) -> Result<(VariableType, bool), String> {
    let Node::FuncCall(call) = node else {
        return Ok((read(node)?, false));
    };
    if call.name.name.as_str() != "optional" {
        return Ok((read(node)?, false));
    }
    match call.args.iter().collect::<Vec<_>>().as_slice() {
        [kind] => Ok((read(kind)?, true)),
        [kind, default] => {
            let default = constant(default)
                .ok_or_else(|| format!("the default `{}` is no constant", default.to_string().trim()))?;
            Ok((VariableType::Preset(Box::new(read(kind)?), default.to_string()), true))
        }
        _ => Err("`optional(…)` takes a type and perhaps a default".to_owned()),
    }
}

/// A constant expression as JSON.
fn constant(node: &Node) -> Option<serde_json::Value> {
    Some(match node {
        Node::Null(_) => serde_json::Value::Null,
        Node::Bool(flag) => (*flag.value()).into(),
        Node::Number(number) => match number.value().as_i64() {
            Some(whole) => whole.into(),
            None => serde_json::Number::from_f64(number.value().as_f64()?)?.into(),
        },
        Node::String(text) => text.value().clone().into(),
        Node::Parenthesis(inner) => constant(inner.inner())?,
        Node::Array(items) => items.iter().map(constant).collect::<Option<Vec<_>>>()?.into(),
        Node::Object(members) => {
            let entries = members.iter().map(|(key, value)| {
                let name = match key {
                    ObjectKey::Ident(name) => name.as_str().to_owned(),
                    ObjectKey::Expression(Node::String(name)) => name.value().clone(),
                    ObjectKey::Expression(_) => return None,
                };
                Some((name, constant(value.expr())?))
            });
            serde_json::Value::Object(entries.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Result<VariableType, &str>) {
        assert_eq!(parse_type(text), expected.map_err(str::to_owned));
    }

    #[test]
    fn types_are_read() {
        use VariableType::{Any, List, Map, Number, Object, Set, Text, Tuple};
        check("string", Ok(Text));
        check(" list( string ) ", Ok(List(Box::new(Text))));
        check("map", Ok(Map(Box::new(Any))));
        check("set(map(number))", Ok(Set(Box::new(Map(Box::new(Number))))));
        check("tuple([string, any])", Ok(Tuple(vec![Text, Any])));
        check(
            "object({\n a = string\n b = optional(number)\n})",
            Ok(Object(BTreeMap::from([("a".to_owned(), (Text, false)), ("b".to_owned(), (Number, true))]))),
        );
    }

    #[test]
    fn wrong_types_are_told() {
        check("strng", Err("there is no type `strng`; did you mean `string`?"));
        check("list(strin)", Err("there is no type `strin`; did you mean `string`?"));
        check("list(string, number)", Err("`list(…)` takes one type"));
        check("optional(string)", Err("`optional(…)` stands only inside `object({ … })`"));
        check("object({ a = optional(string, var.x) })", Err("the default `var.x` is no constant"));
        check("1", Err("`1` is no type"));
    }
}
