//! Regions, and what holds for the account in one of them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::filter::{self, Filter, Filtered};
use super::refusals::invalid;
use super::start;
use crate::input::read;
use crate::refusal::Answer;
use crate::world::{Caller, World};

/// Regions of a partition that every account has, and those that one opts in to.
const REGIONS: &[(&str, &[&str], &[&str])] = &[
    (
        "aws",
        &[
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-south-1",
            "ap-southeast-1",
            "ap-southeast-2",
            "ca-central-1",
            "eu-central-1",
            "eu-north-1",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "sa-east-1",
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
        ],
        &[
            "af-south-1",
            "ap-east-1",
            "ap-east-2",
            "ap-south-2",
            "ap-southeast-3",
            "ap-southeast-4",
            "ap-southeast-5",
            "ap-southeast-6",
            "ap-southeast-7",
            "ca-west-1",
            "eu-central-2",
            "eu-south-1",
            "eu-south-2",
            "il-central-1",
            "me-central-1",
            "me-south-1",
            "mx-central-1",
        ],
    ),
    ("aws-cn", &["cn-north-1", "cn-northwest-1"], &[]),
    ("aws-us-gov", &["us-gov-east-1", "us-gov-west-1"], &[]),
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeRegions {
    #[serde(default)]
    filters: Vec<Filter>,
    #[serde(default)]
    region_names: Vec<String>,
    #[serde(default)]
    all_regions: bool,
}

struct Region {
    name: &'static str,
    endpoint: String,
    opt_in: &'static str,
}

pub(super) fn regions(caller: &Caller, input: &Value) -> Answer {
    let asked: DescribeRegions = read(input)?;
    let all = known(caller);
    if let Some(name) = asked.region_names.iter().find(|name| !all.iter().any(|region| region.name == **name)) {
        return Err(invalid(format!("Invalid region: {name}")));
    }
    let mut shown = Vec::new();
    for region in &all {
        let enabled = asked.all_regions || region.opt_in == "opt-in-not-required";
        let named = asked.region_names.is_empty() || asked.region_names.iter().any(|name| name == region.name);
        if enabled && named && filter::passes(&asked.filters, region)? {
            shown.push(json!({ "OptInStatus": region.opt_in, "RegionName": region.name, "Endpoint": region.endpoint }));
        }
    }
    Ok(json!({ "Regions": shown }))
}

fn known(caller: &Caller) -> Vec<Region> {
    let domain = if caller.partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
    let region = |name, opt_in| Region { name, endpoint: format!("ec2.{name}.{domain}"), opt_in };
    let of_partition = REGIONS.iter().filter(|(partition, ..)| *partition == caller.partition);
    let mut all: Vec<Region> = of_partition
        .flat_map(|(_, default, opted)| {
            let default = default.iter().map(|name| region(name, "opt-in-not-required"));
            default.chain(opted.iter().map(|name| region(name, "not-opted-in"))).collect::<Vec<_>>()
        })
        .collect();
    all.sort_by_key(|region| region.name);
    all
}

impl Filtered for Region {
    fn values(&self, filter: &str) -> Option<Vec<String>> {
        match filter {
            "region-name" => Some(vec![self.name.to_owned()]),
            "endpoint" => Some(vec![self.endpoint.clone()]),
            "opt-in-status" => Some(vec![self.opt_in.to_owned()]),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeAttributes {
    #[serde(default)]
    attribute_names: Vec<String>,
}

pub(super) fn attributes(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: DescribeAttributes = read(input)?;
    let default = start::ensure(world, caller).default_vpc();
    let all = BTreeMap::from([
        ("default-vpc", default.unwrap_or_else(|| "none".to_owned())),
        ("max-elastic-ips", "5".to_owned()),
        ("max-instances", "20".to_owned()),
        ("supported-platforms", "VPC".to_owned()),
        ("vpc-max-elastic-ips", "5".to_owned()),
        ("vpc-max-security-groups-per-interface", "5".to_owned()),
    ]);
    let wanted =
        |name: &str| asked.attribute_names.is_empty() || asked.attribute_names.iter().any(|asked| asked == name);
    let shown = all
        .iter()
        .filter(|(name, _)| wanted(name))
        .map(|(name, value)| json!({ "AttributeName": name, "AttributeValues": [{ "AttributeValue": value }] }));
    Ok(json!({ "AccountAttributes": shown.collect::<Vec<_>>() }))
}
