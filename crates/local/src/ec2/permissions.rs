//! Permissions: how the older calls write rules, several of them in one.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

use super::cidr;
use super::protocol::traffic;
use super::refusals::{GROUP, PREFIX_LIST, group_text, invalid};
use super::rules::{Peer, Rule, Traffic};
use super::{Ec2, groups};
use crate::refusal::Refusal;

/// What the calls for rules have in common: the group, and permissions in one of two ways to write them.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Asked {
    pub(super) group_id: Option<String>,
    pub(super) group_name: Option<String>,
    #[serde(default)]
    ip_permissions: Vec<Permission>,
    ip_protocol: Option<String>,
    from_port: Option<i64>,
    to_port: Option<i64>,
    cidr_ip: Option<String>,
    source_security_group_name: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Permission {
    ip_protocol: Option<String>,
    from_port: Option<i64>,
    to_port: Option<i64>,
    user_id_group_pairs: Vec<Side>,
    ip_ranges: Vec<Side>,
    ipv6_ranges: Vec<Side>,
    prefix_list_ids: Vec<Side>,
}

/// One source or target.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Side {
    description: Option<String>,
    group_id: Option<String>,
    group_name: Option<String>,
    cidr_ip: Option<String>,
    cidr_ipv6: Option<String>,
    prefix_list_id: Option<String>,
}

impl Asked {
    /// The id of the group that is meant.
    pub(super) fn group(&self, ec2: &Ec2) -> Result<String, Refusal> {
        groups::named(ec2, self.group_id.as_deref(), self.group_name.as_deref()).map(|group| group.id.clone())
    }

    /// Whether anything is written.
    pub(super) fn any(&self) -> bool {
        !self.ip_permissions.is_empty() || self.ip_protocol.is_some() || self.source_security_group_name.is_some()
    }

    /// The rules that are written, without ids.
    pub(super) fn rules(&self, ec2: &Ec2, group: &str, outward: bool) -> Result<Vec<Rule>, Refusal> {
        let flat = self.flat();
        let mut found: Vec<Rule> = Vec::new();
        for permission in self.ip_permissions.iter().chain(&flat) {
            found.extend(permission.rules(ec2, group, outward)?);
        }
        let mut seen = BTreeSet::new();
        if !found.iter().all(|rule| seen.insert((&rule.traffic, &rule.peer))) {
            return Err(invalid("The same permission must not appear multiple times"));
        }
        Ok(found)
    }

    /// The one permission that is written as members of the call itself.
    fn flat(&self) -> Option<Permission> {
        let side = Side {
            cidr_ip: self.cidr_ip.clone(),
            group_name: self.source_security_group_name.clone(),
            ..Side::default()
        };
        let written = self.ip_protocol.is_some() || self.source_security_group_name.is_some();
        written.then(|| Permission {
            // A group alone lets everything in.
            ip_protocol: self.ip_protocol.clone().or_else(|| Some("-1".to_owned())),
            from_port: self.from_port,
            to_port: self.to_port,
            ip_ranges: if side.cidr_ip.is_some() { vec![side] } else { Vec::new() },
            user_id_group_pairs: self
                .source_security_group_name
                .iter()
                .map(|name| Side { group_name: Some(name.clone()), ..Side::default() })
                .collect(),
            ..Permission::default()
        })
    }
}

impl Permission {
    fn rules(&self, ec2: &Ec2, group: &str, outward: bool) -> Result<Vec<Rule>, Refusal> {
        let traffic = traffic(self.ip_protocol.as_deref(), self.from_port, self.to_port)?;
        let sides = [&self.ip_ranges, &self.ipv6_ranges, &self.user_id_group_pairs, &self.prefix_list_ids];
        let mut found = Vec::new();
        for side in sides.into_iter().flatten() {
            if let Some(description) = side.description.as_deref() {
                group_text(description, "Invalid rule description. Valid descriptions")?;
            }
            let peer = side.peer(ec2, group)?;
            found.push(draft(ec2, group, outward, traffic.clone(), peer, side.description.clone())?);
        }
        match found.is_empty() {
            true => Err(Refusal::new(
                "MissingParameter",
                "Missing source specification: include source security group or CIDR information",
            )),
            false => Ok(found),
        }
    }
}

