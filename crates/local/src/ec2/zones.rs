//! Availability zones: names that differ per account, ids that do not.

use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::filter::{self, Filter, Filtered};
use super::refusals::invalid;
use crate::input::read;
use crate::refusal::Answer;
use crate::world::Caller;

/// A zone of the caller's region.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Zone {
    pub(super) name: String,
    pub(super) id: String,
    region: String,
}

/// Letters and numbers of the zones where they are not simply a, b, c and 1, 2, 3.
const UNUSUAL: &[(&str, &str, &[u8])] = &[
    ("ap-northeast-1", "acd", &[1, 2, 4]),
    ("ap-northeast-2", "abcd", &[1, 2, 3, 4]),
    ("ca-central-1", "abd", &[1, 2, 4]),
    ("cn-north-1", "abd", &[1, 2, 3]),
    ("us-east-1", "abcdef", &[1, 2, 3, 4, 5, 6]),
    ("us-west-1", "ac", &[1, 3]),
    ("us-west-2", "abcd", &[1, 2, 3, 4]),
];

/// In the oldest regions each account has its own order of zone ids behind the names.
const SHUFFLED: &[&str] = &[
    "ap-northeast-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "eu-central-1",
    "eu-west-1",
    "sa-east-1",
    "us-east-1",
    "us-west-1",
    "us-west-2",
];

/// The zones of the caller's region, by name.
pub(super) fn zones(caller: &Caller) -> Vec<Zone> {
    let region = caller.region.as_str();
    let unusual = UNUSUAL.iter().find(|(name, ..)| *name == region);
    let (letters, numbers) = unusual.map_or(("abc", [1, 2, 3].as_slice()), |(_, letters, numbers)| (letters, numbers));
    let shift = if SHUFFLED.contains(&region) { usize::from(Sha256::digest(&caller.account)[0]) } else { 0 };
    let prefix = id_prefix(region);
    let zone = |(at, letter): (usize, char)| Zone {
        name: format!("{region}{letter}"),
        id: format!("{prefix}-az{}", numbers[(at + shift) % numbers.len()]),
        region: region.to_owned(),
    };
    letters.chars().enumerate().map(zone).collect()
}

/// `use1` of `us-east-1`, `apse2` of `ap-southeast-2`, `usgw1` of `us-gov-west-1`.
fn id_prefix(region: &str) -> String {
    let mut parts = region.split('-');
    let continent = parts.next().unwrap_or_default();
    let rest = parts.map(|part| match part {
        "northeast" => "ne",
        "northwest" => "nw",
        "southeast" => "se",
        "southwest" => "sw",
        // The first letter of `east`, `central`, `gov`…; a number as it is.
        other => other.get(..1).unwrap_or_default(),
    });
    std::iter::once(continent).chain(rest).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeZones {
    #[serde(default)]
    filters: Vec<Filter>,
    #[serde(default)]
    zone_names: Vec<String>,
    #[serde(default)]
    zone_ids: Vec<String>,
}

pub(super) fn describe(caller: &Caller, input: &Value) -> Answer {
    let asked: DescribeZones = read(input)?;
    let zones = zones(caller);
    for name in &asked.zone_names {
        if !zones.iter().any(|zone| zone.name == *name) {
            return Err(invalid(format!("Invalid availability zone: [{name}]")));
        }
    }
    for id in &asked.zone_ids {
        if !zones.iter().any(|zone| zone.id == *id) {
            return Err(invalid(format!("Invalid availability zone-id: [{id}]")));
        }
    }
    let wanted = |list: &[String], value: &String| list.is_empty() || list.contains(value);
    let mut shown = Vec::new();
    for zone in zones.iter().filter(|zone| wanted(&asked.zone_names, &zone.name) && wanted(&asked.zone_ids, &zone.id)) {
        if filter::passes(&asked.filters, zone)? {
            shown.push(zone.view());
        }
    }
    Ok(json!({ "AvailabilityZones": shown }))
}

impl Zone {
    fn view(&self) -> Value {
        json!({
            "OptInStatus": "opt-in-not-required",
            "Messages": [],
            "RegionName": self.region,
            "ZoneName": self.name,
            "ZoneId": self.id,
            "GroupName": format!("{}-zg-1", self.region),
            "NetworkBorderGroup": self.region,
            "ZoneType": "availability-zone",
            "State": "available",
        })
    }
}

impl Filtered for Zone {
    fn values(&self, filter: &str) -> Option<Vec<String>> {
        let value = match filter {
            "zone-name" => self.name.clone(),
            "zone-id" => self.id.clone(),
            "region-name" => self.region.clone(),
            "zone-type" => "availability-zone".to_owned(),
            "state" => "available".to_owned(),
            "opt-in-status" => "opt-in-not-required".to_owned(),
            "group-name" => format!("{}-zg-1", self.region),
            "group-long-name" | "message" | "parent-zone-id" | "parent-zone-name" => return Some(vec![]),
            _ => return None,
        };
        Some(vec![value])
    }
}
