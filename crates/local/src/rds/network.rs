//! Where an instance stands: its subnet, its security groups, and the network interface that holds them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::refusals::invalid;
use crate::ec2;
use crate::refusal::Refusal;
use crate::world::{Caller, World};

/// A requester-managed network interface: it keeps its subnet and its groups from being deleted until the instance is gone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Interface {
    pub id: String,
    pub subnet: String,
    pub security_groups: Vec<String>,
    pub created_at: Timestamp,
}

/// The interfaces of all instances in this account and region, those that are being deleted included.
pub fn interfaces(world: &World, caller: &Caller) -> Vec<Interface> {
    let region = world.accounts.get(&caller.account).and_then(|account| account.regions.get(&caller.region));
    let instances = region.into_iter().flat_map(|region| region.rds.instances.values());
    let held = instances.map(|instance| Interface {
        security_groups: instance.settings.security_groups.clone(),
        ..instance.interface.clone()
    });
    held.collect()
}

/// A subnet as far as databases need it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Subnet {
    pub(super) vpc: String,
    pub(super) zone: String,
}

pub(super) fn subnet(world: &mut World, caller: &Caller, id: &str) -> Option<Subnet> {
    let found = ec2::subnet(world, caller, id)?;
    Some(Subnet { vpc: found.vpc.clone(), zone: found.zone.clone() })
}

/// The default VPC with its subnets and their zones.
pub(super) fn default_vpc(world: &mut World, caller: &Caller) -> Option<(String, BTreeMap<String, String>)> {
    // Looking for anything makes the region's starting network.
    ec2::subnet(world, caller, "");
    let ec2 = &world.region(caller).ec2;
    let vpc = ec2.vpcs.values().find(|vpc| vpc.is_default)?;
    let subnets = ec2.subnets.values().filter(|subnet| subnet.vpc == vpc.id);
    Some((vpc.id.clone(), subnets.map(|subnet| (subnet.id.clone(), subnet.zone.clone())).collect()))
}

/// The groups as given, all of this VPC; its default group when none is given.
pub(super) fn security_groups(
    world: &mut World,
    caller: &Caller,
    vpc: &str,
    given: Option<Vec<String>>,
) -> Result<Vec<String>, Refusal> {
    let Some(given) = given.filter(|given| !given.is_empty()) else {
        return Ok(ec2::default_group(world, caller, vpc).map(|group| group.id.clone()).into_iter().collect());
    };
    for id in &given {
        let of = ec2::security_group(world, caller, id).map(|group| group.vpc.clone());
        let of = of.ok_or_else(|| invalid(format!("Invalid security group , groupId= {id}, groupName=.")))?;
        if of != vpc {
            let message = "The DB instance and EC2 security group are in different VPCs. ";
            let message = format!("{message}The DB instance is in {vpc} and the EC2 security group is in {of}");
            return Err(Refusal::new("InvalidVPCNetworkStateFault", message));
        }
    }
    Ok(given)
}
