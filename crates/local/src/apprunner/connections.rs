//! Connections to source code hosts. A person finishes the handshake in the console.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

use super::answer::{invalid, not_found, page, quota, text, time};
use super::{arn, tags};

/// Connections per account and region.
const QUOTA: usize = 10;

/// One connection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    pub arn: String,
    pub name: String,
    /// `GITHUB` or `BITBUCKET`.
    pub provider: String,
    /// Whether a person has finished the handshake.
    pub available: bool,
    pub created_at: Timestamp,
}

/// Does in the console's place what makes a pending connection available; `false` when there is none of this name.
pub fn finish_handshake(world: &mut World, caller: &Caller, name: &str) -> bool {
    let connections = &mut world.region(caller).apprunner.connections;
    connections
        .values_mut()
        .find(|connection| connection.name == name)
        .map(|connection| connection.available = true)
        .is_some()
}

/// Refuses a connection that a service cannot use.
pub(super) fn usable(world: &World, caller: &Caller, given: &str) -> Result<(), Refusal> {
    let region = world.accounts.get(&caller.account).and_then(|account| account.regions.get(&caller.region));
    match region.and_then(|region| region.apprunner.connections.get(given)) {
        None => Err(invalid(format!("The connection ARN you specified isn't valid. ARN: '{given}'"))),
        Some(connection) if !connection.available => Err(invalid(format!(
            "The connection you specified isn't in AVAILABLE state. Complete the handshake first. ARN: '{given}'"
        ))),
        Some(_) => Ok(()),
    }
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let name = text(input, "ConnectionName")?.to_owned();
    let existing = &world.region(caller).apprunner.connections;
    if existing.values().any(|connection| connection.name == name) {
        return Err(invalid(format!("Connection with the provided name already exists: {name}.")));
    }
    if existing.len() >= QUOTA {
        return Err(quota(format!("You have reached the quota of {QUOTA} connections per Region.")));
    }
    let arn = arn::of(caller, &format!("connection/{name}/{}", arn::fresh_id(world)));
    tags::attach(world, caller, &arn, &input["Tags"])?;
    let provider = text(input, "ProviderType")?.to_owned();
    let made = Connection { arn: arn.clone(), name, provider, available: false, created_at: world.now() };
    let shown = view(&made);
    world.region(caller).apprunner.connections.insert(arn, made);
    Ok(json!({ "Connection": shown }))
}

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked = input["ConnectionName"].as_str();
    let connections = world.region(caller).apprunner.connections.values();
    let shown = connections.filter(|connection| asked.is_none_or(|name| connection.name == name));
    page(input, "ConnectionSummaryList", shown.map(view).collect())
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let given = text(input, "ConnectionArn")?;
    let now = world.now();
    let state = &mut world.region(caller).apprunner;
    let uses = |one: &super::blocks::Configuration| {
        one.source
            .authentication_configuration
            .as_ref()
            .is_some_and(|authentication| authentication.connection_arn.as_deref() == Some(given))
    };
    if !state.connections.contains_key(given) {
        return Err(not_found(format!("Connection with the provided ARN doesn't exist: {given}")));
    }
    if state.services.values().any(|service| service.lately_used(now, uses)) {
        return Err(invalid(format!("Provided connection arn is being used by other services. ARN:  {given}")));
    }
    state.tags.remove(given);
    let mut shown = state.connections.remove(given).map_or(Value::Null, |connection| view(&connection));
    shown["Status"] = json!("DELETED");
    Ok(json!({ "Connection": shown }))
}

fn view(connection: &Connection) -> Value {
    json!({
        "ConnectionName": connection.name,
        "ConnectionArn": connection.arn,
        "ProviderType": connection.provider,
        "Status": if connection.available { "AVAILABLE" } else { "PENDING_HANDSHAKE" },
        "CreatedAt": time(connection.created_at),
    })
}
