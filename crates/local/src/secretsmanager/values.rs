//! Values: read and written.

use serde_json::{Value, json};

use super::list::selected;
use super::refusals::{invalid, no_value, not_now};
use super::secret::{Secret, find_alive};
use super::versions::{self, CURRENT, Given, Version};
use crate::paging::page;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

pub(super) fn get(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let held = find_alive(world, caller, input["SecretId"].as_str().unwrap_or_default())?;
    let (id, version) = asked(held, input["VersionId"].as_str(), input["VersionStage"].as_str())?;
    Ok(view(held, id, version))
}

fn asked<'a>(secret: &'a Secret, id: Option<&str>, stage: Option<&str>) -> Result<(&'a String, &'a Version), Refusal> {
    let Some(id) = id else {
        let stage = stage.unwrap_or(CURRENT);
        return versions::staged(secret, stage).ok_or_else(|| no_value(&format!("staging label: {stage}")));
    };
    let found = secret.versions.get_key_value(id).ok_or_else(|| no_value(&format!("VersionId: {id}")))?;
    if stage.is_some_and(|stage| !found.1.stages.contains(stage)) {
        return Err(not_now("You provided a VersionStage that is not associated to the provided VersionId."));
    }
    Ok(found)
}

fn view(secret: &Secret, id: &str, version: &Version) -> Value {
    json!({
        "ARN": secret.arn,
        "Name": secret.name,
        "VersionId": id,
        "SecretString": version.secret_string,
        "SecretBinary": version.secret_binary,
        "VersionStages": version.stages,
        "CreatedDate": version.created.to_string(),
    })
}

/// Many at once, by their ids or by filters; what cannot be had stands among the errors.
pub(super) fn batch(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let ids: Vec<String> = match (input["SecretIdList"].as_array(), input["Filters"].as_array()) {
        (Some(_), Some(_)) => return Err(invalid("You can't use both SecretIdList and Filters in the same request.")),
        (None, None) => return Err(invalid("Either SecretIdList or Filters must be provided.")),
        (Some(ids), None) => ids.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        (None, Some(_)) => selected(world, caller, input).into_iter().map(|secret| secret.name).collect(),
    };
    let limit = input["MaxResults"].as_u64().unwrap_or(20) as usize;
    let Some((ids, next)) = page(ids, input["NextToken"].as_str(), limit) else {
        return Err(Refusal::new("InvalidNextTokenException", "The NextToken value is invalid."));
    };
    let (mut values, mut errors) = (Vec::new(), Vec::new());
    for id in ids {
        match get(world, caller, &json!({ "SecretId": id })) {
            Ok(value) => values.push(value),
            Err(refused) => {
                errors.push(json!({ "SecretId": id, "ErrorCode": refused.code, "Message": refused.message }));
            }
        }
    }
    Ok(json!({ "SecretValues": values, "Errors": errors, "NextToken": next }))
}

pub(super) fn put(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let given = Given::of(input)?.ok_or_else(|| not_now("You must provide either SecretString or SecretBinary."))?;
    let id = versions::id(world, input);
    let now = world.now();
    let stages = input["VersionStages"]
        .as_array()
        .map(|stages| stages.iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>());
    let held = find_alive(world, caller, input["SecretId"].as_str().unwrap_or_default())?;
    versions::add(held, &id, given, &stages.unwrap_or_else(|| vec![CURRENT.to_owned()]), now)?;
    let mut answer = versioned(held, &id);
    answer["VersionStages"] = json!(held.versions[&id].stages);
    Ok(answer)
}

/// What an answer about one version begins with.
pub(super) fn versioned(secret: &Secret, id: &str) -> Value {
    let mut answer = secret.named();
    answer["VersionId"] = Value::from(id);
    answer
}

/// Whether the value can be had that a service refers to by `ARN[:json key[:stage[:version]]]`.
pub(crate) fn is_there(world: &mut World, caller: &Caller, reference: &str) -> bool {
    let mut parts = reference.split(':');
    let arn = parts.by_ref().take(7).collect::<Vec<_>>().join(":");
    let mut part = || parts.next().filter(|part| !part.is_empty());
    let (key, stage, id) = (part(), part(), part());
    let Ok(held) = find_alive(world, caller, &arn) else { return false };
    let Ok((_, version)) = asked(held, id, stage) else { return false };
    let Some(key) = key else { return true };
    let json = version.secret_string.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
    json.is_some_and(|json| json.get(key).is_some())
}
