//! Amazon EC2 of the local cloud: the network that a fresh account has in each region, security groups and VPC endpoints.

mod account;
mod amend;
mod authorize;
mod cidr;
mod endpoint_changes;
mod endpoint_checks;
mod endpoint_services;
mod endpoints;
mod filter;
mod fittings;
mod group_changes;
mod groups;
mod hold;
mod ids;
mod interfaces;
mod permissions;
mod prefix_lists;
mod protocol;
mod refusals;
mod rules;
mod selection;
mod start;
mod subnets;
mod tags;
mod vpcs;
mod zones;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

pub use endpoints::Endpoint;
pub use groups::SecurityGroup;
pub use hold::{Held, hold, regroup, release};
pub use rules::{Peer, Rule, Traffic};
pub use subnets::Subnet;
pub use vpcs::Vpc;

/// What exists in this service.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Ec2 {
    pub vpcs: BTreeMap<String, Vpc>,
    pub subnets: BTreeMap<String, Subnet>,
    pub groups: BTreeMap<String, SecurityGroup>,
    pub rules: BTreeMap<String, Rule>,
    pub endpoints: BTreeMap<String, Endpoint>,
    /// Network interfaces that services hold for their callers; those of App Runner are kept there.
    pub interfaces: BTreeMap<String, Held>,
    /// The ids of AWS's own lists, by name.
    pub prefix_lists: BTreeMap<String, String>,
    started: bool,
}

impl Ec2 {
    /// The id of the default VPC.
    fn default_vpc(&self) -> Option<String> {
        self.vpcs.values().find(|vpc| vpc.is_default).map(|vpc| vpc.id.clone())
    }

    /// How many entries a prefix list may have.
    fn entries(&self, prefix_list: &str) -> usize {
        let name = self.prefix_lists.iter().find(|(_, id)| *id == prefix_list).map(|(name, _)| name.as_str());
        prefix_lists::entries(name.unwrap_or_default())
    }
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
    if input["DryRun"] != true {
        return answer(world, caller, operation, input);
    }
    answer(&mut world.clone(), caller, operation, input)?;
    let message = "Request would have succeeded, but DryRun flag is set.";
    Err(Refusal::new("DryRunOperation", message).status(412))
}

fn answer(world: &mut World, caller: &Caller, operation: &str, input: &Value) -> Answer {
    match operation {
        "DescribeVpcs" => vpcs::describe(world, caller, input),
        "DescribeVpcAttribute" => vpcs::attribute(world, caller, input),
        "DescribeSubnets" => subnets::describe(world, caller, input),
        "CreateSecurityGroup" => group_changes::create(world, caller, input),
        "DescribeSecurityGroups" => groups::describe(world, caller, input),
        "DeleteSecurityGroup" => group_changes::delete(world, caller, input),
        "AuthorizeSecurityGroupIngress" => authorize::authorize(world, caller, input, false),
        "AuthorizeSecurityGroupEgress" => authorize::authorize(world, caller, input, true),
        "RevokeSecurityGroupIngress" => authorize::revoke(world, caller, input, false),
        "RevokeSecurityGroupEgress" => authorize::revoke(world, caller, input, true),
        "DescribeSecurityGroupRules" => rules::describe(world, caller, input),
        "ModifySecurityGroupRules" => amend::modify(world, caller, input),
        "UpdateSecurityGroupRuleDescriptionsIngress" => amend::describe(world, caller, input, false),
        "UpdateSecurityGroupRuleDescriptionsEgress" => amend::describe(world, caller, input, true),
        "CreateVpcEndpoint" => endpoints::create(world, caller, input),
        "DescribeVpcEndpoints" => endpoints::describe(world, caller, input),
        "ModifyVpcEndpoint" => endpoint_changes::modify(world, caller, input),
        "DeleteVpcEndpoints" => endpoint_changes::delete(world, caller, input),
        "DescribeVpcEndpointServices" => endpoint_services::describe(caller, input),
        "DescribePrefixLists" => prefix_lists::describe(world, caller, input),
        "DescribeManagedPrefixLists" => prefix_lists::managed(world, caller, input),
        "CreateTags" => tags::create(world, caller, input),
        "DeleteTags" => tags::delete(world, caller, input),
        "DescribeTags" => tags::describe(world, caller, input),
        "DescribeRouteTables" => fittings::route_tables(world, caller, input),
        "DescribeInternetGateways" => fittings::gateways(world, caller, input),
        "DescribeNetworkAcls" => fittings::acls(world, caller, input),
        "DescribeNetworkInterfaces" => interfaces::describe(world, caller, input),
        "DescribeAvailabilityZones" => zones::describe(caller, input),
        "DescribeRegions" => account::regions(caller, input),
        "DescribeAccountAttributes" => account::attributes(world, caller, input),
        _ => Err(Refusal::new("InvalidAction", format!("The action {operation} is not valid for this web service."))),
    }
}

/// Lets go of the endpoints whose deletion has come to its end.
pub fn tick(world: &mut World, caller: &Caller) {
    endpoint_changes::tick(world, caller);
}
