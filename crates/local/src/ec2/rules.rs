//! Rules of security groups: what they let through, from or to whom.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::filter::Filtered;
use super::refusals::GROUP_RULE;
use super::selection::{Selection, tags};
use super::start;
use crate::input::read;
use crate::refusal::Answer;
use crate::world::{Caller, World};

/// A rule as an object of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    pub id: String,
    pub arn: String,
    pub group: String,
    /// The account.
    pub owner: String,
    pub outward: bool,
    pub traffic: Traffic,
    pub peer: Peer,
    pub description: Option<String>,
    pub tags: BTreeMap<String, String>,
}

/// Protocol and ports; for ICMP type and code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Traffic {
    /// `tcp`, `udp`, `icmp`, `icmpv6`, `-1` for all, or a number.
    pub protocol: String,
    /// -1: all.
    pub from: i64,
    pub to: i64,
}

/// The other side.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Peer {
    Ipv4(String),
    Ipv6(String),
    /// A group's id.
    Group(String),
    PrefixList(String),
}

impl Traffic {
    pub(super) fn all() -> Self {
        Self { protocol: "-1".to_owned(), from: -1, to: -1 }
    }

    /// Ports as permissions show them: nothing where the protocol has none.
    pub(super) fn port(&self, port: i64) -> Option<i64> {
        ["tcp", "udp", "icmp", "icmpv6"].contains(&self.protocol.as_str()).then_some(port)
    }
}

impl Peer {
    /// What stands for it in AWS's messages.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Ipv4(name) | Self::Ipv6(name) | Self::Group(name) | Self::PrefixList(name) => name,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeRules {
    #[serde(default)]
    security_group_rule_ids: Vec<String>,
    #[serde(flatten)]
    selection: Selection,
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let DescribeRules { security_group_rule_ids, selection } = read(input)?;
    let all = start::ensure(world, caller).rules.clone().into_iter().collect();
    selection.answer("SecurityGroupRules", selection.by_ids(GROUP_RULE, &security_group_rule_ids, all)?, Rule::view)
}

impl Rule {
    /// Whether it lets through the same as another, whatever it is called.
    pub(super) fn equals(&self, other: &Self) -> bool {
        (&self.group, self.outward, &self.traffic, &self.peer)
            == (&other.group, other.outward, &other.traffic, &other.peer)
    }

    pub(super) fn view(&self) -> Value {
        let mut view = self.shown();
        let group = match &self.peer {
            Peer::Group(id) => json!({ "GroupId": id, "UserId": self.owner }),
            _ => Value::Null,
        };
        view["GroupOwnerId"] = json!(self.owner);
        view["ReferencedGroupInfo"] = group;
        view["Tags"] = tags(&self.tags);
        view["SecurityGroupRuleArn"] = json!(self.arn);
        view
    }

    /// As the answer of a revocation shows it.
    pub(super) fn revoked(&self) -> Value {
        let mut view = self.shown();
        if let Peer::Group(id) = &self.peer {
            view["ReferencedGroupId"] = json!(id);
        }
        view
    }

    fn shown(&self) -> Value {
        let (member, peer) = match &self.peer {
            Peer::Ipv4(cidr) => ("CidrIpv4", Some(cidr)),
            Peer::Ipv6(cidr) => ("CidrIpv6", Some(cidr)),
            Peer::PrefixList(id) => ("PrefixListId", Some(id)),
            Peer::Group(_) => ("CidrIpv4", None),
        };
        json!({
            "SecurityGroupRuleId": self.id,
            "GroupId": self.group,
            "IsEgress": self.outward,
            "IpProtocol": self.traffic.protocol,
            "FromPort": self.traffic.from,
            "ToPort": self.traffic.to,
            "Description": self.description,
            member: peer,
        })
    }
}

impl Filtered for Rule {
    fn values(&self, filter: &str) -> Option<Vec<String>> {
        match filter {
            "group-id" => Some(vec![self.group.clone()]),
            "security-group-rule-id" => Some(vec![self.id.clone()]),
            _ => None,
        }
    }

    fn tags(&self) -> &BTreeMap<String, String> {
        &self.tags
    }
}
