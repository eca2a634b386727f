//! Two requests mean the same when they are equal here.

use serde_json::{Map, Value};

use crate::changes::GROUP;
use crate::requests::Request;

/// The request by meaning; `None` when it only concerns ownership tags.
pub(crate) fn of(request: &Request) -> Option<Request> {
    let mut parameters = normal(&request.parameters);
    let tags = |parameters: &Value| parameters.as_object().is_some_and(|map| map.keys().any(|name| is_tags(name)));
    let tagging = tags(&parameters);
    drop_ownership(&mut parameters);
    if is_about_tags(&request.operation) && tagging && !tags(&parameters) {
        return None;
    }
    Some(Request { parameters, ..request.clone() })
}

/// Whether a call changes tags and nothing else.
fn is_about_tags(operation: &str) -> bool {
    const STARTS: [&str; 6] =
        ["AddTagsToResource", "CreateTags", "DeleteTags", "RemoveTagsFromResource", "Tag", "Untag"];
    STARTS.iter().any(|start| operation.starts_with(start))
}

/// A value by meaning: documents as data, tags as maps, lists in order of their text, ids without their chance.
pub(crate) fn normal(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let members = map.iter().filter(|(name, member)| !is_token(name) && !member.is_null());
            let mut normal: Vec<(String, Value)> =
                members.map(|(name, member)| (name.clone(), normal_member(name, member))).collect();
            normal.sort_by(|(left, _), (right, _)| left.cmp(right));
            Value::Object(normal.into_iter().collect())
        }
        Value::Array(list) => sorted(list.iter().map(normal).collect()),
        Value::String(text) => Value::String(without_ids(text)),
        other => other.clone(),
    }
}

fn normal_member(name: &str, member: &Value) -> Value {
    if is_tags(name) && member.is_array() {
        return tags(member).unwrap_or_else(|| normal(member));
    }
    match member {
        Value::String(text) if is_document(name) => document(text),
        other => normal(other),
    }
}

/// Every list here stands for a set; a table's key schema has its order by its `KeyType`.
fn sorted(mut list: Vec<Value>) -> Value {
    list.sort_by_key(Value::to_string);
    Value::Array(list)
}

fn is_token(name: &str) -> bool {
    matches!(name, "ClientRequestToken" | "clientRequestToken" | "ClientToken" | "clientToken")
}

fn is_tags(name: &str) -> bool {
    matches!(name, "Tag" | "Tags" | "tags" | "TagKeys" | "tagKeys" | "TagSpecification")
}

fn is_document(name: &str) -> bool {
    name.ends_with("PolicyDocument") || name.ends_with("olicyText") || name == "ResourcePolicy"
}

/// `[{Key, Value}]` as a map; a list of keys stays a list.
fn tags(list: &Value) -> Option<Value> {
    let pairs = list.as_array()?.iter().map(|tag| {
        let either = |upper: &str, lower: &str| tag.get(upper).or_else(|| tag.get(lower)).cloned();
        Some((either("Key", "key")?.as_str()?.to_owned(), either("Value", "value")?))
    });
    let mut pairs: Vec<(String, Value)> = pairs.collect::<Option<_>>()?;
    pairs.sort_by(|(left, _), (right, _)| left.cmp(right));
    Some(Value::Object(pairs.into_iter().collect()))
}

/// Takes out groma's own tags, and what is empty without them.
fn drop_ownership(parameters: &mut Value) {
    let Some(map) = parameters.as_object_mut() else { return };
    let names: Vec<String> = map.keys().filter(|name| is_tags(name)).cloned().collect();
    for name in names {
        match &mut map[&name] {
            Value::Object(tags) => {
                tags.retain(|key, _| !is_ours(key));
            }
            Value::Array(list) => {
                list.iter_mut().for_each(drop_ownership);
                list.retain(|item| !item.as_str().or(item["Key"].as_str()).is_some_and(is_ours) && !is_empty(item));
            }
            _ => {}
        }
        drop_ownership(&mut map[&name]);
        if is_empty(&map[&name]) {
            map.remove(&name);
        }
    }
}

fn is_ours(key: &str) -> bool {
    key.starts_with("groma:")
}

