//! Lists of secrets, and the filters that choose among them.

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::Secret;
use crate::paging::page;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

pub(super) fn secrets(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let waiting = input["IncludePlannedDeletion"].as_bool().unwrap_or_default();
    let mut found = selected(world, caller, input);
    found.retain(|secret| waiting || secret.deletion.is_none());
    match input["SortBy"].as_str() {
        Some("name") => found.sort_by(|one, other| other.name.cmp(&one.name)),
        Some("last-changed-date") => found.sort_by_key(|secret| Reverse(secret.changed)),
        _ => found.sort_by_key(|secret| Reverse(secret.created)),
    }
    if input["SortOrder"] == "asc" {
        found.reverse();
    }
    let views = found.iter().map(|secret| secret.view("SecretVersionsToStages")).collect();
    let limit = input["MaxResults"].as_u64().unwrap_or(100) as usize;
    let Some((list, next)) = page(views, input["NextToken"].as_str(), limit) else {
        return Err(Refusal::new("InvalidNextTokenException", "The NextToken value is invalid."));
    };
    Ok(json!({ "SecretList": list, "NextToken": next }))
}

/// The secrets that meet all filters, by name.
pub(super) fn selected(world: &mut World, caller: &Caller, input: &Value) -> Vec<Secret> {
    let filters = input["Filters"].as_array().cloned().unwrap_or_default();
    let secrets = world.region(caller).secretsmanager.secrets.values();
    secrets.filter(|secret| filters.iter().all(|filter| meets(secret, filter))).cloned().collect()
}

/// One filter: any of its values, or none of those that begin with `!`.
fn meets(secret: &Secret, filter: &Value) -> bool {
    let texts = texts(secret, filter["Key"].as_str().unwrap_or_default());
    let folded = matches!(filter["Key"].as_str(), Some("description" | "all"));
    let values: Vec<&str> = filter["Values"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let begins = |value: &str| {
        texts.iter().any(|text| match folded {
            true => text.to_lowercase().split(' ').any(|word| word.starts_with(&value.to_lowercase())),
            false => text.starts_with(value),
        })
    };
    values.iter().any(|value| match value.strip_prefix('!') {
        Some(not) => !begins(not),
        None => begins(value),
    })
}

fn texts<'a>(secret: &'a Secret, key: &str) -> Vec<&'a str> {
    let tag_keys = || secret.tags.keys().map(String::as_str);
    let tag_values = || secret.tags.values().map(String::as_str);
    match key {
        "name" => vec![&secret.name],
        "description" => secret.description.as_deref().into_iter().collect(),
        "tag-key" => tag_keys().collect(),
        "tag-value" => tag_values().collect(),
        "all" => {
            let own = [secret.name.as_str()].into_iter().chain(secret.description.as_deref());
            own.chain(tag_keys()).chain(tag_values()).collect()
        }
        _ => Vec::new(),
    }
}
