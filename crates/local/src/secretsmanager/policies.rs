//! Resource policies of secrets.

use serde_json::Value;

use super::secret::{find, find_alive};
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

pub(super) fn get(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let held = find(world, caller, input["SecretId"].as_str().unwrap_or_default())?;
    let mut answer = held.named();
    answer["ResourcePolicy"] = held.policy.clone().into();
    Ok(answer)
}

pub(super) fn put(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let text = input["ResourcePolicy"].as_str().unwrap_or_default();
    find_alive(world, caller, input["SecretId"].as_str().unwrap_or_default())?;
    let policy = serde_json::from_str::<Value>(text).ok().filter(|policy| statements(policy).all(is_statement));
    let policy = policy.filter(|policy| statements(policy).count() > 0);
    let policy = policy.ok_or_else(|| malformed("This resource policy contains a syntax error."))?;
    if statements(&policy).flat_map(principals).any(|principal| !is_known(world, caller, principal)) {
        return Err(malformed("This resource policy contains an unsupported principal."));
    }
    if input["BlockPublicPolicy"] == true && statements(&policy).any(is_public) {
        let message = "You can't attach a policy that grants broad access to the secret.";
        return Err(Refusal::new("PublicPolicyException", message));
    }
    let held = find_alive(world, caller, input["SecretId"].as_str().unwrap_or_default())?;
    held.policy = Some(text.to_owned());
    Ok(held.named())
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let held = find_alive(world, caller, input["SecretId"].as_str().unwrap_or_default())?;
    held.policy = None;
    Ok(held.named())
}

fn malformed(message: &str) -> Refusal {
    Refusal::new("MalformedPolicyDocumentException", message)
}

fn statements(policy: &Value) -> impl Iterator<Item = &Value> {
    let statement = &policy["Statement"];
    let one = Some(statement).filter(|statement| statement.is_object());
    statement.as_array().into_iter().flatten().chain(one)
}

/// A statement says whom, what and on what.
fn is_statement(statement: &Value) -> bool {
    let either = |name: &str| statement[name].is_null() != statement[format!("Not{name}")].is_null();
    matches!(statement["Effect"].as_str(), Some("Allow" | "Deny"))
        && ["Principal", "Action", "Resource"].into_iter().all(either)
}

fn principals(statement: &Value) -> Vec<&str> {
    match &statement["Principal"]["AWS"] {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

fn is_public(statement: &Value) -> bool {
    let anyone = statement["Principal"] == "*" || principals(statement).contains(&"*");
    statement["Effect"] == "Allow" && anyone && statement["Condition"].is_null()
}

/// Roles of the own account are looked up; a new one takes its time to be known.
fn is_known(world: &World, caller: &Caller, principal: &str) -> bool {
    let roles = format!("arn:{}:iam::{}:role/", caller.partition, caller.account);
    if !principal.starts_with(&roles) {
        return true;
    }
    let role = world.accounts.get(&caller.account).and_then(|account| account.iam.role_by_arn(principal));
    role.is_some_and(|role| role.created + world.settings.role_propagation <= world.now())
}
