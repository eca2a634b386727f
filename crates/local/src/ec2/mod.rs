//! Amazon EC2 of the local cloud: the network that a fresh account has in each region.

mod account;
mod filter;
mod fittings;
mod groups;
mod ids;
mod interfaces;
mod refusals;
mod selection;
mod start;
mod subnets;
mod vpcs;
mod zones;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

pub use groups::SecurityGroup;
pub use subnets::Subnet;
pub use vpcs::Vpc;

/// What exists in this service.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Ec2 {
    pub vpcs: BTreeMap<String, Vpc>,
    pub subnets: BTreeMap<String, Subnet>,
    pub groups: BTreeMap<String, SecurityGroup>,
    started: bool,
}

/// The subnet of an id; the region's starting network is made on first use.
pub fn subnet<'a>(world: &'a mut World, caller: &Caller, id: &str) -> Option<&'a Subnet> {
    start::ensure(world, caller).subnets.get(id)
}

/// The security group of an id.
pub fn security_group<'a>(world: &'a mut World, caller: &Caller, id: &str) -> Option<&'a SecurityGroup> {
    start::ensure(world, caller).groups.get(id)
}

/// The default security group of a VPC.
pub fn default_group<'a>(world: &'a mut World, caller: &Caller, vpc: &str) -> Option<&'a SecurityGroup> {
    start::ensure(world, caller).groups.values().find(|group| group.vpc == vpc && group.name == "default")
}

/// Answers one call whose input the model has already accepted.
pub fn call(world: &mut World, caller: &Caller, operation: &str, input: &Value) -> Answer {
    start::ensure(world, caller);
    let answer = match operation {
        "DescribeVpcs" => vpcs::describe(world, caller, input),
        "DescribeVpcAttribute" => vpcs::attribute(world, caller, input),
        "DescribeSubnets" => subnets::describe(world, caller, input),
        "DescribeSecurityGroups" => groups::describe(world, caller, input),
        "DescribeSecurityGroupRules" => groups::rules(world, caller, input),
        "DescribeRouteTables" => fittings::route_tables(world, caller, input),
        "DescribeInternetGateways" => fittings::gateways(world, caller, input),
        "DescribeNetworkAcls" => fittings::acls(world, caller, input),
        "DescribeNetworkInterfaces" => interfaces::describe(world, caller, input),
        "DescribeAvailabilityZones" => zones::describe(caller, input),
        "DescribeRegions" => account::regions(caller, input),
        "DescribeAccountAttributes" => account::attributes(world, caller, input),
        _ => Err(Refusal::new("InvalidAction", format!("The action {operation} is not valid for this web service."))),
    }?;
    if input["DryRun"] == true {
        let message = "Request would have succeeded, but DryRun flag is set.";
        return Err(Refusal::new("DryRunOperation", message).status(412));
    }
    Ok(answer)
}

/// Nothing here becomes due.
pub fn tick(_world: &mut World, _caller: &Caller) {}
