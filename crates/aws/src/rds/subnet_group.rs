//! `rds_subnet_group` (`aws-behaviour.md` 7.2).

use std::collections::BTreeMap;

use aws_sdk_rds::types::DbSubnetGroup;
use model::{
    Attribute, Kind, Live, Schema, Value,
    schema::{Compare, DefaultTimeouts, Finding, Prediction},
};
use provider::{
    Blocker, Call, Failure, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want,
    retry::RetryPhase,
};
use serde::Deserialize;

use super::{
    common::{finding, found, reads, sdk_tags, tag_call, tags, text, users},
    limits,
};
use crate::{
    calls::{consistent, eight_at_a_time, made_by, upsert},
    client::{Attempts, Client},
    failure::failure,
    ids,
    values::arn,
};

pub static SCHEMA: Schema = Schema {
    name: "rds_subnet_group",
    doc: "The subnets that database instances may stand in.",
    attributes: &[
        Attribute::required("db_subnet_group_name", Kind::Text)
            .member(&limits::create_db_subnet_group_message::DB_SUBNET_GROUP_NAME)
            .replaces()
            .compare(Compare::CaseInsensitive)
            .doc("The name; AWS keeps it in lower case."),
        Attribute::name_prefix("db_subnet_group_name_prefix", "db_subnet_group_name")
            .member(&limits::create_db_subnet_group_message::DB_SUBNET_GROUP_NAME),
        Attribute::required("db_subnet_group_description", Kind::Text)
            .member(&limits::create_db_subnet_group_message::DB_SUBNET_GROUP_DESCRIPTION)
            .doc("What it is for."),
        Attribute::required("subnet_ids", Kind::Set(&Kind::Text))
            .member(&limits::create_db_subnet_group_message::SUBNET_IDS)
            .doc("Subnets of one VPC, in two availability zones at least."),
        Attribute::optional("tags", Kind::Map(&Kind::Text))
            .member(&limits::create_db_subnet_group_message::TAGS)
            .per_key("")
            .doc("Tags."),
        Attribute::computed("db_subnet_group_arn", Kind::Text).predicted(group_arn).doc("The ARN."),
        Attribute::computed("vpc_id", Kind::Text).doc("The VPC of the subnets."),
    ],
    natural_name: &["db_subnet_group_name"],
    import_id: "the group's name",
    predict_id: Some(name_of),
    revisions: false,
    global: false,
    taggable: true,
    loses: None,
    timeouts: DefaultTimeouts { create: 60, update: 60, delete: 300 },
    check,
};

const GONE: &[&str] = &["DBSubnetGroupNotFoundFault"];

fn name_of(prediction: &Prediction<'_>) -> Option<String> {
    prediction.text("db_subnet_group_name").map(str::to_lowercase)
}

fn group_arn(prediction: &Prediction<'_>) -> Option<Value> {
    arn(prediction, "rds", &format!("subgrp:{}", name_of(prediction)?)).map(Value::Text)
}

fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let mut mistakes: Vec<Finding> = Vec::new();
    let name = arguments.get("db_subnet_group_name").and_then(Value::as_text).unwrap_or("fits");
    let fits = |letter: char| letter.is_ascii_alphanumeric() || " ._-".contains(letter);
    if name.is_empty() || name.len() > 255 || !name.chars().all(fits) {
        let detail = "a subnet group's name has 1 to 255 letters, digits, spaces, `.`, `_` and `-`";
        mistakes.push(finding("db_subnet_group_name", detail, "write a name like `orders-db`"));
    }
    if name.eq_ignore_ascii_case("default") {
        let detail = "the name `default` belongs to the group that AWS makes itself";
        mistakes.push(finding("db_subnet_group_name", detail, "choose another name"));
    }
    let subnets = arguments.get("subnet_ids").and_then(Value::as_list);
    if subnets.is_some_and(|subnets| subnets.len() < 2) {
        let detail = "a subnet group covers at least two availability zones";
        mistakes.push(finding(
            "subnet_ids",
            detail,
            "name subnets of two zones or more: \"${data.ec2_subnets.NAME.ids}\"",
        ));
    }
    mistakes.extend(ids::SUBNET.mistakes("subnet_ids", arguments.get("subnet_ids")));
    mistakes
}

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    db_subnet_group_name: String,
    db_subnet_group_description: String,
    subnet_ids: Vec<String>,
}

/// The verbs of `rds_subnet_group`.
pub struct RdsSubnetGroup;

