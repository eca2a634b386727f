//! Security groups and their rules.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::filter::Filtered;
use super::ids::id;
use super::refusals::{GROUP, GROUP_RULE};
use super::selection::{Selection, tags};
use super::start;
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// A security group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SecurityGroup {
    pub id: String,
    pub arn: String,
    pub name: String,
    pub description: String,
    /// The account.
    pub owner: String,
    pub vpc: String,
    /// The rule that lets everything in from the group itself.
    pub inward_rule: String,
    /// The rule that lets everything out.
    pub outward_rule: String,
    pub tags: BTreeMap<String, String>,
}

impl SecurityGroup {
    /// The group that each VPC has.
    pub(super) fn default_of(seed: u64, caller: &Caller, vpc: &str) -> Self {
        let group = id(seed, caller, "sg-", vpc);
        Self {
            arn: format!("arn:{}:ec2:{}:{}:security-group/{group}", caller.partition, caller.region, caller.account),
            id: group,
            name: "default".to_owned(),
            description: "default VPC security group".to_owned(),
            owner: caller.account.clone(),
            vpc: vpc.to_owned(),
            inward_rule: id(seed, caller, "sgr-", "in"),
            outward_rule: id(seed, caller, "sgr-", "out"),
            tags: BTreeMap::new(),
        }
    }

    fn view(&self) -> Value {
        let permission = |groups: Value, ranges: Value| {
            json!([{
                "IpProtocol": "-1",
                "UserIdGroupPairs": groups,
                "IpRanges": ranges,
                "Ipv6Ranges": [],
                "PrefixListIds": [],
            }])
        };
        json!({
            "GroupId": self.id,
            "IpPermissionsEgress": permission(json!([]), json!([{ "CidrIp": "0.0.0.0/0" }])),
            "Tags": tags(&self.tags),
            "VpcId": self.vpc,
            "SecurityGroupArn": self.arn,
            "OwnerId": self.owner,
            "GroupName": self.name,
            "Description": self.description,
            "IpPermissions": permission(json!([{ "UserId": self.owner, "GroupId": self.id }]), json!([])),
        })
    }

    fn rules(&self) -> [Rule; 2] {
        let rule =
            |id: &String, outward| Rule { id: id.clone(), group: self.id.clone(), owner: self.owner.clone(), outward };
        [rule(&self.inward_rule, false), rule(&self.outward_rule, true)]
    }
}

impl Filtered for SecurityGroup {
    fn values(&self, filter: &str) -> Option<Vec<String>> {
        let value = match filter {
            "group-id" => self.id.clone(),
            "group-name" => self.name.clone(),
            "description" => self.description.clone(),
            "owner-id" => self.owner.clone(),
            "vpc-id" => self.vpc.clone(),
            "ip-permission.group-id" => self.id.clone(),
            "ip-permission.group-name" => self.name.clone(),
            "ip-permission.user-id" => self.owner.clone(),
            "ip-permission.protocol" | "egress.ip-permission.protocol" => "-1".to_owned(),
            "egress.ip-permission.cidr" => "0.0.0.0/0".to_owned(),
            other if other.starts_with("ip-permission.") || other.starts_with("egress.ip-permission.") => {
                return Some(vec![]);
            }
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
    let mut all: Vec<_> = ec2.groups.clone().into_iter().collect();
    if !group_names.is_empty() {
        // Names reach into the default VPC alone.
        let default = ec2.vpcs.values().find(|vpc| vpc.is_default).map(|vpc| vpc.id.clone()).unwrap_or_default();
        all.retain(|(_, group)| group.vpc == default && group_names.contains(&group.name));
        if let Some(name) = group_names.iter().find(|name| !all.iter().any(|(_, group)| group.name == **name)) {
            let message = format!("The security group '{name}' does not exist in default VPC '{default}'");
            return Err(Refusal::new("InvalidGroup.NotFound", message));
        }
    }
    selection.answer("SecurityGroups", selection.by_ids(GROUP, &group_ids, all)?, SecurityGroup::view)
}

/// A rule as an object of its own.
#[derive(Clone)]
struct Rule {
    id: String,
    group: String,
    owner: String,
    outward: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeRules {
    #[serde(default)]
    security_group_rule_ids: Vec<String>,
    #[serde(flatten)]
    selection: Selection,
}

pub(super) fn rules(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let DescribeRules { security_group_rule_ids, selection } = read(input)?;
    let groups = start::ensure(world, caller).groups.values();
    let mut all: Vec<_> = groups.flat_map(SecurityGroup::rules).map(|rule| (rule.id.clone(), rule)).collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    selection.answer("SecurityGroupRules", selection.by_ids(GROUP_RULE, &security_group_rule_ids, all)?, Rule::view)
}

impl Rule {
    fn view(&self) -> Value {
        let source = json!({ "GroupId": self.group, "UserId": self.owner });
        json!({
            "SecurityGroupRuleId": self.id,
            "GroupId": self.group,
            "GroupOwnerId": self.owner,
            "IsEgress": self.outward,
            "IpProtocol": "-1",
            "FromPort": -1,
            "ToPort": -1,
            "CidrIpv4": self.outward.then_some("0.0.0.0/0"),
            "ReferencedGroupInfo": (!self.outward).then_some(source),
            "Tags": [],
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
}
