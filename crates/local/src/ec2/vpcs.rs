//! VPCs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::filter::Filtered;
use super::refusals::VPC;
use super::selection::{Selection, tags};
use super::start;
use crate::input::read;
use crate::refusal::Answer;
use crate::world::{Caller, World};

/// A VPC with what AWS puts into it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vpc {
    pub id: String,
    /// The account.
    pub owner: String,
    pub cidr: String,
    pub association: String,
    pub dhcp_options: String,
    pub route_table: String,
    pub route_association: String,
    pub acl: String,
    pub gateway: String,
    pub is_default: bool,
    pub dns_support: bool,
    pub dns_hostnames: bool,
    pub tags: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeVpcs {
    #[serde(default)]
    vpc_ids: Vec<String>,
    #[serde(flatten)]
    selection: Selection,
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let DescribeVpcs { vpc_ids, selection } = read(input)?;
    let all = start::ensure(world, caller).vpcs.clone().into_iter().collect();
    selection.answer("Vpcs", selection.by_ids(VPC, &vpc_ids, all)?, Vpc::view)
}

impl Vpc {
    fn view(&self) -> Value {
        json!({
            "OwnerId": self.owner,
            "InstanceTenancy": "default",
            "CidrBlockAssociationSet": [{
                "AssociationId": self.association,
                "CidrBlock": self.cidr,
                "CidrBlockState": { "State": "associated" },
            }],
            "IsDefault": self.is_default,
            "Tags": tags(&self.tags),
            "BlockPublicAccessStates": { "InternetGatewayBlockMode": "off" },
            "VpcId": self.id,
            "State": "available",
            "CidrBlock": self.cidr,
            "DhcpOptionsId": self.dhcp_options,
        })
    }
}

impl Filtered for Vpc {
    fn values(&self, filter: &str) -> Option<Vec<String>> {
        let value = match filter {
            "vpc-id" => self.id.clone(),
            "cidr" | "cidr-block" | "cidr-block-association.cidr-block" => self.cidr.clone(),
            "cidr-block-association.association-id" => self.association.clone(),
            "cidr-block-association.state" => "associated".to_owned(),
            "dhcp-options-id" => self.dhcp_options.clone(),
            "is-default" | "isDefault" => self.is_default.to_string(),
            "owner-id" => self.owner.clone(),
            "state" => "available".to_owned(),
            other if other.starts_with("ipv6-cidr-block-association.") => return Some(vec![]),
            _ => return None,
        };
        Some(vec![value])
    }

    fn tags(&self) -> &BTreeMap<String, String> {
        &self.tags
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeAttribute {
    vpc_id: String,
    attribute: String,
}

pub(super) fn attribute(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: DescribeAttribute = read(input)?;
    VPC.check(&asked.vpc_id)?;
    let vpc = start::ensure(world, caller).vpcs.get(&asked.vpc_id);
    let vpc = vpc.ok_or_else(|| VPC.missing(&[&asked.vpc_id]))?;
    let (member, value) = match asked.attribute.as_str() {
        "enableDnsSupport" => ("EnableDnsSupport", vpc.dns_support),
        "enableDnsHostnames" => ("EnableDnsHostnames", vpc.dns_hostnames),
        _ => ("EnableNetworkAddressUsageMetrics", false),
    };
    Ok(json!({ "VpcId": vpc.id, member: { "Value": value } }))
}
