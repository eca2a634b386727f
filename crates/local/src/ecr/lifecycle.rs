//! Lifecycle policies: what AWS accepts, and the form in which it gives them back.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::refusals::{self, invalid};
use super::{Lifecycle, repository};
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

pub(super) fn put(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let now = world.now();
    let held = repository(world, caller, input)?;
    let policy = checked(input["lifecyclePolicyText"].as_str().unwrap_or_default())
        .map_err(|why| invalid("LifecyclePolicyText", format!("Lifecycle policy validation failure: {why}")))?;
    let answer = shown(caller, &held.name, &policy);
    held.lifecycle = Some(Lifecycle { policy, evaluated_at: now });
    Ok(answer)
}

pub(super) fn get(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let held = repository(world, caller, input)?;
    let lifecycle = held.lifecycle.as_ref().ok_or_else(|| absent(caller, &held.name))?;
    Ok(with_evaluation(shown(caller, &held.name, &lifecycle.policy), lifecycle))
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let held = repository(world, caller, input)?;
    let lifecycle = held.lifecycle.take().ok_or_else(|| absent(caller, &held.name))?;
    Ok(with_evaluation(shown(caller, &held.name, &lifecycle.policy), &lifecycle))
}

fn absent(caller: &Caller, name: &str) -> Refusal {
    refusals::no_policy(caller, "LifecyclePolicyNotFoundException", "Lifecycle policy", name)
}

fn shown(caller: &Caller, name: &str, policy: &Value) -> Value {
    json!({ "registryId": caller.account, "repositoryName": name, "lifecyclePolicyText": policy.to_string() })
}

fn with_evaluation(mut answer: Value, lifecycle: &Lifecycle) -> Value {
    answer["lastEvaluatedAt"] = json!(lifecycle.evaluated_at);
    answer
}

/// The policy in ECR's form: rules by priority, members in ECR's order, nothing empty. Else ECR's complaint.
fn checked(text: &str) -> Result<Value, String> {
    const UNMAPPED: &str = "Could not map policyString into LifecyclePolicy.";
    let policy: Map<String, Value> = serde_json::from_str(text).map_err(|_| UNMAPPED.to_owned())?;
    allowed(&policy, &["rules"], &["rules"])?;
    let rules = policy["rules"].as_array().ok_or_else(|| wrong_type(&policy["rules"], "array"))?;
    if rules.is_empty() {
        return Err("array is too short: must have at least 1 elements but instance has 0 elements".to_owned());
    }
    if rules.len() > 50 {
        return Err(format!(
            "array is too long: must have at most 50 elements but instance has {} elements",
            rules.len()
        ));
    }
    let mut rules = rules.iter().map(rule).collect::<Result<Vec<_>, _>>()?;
    rules.sort_by_key(|rule| rule["rulePriority"].as_i64());
    together(&rules)?;
    Ok(json!({ "rules": rules }))
}

fn rule(value: &Value) -> Result<Value, String> {
    let given = object(value)?;
    allowed(given, &["rulePriority", "selection", "action"], &["rulePriority", "description", "selection", "action"])?;
    let mut rule = Map::new();
    rule.insert("rulePriority".to_owned(), positive(&given["rulePriority"])?);
    if let Some(description) = given.get("description") {
        let text = description.as_str().ok_or_else(|| wrong_type(description, "string"))?;
        rule.insert("description".to_owned(), Value::from(text));
    }
    let action = action(&given["action"])?;
    rule.insert("selection".to_owned(), selection(&given["selection"])?);
    rule.insert("action".to_owned(), action);
    Ok(Value::Object(rule))
}

fn action(value: &Value) -> Result<Value, String> {
    let given = object(value)?;
    allowed(given, &["type"], &["type", "targetStorageClass"])?;
    match (one_of(&given["type"], &["expire", "transition"])?, given.get("targetStorageClass")) {
        ("expire", None) => Ok(json!({ "type": "expire" })),
        ("transition", Some(class)) if class == "archive" => {
            Ok(json!({ "type": "transition", "targetStorageClass": "archive" }))
        }
        _ => Err(NO_SCHEMA.to_owned()),
    }
}

/// What the service says of a block whose members do not go together.
const NO_SCHEMA: &str = "instance failed to match exactly one schema (matched 0 out of 2)";

