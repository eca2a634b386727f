//! `apprunner_vpc_connector` (`aws-behaviour.md` 2.2).

use std::collections::BTreeMap;

use aws_sdk_apprunner::types::{Service, VpcConnector};
use model::{
    Attribute, Kind, Live, Schema, Value,
    schema::{DefaultTimeouts, Finding, nothing_to_check},
};
use provider::{
    Blocker, Call, Failure, FailureKind, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want,
};
use serde::Deserialize;

use super::{
    common::{IN_USE, found, reads, refusal, sdk_tags, tag_call, tags, users},
    limits, network,
};
use crate::{
    calls::{absent, consistent, eight_at_a_time, made_by},
    client::{Attempts, Client},
};

pub static SCHEMA: Schema = Schema {
    name: "apprunner_vpc_connector",
    doc: "The way of App Runner services into a VPC. AWS changes nothing of it but its tags.",
    attributes: &[
        Attribute::required("vpc_connector_name", Kind::Text)
            .member(&limits::create_vpc_connector_request::VPC_CONNECTOR_NAME)
            .replaces()
            .doc("The name. A connector in use cannot be deleted and its name not be taken again, so a change needs `vpc_connector_name_prefix` instead."),
        Attribute::name_prefix("vpc_connector_name_prefix", "vpc_connector_name")
            .member(&limits::create_vpc_connector_request::VPC_CONNECTOR_NAME),
        Attribute::required("subnets", Kind::Set(&Kind::Text))
            .member(&limits::create_vpc_connector_request::SUBNETS)
            .replaces()
            .doc("Subnets of one VPC, in zones that App Runner supports."),
        Attribute::optional("security_groups", Kind::Set(&Kind::Text))
            .member(&limits::create_vpc_connector_request::SECURITY_GROUPS)
            .replaces()
            .doc("Security groups. AWS's default: the VPC's default group."),
        Attribute::optional("tags", Kind::Map(&Kind::Text))
            .member(&limits::create_vpc_connector_request::TAGS)
            .per_key("")
            .doc("Tags."),
        Attribute::computed("vpc_connector_arn", Kind::Text).doc("The ARN, with an id that AWS chooses."),
        Attribute::computed("vpc_connector_revision", Kind::Number).doc("The revision; always 1."),
    ],
    natural_name: &["vpc_connector_name"],
    import_id: "the connector's ARN",
    predict_id: None,
    revisions: false,
    global: false,
    taggable: true,
    loses: None,
    timeouts: DefaultTimeouts { create: 120, update: 120, delete: 300 },
    check: nothing_to_check,
};

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    vpc_connector_name: String,
    subnets: Vec<String>,
    security_groups: Option<Vec<String>>,
}

/// The verbs of `apprunner_vpc_connector`.
pub struct ApprunnerVpcConnector;

impl Resource for ApprunnerVpcConnector {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("apprunner:CreateVpcConnector", RetryClass::NaturalName);
    const DELETE: &'static str = "apprunner:DeleteVpcConnector";
    const RETRIES: &'static [Retry] = IN_USE;

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let arguments = &want.arguments;
        let answer = client
            .apprunner(&place.region, Attempts::Once)
            .create_vpc_connector()
            .vpc_connector_name(&arguments.vpc_connector_name)
            .set_subnets(Some(arguments.subnets.clone()))
            .set_security_groups(arguments.security_groups.clone())
            .set_tags(Some(sdk_tags(&want.tags)))
            .send()
            .await
            .map_err(|error| refusal(Self::CREATE.0, error))?;
        let made = answer.vpc_connector.and_then(|made| made.vpc_connector_arn);
        made.map(Sent::id).ok_or_else(|| Failure::new(FailureKind::Bug, Self::CREATE.0, "the answer holds no ARN"))
    }

    fn next<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        tag_call(client, place, want, live)
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
        found(Self::DELETE, reads(client, place).delete_vpc_connector().vpc_connector_arn(id).send()).await?;
        Ok(Sent::id(id))
    }

    async fn blockers(
        client: &Client,
        place: &Place,
        live: &Live,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Vec<Blocker>, Failure> {
        users(client, place, |service| connector(service) == Some(&live.id)).await
    }

    async fn examine(
        client: &Client,
        place: &Place,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<Vec<Finding>, Failure> {
        network::examine(client, place, arguments).await
    }

    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        match Self::namesake(client, place, &intent.identity).await? {
            Some(arn) => Ok(made_by(live(client, place, &arn).await?, intent)),
            None => Ok(None),
        }
    }

    async fn list(client: &Client, place: &Place, _environment: &str) -> Result<Vec<String>, Failure> {
        let mut pages = reads(client, place).list_vpc_connectors().into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| refusal("apprunner:ListVpcConnectors", error))?;
            let active = page.vpc_connectors.into_iter().filter(is_active);
            found.extend(active.filter_map(|connector| connector.vpc_connector_arn));
        }
        Ok(found)
    }

    async fn namesake(
        client: &Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let Some(name) = identity.get("vpc_connector_name").and_then(Value::as_text) else { return Ok(None) };
        let mut pages = reads(client, place).list_vpc_connectors().into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| refusal("apprunner:ListVpcConnectors", error))?;
            let mut connectors = page.vpc_connectors.into_iter();
            if let Some(found) = connectors.find(|found| found.vpc_connector_name() == Some(name) && is_active(found)) {
                return Ok(found.vpc_connector_arn);
            }
        }
        Ok(None)
    }
}

/// Deleted connectors are answered as INACTIVE for a while.
fn is_active(found: &VpcConnector) -> bool {
    found.status().is_none_or(|status| status.as_str().eq_ignore_ascii_case("active"))
}

async fn describe(client: &Client, place: &Place, arn: &str) -> Result<Option<VpcConnector>, Failure> {
    let call = reads(client, place).describe_vpc_connector().vpc_connector_arn(arn).send();
    let answer = found("apprunner:DescribeVpcConnector", call).await?;
    Ok(answer.and_then(|answer| answer.vpc_connector).filter(is_active))
}

async fn live(client: &Client, place: &Place, arn: &str) -> Result<Option<Live>, Failure> {
    let Some(found) = describe(client, place, arn).await? else { return Ok(None) };
    let Some(tags) = absent(tags(client, place, arn).await)? else { return Ok(None) };
    Ok(Some(
        Live::new(arn)
            .with("vpc_connector_name", found.vpc_connector_name().unwrap_or_default())
            .with("subnets", found.subnets().to_vec())
            .with("security_groups", found.security_groups().to_vec())
            .with("vpc_connector_arn", arn)
            .with("vpc_connector_revision", i64::from(found.vpc_connector_revision()))
            .tagged(tags),
    ))
}

/// The connector that a service goes through.
fn connector(service: &Service) -> Option<&str> {
    service.network_configuration()?.egress_configuration()?.vpc_connector_arn()
}
