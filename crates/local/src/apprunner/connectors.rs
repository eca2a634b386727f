//! VPC connectors and the network interfaces that they leave in subnets.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

use super::answer::{invalid, not_found, page, passed, quota, text, time};
use super::neighbours;
use super::{arn, tags};

/// Connectors per account and region.
const QUOTA: usize = 10;
/// How much longer the first operation with a connector takes, in seconds.
const FIRST_USE: i64 = 180;
/// How long the interfaces stay after the connector is deleted, in seconds; up to 20 minutes are reported.
const INTERFACES_LINGER: i64 = 600;
/// Zones without App Runner, as far as reports agree.
const UNSUPPORTED_ZONES: [&str; 1] = ["use1-az3"];

/// One connector. App Runner has one revision per name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Connector {
    pub arn: String,
    pub name: String,
    pub subnets: Vec<String>,
    pub security_groups: Vec<String>,
    pub created_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    /// One per subnet, made when a service first uses the connector.
    pub interfaces: Vec<Interface>,
}

/// A requester-managed network interface: it keeps its subnet and its groups from being deleted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interface {
    pub id: String,
    pub subnet: String,
    pub security_groups: Vec<String>,
    pub created_at: Timestamp,
}

impl Connector {
    /// Whether its interfaces still exist.
    pub fn holds_interfaces(&self, now: Timestamp) -> bool {
        !self.interfaces.is_empty() && self.deleted_at.is_none_or(|at| !passed(at, INTERFACES_LINGER, now))
    }
}

/// The interfaces of all connectors in this account and region, those of connectors deleted a moment ago included.
pub fn interfaces(world: &World, caller: &Caller) -> Vec<Interface> {
    let region = world.accounts.get(&caller.account).and_then(|account| account.regions.get(&caller.region));
    let connectors = region.into_iter().flat_map(|region| region.apprunner.connectors.values());
    connectors
        .filter(|connector| connector.holds_interfaces(world.now()))
        .flat_map(|connector| connector.interfaces.clone())
        .collect()
}

/// Refuses a connector that a service cannot use; this is also where a subnet in an unsupported zone comes out.
pub(super) fn for_service(world: &mut World, caller: &Caller, given: &str) -> Result<(), Refusal> {
    let found = world
        .region(caller)
        .apprunner
        .connectors
        .get(given)
        .filter(|connector| connector.deleted_at.is_none())
        .cloned();
    let Some(connector) = found else {
        return Err(invalid(format!("The VPC connector ARN you specified isn't valid. ARN: '{given}'")));
    };
    let mut bad = Vec::new();
    for id in &connector.subnets {
        let zone = neighbours::subnet(world, caller, id).map(|subnet| subnet.zone_id);
        bad.extend(zone.filter(|zone| UNSUPPORTED_ZONES.contains(&zone.as_str())).map(|zone| format!("{id} ({zone})")));
    }
    match bad.is_empty() {
        true => Ok(()),
        false => Err(invalid(format!(
            "The following subnets of the VPC connector are in Availability Zones that App Runner doesn't support: {}",
            bad.join(", ")
        ))),
    }
}

/// Makes the interfaces when the connector is first used; gives the seconds that this takes.
pub(super) fn join(world: &mut World, caller: &Caller, connector: Option<&str>, at: Timestamp) -> i64 {
    let Some(found) = connector.and_then(|arn| world.region(caller).apprunner.connectors.get(arn)).cloned() else {
        return 0;
    };
    if !found.interfaces.is_empty() {
        return 0;
    }
    let made = found.subnets.iter().map(|subnet| Interface {
        id: format!("eni-0{}", world.hex(16)),
        subnet: subnet.clone(),
        security_groups: found.security_groups.clone(),
        created_at: at,
    });
    let made = made.collect();
    if let Some(connector) = world.region(caller).apprunner.connectors.get_mut(&found.arn) {
        connector.interfaces = made;
    }
    FIRST_USE
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let name = text(input, "VpcConnectorName")?.to_owned();
    let mut active =
        world.region(caller).apprunner.connectors.values().filter(|connector| connector.deleted_at.is_none());
    if active.clone().any(|connector| connector.name == name) {
        return Err(invalid(format!("VPC connector with the provided name already exists: {name}.")));
    }
    if active.by_ref().count() >= QUOTA {
        return Err(quota(format!("You have reached the quota of {QUOTA} VPC connectors per Region.")));
    }
    let subnets = ids(&input["Subnets"]);
    let vpc = vpc_of(world, caller, &subnets)?;
    let security_groups = groups_in(world, caller, &vpc, ids(&input["SecurityGroups"]))?;
    let arn = arn::of(caller, &format!("vpcconnector/{name}/1/{}", arn::fresh_id(world)));
    tags::attach(world, caller, &arn, &input["Tags"])?;
    let created_at = world.now();
    let made = Connector {
        arn: arn.clone(),
        name,
        subnets,
        security_groups,
        created_at,
        deleted_at: None,
        interfaces: Vec::new(),
    };
    let shown = view(&made);
    world.region(caller).apprunner.connectors.insert(arn, made);
    Ok(json!({ "VpcConnector": shown }))
}

