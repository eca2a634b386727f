//! Network interfaces. All of them are the services' own, nobody else deletes them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::filter::Filtered;
use super::hold::Held;
use super::refusals::INTERFACE;
use super::selection::{Selection, tags};
use super::subnets::Subnet;
use super::{security_group, start, subnet};
use crate::input::read;
use crate::refusal::Answer;
use crate::world::{Caller, World};
use crate::{apprunner, rds};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Describe {
    #[serde(default)]
    network_interface_ids: Vec<String>,
    #[serde(flatten)]
    selection: Selection,
}

/// An interface with what it refers to.
struct Interface {
    held: Held,
    address: String,
    subnet: Subnet,
    /// Ids and names.
    groups: Vec<(String, String)>,
}

/// All interfaces: those that other services hold here, those of App Runner's VPC connectors, and those of databases.
pub(super) fn all(world: &mut World, caller: &Caller) -> Vec<Held> {
    let connectors = apprunner::interfaces(world, caller).into_iter().map(|one| Held {
        id: one.id,
        owner: "amazon-aws".to_owned(),
        kind: "interface".to_owned(),
        description: "AWS App Runner VPC connector".to_owned(),
        subnet: one.subnet,
        groups: one.security_groups,
        created: one.created_at,
        tags: [("AWSAppRunnerManaged".to_owned(), "true".to_owned())].into(),
    });
    let databases = rds::interfaces(world, caller).into_iter().map(|one| Held {
        id: one.id,
        owner: "amazon-rds".to_owned(),
        kind: "interface".to_owned(),
        description: "RDSNetworkInterface".to_owned(),
        subnet: one.subnet,
        groups: one.security_groups,
        created: one.created_at,
        tags: BTreeMap::new(),
    });
    let mut all: Vec<Held> =
        connectors.chain(databases).chain(start::ensure(world, caller).interfaces.values().cloned()).collect();
    all.sort_by(|one, other| one.id.cmp(&other.id));
    all
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let Describe { network_interface_ids, selection } = read(input)?;
    let held = all(world, caller);
    let all =
        held.into_iter().filter_map(|one| resolve(world, caller, one)).map(|one| (one.held.id.clone(), one)).collect();
    selection.answer("NetworkInterfaces", selection.by_ids(INTERFACE, &network_interface_ids, all)?, Interface::view)
}

/// How many addresses of each subnet are taken.
pub(super) fn per_subnet(world: &mut World, caller: &Caller) -> BTreeMap<String, u32> {
    all(world, caller).into_iter().fold(BTreeMap::new(), |mut counts, interface| {
        *counts.entry(interface.subnet).or_default() += 1;
        counts
    })
}

fn resolve(world: &mut World, caller: &Caller, held: Held) -> Option<Interface> {
    let subnet = subnet(world, caller, &held.subnet)?.clone();
    let name = |world: &mut World, id: &String| security_group(world, caller, id).map(|group| group.name.clone());
    let groups = held.groups.iter().filter_map(|id| Some((id.clone(), name(world, id)?))).collect();
    Some(Interface { address: address(&subnet.cidr, &held.id), held, subnet, groups })
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
                "AttachTime": self.held.created.to_string(),
                "AttachmentId": self.held.id.replace("eni-", "ela-attach-"),
                "DeleteOnTermination": false,
                "DeviceIndex": 1,
                "InstanceOwnerId": self.held.owner,
                "Status": "attached",
            },
            "AvailabilityZone": self.subnet.zone,
            "AvailabilityZoneId": self.subnet.zone_id,
            "Description": self.held.description,
            "Groups": groups.collect::<Vec<_>>(),
            "InterfaceType": self.held.kind,
            "Ipv6Addresses": [],
            "NetworkInterfaceId": self.held.id,
            "OwnerId": self.subnet.owner,
            "PrivateDnsName": dns,
            "PrivateIpAddress": self.address,
            "PrivateIpAddresses": [{ "Primary": true, "PrivateDnsName": dns, "PrivateIpAddress": self.address }],
            "RequesterId": self.held.owner,
            "RequesterManaged": true,
            "SourceDestCheck": true,
            "Status": "in-use",
            "SubnetId": self.subnet.id,
            "TagSet": tags(&self.held.tags),
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
            "network-interface-id" => self.held.id.clone(),
            "subnet-id" => self.subnet.id.clone(),
            "vpc-id" => self.subnet.vpc.clone(),
            "owner-id" => self.subnet.owner.clone(),
            "availability-zone" => self.subnet.zone.clone(),
            "private-ip-address" | "addresses.private-ip-address" => self.address.clone(),
            "group-id" => return Some(self.groups.iter().map(|(id, _)| id.clone()).collect()),
            "group-name" => return Some(self.groups.iter().map(|(_, name)| name.clone()).collect()),
            "status" => "in-use".to_owned(),
            "attachment.status" => "attached".to_owned(),
            "attachment.instance-owner-id" | "requester-id" => self.held.owner.clone(),
            "description" => self.held.description.clone(),
            "interface-type" => self.held.kind.clone(),
            "requester-managed" | "source-dest-check" => "true".to_owned(),
            "attachment.instance-id" | "association.public-ip" | "mac-address" => return Some(vec![]),
            _ => return None,
        };
        Some(vec![value])
    }

    fn tags(&self) -> &BTreeMap<String, String> {
        &self.held.tags
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
