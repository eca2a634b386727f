//! `apprunner_observability_configuration`: each create is a revision (`aws-behaviour.md` 2.5).

use std::collections::BTreeMap;

use aws_sdk_apprunner::types::{ObservabilityConfiguration, Service, TraceConfiguration, TracingVendor};
use model::{
    Attribute, Kind, Live, Schema, Value,
    schema::{DefaultTimeouts, nothing_to_check},
};
use provider::{
    Blocker, Call, Failure, FailureKind, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want,
};
use serde::Deserialize;

use super::{
    common::{IN_USE, found, reads, refusal, sdk_tags, tag_call, tags, users},
    limits,
};
use crate::{
    calls::{absent, consistent, eight_at_a_time, made_by},
    client::{Attempts, Client},
    values::object,
};

pub static SCHEMA: Schema = Schema {
    name: "apprunner_observability_configuration",
    doc: "What App Runner traces. A change makes a new revision of the same name.",
    attributes: &[
        Attribute::required("observability_configuration_name", Kind::Text)
            .member(&limits::create_observability_configuration_request::OBSERVABILITY_CONFIGURATION_NAME)
            .replaces()
            .doc("The name; its revisions share it."),
        Attribute::optional(
            "trace_configuration",
            Kind::Object(&[Attribute::required("vendor", Kind::Text)
                .member(&limits::trace_configuration::VENDOR)
                .replaces()
                .doc("`AWSXRAY`.")]),
        )
        .member(&limits::create_observability_configuration_request::TRACE_CONFIGURATION)
        .replaces()
        .doc("Traces; the instance role needs `AWSXRayDaemonWriteAccess`."),
        Attribute::optional("tags", Kind::Map(&Kind::Text))
            .member(&limits::create_observability_configuration_request::TAGS)
            .per_key("")
            .doc("Tags."),
        Attribute::computed("observability_configuration_arn", Kind::Text).doc("The ARN, with revision and id."),
        Attribute::computed("observability_configuration_revision", Kind::Number).doc("The revision."),
    ],
    natural_name: &["observability_configuration_name"],
    import_id: "the configuration's ARN",
    predict_id: None,
    revisions: true,
    global: false,
    taggable: true,
    loses: None,
    timeouts: DefaultTimeouts { create: 120, update: 120, delete: 300 },
    check: nothing_to_check,
};

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    observability_configuration_name: String,
    trace_configuration: Option<Trace>,
}

#[derive(Debug, Deserialize)]
struct Trace {
    vendor: String,
}

/// The verbs of `apprunner_observability_configuration`.
pub struct ApprunnerObservabilityConfiguration;

impl Resource for ApprunnerObservabilityConfiguration {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("apprunner:CreateObservabilityConfiguration", RetryClass::None);
    const DELETE: &'static str = "apprunner:DeleteObservabilityConfiguration";
    const RETRIES: &'static [Retry] = IN_USE;

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let arguments = &want.arguments;
        let trace = arguments.trace_configuration.as_ref().map(|trace| {
            let vendor = TracingVendor::from(trace.vendor.as_str());
            TraceConfiguration::builder().vendor(vendor).build().expect("the vendor is set")
        });
        let answer = client
            .apprunner(&place.region, Attempts::Once)
            .create_observability_configuration()
            .observability_configuration_name(&arguments.observability_configuration_name)
            .set_trace_configuration(trace)
            .set_tags(Some(sdk_tags(&want.tags)))
            .send()
            .await
            .map_err(|error| refusal(Self::CREATE.0, error))?;
        let made = answer.observability_configuration.and_then(|made| made.observability_configuration_arn);
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
        let call = reads(client, place).delete_observability_configuration().observability_configuration_arn(id);
        found(Self::DELETE, call.send()).await?;
        Ok(Sent::id(id))
    }

    async fn blockers(
        client: &Client,
        place: &Place,
        live: &Live,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Vec<Blocker>, Failure> {
        users(client, place, |service| observed_by(service) == Some(&live.id)).await
    }

    /// Every create makes a revision, so only the create tag tells ours.
    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        let Some(name) = intent.identity.get("observability_configuration_name").and_then(Value::as_text) else {
            return Ok(None);
        };
        let pages = reads(client, place).list_observability_configurations().observability_configuration_name(name);
        let mut pages = pages.latest_only(false).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| refusal("apprunner:ListObservabilityConfigurations", error))?;
            for summary in page.observability_configuration_summary_list {
                let Some(arn) = summary.observability_configuration_arn else { continue };
                if let Some(id) = made_by(live(client, place, &arn).await?, intent) {
                    return Ok(Some(id));
                }
            }
        }
        Ok(None)
    }

    async fn list(client: &Client, place: &Place, _environment: &str) -> Result<Vec<String>, Failure> {
        // Else the older revisions are left out.
        let pages = reads(client, place).list_observability_configurations().latest_only(false);
        let mut pages = pages.into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| refusal("apprunner:ListObservabilityConfigurations", error))?;
            let summaries = page.observability_configuration_summary_list.into_iter();
            found.extend(summaries.filter_map(|summary| summary.observability_configuration_arn));
        }
        Ok(found)
    }

    async fn namesake(_: &Client, _: &Place, _: &BTreeMap<String, Value>) -> Result<Option<String>, Failure> {
        Ok(None)
    }
}

async fn describe(client: &Client, place: &Place, arn: &str) -> Result<Option<ObservabilityConfiguration>, Failure> {
    let call = reads(client, place).describe_observability_configuration().observability_configuration_arn(arn).send();
    let answer = found("apprunner:DescribeObservabilityConfiguration", call).await?;
    let found = answer.and_then(|answer| answer.observability_configuration);
    Ok(found.filter(|found| found.status().is_none_or(|status| status.as_str().eq_ignore_ascii_case("active"))))
}

async fn live(client: &Client, place: &Place, arn: &str) -> Result<Option<Live>, Failure> {
    let Some(found) = describe(client, place, arn).await? else { return Ok(None) };
    let Some(tags) = absent(tags(client, place, arn).await)? else { return Ok(None) };
    let trace = found.trace_configuration().map(|trace| object([("vendor", trace.vendor().as_str().into())]));
    Ok(Some(
        Live::new(arn)
            .with("observability_configuration_name", found.observability_configuration_name().unwrap_or_default())
            .with("trace_configuration", trace)
            .with("observability_configuration_arn", arn)
            .with("observability_configuration_revision", i64::from(found.observability_configuration_revision()))
            .tagged(tags),
    ))
}

/// The configuration that a service is observed by.
fn observed_by(service: &Service) -> Option<&str> {
    service.observability_configuration()?.observability_configuration_arn()
}
