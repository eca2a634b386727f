//! Rules come and go.

use serde::Deserialize;
use serde_json::{Value, json};

use super::groups::rule_arn;
use super::ids::fresh;
use super::permissions::{self, Asked};
use super::refusals::GROUP_RULE;
use super::rules::{Peer, Rule};
use super::tags::{Specification, specified};
use super::{Ec2, start};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// Rules of one direction that a group may have.
const QUOTA: usize = 60;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Authorize {
    #[serde(flatten)]
    asked: Asked,
    #[serde(default)]
    tag_specifications: Vec<Specification>,
}

pub(super) fn authorize(world: &mut World, caller: &Caller, input: &Value, outward: bool) -> Answer {
    let Authorize { asked, tag_specifications } = read(input)?;
    let tags = specified(&tag_specifications, "security-group-rule")?;
    let ec2 = start::ensure(world, caller);
    let group = asked.group(ec2)?;
    if !asked.any() {
        return Err(Refusal::new("MissingParameter", "The request must contain the parameter ipPermissions"));
    }
    let mut rules = asked.rules(ec2, &group, outward)?;
    fits(ec2, &group, &rules)?;
    for rule in &mut rules {
        rule.id = fresh(world, "sgr-");
        rule.arn = rule_arn(caller, &rule.id);
        rule.tags = tags.clone();
    }
    let shown: Vec<Value> = rules.iter().map(Rule::view).collect();
    start::ensure(world, caller).rules.extend(rules.into_iter().map(|rule| (rule.id.clone(), rule)));
    Ok(json!({ "Return": true, "SecurityGroupRules": shown }))
}

/// Refuses rules that the group has already, and more than it may have.
fn fits(ec2: &Ec2, group: &str, rules: &[Rule]) -> Result<(), Refusal> {
    rules.iter().try_for_each(|rule| unique(ec2, rule))?;
    let outward = rules.iter().any(|rule| rule.outward);
    let present = ec2.rules.values().filter(|rule| rule.group == group && rule.outward == outward);
    if weight(ec2, present) + weight(ec2, rules.iter()) > QUOTA {
        let message = "The maximum number of rules per security group has been reached.";
        return Err(Refusal::new("RulesPerSecurityGroupLimitExceeded", message));
    }
    Ok(())
}

/// A prefix list counts as many rules as it may have entries.
fn weight<'a>(ec2: &Ec2, rules: impl Iterator<Item = &'a Rule>) -> usize {
    rules.map(|rule| if let Peer::PrefixList(id) = &rule.peer { ec2.entries(id) } else { 1 }).sum()
}

/// Refuses a rule that exists under another id.
pub(super) fn unique(ec2: &Ec2, rule: &Rule) -> Result<(), Refusal> {
    if !ec2.rules.values().any(|other| other.id != rule.id && other.equals(rule)) {
        return Ok(());
    }
    let protocol = if rule.traffic.protocol == "-1" { "ALL".to_owned() } else { rule.traffic.protocol.to_uppercase() };
    let ports = match (rule.traffic.port(rule.traffic.from), rule.traffic.port(rule.traffic.to)) {
        (Some(from), Some(to)) => format!(", from port: {from}, to port: {to}"),
        _ => String::new(),
    };
    let message = format!("the specified rule \"peer: {}, {protocol}{ports}, ALLOW\" already exists", rule.peer.name());
    Err(Refusal::new("InvalidPermission.Duplicate", message))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Revoke {
    #[serde(flatten)]
    asked: Asked,
    #[serde(default)]
    security_group_rule_ids: Vec<String>,
}

pub(super) fn revoke(world: &mut World, caller: &Caller, input: &Value, outward: bool) -> Answer {
    let Revoke { asked, security_group_rule_ids: ids } = read(input)?;
    let ec2 = start::ensure(world, caller);
    let group = asked.group(ec2)?;
    if asked.any() && !ids.is_empty() {
        let message = "The parameters ipPermissions and securityGroupRuleIds cannot be used together";
        return Err(Refusal::new("InvalidParameterCombination", message));
    }
    let (found, unknown) = match ids.is_empty() {
        false => (by_ids(ec2, &group, &ids, outward)?, Vec::new()),
        true => by_permissions(ec2, &group, asked.rules(ec2, &group, outward)?)?,
    };
    for rule in &found {
        ec2.rules.remove(&rule.id);
    }
    Ok(json!({
        "Return": true,
        "RevokedSecurityGroupRules": found.iter().map(Rule::revoked).collect::<Vec<_>>(),
        "UnknownIpPermissions": permissions::view(unknown.iter()),
    }))
}

pub(super) fn by_ids(ec2: &Ec2, group: &str, ids: &[String], outward: bool) -> Result<Vec<Rule>, Refusal> {
    ids.iter().try_for_each(|id| GROUP_RULE.check(id))?;
    let of = |id: &&String| ec2.rules.get(*id).is_some_and(|rule| rule.group == group && rule.outward == outward);
    let missing: Vec<&str> = ids.iter().filter(|id| !of(id)).map(String::as_str).collect();
    match missing.is_empty() {
        true => Ok(ids.iter().filter_map(|id| ec2.rules.get(id)).cloned().collect()),
        false => Err(GROUP_RULE.missing(&missing)),
    }
}

/// The rules that are there, and the permissions that are not. In the default VPC these are no mistake.
fn by_permissions(ec2: &Ec2, group: &str, asked: Vec<Rule>) -> Result<(Vec<Rule>, Vec<Rule>), Refusal> {
    let same = |rule: &Rule| ec2.rules.values().find(|other| other.equals(rule)).cloned();
    let found: Vec<Rule> = asked.iter().filter_map(same).collect();
    let unknown: Vec<Rule> = asked.into_iter().filter(|rule| same(rule).is_none()).collect();
    let lenient = ec2.groups.get(group).is_some_and(|group| Some(&group.vpc) == ec2.default_vpc().as_ref());
    if unknown.is_empty() || lenient {
        return Ok((found, unknown));
    }
    let message = "The specified rule does not exist in this security group.";
    Err(Refusal::new("InvalidPermission.NotFound", message))
}
