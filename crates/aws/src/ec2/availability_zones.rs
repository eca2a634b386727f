//! `data.ec2_availability_zones`: the zones of the region (`aws-behaviour.md` 6.10).

use std::collections::BTreeMap;

use model::{
    Attribute, Kind, Value,
    schema::{DataSchema, Finding},
};
use provider::{DataSource, Failure, Place};

use super::common::{filter, mistake, reads};
use crate::{client::Client, failure::failure, values::object};

pub static SCHEMA: DataSchema = DataSchema {
    name: "ec2_availability_zones",
    doc: "The availability zones that the account can use in the region, sorted by name.",
    attributes: &[
        Attribute::optional("state", Kind::Text).doc("`available` leaves out what is impaired."),
        Attribute::computed("names", Kind::List(&Kind::Text)).doc("`us-east-1a` …: another zone in another account."),
        Attribute::computed("zone_ids", Kind::List(&Kind::Text))
            .doc("`use1-az3` …: the same in all accounts; in the order of the names."),
        Attribute::computed("availability_zones", Kind::List(&Kind::Any))
            .doc("They as objects with `zone_name`, `zone_id` and `state`."),
    ],
    local: None,
    check,
};

/// The states of zones (botocore's `AvailabilityZoneState`).
const STATES: [&str; 5] = ["available", "information", "impaired", "unavailable", "constrained"];

fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let wrong = arguments.get("state").and_then(Value::as_text).filter(|state| !STATES.contains(state));
    let finding = wrong.map(|state| {
        let detail = format!("no zone is ever `{state}`");
        mistake("state", "value not allowed", detail, "write `available`, or leave it out for all zones")
    });
    finding.into_iter().collect()
}

/// The read of `data.ec2_availability_zones`.
pub struct Ec2AvailabilityZones;

impl DataSource for Ec2AvailabilityZones {
    const SCHEMA: &'static DataSchema = &SCHEMA;
    type Client = Client;

    async fn read(
        client: &Client,
        place: &Place,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<BTreeMap<String, Value>, Failure> {
        let mut call = reads(client, place).describe_availability_zones();
        call = call.filters(filter("zone-type", ["availability-zone"]));
        if let Some(state) = arguments.get("state").and_then(Value::as_text) {
            call = call.filters(filter("state", [state]));
        }
        let answer = call.send().await.map_err(|error| failure("ec2:DescribeAvailabilityZones", error))?;
        let mut found = answer.availability_zones.unwrap_or_default();
        found.sort_by_key(|zone| zone.zone_name.clone());
        let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
        let shown = found.iter().map(|zone| {
            let state = zone.state().map_or(Value::Null, |state| state.as_str().into());
            object([("zone_name", text(zone.zone_name())), ("zone_id", text(zone.zone_id())), ("state", state)])
        });
        let mut values = arguments.clone();
        values.extend([
            ("names".to_owned(), Value::List(found.iter().map(|zone| text(zone.zone_name())).collect())),
            ("zone_ids".to_owned(), Value::List(found.iter().map(|zone| text(zone.zone_id())).collect())),
            ("availability_zones".to_owned(), Value::List(shown.collect())),
        ]);
        Ok(values)
    }
}
