//! Security groups come and go.

use serde::Deserialize;
use serde_json::{Value, json};

use super::groups::{SecurityGroup, anywhere, named};
use super::ids::fresh;
use super::refusals::{VPC, group_text, invalid};
use super::rules::Peer;
use super::selection::tags;
use super::tags::{Specification, specified};
use super::{Ec2, interfaces, start};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// Groups per account and region.
const QUOTA: usize = 2500;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Create {
    group_name: String,
    description: String,
    vpc_id: Option<String>,
    #[serde(default)]
    tag_specifications: Vec<Specification>,
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: Create = read(input)?;
    let given = specified(&asked.tag_specifications, "security-group")?;
    group_text(&asked.group_name, "Invalid security group name. Valid names")?;
    group_text(&asked.description, "Invalid security group description. Valid descriptions")?;
    let vpc = room(start::ensure(world, caller), &asked)?;
    let group = SecurityGroup {
        tags: given,
        ..SecurityGroup::new(caller, fresh(world, "sg-"), &asked.group_name, &asked.description, &vpc)
    };
    let rule = group.open(caller, fresh(world, "sgr-"), true, anywhere());
    let answer = json!({ "GroupId": group.id, "Tags": tags(&group.tags), "SecurityGroupArn": group.arn });
    let ec2 = start::ensure(world, caller);
    ec2.rules.insert(rule.id.clone(), rule);
    ec2.groups.insert(group.id.clone(), group);
    Ok(answer)
}

/// The VPC of a group that may be made.
fn room(ec2: &Ec2, asked: &Create) -> Result<String, Refusal> {
    let name = &asked.group_name;
    if name.to_lowercase().starts_with("sg-") {
        return Err(invalid("Group names may not be in the format sg-*."));
    }
    if name.eq_ignore_ascii_case("default") {
        return Err(invalid(format!("Cannot use reserved security group name: {name}")));
    }
    let vpc = asked.vpc_id.clone().or_else(|| ec2.default_vpc()).unwrap_or_default();
    VPC.check(&vpc)?;
    if !ec2.vpcs.contains_key(&vpc) {
        return Err(VPC.missing(&[&vpc]));
    }
    if ec2.groups.values().any(|group| group.vpc == vpc && group.name.eq_ignore_ascii_case(name)) {
        let message = format!("The security group '{name}' already exists for VPC '{vpc}'");
        return Err(Refusal::new("InvalidGroup.Duplicate", message));
    }
    match ec2.groups.len() < QUOTA {
        true => Ok(vpc),
        false => {
            Err(Refusal::new("SecurityGroupLimitExceeded", "The maximum number of security groups has been reached."))
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Delete {
    group_id: Option<String>,
    group_name: Option<String>,
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: Delete = read(input)?;
    let group = named(start::ensure(world, caller), asked.group_id.as_deref(), asked.group_name.as_deref())?.clone();
    if group.name == "default" {
        let message = format!("the specified group: \"{}\" name: \"default\" cannot be deleted by a user", group.id);
        return Err(Refusal::new("CannotDelete", message));
    }
    let held = interfaces::all(world, caller).iter().any(|interface| interface.groups.contains(&group.id));
    let ec2 = start::ensure(world, caller);
    let peer = Peer::Group(group.id.clone());
    if held || ec2.rules.values().any(|rule| rule.group != group.id && rule.peer == peer) {
        let message = format!("resource {} has a dependent object", group.id);
        return Err(Refusal::new("DependencyViolation", message));
    }
    ec2.rules.retain(|_, rule| rule.group != group.id);
    ec2.groups.remove(&group.id);
    Ok(json!({ "Return": true, "GroupId": group.id }))
}
