//! Which version has which stage.

use serde_json::{Value, json};

use super::refusals::{invalid, no_value};
use super::secret::{find, find_alive};
use super::versions::{self, CURRENT};
use crate::paging::page;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

pub(super) fn list_versions(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let held = find(world, caller, input["SecretId"].as_str().unwrap_or_default())?;
    let deprecated = input["IncludeDeprecated"].as_bool().unwrap_or_default();
    let mut shown: Vec<_> =
        held.versions.iter().filter(|(_, version)| deprecated || !version.stages.is_empty()).collect();
    shown.sort_by_key(|(_, version)| std::cmp::Reverse(version.number));
    let views = shown.into_iter().map(|(id, version)| {
        json!({
            "VersionId": id,
            "VersionStages": version.stages,
            "CreatedDate": version.created.to_string(),
            "KmsKeyIds": [held.key.as_deref().unwrap_or("DefaultEncryptionKey")],
        })
    });
    let limit = input["MaxResults"].as_u64().unwrap_or(100) as usize;
    let Some((versions, next)) = page(views.collect(), input["NextToken"].as_str(), limit) else {
        return Err(Refusal::new("InvalidNextTokenException", "The NextToken value is invalid."));
    };
    Ok(json!({ "ARN": held.arn, "Name": held.name, "Versions": versions, "NextToken": next }))
}

pub(super) fn update(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let stage = input["VersionStage"].as_str().unwrap_or_default();
    let (from, to) = (input["RemoveFromVersionId"].as_str(), input["MoveToVersionId"].as_str());
    let now = world.now();
    let held = find_alive(world, caller, input["SecretId"].as_str().unwrap_or_default())?;
    for id in [from, to].into_iter().flatten() {
        if !held.versions.contains_key(id) {
            return Err(no_value(&format!("VersionId: {id}")));
        }
    }
    let holder = versions::staged(held, stage).map(|(id, _)| id.clone());
    match (to, from) {
        (None, _) if stage == CURRENT => {
            return Err(invalid(
                "You can only move staging label AWSCURRENT to a different secret version. \
                 It can't be completely removed.",
            ));
        }
        (Some(to), from) if holder.as_deref().is_some_and(|holder| holder != to && from != Some(holder)) => {
            return Err(invalid(format!(
                "The parameter RemoveFromVersionId can't be empty. Staging label {stage} is currently attached to \
                 version {}, so you must explicitly reference that version in RemoveFromVersionId.",
                holder.unwrap_or_default()
            )));
        }
        (Some(to), _) => versions::attach(held, stage, to),
        (None, Some(from)) => {
            if let Some(version) = held.versions.get_mut(from) {
                version.stages.remove(stage);
            }
        }
        (None, None) => return Err(invalid("Either RemoveFromVersionId or MoveToVersionId must be provided.")),
    }
    held.changed = now;
    Ok(held.named())
}
