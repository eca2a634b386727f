//! `data.ec2_subnets`: the subnets of a VPC.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::Subnet;
use model::{Attribute, Kind, Value, schema::DataSchema};
use provider::{DataSource, Failure, Place};

use super::common::{filter, reads, tag_value};
use crate::{client::Client, failure::failure, ids, values::object};

pub static SCHEMA: DataSchema = DataSchema {
    name: "ec2_subnets",
    doc: "The subnets of a VPC, sorted by zone. A `for` over `subnets` takes some of them: `${[for s in data.ec2_subnets.all.subnets : s.subnet_id if s.availability_zone_id != \"use1-az3\"]}`.",
    attributes: &[
        Attribute::optional("vpc_id", Kind::Text).doc("The VPC; without it all of the region."),
        Attribute::optional("tags", Kind::Map(&Kind::Text)).doc("Tags that they have."),
        Attribute::computed("ids", Kind::List(&Kind::Text)).doc("Their ids."),
        Attribute::computed("subnets", Kind::List(&Kind::Any)).doc(
            "They as objects with `subnet_id`, `vpc_id`, `cidr_block`, `availability_zone` (`us-east-1a`, another zone in another account), `availability_zone_id` (`use1-az3`, the same everywhere), `map_public_ip_on_launch`, `default_for_az` and `tags`.",
        ),
    ],
    local: None,
    check: |arguments| ids::VPC.mistakes("vpc_id", arguments.get("vpc_id")),
};

/// The read of `data.ec2_subnets`.
pub struct Ec2Subnets;

impl DataSource for Ec2Subnets {
    const SCHEMA: &'static DataSchema = &SCHEMA;
    type Client = Client;

    async fn read(
        client: &Client,
        place: &Place,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<BTreeMap<String, Value>, Failure> {
        let mut call = reads(client, place).describe_subnets();
        if let Some(id) = arguments.get("vpc_id").and_then(Value::as_text) {
            call = call.filters(filter("vpc-id", [id]));
        }
        for (key, value) in arguments.get("tags").and_then(Value::as_map).into_iter().flatten() {
            call = call.filters(filter(&format!("tag:{key}"), value.as_text()));
        }
        let found: Result<Vec<Subnet>, _> = call.into_paginator().items().send().try_collect().await;
        let mut found = found.map_err(|error| failure("ec2:DescribeSubnets", error))?;
        let place = |subnet: &Subnet| (subnet.availability_zone.clone(), subnet.subnet_id.clone());
        found.sort_by_key(place);
        let ids = found.iter().filter_map(Subnet::subnet_id).map(Value::from).collect();
        let mut values = arguments.clone();
        values.insert("ids".to_owned(), Value::List(ids));
        values.insert("subnets".to_owned(), Value::List(found.iter().map(shown).collect()));
        Ok(values)
    }
}

fn shown(subnet: &Subnet) -> Value {
    let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
    object([
        ("subnet_id", text(subnet.subnet_id())),
        ("vpc_id", text(subnet.vpc_id())),
        ("cidr_block", text(subnet.cidr_block())),
        ("availability_zone", text(subnet.availability_zone())),
        ("availability_zone_id", text(subnet.availability_zone_id())),
        ("map_public_ip_on_launch", subnet.map_public_ip_on_launch().unwrap_or(false).into()),
        ("default_for_az", subnet.default_for_az().unwrap_or(false).into()),
        ("tags", tag_value(subnet.tags())),
    ])
}
