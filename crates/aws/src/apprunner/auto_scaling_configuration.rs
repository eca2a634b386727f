//! `apprunner_auto_scaling_configuration`: each create is a revision (`aws-behaviour.md` 2.3).

use std::collections::BTreeMap;

use aws_sdk_apprunner::types::AutoScalingConfiguration;
use model::{
    Attribute, Kind, Live, Schema, Value,
    schema::{DefaultTimeouts, Finding},
};
use provider::{
    Blocker, Call, Failure, FailureKind, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want,
};
use serde::Deserialize;

use super::{
    common::{IN_USE, found, reads, refusal, sdk_tags, tag_call, tags, used_by},
    limits,
};
use crate::{
    calls::{absent, consistent, eight_at_a_time, made_by},
    client::{Attempts, Client},
};

pub static SCHEMA: Schema = Schema {
    name: "apprunner_auto_scaling_configuration",
    doc: "How App Runner scales services. A change makes a new revision of the same name; services move to it, then the old one goes.",
    attributes: &[
        Attribute::required("auto_scaling_configuration_name", Kind::Text)
            .member(&limits::create_auto_scaling_configuration_request::AUTO_SCALING_CONFIGURATION_NAME)
            .replaces()
            .doc("The name; its revisions share it."),
        Attribute::optional("max_concurrency", Kind::Number)
            .member(&limits::create_auto_scaling_configuration_request::MAX_CONCURRENCY)
            .replaces()
            .doc("Requests at a time before another instance starts, 1 to 200. AWS's default: 100."),
        Attribute::optional("min_size", Kind::Number)
            .member(&limits::create_auto_scaling_configuration_request::MIN_SIZE)
            .replaces()
            .doc("The fewest instances, 1 to 25. AWS's default: 1."),
        Attribute::optional("max_size", Kind::Number)
            .member(&limits::create_auto_scaling_configuration_request::MAX_SIZE)
            .replaces()
            .doc("The most instances. AWS's default: 25."),
        Attribute::optional("tags", Kind::Map(&Kind::Text))
            .member(&limits::create_auto_scaling_configuration_request::TAGS)
            .per_key("")
            .doc("Tags."),
        Attribute::computed("auto_scaling_configuration_arn", Kind::Text).doc("The ARN, with revision and id."),
        Attribute::computed("auto_scaling_configuration_revision", Kind::Number).doc("The revision."),
    ],
    natural_name: &["auto_scaling_configuration_name"],
    import_id: "the configuration's ARN",
    predict_id: None,
    revisions: true,
    global: false,
    taggable: true,
    loses: None,
    timeouts: DefaultTimeouts { create: 120, update: 120, delete: 300 },
    check,
};

fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let number = |name: &str| arguments.get(name).and_then(Value::as_i64);
    let mut found = Vec::new();
    let mut finding = |path: &str, detail: String| {
        found.push(Finding { path: path.to_owned(), summary: "value not allowed", detail, hint: None, warning: false });
    };
    for (name, most) in [("max_concurrency", 200), ("min_size", 25), ("max_size", 25)] {
        if let Some(value) = number(name).filter(|value| !(1..=most).contains(value)) {
            finding(name, format!("`{name}` is 1 to {most}, and {value} is not"));
        }
    }
    if let (Some(min), Some(max)) = (number("min_size"), number("max_size"))
        && min > max
    {
        finding("max_size", format!("`max_size` ({max}) is below `min_size` ({min})"));
    }
    found
}

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    auto_scaling_configuration_name: String,
    max_concurrency: Option<i32>,
    min_size: Option<i32>,
    max_size: Option<i32>,
}

/// The verbs of `apprunner_auto_scaling_configuration`.
pub struct ApprunnerAutoScalingConfiguration;