/// The ids in the order given, each once.
fn ids(given: &Value) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let texts = given.as_array().into_iter().flatten().filter_map(Value::as_str);
    texts.filter(|id| seen.insert(id.to_string())).map(str::to_owned).collect()
}

/// The one VPC of all subnets.
fn vpc_of(world: &mut World, caller: &Caller, subnets: &[String]) -> Result<String, Refusal> {
    let mut vpc: Option<String> = None;
    for id in subnets {
        let Some(subnet) = neighbours::subnet(world, caller, id) else {
            return Err(invalid(format!("The subnet ID '{id}' does not exist")));
        };
        if vpc.get_or_insert_with(|| subnet.vpc.clone()) != &subnet.vpc {
            return Err(invalid("The subnets you specified must be in the same VPC."));
        }
    }
    vpc.ok_or_else(|| invalid("Subnets must have at least one subnet ID."))
}

/// The groups as given, all of this VPC; its default group when none is given.
fn groups_in(world: &mut World, caller: &Caller, vpc: &str, given: Vec<String>) -> Result<Vec<String>, Refusal> {
    if given.is_empty() {
        return Ok(neighbours::default_group(world, caller, vpc).into_iter().collect());
    }
    for id in &given {
        match neighbours::group_vpc(world, caller, id) {
            None => return Err(invalid(format!("The security group '{id}' does not exist"))),
            Some(other) if other != vpc => {
                return Err(invalid("The security groups and the subnets you specified must be in the same VPC."));
            }
            Some(_) => {}
        }
    }
    Ok(given)
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let given = text(input, "VpcConnectorArn")?;
    let found = world.region(caller).apprunner.connectors.get(given);
    Ok(json!({ "VpcConnector": view(found.ok_or_else(|| missing(given))?) }))
}

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let connectors = &world.region(caller).apprunner.connectors;
    let active = connectors.values().filter(|connector| connector.deleted_at.is_none());
    page(input, "VpcConnectors", active.map(view).collect())
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let given = text(input, "VpcConnectorArn")?;
    let now = world.now();
    let state = &mut world.region(caller).apprunner;
    let used = state.services.values().any(|service| service.lately_used(now, |one| one.connector() == Some(given)));
    let connector = state
        .connectors
        .get_mut(given)
        .filter(|connector| connector.deleted_at.is_none())
        .ok_or_else(|| missing(given))?;
    if used {
        // The text is AWS's.
        return Err(invalid(format!("Provided VPC connector arn is being used by other services. ARN:  {given}")));
    }
    connector.deleted_at = Some(now);
    let shown = view(connector);
    state.tags.remove(given);
    Ok(json!({ "VpcConnector": shown }))
}

fn missing(given: &str) -> Refusal {
    not_found(format!("VPC connector with the provided ARN doesn't exist: {given}"))
}

fn view(connector: &Connector) -> Value {
    json!({
        "VpcConnectorName": connector.name,
        "VpcConnectorArn": connector.arn,
        "VpcConnectorRevision": 1,
        "Subnets": connector.subnets,
        "SecurityGroups": connector.security_groups,
        "Status": if connector.deleted_at.is_none() { "ACTIVE" } else { "INACTIVE" },
        "CreatedAt": time(connector.created_at),
        "DeletedAt": connector.deleted_at.map(time),
    })
}