fn selection(value: &Value) -> Result<Value, String> {
    const KNOWN: &[&str] =
        &["tagStatus", "tagPrefixList", "tagPatternList", "storageClass", "countType", "countUnit", "countNumber"];
    let given = object(value)?;
    allowed(given, &["tagStatus", "countType", "countNumber"], KNOWN)?;
    let status = one_of(&given["tagStatus"], &["tagged", "untagged", "any"])?;
    let (prefixes, patterns) = (texts(given.get("tagPrefixList"))?, texts(given.get("tagPatternList"))?);
    match (status, prefixes.is_empty(), patterns.is_empty()) {
        ("tagged", true, true) => {
            return Err("tagPrefixList or tagPatternList is required when tagStatus is tagged".to_owned());
        }
        ("tagged", false, false) => return Err("tagPrefixList and tagPatternList cannot both be specified".to_owned()),
        ("tagged", ..) | (_, true, true) => {}
        (status, ..) => {
            return Err(format!("tagPrefixList and tagPatternList must be empty when tagStatus is {status}"));
        }
    }
    if let Some(pattern) = patterns.iter().find(|pattern| pattern.matches('*').count() > 4) {
        return Err(format!("tagPatternList '{pattern}' has more than 4 wildcards"));
    }
    let unit = count_unit(given)?;
    let mut selection = json!({ "tagStatus": status });
    let lists = [("tagPrefixList", prefixes), ("tagPatternList", patterns)];
    lists.into_iter().filter(|(_, list)| !list.is_empty()).for_each(|(name, list)| selection[name] = json!(list));
    if let Some(class) = given.get("storageClass") {
        selection["storageClass"] = json!(one_of(class, &["standard", "archive"])?);
    }
    selection["countType"] = given["countType"].clone();
    unit.into_iter().for_each(|unit| selection["countUnit"] = json!(unit));
    selection["countNumber"] = positive(&given["countNumber"])?;
    Ok(selection)
}

/// Counts of images have no unit, counts of time have days.
fn count_unit(given: &Map<String, Value>) -> Result<Option<&'static str>, String> {
    let unit = given.get("countUnit").map(|unit| one_of(unit, &["days"])).transpose()?;
    match (given["countType"].as_str(), unit) {
        (Some("imageCountMoreThan"), None) => Ok(None),
        (Some("sinceImagePushed" | "sinceImagePulled" | "sinceImageTransitioned"), Some(_)) => Ok(Some("days")),
        _ => Err(NO_SCHEMA.to_owned()),
    }
}

/// What the rules may not do together; they come sorted by priority.
fn together(rules: &[Value]) -> Result<(), String> {
    let priorities: BTreeSet<_> = rules.iter().map(|rule| rule["rulePriority"].as_i64()).collect();
    if priorities.len() < rules.len() {
        return Err("Rule priorities must be unique.".to_owned());
    }
    let class = |rule: &Value| rule["selection"]["storageClass"].as_str().unwrap_or("standard").to_owned();
    for (status, word) in [("untagged", "Untagged"), ("any", "Any")] {
        let selecting: Vec<_> =
            rules.iter().filter(|rule| rule["selection"]["tagStatus"] == status).map(class).collect();
        if selecting.iter().collect::<BTreeSet<_>>().len() < selecting.len() {
            return Err(format!("Only one rule can select {word} images per storage class."));
        }
    }
    let is_any = |rule: &Value| rule["selection"]["tagStatus"] == "any";
    match rules.iter().position(is_any) {
        Some(first) if !rules[first..].iter().all(is_any) => {
            Err("Rules that select Any images must have the highest rulePriority.".to_owned())
        }
        _ => Ok(()),
    }
}

fn object(value: &Value) -> Result<&Map<String, Value>, String> {
    value.as_object().ok_or_else(|| wrong_type(value, "object"))
}

fn allowed(given: &Map<String, Value>, required: &[&str], known: &[&str]) -> Result<(), String> {
    let missing: BTreeSet<_> = required.iter().filter(|name| !given.contains_key(**name)).collect();
    if !missing.is_empty() {
        return Err(format!("object has missing required properties ({})", json!(missing)));
    }
    let unknown: BTreeSet<_> = given.keys().filter(|name| !known.contains(&name.as_str())).collect();
    if !unknown.is_empty() {
        return Err(format!(
            "object instance has properties which are not allowed by the schema: ({})",
            json!(unknown)
        ));
    }
    Ok(())
}

fn one_of<'a>(value: &'a Value, known: &[&str]) -> Result<&'a str, String> {
    let text = value.as_str().ok_or_else(|| wrong_type(value, "string"))?;
    if known.contains(&text) {
        Ok(text)
    } else {
        Err(format!("instance value ({value}) not found in enum (possible values: {})", json!(known)))
    }
}

fn positive(value: &Value) -> Result<Value, String> {
    match value.as_i64() {
        Some(number) if number < 1 => {
            Err(format!("numeric instance is lower than the required minimum (minimum: 1, found: {number})"))
        }
        Some(number) => Ok(Value::from(number)),
        None => Err(wrong_type(value, "integer")),
    }
}

fn texts(value: Option<&Value>) -> Result<Vec<&str>, String> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let items = value.as_array().ok_or_else(|| wrong_type(value, "array"))?;
    let text = |item: &'_ Value| match item.as_str() {
        Some("") => Err("string \"\" is too short (length: 0, required minimum: 1)".to_owned()),
        Some(_) => Ok(()),
        None => Err(wrong_type(item, "string")),
    };
    items.iter().try_for_each(text)?;
    Ok(items.iter().filter_map(Value::as_str).collect())
}

fn wrong_type(value: &Value, wanted: &str) -> String {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    format!("instance type ({found}) does not match any allowed primitive type (allowed: [\"{wanted}\"])")
}