impl Resource for RdsSubnetGroup {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("rds:CreateDBSubnetGroup", RetryClass::NaturalName);
    const DELETE: &'static str = "rds:DeleteDBSubnetGroup";
    const RETRIES: &'static [Retry] = &[Retry {
        code: "InvalidDBSubnetGroupStateFault",
        fragment: "",
        phases: &[RetryPhase::Delete],
        window: 300,
        fresh_only: false,
        waiting_for: "RDS to let go",
    }];

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let arguments = &want.arguments;
        client
            .rds(&place.region, Attempts::Once)
            .create_db_subnet_group()
            .db_subnet_group_name(&arguments.db_subnet_group_name)
            .db_subnet_group_description(&arguments.db_subnet_group_description)
            .set_subnet_ids(Some(arguments.subnet_ids.clone()))
            .set_tags(Some(sdk_tags(&want.tags)))
            .send()
            .await
            .map_err(|error| failure(Self::CREATE.0, error))?;
        Ok(Sent::id(arguments.db_subnet_group_name.to_lowercase()))
    }

    fn next<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        if want.differs("subnet_ids") || want.differs("db_subnet_group_description") {
            let call = reads(client, place).modify_db_subnet_group().db_subnet_group_name(&live.id);
            let call = call
                .set_subnet_ids(Some(want.arguments.subnet_ids.clone()))
                .db_subnet_group_description(&want.arguments.db_subnet_group_description);
            return Some(upsert("rds:ModifyDBSubnetGroup", "sets subnets and description", call.send()));
        }
        tag_call(client, place, want, live, text(live, "db_subnet_group_arn"))
    }

    async fn settle(
        client: &Client,
        place: &Place,
        id: &str,
        _operation: Option<&str>,
        goal: Goal,
    ) -> Result<Settled, Failure> {
        Ok(consistent(describe(client, place, id).await?.is_some(), goal, 2))
    }

    async fn read(client: &Client, place: &Place, ids: &[String]) -> Result<Vec<Option<Live>>, Failure> {
        eight_at_a_time(ids.iter().map(|id| live(client, place, id)).collect()).await
    }

    async fn delete(
        client: &Client,
        place: &Place,
        id: &str,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Sent, Failure> {
        let call = reads(client, place).delete_db_subnet_group().db_subnet_group_name(id).send();
        found(Self::DELETE, GONE, call).await?;
        Ok(Sent::id(id))
    }

    async fn blockers(
        client: &Client,
        place: &Place,
        live: &Live,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Vec<Blocker>, Failure> {
        let of = |group: &DbSubnetGroup| group.db_subnet_group_name() == Some(&live.id);
        users(client, place, |instance| instance.db_subnet_group().is_some_and(of)).await
    }

    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        match Self::namesake(client, place, &intent.identity).await? {
            Some(name) => Ok(made_by(live(client, place, &name).await?, intent)),
            None => Ok(None),
        }
    }

    async fn list(client: &Client, place: &Place, _environment: &str) -> Result<Vec<String>, Failure> {
        let pages = reads(client, place).describe_db_subnet_groups().into_paginator().items().send();
        let found = pages.try_collect().await.map_err(|error| failure("rds:DescribeDBSubnetGroups", error))?;
        let found: Vec<DbSubnetGroup> = found;
        Ok(found.into_iter().filter_map(|group| group.db_subnet_group_name).collect())
    }

    async fn namesake(
        client: &Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let Some(name) = identity.get("db_subnet_group_name").and_then(Value::as_text) else { return Ok(None) };
        Ok(describe(client, place, name).await?.and_then(|group| group.db_subnet_group_name))
    }
}

async fn describe(client: &Client, place: &Place, name: &str) -> Result<Option<DbSubnetGroup>, Failure> {
    let call = reads(client, place).describe_db_subnet_groups().db_subnet_group_name(name).send();
    let answer = found("rds:DescribeDBSubnetGroups", GONE, call).await?;
    Ok(answer.and_then(|answer| answer.db_subnet_groups.unwrap_or_default().into_iter().next()))
}

async fn live(client: &Client, place: &Place, name: &str) -> Result<Option<Live>, Failure> {
    let Some(group) = describe(client, place, name).await? else { return Ok(None) };
    let arn = group.db_subnet_group_arn().unwrap_or_default();
    let Some(tags) = tags(client, place, arn, GONE).await? else { return Ok(None) };
    let subnets = group.subnets().iter().filter_map(|subnet| subnet.subnet_identifier().map(str::to_owned));
    Ok(Some(
        Live::new(group.db_subnet_group_name().unwrap_or(name))
            .with("db_subnet_group_name", group.db_subnet_group_name().unwrap_or_default())
            .with("db_subnet_group_description", group.db_subnet_group_description().unwrap_or_default())
            .with("subnet_ids", subnets.collect::<Vec<_>>())
            .with("db_subnet_group_arn", arn)
            .with("vpc_id", group.vpc_id().unwrap_or_default())
            .tagged(tags),
    ))
}
