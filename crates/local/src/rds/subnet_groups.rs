//! DB subnet groups.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::given::{required, text, texts};
use super::network::{self, Subnet};
use super::page::{page, passes};
use super::refusals::{invalid, no_subnet_group};
use super::{arn, tags};
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// The group that RDS makes itself of the default VPC's subnets.
const DEFAULT: &str = "default";
/// Groups per account and region.
const QUOTA: usize = 50;
/// Subnets per group.
const SUBNETS: usize = 20;

/// The subnets that instances may stand in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubnetGroup {
    pub name: String,
    pub description: String,
    pub vpc: String,
    /// Subnet ids with their zones.
    pub subnets: BTreeMap<String, String>,
}

impl SubnetGroup {
    /// As it stands in its own answers and in those of an instance.
    pub(super) fn view(&self, caller: &Caller) -> Value {
        let subnets = self.subnets.iter().map(|(id, zone)| {
            json!({
                "SubnetIdentifier": id,
                "SubnetAvailabilityZone": { "Name": zone },
                "SubnetOutpost": {},
                "SubnetStatus": "Active",
            })
        });
        json!({
            "DBSubnetGroupName": self.name,
            "DBSubnetGroupDescription": self.description,
            "VpcId": self.vpc,
            "SubnetGroupStatus": "Complete",
            "Subnets": subnets.collect::<Vec<_>>(),
            "DBSubnetGroupArn": arn(caller, "subgrp", &self.name),
            "SupportedNetworkTypes": ["IPV4"],
        })
    }
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let name = name(required(input, "DBSubnetGroupName")?)?;
    let description = required(input, "DBSubnetGroupDescription")?.to_owned();
    let tags = tags::given(input)?;
    let groups = &world.region(caller).rds.subnet_groups;
    if groups.contains_key(&name) {
        let message = format!("The DB subnet group '{name}' already exists.");
        return Err(Refusal::new("DBSubnetGroupAlreadyExists", message));
    }
    if groups.len() >= QUOTA {
        let message = format!("You have reached the quota of {QUOTA} DB subnet groups.");
        return Err(Refusal::new("DBSubnetGroupQuotaExceeded", message));
    }
    let (vpc, subnets) = placed(world, caller, input)?;
    let group = SubnetGroup { name: name.clone(), description, vpc, subnets };
    let shown = group.view(caller);
    let rds = &mut world.region(caller).rds;
    rds.tags.insert(arn(caller, "subgrp", &name), tags);
    rds.subnet_groups.insert(name, group);
    Ok(json!({ "DBSubnetGroup": shown }))
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let groups = &world.region(caller).rds.subnet_groups;
    let mut found = Vec::new();
    match text(input, "DBSubnetGroupName").map(str::to_lowercase) {
        Some(name) => found.push(groups.get(&name).ok_or_else(|| no_subnet_group(&name))?),
        None => found.extend(groups.values()),
    }
    passes(input, |_| None)?;
    page(input, "DBSubnetGroups", found.iter().map(|group| (group.name.clone(), group.view(caller))).collect())
}

pub(super) fn modify(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let name = required(input, "DBSubnetGroupName")?.to_lowercase();
    let group = world.region(caller).rds.subnet_groups.get(&name).cloned().ok_or_else(|| no_subnet_group(&name))?;
    let (vpc, subnets) = placed(world, caller, input)?;
    if vpc != group.vpc {
        return Err(invalid("The new Subnets are not in the same Vpc as the existing subnet group"));
    }
    for instance in world.region(caller).rds.instances.values() {
        let subnet = &instance.interface.subnet;
        if instance.settings.subnet_group == name && !subnets.contains_key(subnet) {
            let message = format!("Some of the subnets to be deleted are currently in use: {subnet}");
            return Err(Refusal::new("SubnetAlreadyInUse", message));
        }
    }
    let description = text(input, "DBSubnetGroupDescription").map_or(group.description, str::to_owned);
    let group = SubnetGroup { description, subnets, ..group };
    let shown = group.view(caller);
    world.region(caller).rds.subnet_groups.insert(name, group);
    Ok(json!({ "DBSubnetGroup": shown }))
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let name = required(input, "DBSubnetGroupName")?.to_lowercase();
    let rds = &mut world.region(caller).rds;
    if !rds.subnet_groups.contains_key(&name) {
        return Err(no_subnet_group(&name));
    }
    if let Some(user) = rds.instances.values().find(|instance| instance.settings.subnet_group == name) {
        let message = format!(
            "Cannot delete the subnet group '{name}' because at least one database instance: {} is still using it.",
            user.id
        );
        return Err(Refusal::new("InvalidDBSubnetGroupStateFault", message));
    }
    rds.subnet_groups.remove(&name);
    rds.tags.remove(&arn(caller, "subgrp", &name));
    Ok(json!({}))
}

