//! What keeps a security group from being deleted: interfaces and who holds them, rules of other groups (`aws-behaviour.md` 5.8).

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::{NetworkInterface, SecurityGroup, SecurityGroupRule, VpcEndpoint};
use aws_sdk_rds::types::DbInstance;
use model::{Live, observed::ownership};
use provider::{Blocker, Failure, Place};

use super::common::{filter, reads};
use crate::{
    client::{Attempts, Client},
    failure::failure,
};

/// One who holds a group.
pub(super) struct Holder {
    pub(super) blocker: Blocker,
    /// It is being deleted already.
    pub(super) is_going: bool,
    /// Of the state that made it, where groma did.
    lineage: Option<String>,
}

impl Holder {
    fn new(what: String, held_by: Vec<String>) -> Self {
        Self { blocker: Blocker { what, held_by, ..Blocker::default() }, is_going: false, lineage: None }
    }

    /// With its tags, each a key and a value.
    fn going<'t>(self, is_going: bool, tags: impl IntoIterator<Item = (Option<&'t str>, Option<&'t str>)>) -> Self {
        let lineage = tags.into_iter().find(|(key, _)| *key == Some(ownership::LINEAGE)).and_then(|(_, value)| value);
        let what = match is_going {
            true => format!("{}; the holder is being deleted", self.blocker.what),
            false => self.blocker.what,
        };
        Self { blocker: Blocker { what, ..self.blocker }, is_going, lineage: lineage.map(str::to_owned) }
    }
}

/// What stands in the way of a deletion: everyone but ours that are being deleted already, which are waited for. A run that was
/// stopped may have left such.
pub(super) async fn blockers(client: &Client, place: &Place, group: &Live) -> Result<Vec<Blocker>, Failure> {
    let lineage = group.ownership.get(ownership::LINEAGE);
    let passes = |holder: &Holder| holder.is_going && lineage.is_some() && holder.lineage.as_ref() == lineage;
    let holders = all(client, place, &group.id).await?.into_iter().filter(|holder| !passes(holder));
    Ok(holders.map(|holder| holder.blocker).collect())
}

/// Everyone who holds the group.
pub(super) async fn all(client: &Client, place: &Place, group: &str) -> Result<Vec<Holder>, Failure> {
    let mut found = of_interfaces(client, place, group).await?;
    found.extend(of_rules(client, place, group).await?);
    Ok(found)
}

/// The interfaces that hold the group. Those of App Runner without a living connector go by themselves: they are waited for.
async fn of_interfaces(client: &Client, place: &Place, group: &str) -> Result<Vec<Holder>, Failure> {
    let call = reads(client, place).describe_network_interfaces().filters(filter("group-id", [group]));
    let answer = call.into_paginator().items().send().try_collect().await;
    let interfaces: Vec<NetworkInterface> = answer.map_err(|error| failure("ec2:DescribeNetworkInterfaces", error))?;
    let (connected, others): (Vec<_>, Vec<_>) = interfaces.into_iter().partition(is_app_runners);
    let (stored, others): (Vec<_>, Vec<_>) = others.into_iter().partition(is_of_rds);
    let mut found = Vec::new();
    if !connected.is_empty() {
        let what = "a connector of App Runner has network interfaces in it";
        let connectors = connectors(client, place, group).await?.into_iter();
        found.extend(connectors.map(|arn| Holder::new(what.to_owned(), vec![arn])));
    }
    if !stored.is_empty() {
        let what = "a database has network interfaces in it";
        let databases = databases(client, place, group).await?.into_iter();
        found.extend(databases.map(|(arn, database)| {
            let is_going = database.db_instance_status() == Some("deleting");
            let tags = database.tag_list().iter().map(|tag| (tag.key(), tag.value()));
            Holder::new(what.to_owned(), vec![arn]).going(is_going, tags)
        }));
    }
    found.extend(of_others(client, place, &others).await?);
    Ok(found)
}

fn is_app_runners(interface: &NetworkInterface) -> bool {
    interface.tag_set().iter().any(|tag| tag.key() == Some("AWSAppRunnerManaged"))
}

fn is_of_rds(interface: &NetworkInterface) -> bool {
    interface.requester_id() == Some("amazon-rds")
}

