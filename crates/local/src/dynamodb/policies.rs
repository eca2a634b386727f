//! The resource policy of a table.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::names;
use super::refusals::invalid;
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// Characters, white space counted.
const SIZE: usize = 20_480;

/// A policy as it was sent, and which one it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResourcePolicy {
    pub text: String,
    pub revision: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PolicyInput {
    resource_arn: String,
    policy: Option<String>,
    expected_revision_id: Option<String>,
}

/// A revision id: a number in AWS, never the same twice.
pub(super) fn revision(world: &mut World) -> String {
    let number = u64::from_str_radix(&world.hex(12), 16).expect("twelve hex digits are a number");
    format!("1{number:015}")
}

/// Refuses what is no policy document.
pub(super) fn accepted(text: String) -> Result<String, Refusal> {
    if text.chars().count() > SIZE {
        return Err(invalid(format!("Policy size exceeds the limit of {SIZE}")));
    }
    let parsed: Value = serde_json::from_str(&text).unwrap_or_default();
    let has_statement = parsed.get("Statement").is_some_and(|statement| statement.is_array() || statement.is_object());
    if has_statement { Ok(text) } else { Err(invalid("Invalid policy document")) }
}

pub(super) fn put(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: PolicyInput = read(input)?;
    let text = accepted(asked.policy.clone().unwrap_or_default())?;
    let revision = revision(world);
    let table = names::resource(world, caller, &asked.resource_arn)?;
    asked.refuse_other_revision(table.policy.as_ref())?;
    // The same text again is the same revision.
    let same = table.policy.take().filter(|old| old.text == text);
    let policy = same.unwrap_or(ResourcePolicy { text, revision });
    let answer = json!({ "RevisionId": policy.revision });
    table.policy = Some(policy);
    Ok(answer)
}

pub(super) fn get(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: PolicyInput = read(input)?;
    let table = names::resource(world, caller, &asked.resource_arn)?;
    let policy = table.policy.as_ref().ok_or_else(|| asked.none())?;
    Ok(json!({ "Policy": policy.text, "RevisionId": policy.revision }))
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: PolicyInput = read(input)?;
    let table = names::resource(world, caller, &asked.resource_arn)?;
    asked.refuse_other_revision(table.policy.as_ref())?;
    Ok(json!({ "RevisionId": table.policy.take().map(|policy| policy.revision) }))
}

impl PolicyInput {
    fn none(&self) -> Refusal {
        let arn = &self.resource_arn;
        Refusal::new(
            "PolicyNotFoundException",
            format!("Resource-based policy not found for the provided ResourceArn: {arn}"),
        )
    }

    /// `NO_POLICY` expects that there is none.
    fn refuse_other_revision(&self, policy: Option<&ResourcePolicy>) -> Result<(), Refusal> {
        let has = policy.map_or("NO_POLICY", |policy| &policy.revision);
        match &self.expected_revision_id {
            Some(expected) if expected != has => Err(self.none()),
            _ => Ok(()),
        }
    }
}