/// A rule without an id.
pub(super) fn draft(
    ec2: &Ec2,
    group: &str,
    outward: bool,
    traffic: Traffic,
    peer: Peer,
    description: Option<String>,
) -> Result<Rule, Refusal> {
    let owner = ec2.groups.get(group).ok_or_else(|| GROUP.missing(&[group]))?.owner.clone();
    Ok(Rule {
        id: String::new(),
        arn: String::new(),
        group: group.to_owned(),
        owner,
        outward,
        traffic,
        peer,
        description: description.filter(|text| !text.is_empty()),
        tags: BTreeMap::new(),
    })
}

impl Side {
    fn peer(&self, ec2: &Ec2, group: &str) -> Result<Peer, Refusal> {
        if let Some(written) = &self.cidr_ip {
            return cidr::v4(written).map(Peer::Ipv4);
        }
        if let Some(written) = &self.cidr_ipv6 {
            return cidr::v6(written).map(Peer::Ipv6);
        }
        if let Some(id) = &self.prefix_list_id {
            return prefix_list(ec2, id);
        }
        let other = groups::named(ec2, self.group_id.as_deref(), self.group_name.as_deref())?;
        group_peer(ec2, group, &other.id)
    }
}

pub(super) fn prefix_list(ec2: &Ec2, id: &str) -> Result<Peer, Refusal> {
    PREFIX_LIST.check(id)?;
    let known = ec2.prefix_lists.values().any(|known| known == id);
    if known { Ok(Peer::PrefixList(id.to_owned())) } else { Err(PREFIX_LIST.missing(&[id])) }
}

/// A group refers to groups of its own network.
pub(super) fn group_peer(ec2: &Ec2, group: &str, id: &str) -> Result<Peer, Refusal> {
    GROUP.check(id)?;
    let other = ec2.groups.get(id).ok_or_else(|| GROUP.missing(&[id]))?;
    if ec2.groups.get(group).is_some_and(|group| group.vpc != other.vpc) {
        let message = "You have specified two resources that belong to different networks.";
        return Err(Refusal::new("InvalidGroup.NotFound", message));
    }
    Ok(Peer::Group(id.to_owned()))
}

/// Rules as permissions: those of equal protocol and ports are one.
pub(super) fn view<'a>(rules: impl Iterator<Item = &'a Rule>) -> Value {
    let mut by_traffic: BTreeMap<&Traffic, Vec<&Rule>> = BTreeMap::new();
    for rule in rules {
        by_traffic.entry(&rule.traffic).or_default().push(rule);
    }
    by_traffic.into_iter().map(|(traffic, rules)| permission(traffic, &rules)).collect()
}

fn permission(traffic: &Traffic, rules: &[&Rule]) -> Value {
    let sides = |view: &dyn Fn(&Rule) -> Option<Value>| rules.iter().filter_map(|rule| view(rule)).collect::<Vec<_>>();
    json!({
        "IpProtocol": traffic.protocol,
        "FromPort": traffic.port(traffic.from),
        "ToPort": traffic.port(traffic.to),
        "UserIdGroupPairs": sides(&|rule| match &rule.peer {
            Peer::Group(id) => Some(json!({ "UserId": rule.owner, "GroupId": id, "Description": rule.description })),
            _ => None,
        }),
        "IpRanges": sides(&|rule| match &rule.peer {
            Peer::Ipv4(cidr) => Some(json!({ "CidrIp": cidr, "Description": rule.description })),
            _ => None,
        }),
        "Ipv6Ranges": sides(&|rule| match &rule.peer {
            Peer::Ipv6(cidr) => Some(json!({ "CidrIpv6": cidr, "Description": rule.description })),
            _ => None,
        }),
        "PrefixListIds": sides(&|rule| match &rule.peer {
            Peer::PrefixList(id) => Some(json!({ "PrefixListId": id, "Description": rule.description })),
            _ => None,
        }),
    })
}
