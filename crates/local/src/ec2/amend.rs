//! Rules are changed: what they let through, and their descriptions.

use serde::Deserialize;
use serde_json::{Value, json};

use super::authorize::{by_ids, unique};
use super::permissions::{self, Asked};
use super::protocol::traffic;
use super::refusals::{GROUP_RULE, group_text, invalid};
use super::rules::{Peer, Rule};
use super::{Ec2, cidr, groups, start};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Modify {
    group_id: String,
    security_group_rules: Vec<Update>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Update {
    security_group_rule_id: String,
    #[serde(default)]
    security_group_rule: Wanted,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Wanted {
    ip_protocol: Option<String>,
    from_port: Option<i64>,
    to_port: Option<i64>,
    cidr_ipv4: Option<String>,
    cidr_ipv6: Option<String>,
    prefix_list_id: Option<String>,
    referenced_group_id: Option<String>,
    description: Option<String>,
}

/// Replaces rules, which keep their ids; all of them or none.
pub(super) fn modify(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: Modify = read(input)?;
    let ec2 = start::ensure(world, caller);
    let group = groups::named(ec2, Some(&asked.group_id), None)?.id.clone();
    let mut changed = ec2.clone();
    for update in &asked.security_group_rules {
        let rule = update.rule(&changed, &group)?;
        changed.rules.insert(rule.id.clone(), rule);
    }
    for update in &asked.security_group_rules {
        changed.rules.get(&update.security_group_rule_id).map_or(Ok(()), |rule| unique(&changed, rule))?;
    }
    *ec2 = changed;
    Ok(json!({ "Return": true }))
}

impl Update {
    fn rule(&self, ec2: &Ec2, group: &str) -> Result<Rule, Refusal> {
        let id = &self.security_group_rule_id;
        GROUP_RULE.check(id)?;
        let rule = ec2.rules.get(id).filter(|rule| rule.group == group).ok_or_else(|| GROUP_RULE.missing(&[id]))?;
        let wanted = &self.security_group_rule;
        let peer = wanted.peer(ec2, group)?;
        if std::mem::discriminant(&peer) != std::mem::discriminant(&rule.peer) {
            let message = "You may not change the source or destination type of a security group rule";
            return Err(Refusal::new("InvalidParameterCombination", message));
        }
        if let Some(description) = wanted.description.as_deref() {
            group_text(description, "Invalid rule description. Valid descriptions")?;
        }
        Ok(Rule {
            traffic: traffic(wanted.ip_protocol.as_deref(), wanted.from_port, wanted.to_port)?,
            peer,
            description: wanted.description.clone().filter(|text| !text.is_empty()),
            ..rule.clone()
        })
    }
}

impl Wanted {
    fn peer(&self, ec2: &Ec2, group: &str) -> Result<Peer, Refusal> {
        let given = [&self.cidr_ipv4, &self.cidr_ipv6, &self.prefix_list_id, &self.referenced_group_id];
        if given.into_iter().flatten().count() != 1 {
            return Err(invalid("A security group rule must have exactly one source or destination"));
        }
        if let Some(written) = &self.cidr_ipv4 {
            return cidr::v4(written).map(Peer::Ipv4);
        }
        if let Some(written) = &self.cidr_ipv6 {
            return cidr::v6(written).map(Peer::Ipv6);
        }
        match &self.prefix_list_id {
            Some(id) => permissions::prefix_list(ec2, id),
            None => permissions::group_peer(ec2, group, self.referenced_group_id.as_deref().unwrap_or_default()),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Describe {
    #[serde(flatten)]
    asked: Asked,
    #[serde(default)]
    security_group_rule_descriptions: Vec<Described>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Described {
    #[serde(default)]
    security_group_rule_id: String,
    description: Option<String>,
}

/// Sets the descriptions of rules, named by their ids or by what they let through.
pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value, outward: bool) -> Answer {
    let Describe { asked, security_group_rule_descriptions: described } = read(input)?;
    let ec2 = start::ensure(world, caller);
    let group = asked.group(ec2)?;
    if asked.any() != described.is_empty() {
        let message = "Exactly one of ipPermissions and securityGroupRuleDescriptions must be given";
        return Err(Refusal::new("InvalidParameterCombination", message));
    }
    let mut wanted = Vec::new();
    for one in described {
        by_ids(ec2, &group, std::slice::from_ref(&one.security_group_rule_id), outward)?;
        wanted.push((one.security_group_rule_id, one.description));
    }
    for rule in asked.rules(ec2, &group, outward)? {
        let same = ec2.rules.values().find(|other| other.equals(&rule)).ok_or_else(|| {
            Refusal::new("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
        })?;
        wanted.push((same.id.clone(), rule.description));
    }
    for (id, description) in wanted {
        let description = description.filter(|text| !text.is_empty());
        group_text(description.as_deref().unwrap_or_default(), "Invalid rule description. Valid descriptions")?;
        ec2.rules.get_mut(&id).into_iter().for_each(|rule| rule.description = description.clone());
    }
    Ok(json!({ "Return": true }))
}