impl Resource for ApprunnerAutoScalingConfiguration {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("apprunner:CreateAutoScalingConfiguration", RetryClass::None);
    const DELETE: &'static str = "apprunner:DeleteAutoScalingConfiguration";
    const RETRIES: &'static [Retry] = IN_USE;

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let arguments = &want.arguments;
        let answer = client
            .apprunner(&place.region, Attempts::Once)
            .create_auto_scaling_configuration()
            .auto_scaling_configuration_name(&arguments.auto_scaling_configuration_name)
            .set_max_concurrency(arguments.max_concurrency)
            .set_min_size(arguments.min_size)
            .set_max_size(arguments.max_size)
            .set_tags(Some(sdk_tags(&want.tags)))
            .send()
            .await
            .map_err(|error| refusal(Self::CREATE.0, error))?;
        let made = answer.auto_scaling_configuration.and_then(|made| made.auto_scaling_configuration_arn);
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
        let call = reads(client, place).delete_auto_scaling_configuration().auto_scaling_configuration_arn(id);
        found(Self::DELETE, call.send()).await?;
        Ok(Sent::id(id))
    }

    async fn blockers(
        client: &Client,
        place: &Place,
        live: &Live,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Vec<Blocker>, Failure> {
        let operation = "apprunner:ListServicesForAutoScalingConfiguration";
        let list = reads(client, place).list_services_for_auto_scaling_configuration();
        let users = found(operation, list.auto_scaling_configuration_arn(&live.id).send()).await?;
        let mut blockers = used_by(users.map(|users| users.service_arn_list).unwrap_or_default());
        if describe(client, place, &live.id).await?.is_some_and(|found| found.is_default() == Some(true)) {
            let what = "the account's default: `aws apprunner update-default-auto-scaling-configuration` makes another one that";
            blockers.push(Blocker {
                what: what.to_owned(),
                toml: Some("lifecycle = { retain = true }".to_owned()),
                ..Blocker::default()
            });
        }
        Ok(blockers)
    }

    /// Every create makes a revision, so only the create tag tells ours.
    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        let Some(name) = intent.identity.get("auto_scaling_configuration_name").and_then(Value::as_text) else {
            return Ok(None);
        };
        let pages = reads(client, place).list_auto_scaling_configurations().auto_scaling_configuration_name(name);
        let mut pages = pages.latest_only(false).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| refusal("apprunner:ListAutoScalingConfigurations", error))?;
            for summary in page.auto_scaling_configuration_summary_list {
                let Some(arn) = summary.auto_scaling_configuration_arn else { continue };
                if let Some(id) = made_by(live(client, place, &arn).await?, intent) {
                    return Ok(Some(id));
                }
            }
        }
        Ok(None)
    }

    async fn list(client: &Client, place: &Place, _environment: &str) -> Result<Vec<String>, Failure> {
        // Else the older revisions are left out.
        let pages = reads(client, place).list_auto_scaling_configurations().latest_only(false);
        let mut pages = pages.into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| refusal("apprunner:ListAutoScalingConfigurations", error))?;
            let summaries = page.auto_scaling_configuration_summary_list.into_iter();
            found.extend(summaries.filter_map(|summary| summary.auto_scaling_configuration_arn));
        }
        Ok(found)
    }

    async fn namesake(_: &Client, _: &Place, _: &BTreeMap<String, Value>) -> Result<Option<String>, Failure> {
        Ok(None)
    }
}

async fn describe(client: &Client, place: &Place, arn: &str) -> Result<Option<AutoScalingConfiguration>, Failure> {
    let call = reads(client, place).describe_auto_scaling_configuration().auto_scaling_configuration_arn(arn).send();
    let answer = found("apprunner:DescribeAutoScalingConfiguration", call).await?;
    let found = answer.and_then(|answer| answer.auto_scaling_configuration);
    Ok(found.filter(|found| found.status().is_none_or(|status| status.as_str().eq_ignore_ascii_case("active"))))
}

async fn live(client: &Client, place: &Place, arn: &str) -> Result<Option<Live>, Failure> {
    let Some(found) = describe(client, place, arn).await? else { return Ok(None) };
    let Some(tags) = absent(tags(client, place, arn).await)? else { return Ok(None) };
    let number = |number: Option<i32>| number.map(i64::from);
    Ok(Some(
        Live::new(arn)
            .with("auto_scaling_configuration_name", found.auto_scaling_configuration_name().unwrap_or_default())
            .with("max_concurrency", number(found.max_concurrency()))
            .with("min_size", number(found.min_size()))
            .with("max_size", number(found.max_size()))
            .with("auto_scaling_configuration_arn", arn)
            .with("auto_scaling_configuration_revision", number(found.auto_scaling_configuration_revision()))
            .tagged(tags),
    ))
}
