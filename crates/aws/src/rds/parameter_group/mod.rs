//! `rds_parameter_group` (`aws-behaviour.md` 7.3).

mod parameters;
mod read;
mod schema;

use std::collections::BTreeMap;

use aws_sdk_rds::types::DbParameterGroup;
use model::{Live, Schema, Value};
use provider::{
    Blocker, Call, Failure, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want,
    retry::RetryPhase,
};
use serde::Deserialize;

pub use schema::SCHEMA;

use super::common::{found, reads, sdk_tags, tag_call, text, users};
use crate::{
    calls::{consistent, eight_at_a_time, made_by},
    client::{Attempts, Client},
    failure::failure,
};
use parameters::{Change, Written};
use read::{describe, live};

const GONE: &[&str] = &["DBParameterGroupNotFound"];
/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    db_parameter_group_name: String,
    db_parameter_group_family: String,
    description: String,
    #[serde(default)]
    parameters: Vec<Written>,
}

/// The verbs of `rds_parameter_group`.
pub struct RdsParameterGroup;

impl Resource for RdsParameterGroup {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("rds:CreateDBParameterGroup", RetryClass::NaturalName);
    const DELETE: &'static str = "rds:DeleteDBParameterGroup";
    const RETRIES: &'static [Retry] =
        &[retry("has pending changes", RetryPhase::Update, 180), retry("still members", RetryPhase::Delete, 300)];

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let arguments = &want.arguments;
        client
            .rds(&place.region, Attempts::Once)
            .create_db_parameter_group()
            .db_parameter_group_name(&arguments.db_parameter_group_name)
            .db_parameter_group_family(&arguments.db_parameter_group_family)
            .description(&arguments.description)
            .set_tags(Some(sdk_tags(&want.tags)))
            .send()
            .await
            .map_err(|error| failure(Self::CREATE.0, error))?;
        Ok(Sent::id(arguments.db_parameter_group_name.to_lowercase()))
    }

    fn next<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        let family = want.arguments.db_parameter_group_family.as_str();
        let change = Change { client, place, group: &live.id, family };
        let tags = || tag_call(client, place, want, live, text(live, "db_parameter_group_arn"));
        change.next(want, live).or_else(tags)
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
        let call = reads(client, place).delete_db_parameter_group().db_parameter_group_name(id).send();
        found(Self::DELETE, GONE, call).await?;
        Ok(Sent::id(id))
    }

    async fn blockers(
        client: &Client,
        place: &Place,
        live: &Live,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Vec<Blocker>, Failure> {
        users(client, place, |instance| {
            instance.db_parameter_groups().iter().any(|group| group.db_parameter_group_name() == Some(&live.id))
        })
        .await
    }

    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        match Self::namesake(client, place, &intent.identity).await? {
            Some(name) => Ok(made_by(live(client, place, &name).await?, intent)),
            None => Ok(None),
        }
    }

    async fn list(client: &Client, place: &Place, _environment: &str) -> Result<Vec<String>, Failure> {
        let pages = reads(client, place).describe_db_parameter_groups().into_paginator().items().send();
        let found = pages.try_collect().await.map_err(|error| failure("rds:DescribeDBParameterGroups", error))?;
        let found: Vec<DbParameterGroup> = found;
        let names = found.into_iter().filter_map(|group| group.db_parameter_group_name);
        Ok(names.filter(|name| !name.starts_with("default.")).collect())
    }

    async fn namesake(
        client: &Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let Some(name) = identity.get("db_parameter_group_name").and_then(Value::as_text) else { return Ok(None) };
        Ok(describe(client, place, name).await?.and_then(|group| group.db_parameter_group_name))
    }
}

const fn retry(fragment: &'static str, phase: RetryPhase, window: u64) -> Retry {
    let phases: &[RetryPhase] = match phase {
        RetryPhase::Create => &[RetryPhase::Create],
        RetryPhase::Update => &[RetryPhase::Create, RetryPhase::Update],
        RetryPhase::Delete => &[RetryPhase::Delete],
    };
    Retry {
        code: "InvalidDBParameterGroupState",
        fragment,
        phases,
        window,
        fresh_only: false,
        waiting_for: "RDS to apply parameters",
    }
}
