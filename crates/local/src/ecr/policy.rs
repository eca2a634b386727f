//! Repository policies.

use serde_json::{Value, json};

use super::refusals::{self, invalid};
use super::repository;
use crate::refusal::Answer;
use crate::world::{Account, Caller, World};

pub(super) fn set(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let policy = input["policyText"].as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    let wrong = || invalid("PolicyText", "Invalid repository policy provided");
    let policy = policy.filter(is_policy).ok_or_else(wrong)?;
    repository(world, caller, input)?;
    if principals(&policy).into_iter().any(|principal| !exists(world, caller, principal)) {
        return Err(wrong());
    }
    let held = repository(world, caller, input)?;
    held.policy = Some(policy);
    answer(caller, &held.name.clone(), held.policy.as_ref())
}

pub(super) fn get(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let held = repository(world, caller, input)?;
    answer(caller, &held.name.clone(), held.policy.as_ref())
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let held = repository(world, caller, input)?;
    let gone = held.policy.take();
    answer(caller, &held.name.clone(), gone.as_ref())
}

fn answer(caller: &Caller, name: &str, policy: Option<&Value>) -> Answer {
    let absent = || refusals::no_policy(caller, "RepositoryPolicyNotFoundException", "Repository policy", name);
    let mut text = String::new();
    pretty(policy.ok_or_else(absent)?, 0, &mut text);
    Ok(json!({ "registryId": caller.account, "repositoryName": name, "policyText": text }))
}

fn is_policy(policy: &Value) -> bool {
    let version = policy["Version"].as_str();
    let known = matches!(version, None | Some("2008-10-17" | "2012-10-17"));
    known && !statements(policy).is_empty() && statements(policy).into_iter().all(is_statement)
}

/// A statement of a repository policy names whom and what, but never the resource: that is the repository.
fn is_statement(statement: &Value) -> bool {
    let one_of = |names: [&str; 2]| names.iter().filter(|name| !statement[**name].is_null()).count() == 1;
    let effect = matches!(statement["Effect"].as_str(), Some("Allow" | "Deny"));
    let actions = [&statement["Action"], &statement["NotAction"]].into_iter().flat_map(texts);
    let ours = actions.into_iter().all(|action| action == "*" || action.to_ascii_lowercase().starts_with("ecr:"));
    effect
        && one_of(["Principal", "NotPrincipal"])
        && one_of(["Action", "NotAction"])
        && ours
        && statement["Resource"].is_null()
}

fn statements(policy: &Value) -> Vec<&Value> {
    match &policy["Statement"] {
        Value::Array(statements) => statements.iter().collect(),
        statement @ Value::Object(_) => vec![statement],
        _ => Vec::new(),
    }
}

fn principals(policy: &Value) -> Vec<&str> {
    statements(policy).into_iter().flat_map(|statement| texts(&statement["Principal"]["AWS"])).collect()
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        value => value.as_str().into_iter().collect(),
    }
}

/// Whether a principal is there. Other accounts cannot be looked into; of the own one only roles are.
fn exists(world: &World, caller: &Caller, principal: &str) -> bool {
    let roles = format!("arn:{}:iam::{}:role/", caller.partition, caller.account);
    let role = |account: &Account| account.iam.role_by_arn(principal).is_some();
    !principal.starts_with(&roles) || world.accounts.get(&caller.account).is_some_and(role)
}

/// JSON as ECR gives a policy back: spaced and indented, whatever the user wrote.
fn pretty(value: &Value, depth: usize, out: &mut String) {
    let indent = |depth: usize| format!("\n{}", "  ".repeat(depth));
    match value {
        Value::Object(members) if !members.is_empty() => {
            out.push('{');
            for (index, (name, member)) in members.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                out.push_str(&format!("{}{} : ", indent(depth + 1), Value::from(name.as_str())));
                pretty(member, depth + 1, out);
            }
            out.push_str(&indent(depth));
            out.push('}');
        }
        Value::Array(items) => {
            out.push_str("[ ");
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { ", " });
                pretty(item, depth, out);
            }
            out.push_str(" ]");
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}
