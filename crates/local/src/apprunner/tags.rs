//! Tags of every kind of resource.

use serde_json::{Value, json};

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

use super::answer::{invalid, not_found, text};
use super::{AppRunner, arn};

/// Tags per resource.
const LIMIT: usize = 50;

/// Puts the tags of a create request on the new resource.
pub(super) fn attach(world: &mut World, caller: &Caller, arn: &str, given: &Value) -> Result<(), Refusal> {
    if given.as_array().is_none_or(Vec::is_empty) {
        return Ok(());
    }
    let tags = &mut world.region(caller).apprunner.tags;
    add(tags.entry(arn.to_owned()).or_default(), given).inspect_err(|_| {
        tags.remove(arn);
    })
}

pub(super) fn tag(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let arn = existing(world, caller, input)?;
    let tags = world.region(caller).apprunner.tags.entry(arn).or_default();
    let mut wanted = tags.clone();
    add(&mut wanted, &input["Tags"])?;
    *tags = wanted;
    Ok(json!({}))
}

pub(super) fn untag(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let arn = existing(world, caller, input)?;
    let tags = world.region(caller).apprunner.tags.entry(arn).or_default();
    for key in input["TagKeys"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        tags.remove(key);
    }
    Ok(json!({}))
}

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let arn = existing(world, caller, input)?;
    let tags = world.region(caller).apprunner.tags.get(&arn).cloned().unwrap_or_default();
    let shown: Vec<_> = tags.into_iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect();
    Ok(json!({ "Tags": shown }))
}

fn add(tags: &mut std::collections::BTreeMap<String, String>, given: &Value) -> Result<(), Refusal> {
    for tag in given.as_array().into_iter().flatten() {
        let Some(key) = tag["Key"].as_str() else {
            return Err(invalid("A tag needs a Key."));
        };
        if key.to_ascii_lowercase().starts_with("aws:") {
            return Err(invalid(format!("The tag key {key} isn't valid: keys that start with aws: are reserved.")));
        }
        tags.insert(key.to_owned(), tag["Value"].as_str().unwrap_or_default().to_owned());
    }
    match tags.len() > LIMIT {
        true => Err(invalid(format!("A resource can have at most {LIMIT} tags."))),
        false => Ok(()),
    }
}

fn existing(world: &mut World, caller: &Caller, input: &Value) -> Result<String, Refusal> {
    let given = text(input, "ResourceArn")?;
    match exists(&world.region(caller).apprunner, caller, given) {
        true => Ok(given.to_owned()),
        false => Err(not_found(format!("Resource with the provided ARN doesn't exist: {given}"))),
    }
}

fn exists(state: &AppRunner, caller: &Caller, given: &str) -> bool {
    let Some(parts) = arn::parse(caller, given) else {
        return false;
    };
    match parts.kind {
        "service" => state.services.values().any(|service| service.arn == given && service.deleted_at.is_none()),
        "autoscalingconfiguration" => state.auto_scaling.get(given).is_some_and(|each| each.head.deleted_at.is_none()),
        "observabilityconfiguration" => {
            state.observability.get(given).is_some_and(|each| each.head.deleted_at.is_none())
        }
        "vpcconnector" => state.connectors.get(given).is_some_and(|each| each.deleted_at.is_none()),
        "vpcingressconnection" => state.ingress.get(given).is_some_and(|each| each.deleted_at.is_none()),
        "connection" => state.connections.contains_key(given),
        _ => false,
    }
}