/// The group's VPC and subnets: at least two zones of one VPC.
fn placed(world: &mut World, caller: &Caller, input: &Value) -> Result<(String, BTreeMap<String, String>), Refusal> {
    let ids = texts(input, "SubnetIds").unwrap_or_default();
    let mut subnets = Vec::new();
    for id in ids {
        let found = network::subnet(world, caller, &id);
        let found = found.ok_or_else(|| {
            Refusal::new("InvalidSubnet", format!("The requested subnet is invalid, or multiple subnets were requested that are not all in a common VPC: [{id}]"))
        })?;
        subnets.push((id, found));
    }
    let vpcs: BTreeSet<&str> = subnets.iter().map(|(_, subnet)| subnet.vpc.as_str()).collect();
    let zones: BTreeSet<&str> = subnets.iter().map(|(_, subnet)| subnet.zone.as_str()).collect();
    if vpcs.len() > 1 {
        let message = "The requested subnets are not all in a common VPC.";
        return Err(Refusal::new("InvalidSubnet", message));
    }
    if zones.len() < 2 {
        let covered = zones.into_iter().collect::<Vec<_>>().join(", ");
        let message = format!(
            "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: {covered}. Add subnets to cover at least 2 AZs."
        );
        return Err(Refusal::new("DBSubnetGroupDoesNotCoverEnoughAZs", message));
    }
    if subnets.len() > SUBNETS {
        let message = format!("A DB subnet group can have at most {SUBNETS} subnets.");
        return Err(Refusal::new("DBSubnetQuotaExceededFault", message));
    }
    let vpc = vpcs.into_iter().next().unwrap_or_default().to_owned();
    Ok((vpc, subnets.into_iter().map(|(id, Subnet { zone, .. })| (id, zone)).collect()))
}

/// The name in lower case.
fn name(given: &str) -> Result<String, Refusal> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || " ._-".contains(letter);
    if given.is_empty() || given.len() > 255 || !given.chars().all(fits) || given.eq_ignore_ascii_case(DEFAULT) {
        return Err(invalid(
            "The parameter DBSubnetGroupName is not a valid identifier. It must contain from 1 to 255 alphanumeric characters, periods, underscores, spaces or hyphens, and must not be 'default'.",
        ));
    }
    Ok(given.to_lowercase())
}

/// The group of an instance: the one named, or that of the default VPC, which RDS makes on first use.
pub(super) fn chosen(world: &mut World, caller: &Caller, given: Option<&str>) -> Result<SubnetGroup, Refusal> {
    let name = given.unwrap_or(DEFAULT).to_lowercase();
    if let Some(group) = world.region(caller).rds.subnet_groups.get(&name) {
        return Ok(group.clone());
    }
    if name != DEFAULT {
        return Err(no_subnet_group(&name));
    }
    let (vpc, subnets) = network::default_vpc(world, caller).ok_or_else(|| {
        Refusal::new("InvalidVPCNetworkStateFault", "No default VPC exists in this region; name a DB subnet group.")
    })?;
    let group = SubnetGroup { name, description: DEFAULT.to_owned(), vpc, subnets };
    world.region(caller).rds.subnet_groups.insert(DEFAULT.to_owned(), group.clone());
    Ok(group)
}
