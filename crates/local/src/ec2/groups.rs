//! Security groups.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::filter::Filtered;
use super::ids::id;
use super::refusals::GROUP;
use super::rules::{Peer, Rule, Traffic};
use super::selection::{Selection, tags};
use super::{Ec2, permissions, start};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// A security group; its rules are kept beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SecurityGroup {
    pub id: String,
    pub arn: String,
    pub name: String,
    pub description: String,
    /// The account.
    pub owner: String,
    pub vpc: String,
    pub tags: BTreeMap<String, String>,
}

impl SecurityGroup {
    /// The group that each VPC has, with its two rules: everything in from itself, everything out.
    pub(super) fn default_of(seed: u64, caller: &Caller, vpc: &str) -> (Self, [Rule; 2]) {
        let group = Self::new(caller, id(seed, caller, "sg-", vpc), "default", "default VPC security group", vpc);
        let inward = group.open(caller, id(seed, caller, "sgr-", "in"), false, Peer::Group(group.id.clone()));
        let outward = group.open(caller, id(seed, caller, "sgr-", "out"), true, anywhere());
        (group, [inward, outward])
    }

    pub(super) fn new(caller: &Caller, id: String, name: &str, description: &str, vpc: &str) -> Self {
        Self {
            arn: format!("arn:{}:ec2:{}:{}:security-group/{id}", caller.partition, caller.region, caller.account),
            id,
            name: name.to_owned(),
            description: description.to_owned(),
            owner: caller.account.clone(),
            vpc: vpc.to_owned(),
            tags: BTreeMap::new(),
        }
    }

    /// A rule that lets all traffic through.
    pub(super) fn open(&self, caller: &Caller, id: String, outward: bool, peer: Peer) -> Rule {
        Rule {
            arn: rule_arn(caller, &id),
            id,
            group: self.id.clone(),
            owner: self.owner.clone(),
            outward,
            traffic: Traffic::all(),
            peer,
            description: None,
            tags: BTreeMap::new(),
        }
    }
}

pub(super) fn rule_arn(caller: &Caller, id: &str) -> String {
    format!("arn:{}:ec2:{}:{}:security-group-rule/{id}", caller.partition, caller.region, caller.account)
}

pub(super) fn anywhere() -> Peer {
    Peer::Ipv4("0.0.0.0/0".to_owned())
}

/// A group with its rules: what answers show and filters look at.
struct Shown {
    group: SecurityGroup,
    rules: Vec<Rule>,
}

impl Shown {
    fn direction(&self, outward: bool) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter(move |rule| rule.outward == outward)
    }

    fn view(&self) -> Value {
        json!({
            "GroupId": self.group.id,
            "IpPermissionsEgress": permissions::view(self.direction(true)),
            "Tags": tags(&self.group.tags),
            "VpcId": self.group.vpc,
            "SecurityGroupArn": self.group.arn,
            "OwnerId": self.group.owner,
            "GroupName": self.group.name,
            "Description": self.group.description,
            "IpPermissions": permissions::view(self.direction(false)),
        })
    }
}

impl Filtered for Shown {
    fn values(&self, filter: &str) -> Option<Vec<String>> {
        if let Some(member) = filter.strip_prefix("egress.ip-permission.") {
            return values(self.direction(true), member);
        }
        if let Some(member) = filter.strip_prefix("ip-permission.") {
            return values(self.direction(false), member);
        }
        let value = match filter {
            "group-id" => self.group.id.clone(),
            "group-name" => self.group.name.clone(),
            "description" => self.group.description.clone(),
            "owner-id" => self.group.owner.clone(),
            "vpc-id" => self.group.vpc.clone(),
            _ => return None,
        };
        Some(vec![value])
    }

    fn tags(&self) -> &BTreeMap<String, String> {
        &self.group.tags
    }
}

/// One member of each rule; none when AWS knows no such filter.
fn values<'a>(rules: impl Iterator<Item = &'a Rule>, member: &str) -> Option<Vec<String>> {
    let value: fn(&Rule) -> Option<String> = match member {
        "cidr" => |rule| matches!(rule.peer, Peer::Ipv4(_)).then(|| rule.peer.name().to_owned()),
        "ipv6-cidr" => |rule| matches!(rule.peer, Peer::Ipv6(_)).then(|| rule.peer.name().to_owned()),
        "group-id" => |rule| matches!(rule.peer, Peer::Group(_)).then(|| rule.peer.name().to_owned()),
        "prefix-list-id" => |rule| matches!(rule.peer, Peer::PrefixList(_)).then(|| rule.peer.name().to_owned()),
        "user-id" => |rule| matches!(rule.peer, Peer::Group(_)).then(|| rule.owner.clone()),
        "protocol" => |rule| Some(rule.traffic.protocol.clone()),
        "from-port" => |rule| rule.traffic.port(rule.traffic.from).map(|port| port.to_string()),
        "to-port" => |rule| rule.traffic.port(rule.traffic.to).map(|port| port.to_string()),
        "group-name" => |_| None,
        _ => return None,
    };
    Some(rules.filter_map(value).collect())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeGroups {
    #[serde(default)]
    group_ids: Vec<String>,
    #[serde(default)]
    group_names: Vec<String>,
    #[serde(flatten)]
    selection: Selection,
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let DescribeGroups { group_ids, group_names, selection } = read(input)?;
    let ec2 = start::ensure(world, caller);
    let mut groups: Vec<_> = ec2.groups.values().collect();
    if !group_names.is_empty() {
        let found: Vec<_> =
            group_names.iter().map(|name| named(ec2, None, Some(name))).collect::<Result<_, Refusal>>()?;
        groups.retain(|group| found.contains(group));
    }
    let rules_of = |group: &SecurityGroup| ec2.rules.values().filter(|rule| rule.group == group.id).cloned().collect();
    let shown = |group: &SecurityGroup| Shown { group: group.clone(), rules: rules_of(group) };
    let all = groups.into_iter().map(|group| (group.id.clone(), shown(group))).collect();
    selection.answer("SecurityGroups", selection.by_ids(GROUP, &group_ids, all)?, Shown::view)
}

/// The group of an id, or of a name, which reaches into the default VPC alone.
pub(super) fn named<'a>(ec2: &'a Ec2, id: Option<&str>, name: Option<&str>) -> Result<&'a SecurityGroup, Refusal> {
    if let Some(id) = id {
        GROUP.check(id)?;
        return ec2.groups.get(id).ok_or_else(|| GROUP.missing(&[id]));
    }
    let Some(name) = name else {
        return Err(Refusal::new("MissingParameter", "The request must contain the parameter groupName or groupId"));
    };
    let default = ec2.default_vpc().unwrap_or_default();
    ec2.groups.values().find(|group| group.vpc == default && group.name == name).ok_or_else(|| {
        let message = format!("The security group '{name}' does not exist in default VPC '{default}'");
        Refusal::new("InvalidGroup.NotFound", message)
    })
}
