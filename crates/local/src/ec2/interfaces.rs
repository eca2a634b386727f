//! Network interfaces: those that App Runner's VPC connectors hold. They are the services' own, nobody else deletes them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::filter::Filtered;
use super::refusals::INTERFACE;
use super::selection::{Selection, tags};
use super::subnets::Subnet;
use super::{security_group, subnet};
use crate::apprunner;
use crate::input::read;
use crate::refusal::Answer;
use crate::world::{Caller, World};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Describe {
    #[serde(default)]
    network_interface_ids: Vec<String>,
    #[serde(flatten)]
    selection: Selection,
}

struct Interface {
    id: String,
    address: String,
    subnet: Subnet,
    /// Ids and names.
    groups: Vec<(String, String)>,
    created: Timestamp,
    tags: BTreeMap<String, String>,
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let Describe { network_interface_ids, selection } = read(input)?;
    let held = apprunner::interfaces(world, caller);
    let mut all: Vec<_> =
        held.into_iter().filter_map(|one| resolve(world, caller, one)).map(|one| (one.id.clone(), one)).collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    selection.answer("NetworkInterfaces", selection.by_ids(INTERFACE, &network_interface_ids, all)?, Interface::view)
}

/// How many addresses of each subnet are taken.
pub(super) fn per_subnet(world: &World, caller: &Caller) -> BTreeMap<String, u32> {
    apprunner::interfaces(world, caller).into_iter().fold(BTreeMap::new(), |mut counts, interface| {
        *counts.entry(interface.subnet).or_default() += 1;
        counts
    })
}

fn resolve(world: &mut World, caller: &Caller, held: apprunner::Interface) -> Option<Interface> {
    let subnet = subnet(world, caller, &held.subnet)?.clone();
    let name = |world: &mut World, id: &String| security_group(world, caller, id).map(|group| group.name.clone());
    let groups = held.security_groups.iter().filter_map(|id| Some((id.clone(), name(world, id)?))).collect();
    Some(Interface {
        address: address(&subnet.cidr, &held.id),
        id: held.id,
        subnet,
        groups,
        created: held.created_at,
        tags: [("AWSAppRunnerManaged".to_owned(), "true".to_owned())].into(),
    })
}

/// An address of the subnet that follows from the interface's id.
fn address(cidr: &str, id: &str) -> String {
    let digest = Sha256::digest(id);
    let mut octets = cidr.split(['.', '/']).filter_map(|part| part.parse::<u8>().ok());
    let [a, b, c] = std::array::from_fn(|_| octets.next().unwrap_or_default());
    // Of a /20; the first four addresses and the last are AWS's.
    format!("{a}.{b}.{}.{}", c + digest[0] % 16, 4 + digest[1] % 250)
}

impl Interface {
    fn view(&self) -> Value {
        let dns = format!("ip-{}.{}.compute.internal", self.address.replace('.', "-"), self.region());
        let groups = self.groups.iter().map(|(id, name)| json!({ "GroupId": id, "GroupName": name }));
        json!({
            "Attachment": {
                "AttachTime": self.created.to_string(),
                "AttachmentId": self.id.replace("eni-", "ela-attach-"),
                "DeleteOnTermination": false,
                "DeviceIndex": 1,
                "InstanceOwnerId": "amazon-aws",
                "Status": "attached",
            },
            "AvailabilityZone": self.subnet.zone,
            "AvailabilityZoneId": self.subnet.zone_id,
            "Description": "AWS App Runner VPC connector",
            "Groups": groups.collect::<Vec<_>>(),
            "InterfaceType": "interface",
            "Ipv6Addresses": [],
            "NetworkInterfaceId": self.id,
            "OwnerId": self.subnet.owner,
            "PrivateDnsName": dns,
            "PrivateIpAddress": self.address,
            "PrivateIpAddresses": [{ "Primary": true, "PrivateDnsName": dns, "PrivateIpAddress": self.address }],
            "RequesterId": "amazon-aws",
            "RequesterManaged": true,
            "SourceDestCheck": true,
            "Status": "in-use",
            "SubnetId": self.subnet.id,
            "TagSet": tags(&self.tags),
            "VpcId": self.subnet.vpc,
        })
    }

    /// The zone without its letter.
    fn region(&self) -> &str {
        self.subnet.zone.trim_end_matches(|letter: char| letter.is_ascii_lowercase())
    }
}

impl Filtered for Interface {
    fn values(&self, filter: &str) -> Option<Vec<String>> {
        let value = match filter {
            "network-interface-id" => self.id.clone(),
            "subnet-id" => self.subnet.id.clone(),
            "vpc-id" => self.subnet.vpc.clone(),
            "owner-id" => self.subnet.owner.clone(),
            "availability-zone" => self.subnet.zone.clone(),
            "private-ip-address" | "addresses.private-ip-address" => self.address.clone(),
            "group-id" => return Some(self.groups.iter().map(|(id, _)| id.clone()).collect()),
            "group-name" => return Some(self.groups.iter().map(|(_, name)| name.clone()).collect()),
            "status" => "in-use".to_owned(),
            "attachment.status" => "attached".to_owned(),
            "attachment.instance-owner-id" | "requester-id" => "amazon-aws".to_owned(),
            "description" => "AWS App Runner VPC connector".to_owned(),
            "interface-type" => "interface".to_owned(),
            "requester-managed" | "source-dest-check" => "true".to_owned(),
            "attachment.instance-id" | "association.public-ip" | "mac-address" => return Some(vec![]),
            _ => return None,
        };
        Some(vec![value])
    }

    fn tags(&self) -> &BTreeMap<String, String> {
        &self.tags
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn an_address_lies_in_its_subnet() {
        let third = |id: &str| address("172.31.32.0/20", id).split('.').nth(2).unwrap().parse::<u8>().unwrap();
        assert!((0..50).all(|n| (32..48).contains(&third(&format!("eni-{n}")))));
        assert_eq!(address("172.31.32.0/20", "eni-1"), address("172.31.32.0/20", "eni-1"));
    }
}
