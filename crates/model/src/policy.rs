//! IAM-style policy documents by meaning (`aws-behaviour.md` 18.1).

use std::collections::BTreeMap;

use crate::Value;

/// Whether two policies, each a table or JSON text, allow and deny the same.
pub fn same(a: &Value, b: &Value) -> bool {
    match (parsed(a), parsed(b)) {
        (Some(a), Some(b)) => normal(&a) == normal(&b),
        _ => a == b,
    }
}

/// A document as a table; nothing when it is neither a table nor JSON text of one.
pub fn parsed(document: &Value) -> Option<Value> {
    match document {
        Value::Map(_) => Some(document.clone()),
        Value::Text(text) => Some(Value::from_json(serde_json::from_str(text).ok()?)),
        _ => None,
    }
}

/// A form that is equal for policies of the same meaning.
fn normal(policy: &Value) -> Value {
    let Value::Map(members) = policy else { return policy.clone() };
    let mut members: BTreeMap<String, Value> = members.clone();
    members.entry("Version".to_owned()).or_insert_with(|| "2008-10-17".into());
    if let Some(statements) = members.get_mut("Statement") {
        *statements = sorted(listed(statements).iter().map(normal_statement).collect());
    }
    Value::Map(members)
}

fn normal_statement(statement: &Value) -> Value {
    let Value::Map(members) = statement else { return statement.clone() };
    let normal = members.iter().filter_map(|(name, value)| {
        let value = match name.as_str() {
            "Sid" if value.as_text() == Some("") => return None,
            "Condition" if value.as_map().is_some_and(BTreeMap::is_empty) => return None,
            "Action" | "NotAction" => set(listed(value).iter().map(lower).collect()),
            "Resource" | "NotResource" => set(listed(value)),
            "Principal" | "NotPrincipal" => normal_principal(value),
            "Condition" => normal_condition(value),
            _ => value.clone(),
        };
        Some((name.clone(), value))
    });
    Value::Map(normal.collect())
}

/// `"*"` means every AWS principal; an account id means its root.
fn normal_principal(principal: &Value) -> Value {
    let kinds = match principal {
        Value::Text(everyone) => BTreeMap::from([("AWS".to_owned(), Value::from(everyone.as_str()))]),
        Value::Map(kinds) => kinds.clone(),
        other => return other.clone(),
    };
    let root = |value: &Value| match value.as_text() {
        Some(text) if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("arn:aws:iam::{text}:root").into()
        }
        _ => value.clone(),
    };
    Value::Map(kinds.into_iter().map(|(kind, who)| (kind, set(listed(&who).iter().map(root).collect()))).collect())
}

/// Operators and keys in lower case, values as a set of texts.
fn normal_condition(condition: &Value) -> Value {
    let Value::Map(operators) = condition else { return condition.clone() };
    let values = |value: &Value| set(listed(value).iter().map(text).collect());
    let keys = |keys: &Value| match keys {
        Value::Map(keys) => Value::Map(keys.iter().map(|(key, value)| (key.to_lowercase(), values(value))).collect()),
        other => other.clone(),
    };
    Value::Map(operators.iter().map(|(operator, tests)| (operator.to_lowercase(), keys(tests))).collect())
}

fn listed(value: &Value) -> Vec<Value> {
    match value {
        Value::List(items) => items.clone(),
        single => vec![single.clone()],
    }
}

fn lower(value: &Value) -> Value {
    value.as_text().map_or_else(|| value.clone(), |text| text.to_lowercase().into())
}

/// Numbers and bools as the texts that conditions compare.
fn text(value: &Value) -> Value {
    match value {
        Value::Flag(flag) => flag.to_string().into(),
        Value::Number(number) => number.to_string().into(),
        other => other.clone(),
    }
}

fn sorted(mut items: Vec<Value>) -> Value {
    items.sort_by_cached_key(|item| format!("{item:?}"));
    Value::List(items)
}

fn set(items: Vec<Value>) -> Value {
    let Value::List(mut items) = sorted(items) else { return Value::Null };
    items.dedup();
    Value::List(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(a: &str, b: &str, equal: bool) {
        assert_eq!(same(&a.into(), &b.into()), equal, "{a}\n{b}");
    }

    #[test]
    fn spelling_does_not_count() {
        check(
            r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":["a"],"Sid":""}}"#,
            r#"{"Statement":[{"Resource":"a","Action":["s3:getobject","s3:GetObject"],"Effect":"Allow","Condition":{}}],"Version":"2012-10-17"}"#,
            true,
        );
        check(
            r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"a:b"}]}"#,
            r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"a:b"}]}"#,
            true,
        );
        check(
            r#"{"Statement":[{"Principal":{"AWS":"123456789012"},"Condition":{"Bool":{"aws:SecureTransport":true}}}]}"#,
            r#"{"Statement":[{"Principal":{"AWS":["arn:aws:iam::123456789012:root"]},"Condition":{"bool":{"AWS:securetransport":"true"}}}]}"#,
            true,
        );
    }

    #[test]
    fn meaning_counts() {
        check(r#"{"Statement":[]}"#, r#"{"Version":"2012-10-17","Statement":[]}"#, false);
        check(r#"{"Statement":[{"Resource":"a"}]}"#, r#"{"Statement":[{"Resource":"A"}]}"#, false);
        check(
            r#"{"Statement":[{"Effect":"Allow"}]}"#,
            r#"{"Statement":[{"Effect":"Allow"},{"Effect":"Allow"}]}"#,
            false,
        );
    }
}
