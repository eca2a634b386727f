//! Subnets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::filter::Filtered;
use super::interfaces;
use super::refusals::SUBNET;
use super::selection::{Selection, tags};
use super::start;
use crate::input::read;
use crate::refusal::Answer;
use crate::world::{Caller, World};

/// A subnet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Subnet {
    pub id: String,
    pub arn: String,
    /// The account.
    pub owner: String,
    pub vpc: String,
    pub cidr: String,
    /// `us-east-1a`: another zone in another account.
    pub zone: String,
    /// `use1-az3`: the same zone in all accounts.
    pub zone_id: String,
    pub acl_association: String,
    /// Addresses that no interface takes; AWS reserves five.
    pub free_addresses: u32,
    pub default_for_zone: bool,
    /// Gives its instances public addresses.
    pub public: bool,
    pub tags: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeSubnets {
    #[serde(default)]
    subnet_ids: Vec<String>,
    #[serde(flatten)]
    selection: Selection,
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let DescribeSubnets { subnet_ids, selection } = read(input)?;
    let used = interfaces::per_subnet(world, caller);
    let mut subnets = start::ensure(world, caller).subnets.clone();
    for (id, count) in used {
        subnets.get_mut(&id).into_iter().for_each(|subnet| subnet.free_addresses -= count);
    }
    let all = subnets.into_iter().collect();
    selection.answer("Subnets", selection.by_ids(SUBNET, &subnet_ids, all)?, Subnet::view)
}

impl Subnet {
    fn view(&self) -> Value {
        json!({
            "AvailabilityZoneId": self.zone_id,
            "MapCustomerOwnedIpOnLaunch": false,
            "OwnerId": self.owner,
            "AssignIpv6AddressOnCreation": false,
            "Ipv6CidrBlockAssociationSet": [],
            "Tags": tags(&self.tags),
            "SubnetArn": self.arn,
            "EnableDns64": false,
            "Ipv6Native": false,
            "PrivateDnsNameOptionsOnLaunch": {
                "HostnameType": "ip-name",
                "EnableResourceNameDnsARecord": false,
                "EnableResourceNameDnsAAAARecord": false,
            },
            "BlockPublicAccessStates": { "InternetGatewayBlockMode": "off" },
            "SubnetId": self.id,
            "State": "available",
            "VpcId": self.vpc,
            "CidrBlock": self.cidr,
            "AvailableIpAddressCount": self.free_addresses,
            "AvailabilityZone": self.zone,
            "DefaultForAz": self.default_for_zone,
            "MapPublicIpOnLaunch": self.public,
        })
    }
}

impl Filtered for Subnet {
    fn values(&self, filter: &str) -> Option<Vec<String>> {
        let value = match filter {
            "subnet-id" => self.id.clone(),
            "subnet-arn" => self.arn.clone(),
            "vpc-id" => self.vpc.clone(),
            "owner-id" => self.owner.clone(),
            "state" => "available".to_owned(),
            "cidr-block" | "cidr" | "cidrBlock" => self.cidr.clone(),
            "availability-zone" | "availabilityZone" => self.zone.clone(),
            "availability-zone-id" | "availabilityZoneId" => self.zone_id.clone(),
            "available-ip-address-count" => self.free_addresses.to_string(),
            "default-for-az" | "defaultForAz" => self.default_for_zone.to_string(),
            "map-public-ip-on-launch" => self.public.to_string(),
            "ipv6-native" | "enable-dns64" | "map-customer-owned-ip-on-launch" => "false".to_owned(),
            "private-dns-name-options-on-launch.hostname-type" => "ip-name".to_owned(),
            "private-dns-name-options-on-launch.enable-resource-name-dns-a-record"
            | "private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record" => "false".to_owned(),
            "outpost-arn" | "customer-owned-ipv4-pool" | "enable-lni-at-device-index" => return Some(vec![]),
            other if other.starts_with("ipv6-cidr-block-association.") => return Some(vec![]),
            _ => return None,
        };
        Some(vec![value])
    }

    fn tags(&self) -> &BTreeMap<String, String> {
        &self.tags
    }
}
