//! What AWS would refuse of an endpoint's network, offline and by reads while planning.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::types::{ServiceDetail, Subnet};
use model::{Value, schema::Finding};
use provider::{Failure, Place};

use super::common::{filter, mistake, reads};
use crate::{client::Client, failure::failure, ids};

/// What the kind of an endpoint does not take.
const OTHERS: &[(&str, &[&str], &str)] = &[
    (
        "Gateway",
        &["subnet_ids", "security_group_ids"],
        "a gateway stands in route tables; write `vpc_endpoint_type = \"Interface\"` or `route_table_ids`",
    ),
    ("Interface", &["route_table_ids"], "an interface stands in subnets; write `subnet_ids`, or a gateway"),
];

pub(super) fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let kind = match arguments.get("vpc_endpoint_type") {
        None => "Gateway",
        Some(written) => written.as_text().unwrap_or_default(),
    };
    let is = match arguments.contains_key("vpc_endpoint_type") {
        true => format!("this endpoint is of the type {kind}"),
        false => "without `vpc_endpoint_type` an endpoint is a Gateway".to_owned(),
    };
    let (_, others, hint) = OTHERS.iter().find(|(other, ..)| *other == kind).copied().unwrap_or(("", &[], ""));
    let wrong = others.iter().filter(|name| arguments.contains_key(**name));
    let mut found: Vec<Finding> = wrong
        .map(|name| mistake(name, "attributes do not go together", format!("{is}, which takes no `{name}`"), hint))
        .collect();
    if kind == "Gateway" && arguments.get("private_dns_enabled").and_then(Value::as_flag) == Some(true) {
        let detail = format!("{is}, which has no private DNS");
        let hint = "leave it out, or write `vpc_endpoint_type = \"Interface\"`";
        found.push(mistake("private_dns_enabled", "attributes do not go together", detail, hint));
    }
    found.extend(arguments.get("service_name").and_then(Value::as_text).and_then(short_name));
    for (path, kind) in [
        ("vpc_id", ids::VPC),
        ("subnet_ids", ids::SUBNET),
        ("security_group_ids", ids::GROUP),
        ("route_table_ids", ids::ROUTE_TABLE),
    ] {
        found.extend(kind.mistakes(path, arguments.get(path)));
    }
    found
}

/// Names of services have the region in them.
fn short_name(written: &str) -> Option<Finding> {
    let detail = format!("`{written}` is no whole name of a service: the region belongs to it");
    let hint = format!("write `com.amazonaws.${{env.region}}.{}`", written.rsplit('.').next().unwrap_or_default());
    (written.split('.').count() < 4).then(|| mistake("service_name", "value not allowed", detail, &hint))
}

/// What has to be added and removed to get from what lives to what is wanted.
pub(super) fn moves(wanted: Option<&Vec<String>>, live: Option<&Value>) -> (Vec<String>, Vec<String>) {
    let Some(wanted) = wanted else { return (Vec::new(), Vec::new()) };
    let live = live.map(texts).unwrap_or_default();
    let added = wanted.iter().filter(|id| !live.contains(id)).cloned().collect();
    let removed = live.iter().filter(|id| !wanted.contains(id)).cloned().collect();
    (added, removed)
}

fn texts(list: &Value) -> Vec<String> {
    list.as_list().unwrap_or_default().iter().filter_map(Value::as_text).map(str::to_owned).collect()
}

/// Whether the service exists, and reaches the zones of the subnets.
pub(super) async fn examine(
    client: &Client,
    place: &Place,
    arguments: &BTreeMap<String, Value>,
) -> Result<Vec<Finding>, Failure> {
    let Some(name) = arguments.get("service_name").and_then(Value::as_text) else { return Ok(Vec::new()) };
    let kind = arguments.get("vpc_endpoint_type").and_then(Value::as_text).unwrap_or("Gateway");
    let details = service(client, place, name).await?;
    if details.is_empty() {
        let detail = format!("{} has no service `{name}`", place.region);
        let hint = format!("names are like `com.amazonaws.{}.secretsmanager`", place.region);
        return Ok(vec![mistake("service_name", "no such service", detail, &hint)]);
    }
    let offers = |detail: &&ServiceDetail| {
        detail.service_type().iter().any(|offer| offer.service_type().is_some_and(|offer| offer.as_str() == kind))
    };
    let Some(detail) = details.iter().find(offers) else {
        let detail = format!("`{name}` has no endpoint of the type {kind}");
        let hint = if kind == "Gateway" { "write `vpc_endpoint_type = \"Interface\"`" } else { "write another type" };
        return Ok(vec![mistake("vpc_endpoint_type", "no such endpoint", detail, hint)]);
    };
    let subnets = arguments.get("subnet_ids").map(texts).unwrap_or_default();
    Ok(zones(detail, &subnets_of(client, place, subnets).await?))
}