/// Interfaces of endpoints, instances and whoever else, by their holders.
async fn of_others(client: &Client, place: &Place, interfaces: &[NetworkInterface]) -> Result<Vec<Holder>, Failure> {
    let mut held: BTreeMap<&str, Vec<&NetworkInterface>> = BTreeMap::new();
    interfaces.iter().for_each(|interface| held.entry(holder(interface)).or_default().push(interface));
    let named: Vec<String> = held.keys().filter(|id| is_endpoint(id)).map(|id| (*id).to_owned()).collect();
    let endpoints = endpoints(client, place, named).await?;
    // Of one that is gone by now the interfaces are gone too, or about to be.
    held.retain(|id, _| !is_endpoint(id) || endpoints.contains_key(*id));
    let one = |(id, interfaces): (&str, Vec<&NetworkInterface>)| {
        let ids: Vec<&str> = interfaces.iter().filter_map(|one| one.network_interface_id()).collect();
        let what = match interfaces[..] {
            [one] if ids == [id] => match one.description().filter(|words| !words.is_empty()) {
                Some(words) => format!("a network interface in it, \"{words}\""),
                None => "a network interface in it".to_owned(),
            },
            [_] => format!("a network interface in it, {}", ids.join(", ")),
            _ => format!("{} network interfaces in it, {}", ids.len(), ids.join(", ")),
        };
        let holder = Holder::new(what, vec![id.to_owned()]);
        let Some(endpoint) = endpoints.get(id) else { return holder };
        let state = endpoint.state().map(|state| state.as_str().to_lowercase());
        let tags = endpoint.tags().iter().map(|tag| (tag.key(), tag.value()));
        holder.going(state.is_some_and(|state| state.starts_with("delet")), tags)
    };
    Ok(held.into_iter().map(one).collect())
}

/// The endpoint or instance that the interface belongs to; itself where that is not to be seen.
fn holder(interface: &NetworkInterface) -> &str {
    let endpoint = interface.description().unwrap_or_default().strip_prefix("VPC Endpoint Interface ");
    let instance = interface.attachment().and_then(|attachment| attachment.instance_id());
    endpoint.or(instance).or(interface.network_interface_id()).unwrap_or_default()
}

fn is_endpoint(id: &str) -> bool {
    id.starts_with("vpce-")
}

/// The endpoints among these that are still to be seen.
async fn endpoints(client: &Client, place: &Place, ids: Vec<String>) -> Result<BTreeMap<String, VpcEndpoint>, Failure> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let call = reads(client, place).describe_vpc_endpoints().filters(filter("vpc-endpoint-id", ids));
    let answer = call.into_paginator().items().send().try_collect().await;
    let found: Vec<VpcEndpoint> = answer.map_err(|error| failure("ec2:DescribeVpcEndpoints", error))?;
    Ok(found.into_iter().filter_map(|one| Some((one.vpc_endpoint_id.clone()?, one))).collect())
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
async fn databases(client: &Client, place: &Place, group: &str) -> Result<BTreeMap<String, DbInstance>, Failure> {
    let call = client.rds(&place.region, Attempts::Repeat).describe_db_instances().into_paginator().items().send();
    let all: Vec<_> = call.try_collect().await.map_err(|error| failure("rds:DescribeDBInstances", error))?;
    let holding = all
        .into_iter()
        .filter(|one| one.vpc_security_groups().iter().any(|held| held.vpc_security_group_id() == Some(group)));
    Ok(holding.filter_map(|one| Some((one.db_instance_arn.clone()?, one))).collect())
}

/// The rules of other groups that refer to this one, by group.
async fn of_rules(client: &Client, place: &Place, group: &str) -> Result<Vec<Holder>, Failure> {
    let mut others: BTreeMap<String, SecurityGroup> = BTreeMap::new();
    for direction in ["ip-permission.group-id", "egress.ip-permission.group-id"] {
        let call = reads(client, place).describe_security_groups().filters(filter(direction, [group]));
        let answer = call.into_paginator().items().send().try_collect().await;
        let found: Vec<_> = answer.map_err(|error| failure("ec2:DescribeSecurityGroups", error))?;
        others.extend(found.into_iter().filter_map(|one| Some((one.group_id.clone()?, one))));
    }
    others.remove(group);
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let call = reads(client, place).describe_security_group_rules().filters(filter("group-id", others.keys()));
    let answer = call.into_paginator().items().send().try_collect().await;
    let rules: Vec<SecurityGroupRule> = answer.map_err(|error| failure("ec2:DescribeSecurityGroupRules", error))?;
    let of = |(id, other): (&String, &SecurityGroup)| {
        let refers = |rule: &&SecurityGroupRule| {
            let to = rule.referenced_group_info().and_then(|other| other.group_id());
            rule.group_id() == Some(id) && to == Some(group)
        };
        let held_by: Vec<String> =
            rules.iter().filter(refers).filter_map(|rule| rule.security_group_rule_id().map(str::to_owned)).collect();
        let what = format!("the security group {} ({id}) refers to it in its rules", other.group_name().unwrap_or("?"));
        (!held_by.is_empty()).then(|| Holder::new(what, held_by))
    };
    Ok(others.iter().filter_map(of).collect())
}
