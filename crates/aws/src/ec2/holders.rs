//! What keeps a security group from being deleted: interfaces and who holds them, rules of other groups (`aws-behaviour.md` 5.8).

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{NetworkInterface, SecurityGroupRule};
use provider::{Blocker, Failure, Place};

use super::common::{filter, reads};
use crate::{
    calls::count,
    client::{Attempts, Client},
    failure::failure,
};

/// The interfaces that hold the group. Those of App Runner without a living connector go by themselves: they are waited for.
pub(super) async fn of_interfaces(client: &Client, place: &Place, group: &str) -> Result<Vec<Blocker>, Failure> {
    let call = reads(client, place).describe_network_interfaces().filters(filter("group-id", [group]));
    let answer = call.into_paginator().items().send().try_collect().await;
    let interfaces: Vec<NetworkInterface> = answer.map_err(|error| failure("ec2:DescribeNetworkInterfaces", error))?;
    let (connected, others): (Vec<_>, Vec<_>) = interfaces.into_iter().partition(is_app_runners);
    let mut found = Vec::new();
    if !connected.is_empty() {
        let connectors = connectors(client, place, group).await?;
        found.extend(blocker(connected.len(), " of App Runner", connectors));
    }
    let (stored, others): (Vec<_>, Vec<_>) = others.into_iter().partition(is_of_rds);
    if !stored.is_empty() {
        found.extend(blocker(stored.len(), " of RDS", databases(client, place, group).await?));
    }
    let holders: BTreeSet<String> = others.iter().map(holder).collect();
    found.extend(blocker(others.len(), "", holders));
    Ok(found)
}

/// `whose` ends the words: " of RDS".
fn blocker(number: usize, whose: &str, held_by: BTreeSet<String>) -> Option<Blocker> {
    let what = format!("{}{whose} in it", count(number, "network interface"));
    let held_by: Vec<String> = held_by.into_iter().collect();
    (!held_by.is_empty()).then(|| Blocker { what, held_by, ..Blocker::default() })
}

fn is_app_runners(interface: &NetworkInterface) -> bool {
    interface.tag_set().iter().any(|tag| tag.key() == Some("AWSAppRunnerManaged"))
}

fn is_of_rds(interface: &NetworkInterface) -> bool {
    interface.requester_id() == Some("amazon-rds")
}

/// The endpoint or instance that the interface belongs to; itself where that is not to be seen.
fn holder(interface: &NetworkInterface) -> String {
    let endpoint = interface.description().unwrap_or_default().strip_prefix("VPC Endpoint Interface ");
    let instance = interface.attachment().and_then(|attachment| attachment.instance_id());
    endpoint.or(instance).or(interface.network_interface_id()).unwrap_or_default().to_owned()
}

/// The living connectors with this group.
async fn connectors(client: &Client, place: &Place, group: &str) -> Result<BTreeSet<String>, Failure> {
    let mut pages = client.apprunner(&place.region, Attempts::Repeat).list_vpc_connectors().into_paginator().send();
    let mut found = BTreeSet::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| failure("apprunner:ListVpcConnectors", error))?;
        let holding = page.vpc_connectors.into_iter().filter(|one| {
            let living = one.status().is_none_or(|status| status.as_str().eq_ignore_ascii_case("active"));
            living && one.security_groups().iter().any(|held| held == group)
        });
        found.extend(holding.filter_map(|one| one.vpc_connector_arn));
    }
    Ok(found)
}

/// The databases with this group.
async fn databases(client: &Client, place: &Place, group: &str) -> Result<BTreeSet<String>, Failure> {
    let call = client.rds(&place.region, Attempts::Repeat).describe_db_instances().into_paginator().items().send();
    let all: Vec<_> = call.try_collect().await.map_err(|error| failure("rds:DescribeDBInstances", error))?;
    let holding = all
        .into_iter()
        .filter(|one| one.vpc_security_groups().iter().any(|held| held.vpc_security_group_id() == Some(group)));
    Ok(holding.filter_map(|one| one.db_instance_identifier).collect())
}

/// The rules of other groups that refer to this one.
pub(super) async fn of_rules(client: &Client, place: &Place, group: &str) -> Result<Option<Blocker>, Failure> {
    let mut groups = BTreeSet::new();
    for direction in ["ip-permission.group-id", "egress.ip-permission.group-id"] {
        let call = reads(client, place).describe_security_groups().filters(filter(direction, [group]));
        let answer = call.into_paginator().items().send().try_collect().await;
        let found: Vec<_> = answer.map_err(|error| failure("ec2:DescribeSecurityGroups", error))?;
        groups.extend(found.into_iter().filter_map(|one| one.group_id).filter(|other| other != group));
    }
    if groups.is_empty() {
        return Ok(None);
    }
    let call = reads(client, place).describe_security_group_rules().filters(filter("group-id", groups));
    let answer = call.into_paginator().items().send().try_collect().await;
    let rules: Vec<SecurityGroupRule> = answer.map_err(|error| failure("ec2:DescribeSecurityGroupRules", error))?;
    let refers =
        |rule: &&SecurityGroupRule| rule.referenced_group_info().and_then(|other| other.group_id()) == Some(group);
    let held_by: Vec<String> =
        rules.iter().filter(refers).filter_map(|rule| rule.security_group_rule_id().map(str::to_owned)).collect();
    let what = format!("{} of other groups to it", count(held_by.len(), "rule"));
    Ok((!held_by.is_empty()).then(|| Blocker { what, held_by, ..Blocker::default() }))
}