fn zones(service: &ServiceDetail, subnets: &[Subnet]) -> Vec<Finding> {
    let mut seen = BTreeMap::new();
    let mut found = Vec::new();
    let reached: BTreeSet<&str> = service.availability_zones().iter().map(String::as_str).collect();
    for subnet in subnets {
        let (id, zone) = (subnet.subnet_id().unwrap_or_default(), subnet.availability_zone().unwrap_or_default());
        if !reached.is_empty() && !reached.contains(zone) {
            let number = subnet.availability_zone_id().unwrap_or_default();
            let detail = format!("{id} is in the zone {zone} ({number}), which the service does not reach");
            found.push(mistake("subnet_ids", "not a network that the service reaches", detail, "leave it out"));
        }
        if let Some(other) = seen.insert(zone, id) {
            let detail = format!("{other} and {id} are both in the zone {zone}");
            found.push(mistake("subnet_ids", "value not allowed", detail, "an endpoint takes one subnet in each zone"));
        }
    }
    found
}

async fn service(client: &Client, place: &Place, name: &str) -> Result<Vec<ServiceDetail>, Failure> {
    let call = reads(client, place).describe_vpc_endpoint_services().filters(filter("service-name", [name]));
    let answer = call.send().await.map_err(|error| failure("ec2:DescribeVpcEndpointServices", error))?;
    Ok(answer.service_details.unwrap_or_default())
}

async fn subnets_of(client: &Client, place: &Place, ids: Vec<String>) -> Result<Vec<Subnet>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let call = reads(client, place).describe_subnets().filters(filter("subnet-id", ids));
    call.into_paginator().items().send().try_collect().await.map_err(|error| failure("ec2:DescribeSubnets", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_take_what_is_theirs() {
        let said = |arguments: &[(&str, Value)]| {
            let arguments = arguments.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            check(&arguments).into_iter().map(|finding| finding.detail).collect::<Vec<_>>()
        };
        let subnets = ("subnet_ids", Value::List(vec!["subnet-1".into()]));
        let kind = |kind: &str| ("vpc_endpoint_type", Value::from(kind));
        assert_eq!(
            said(std::slice::from_ref(&subnets)),
            ["without `vpc_endpoint_type` an endpoint is a Gateway, which takes no `subnet_ids`"]
        );
        assert_eq!(said(&[subnets, kind("Interface")]), Vec::<String>::new());
        let tables = ("route_table_ids", Value::List(vec!["rtb-1".into()]));
        assert_eq!(
            said(&[tables, kind("Interface")]),
            ["this endpoint is of the type Interface, which takes no `route_table_ids`"]
        );
        let dns = said(&[kind("Gateway"), ("private_dns_enabled", true.into())]);
        assert_eq!(dns, ["this endpoint is of the type Gateway, which has no private DNS"]);
        let service = |name: &str| said(&[kind("Interface"), ("service_name", name.into())]);
        assert_eq!(service("com.amazonaws.us-east-1.ecr.dkr"), Vec::<String>::new());
        assert_eq!(service("com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"), Vec::<String>::new());
        assert_eq!(service("sqs"), ["`sqs` is no whole name of a service: the region belongs to it"]);
    }

    #[test]
    fn moves_are_differences() {
        let live = Value::List(vec!["a".into(), "b".into()]);
        let wanted = vec!["b".to_owned(), "c".to_owned()];
        assert_eq!(moves(Some(&wanted), Some(&live)), (vec!["c".to_owned()], vec!["a".to_owned()]));
        assert_eq!(moves(None, Some(&live)), (Vec::new(), Vec::new()));
    }
}