/// No tags; a specification of tags without one says nothing either.
fn is_empty(tags: &Value) -> bool {
    match tags {
        Value::Object(map) => map.keys().all(|name| name == "ResourceType"),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

/// A policy document: one element and a list of one are the same.
fn document(text: &str) -> Value {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return Value::String(text.to_owned()) };
    let listed = |value: &Value| match value {
        Value::Array(list) if list.len() == 1 && !list[0].is_object() => list[0].clone(),
        other => other.clone(),
    };
    fn walk(value: &Value, listed: &dyn Fn(&Value) -> Value) -> Value {
        match value {
            Value::Object(map) => {
                let members = map.iter().map(|(name, member)| (name.clone(), listed(&walk(member, listed))));
                Value::Object(members.collect::<Map<_, _>>())
            }
            Value::Array(list) => Value::Array(list.iter().map(|element| walk(element, listed)).collect()),
            other => other.clone(),
        }
    }
    normal(&walk(&value, &listed))
}

/// Parts of an ARN that AWS makes up: 32 hexadecimal digits, and the last six characters of a secret's. Ids of the
/// network but for what is there from the beginning.
fn without_ids(text: &str) -> String {
    let is_hex = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let made_up =
        ["sg-", "sgr-", "vpce-"].iter().find(|kind| text.strip_prefix(**kind).is_some_and(|id| is_hex(id, 17)));
    if let Some(kind) = made_up.filter(|_| text != GROUP) {
        return format!("{kind}ID");
    }
    if let Some((name, _)) = text.rsplit_once('-').filter(|(name, id)| name.contains(":secret:") && id.len() == 6) {
        return format!("{name}-ID");
    }
    let parts = text.split('/').map(|part| if is_hex(part, 32) { "ID" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// An answer without what differs from run to run: times and made-up ids.
pub(crate) fn lasting(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(map.iter().map(|(name, member)| (name.clone(), lasting(member))).collect()),
        Value::Array(list) => Value::Array(list.iter().map(lasting).collect()),
        Value::String(text) if is_time(text) => Value::String("TIME".to_owned()),
        Value::String(text) => Value::String(without_chance(text)),
        // Seconds or milliseconds since 1970: nothing else here is as large.
        Value::Number(number) if number.as_f64().is_some_and(|number| number > 1.5e9) => {
            Value::String("TIME".to_owned())
        }
        other => other.clone(),
    }
}

/// `2026-01-31T…`, or with a space.
fn is_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits =
        |range: std::ops::Range<usize>| bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    digits(0..4) && digits(5..7) && digits(8..10) && matches!(bytes.get(10), Some(b'T' | b' '))
}

/// Words that AWS makes up: hexadecimal ids, UUIDs, IAM's unique ids.
fn without_chance(text: &str) -> String {
    if text.len() == 36 && text.split('-').map(str::len).eq([8, 4, 4, 4, 12]) {
        return "UUID".to_owned();
    }
    let mut result = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|character: char| character.is_ascii_alphanumeric()) {
        let (before, word) = rest.split_at(start);
        let end = word.find(|character: char| !character.is_ascii_alphanumeric()).unwrap_or(word.len());
        result.push_str(before);
        result.push_str(if is_made_up(&word[..end]) { "ID" } else { &word[..end] });
        rest = &word[end..];
    }
    result + rest
}

fn is_made_up(word: &str) -> bool {
    let hexadecimal = word.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let digits = word.bytes().any(|byte| byte.is_ascii_digit());
    let of_iam = ["ACCA", "AIDA", "ANPA", "ANVA", "AROA", "ASIA"].iter().any(|start| word.starts_with(start));
    let shouted = word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let policy_of_moto = word.len() == 21 && word.starts_with('A') && digits;
    (hexadecimal
        && digits
        && matches!(word.len(), 8 | 17 | 32 | 40 | 64)
        && word.bytes().any(|byte| byte.is_ascii_lowercase()))
        || (shouted && (policy_of_moto || (of_iam && word.len() >= 20)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(operation: &str, parameters: Value, expected: Option<Value>) {
        let request = Request { service: "iam".to_owned(), operation: operation.to_owned(), parameters };
        assert_eq!(of(&request).map(|request| request.parameters), expected);
    }

    #[test]
    fn ownership_tags_and_tokens_do_not_count() {
        check(
            "CreateRole",
            json!({ "Tags": [{ "Key": "groma:address", "Value": "x" }, { "Key": "b", "Value": "c" }], "ClientToken": "1" }),
            Some(json!({ "Tags": { "b": "c" } })),
        );
        check("TagRole", json!({ "RoleName": "a", "Tags": [{ "Key": "groma:address", "Value": "x" }] }), None);
        check("UntagRole", json!({ "TagKeys": ["groma:create"] }), None);
        let tag = |key: &str| json!({ "Key": key, "Value": "c" });
        let specified = |tags: Value| json!({ "TagSpecification": [{ "ResourceType": "vpc", "Tag": tags }] });
        check("CreateVpc", specified(json!([tag("groma:create")])), Some(json!({})));
        check("CreateVpc", specified(json!([tag("groma:create"), tag("b")])), Some(specified(json!({ "b": "c" }))));
        check("AddTagsToResource", json!({ "Tags": { "Tag": [tag("groma:create")] } }), None);
        check("DeleteTags", json!({ "Tag": [{ "Key": "groma:create" }] }), None);
        check("UntagRole", json!({ "TagKeys": ["b", "a"] }), Some(json!({ "TagKeys": ["a", "b"] })));
    }

    #[test]
    fn documents_are_data() {
        check(
            "PutRolePolicy",
            json!({ "PolicyDocument": r#"{"Statement":[{"Action":["b","a"],"Resource":["*"]}]}"# }),
            Some(json!({ "PolicyDocument": { "Statement": [{ "Action": ["a", "b"], "Resource": "*" }] } })),
        );
    }

    #[test]
    fn ids_made_up_by_aws_are_one() {
        let arn = "arn:aws:apprunner:us-east-2:1:service/a/0123456789abcdef0123456789abcdef";
        check(
            "DeleteService",
            json!({ "ServiceArn": arn }),
            Some(json!({ "ServiceArn": "arn:aws:apprunner:us-east-2:1:service/a/ID" })),
        );
        let secret = "arn:aws:secretsmanager:us-east-2:1:secret:a/b-Ab1cD2";
        check(
            "DeleteSecret",
            json!({ "SecretId": secret, "GroupId": ["sg-0123456789abcdef0", GROUP] }),
            Some(
                json!({ "SecretId": "arn:aws:secretsmanager:us-east-2:1:secret:a/b-ID", "GroupId": [GROUP, "sg-ID"] }),
            ),
        );
    }
}
