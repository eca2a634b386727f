//! The subnets and groups of a connector, looked up while planning (`aws-behaviour.md` 2.2, 6.10).

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::{Filter, SecurityGroup, Subnet};
use model::{Value, schema::Finding};
use provider::{Failure, Place};

use crate::{
    client::{Attempts, Client},
    failure::failure,
};

/// Zones that App Runner does not run in.
const UNSUPPORTED_ZONES: &[&str] = &["use1-az3"];

/// What App Runner would refuse, or what surprises people.
pub(super) async fn examine(
    client: &Client,
    place: &Place,
    arguments: &BTreeMap<String, Value>,
) -> Result<Vec<Finding>, Failure> {
    let mut found = Vec::new();
    let subnets = texts(arguments, "subnets");
    let living = subnets_of(client, place, &subnets).await?;
    found.extend(missing("subnets", &subnets, living.iter().filter_map(Subnet::subnet_id), place));
    let vpcs: BTreeSet<&str> = living.iter().filter_map(Subnet::vpc_id).collect();
    if vpcs.len() > 1 {
        let detail = format!("they are in several VPCs: {}", join(&vpcs));
        found.push(error("subnets", detail, "a connector reaches one VPC"));
    }
    found.extend(living.iter().filter_map(unsupported));
    let public: BTreeSet<&str> =
        living.iter().filter(|subnet| is_public(subnet)).filter_map(Subnet::subnet_id).collect();
    if !public.is_empty() {
        found.push(Finding {
            path: "subnets".to_owned(),
            summary: "no way to the internet",
            detail: format!("{} give public addresses, but a connector's interfaces get none", join(&public)),
            hint: Some(
                "fine for a database in the VPC; calls to the internet need private subnets with a NAT".to_owned(),
            ),
            warning: true,
        });
    }
    let groups = texts(arguments, "security_groups");
    let living = groups_of(client, place, &groups).await?;
    found.extend(missing("security_groups", &groups, living.iter().filter_map(SecurityGroup::group_id), place));
    for group in living.iter().filter(|group| group.vpc_id().is_some_and(|vpc| !vpcs.is_empty() && !vpcs.contains(vpc)))
    {
        let (id, vpc) = (group.group_id().unwrap_or_default(), group.vpc_id().unwrap_or_default());
        let detail = format!("{id} is in {vpc}, the subnets are in {}", join(&vpcs));
        found.push(error("security_groups", detail, "use groups of the subnets' VPC"));
    }
    Ok(found)
}

fn error(path: &str, detail: String, hint: &str) -> Finding {
    Finding {
        path: path.to_owned(),
        summary: "not a network that App Runner takes",
        detail,
        hint: Some(hint.to_owned()),
        warning: false,
    }
}

fn missing<'a>(path: &str, wanted: &[String], found: impl Iterator<Item = &'a str>, place: &Place) -> Option<Finding> {
    let found: BTreeSet<&str> = found.collect();
    let missing: BTreeSet<&str> = wanted.iter().map(String::as_str).filter(|id| !found.contains(id)).collect();
    let detail = format!("{} do not exist in {}", join(&missing), place.region);
    (!missing.is_empty()).then(|| error(path, detail, "ids are of one region and account"))
}

fn unsupported(subnet: &Subnet) -> Option<Finding> {
    let zone = subnet.availability_zone_id().filter(|zone| UNSUPPORTED_ZONES.contains(zone))?;
    let id = subnet.subnet_id().unwrap_or_default();
    let detail = format!("{id} is in the zone {zone}, where App Runner does not run");
    Some(error("subnets", detail, "leave it out"))
}

fn is_public(subnet: &Subnet) -> bool {
    subnet.map_public_ip_on_launch() == Some(true)
}

fn join(ids: &BTreeSet<&str>) -> String {
    ids.iter().copied().collect::<Vec<_>>().join(", ")
}

fn texts(arguments: &BTreeMap<String, Value>, name: &str) -> Vec<String> {
    let items = arguments.get(name).and_then(Value::as_list).unwrap_or_default();
    items.iter().filter_map(Value::as_text).map(str::to_owned).collect()
}

/// By filter: unlike a list of ids, it leaves out what does not exist.
async fn subnets_of(client: &Client, place: &Place, ids: &[String]) -> Result<Vec<Subnet>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let filter = Filter::builder().name("subnet-id").set_values(Some(ids.to_vec())).build();
    let pages = client.ec2(&place.region, Attempts::Repeat).describe_subnets().filters(filter).into_paginator();
    pages.items().send().try_collect().await.map_err(|error| failure("ec2:DescribeSubnets", error))
}

async fn groups_of(client: &Client, place: &Place, ids: &[String]) -> Result<Vec<SecurityGroup>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let filter = Filter::builder().name("group-id").set_values(Some(ids.to_vec())).build();
    let pages = client.ec2(&place.region, Attempts::Repeat).describe_security_groups().filters(filter).into_paginator();
    pages.items().send().try_collect().await.map_err(|error| failure("ec2:DescribeSecurityGroups", error))
}
