//! `data.ec2_vpc`: a VPC, the default one or by id or tags.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::Vpc;
use model::{
    Attribute, Kind, Value,
    schema::{DataSchema, Finding},
};
use provider::{DataSource, Failure, FailureKind, Place};

use super::common::{arn, filter, mistake, reads, tag_value};
use crate::{client::Client, failure::failure, ids};

pub static SCHEMA: DataSchema = DataSchema {
    name: "ec2_vpc",
    doc: "A VPC: the default one, or by id, or by tags that one alone has.",
    attributes: &[
        Attribute::optional("default", Kind::Flag).doc("`true`: the account's default VPC in the region."),
        Attribute::optional("vpc_id", Kind::Text).doc("Its id, `vpc-…`."),
        Attribute::optional("tags", Kind::Map(&Kind::Text)).doc("Tags that it has; as result all its tags."),
        Attribute::computed("cidr_block", Kind::Text).doc("Its first block of addresses."),
        Attribute::computed("is_default", Kind::Flag).doc("Whether it is the default VPC."),
        Attribute::computed("vpc_arn", Kind::Text).doc("The ARN."),
        Attribute::computed("owner_id", Kind::Text).doc("The account that holds it."),
    ],
    local: None,
    check,
};

fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let mut found = Vec::new();
    if arguments.get("default").and_then(Value::as_flag) == Some(false) {
        let detail = "`default = false` names no VPC".to_owned();
        found.push(mistake("default", "value not allowed", detail, "leave it out, and write `vpc_id` or `tags`"));
    }
    let written: Vec<&str> =
        ["default", "vpc_id", "tags"].into_iter().filter(|name| arguments.contains_key(*name)).collect();
    if written.len() != 1 {
        let detail = match written.as_slice() {
            [] => "nothing says which VPC it is".to_owned(),
            several => format!("a VPC is named in one way, and `{}` are written", several.join("`, `")),
        };
        let hint = "write exactly one of `default = true`, `vpc_id` and `tags`";
        let path = written.get(1).copied().unwrap_or_default();
        found.push(mistake(path, "attributes do not go together", detail, hint));
    }
    found.extend(ids::VPC.mistakes("vpc_id", arguments.get("vpc_id")));
    found
}

/// The read of `data.ec2_vpc`.
pub struct Ec2Vpc;

impl DataSource for Ec2Vpc {
    const SCHEMA: &'static DataSchema = &SCHEMA;
    type Client = Client;

    async fn read(
        client: &Client,
        place: &Place,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<BTreeMap<String, Value>, Failure> {
        const OPERATION: &str = "ec2:DescribeVpcs";
        let mut call = reads(client, place).describe_vpcs();
        if let Some(id) = arguments.get("vpc_id").and_then(Value::as_text) {
            call = call.filters(filter("vpc-id", [id]));
        }
        for (key, value) in arguments.get("tags").and_then(Value::as_map).into_iter().flatten() {
            call = call.filters(filter(&format!("tag:{key}"), value.as_text()));
        }
        if arguments.contains_key("default") {
            call = call.filters(filter("is-default", ["true"]));
        }
        let found: Result<Vec<Vpc>, _> = call.into_paginator().items().send().try_collect().await;
        let found = found.map_err(|error| failure(OPERATION, error))?;
        let none = |message: String| Failure::new(FailureKind::NotFound, OPERATION, message);
        match found.as_slice() {
            [vpc] => Ok(values(place, vpc)),
            [] => Err(none(format!("there is no such VPC in {}", place.region))),
            several => {
                let ids: Vec<&str> = several.iter().filter_map(Vpc::vpc_id).collect();
                Err(none(format!("several VPCs are such: {}", ids.join(", "))))
            }
        }
    }
}

fn values(place: &Place, vpc: &Vpc) -> BTreeMap<String, Value> {
    let id = vpc.vpc_id().unwrap_or_default();
    let is_default = vpc.is_default().unwrap_or(false);
    BTreeMap::from([
        ("default".to_owned(), is_default.into()),
        ("vpc_id".to_owned(), id.into()),
        ("tags".to_owned(), tag_value(vpc.tags())),
        ("cidr_block".to_owned(), vpc.cidr_block().map(str::to_owned).into()),
        ("is_default".to_owned(), is_default.into()),
        ("vpc_arn".to_owned(), arn(place, "vpc", id).into()),
        ("owner_id".to_owned(), vpc.owner_id().map(str::to_owned).into()),
    ])
}
