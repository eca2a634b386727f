//! `apprunner_custom_domain` (`aws-behaviour.md` 2.4). Ready at pending validation, because the DNS records come from it.

use std::collections::BTreeMap;

use aws_sdk_apprunner::types::{CertificateValidationRecord, CustomDomain, CustomDomainAssociationStatus as Status};
use model::{
    Attribute, Kind, Live, Schema, Value,
    observed::Health,
    schema::{DefaultTimeouts, Prediction, nothing_to_check},
};
use provider::{
    Call, Failure, FailureKind, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want,
    retry::RetryPhase,
};
use serde::Deserialize;

use super::{
    common::{again, found, reads, refusal},
    limits,
};
use crate::{
    calls::eight_at_a_time,
    client::{Attempts, Client},
    values::object,
};

pub static SCHEMA: Schema = Schema {
    name: "apprunner_custom_domain",
    doc: "A domain of your own for a service. It is made once AWS gives the DNS records; it answers once they stand in the zone.",
    attributes: &[
        Attribute::required("domain_name", Kind::Text)
            .member(&limits::associate_custom_domain_request::DOMAIN_NAME)
            .replaces()
            .doc("The domain."),
        Attribute::required("service_arn", Kind::Text)
            .member(&limits::associate_custom_domain_request::SERVICE_ARN)
            .replaces()
            .doc("The service's ARN."),
        Attribute::optional("enable_www_subdomain", Kind::Flag)
            .member(&limits::associate_custom_domain_request::ENABLE_WWW_SUBDOMAIN)
            .replaces()
            .doc("Whether `www.` in front of it answers too. AWS's default: `true`."),
        Attribute::computed("dns_target", Kind::Text).doc("Where a CNAME or alias record of the domain points to."),
        Attribute::computed(
            "certificate_validation_records",
            Kind::List(&Kind::Object(&[
                Attribute::computed("name", Kind::Text).doc("The record's name."),
                Attribute::computed("type", Kind::Text).doc("`CNAME`."),
                Attribute::computed("value", Kind::Text).doc("The record's value."),
            ])),
        )
        .doc("The DNS records by which AWS sees that the domain is yours."),
        Attribute::computed("status", Kind::Text).doc("AWS's word for its state."),
    ],
    natural_name: &["domain_name", "service_arn"],
    import_id: "DOMAIN,SERVICE-ARN",
    predict_id: Some(id),
    revisions: false,
    global: false,
    taggable: false,
    loses: Some("its certificate; a new association gives other DNS records"),
    timeouts: DefaultTimeouts { create: 300, update: 300, delete: 600 },
    check: nothing_to_check,
};

fn id(prediction: &Prediction<'_>) -> Option<String> {
    Some(format!("{},{}", prediction.text("domain_name")?, prediction.text("service_arn")?))
}

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    domain_name: String,
    service_arn: String,
    enable_www_subdomain: Option<bool>,
}

/// The verbs of `apprunner_custom_domain`.
pub struct ApprunnerCustomDomain;

impl Resource for ApprunnerCustomDomain {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("apprunner:AssociateCustomDomain", RetryClass::NaturalName);
    const DELETE: &'static str = "apprunner:DisassociateCustomDomain";
    const RETRIES: &'static [Retry] = &[Retry {
        code: "InvalidStateException",
        fragment: "",
        phases: &[RetryPhase::Create, RetryPhase::Delete],
        window: 1800,
        fresh_only: false,
        waiting_for: "the service's running operation",
    }];

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let Arguments { domain_name, service_arn, enable_www_subdomain } = &want.arguments;
        client
            .apprunner(&place.region, Attempts::Once)
            .associate_custom_domain()
            .domain_name(domain_name)
            .service_arn(service_arn)
            .set_enable_www_subdomain(*enable_www_subdomain)
            .send()
            .await
            .map_err(|error| refusal(Self::CREATE.0, error))?;
        Ok(Sent::id(format!("{domain_name},{service_arn}")))
    }

    fn next<'a>(_: &'a Client, _: &'a Place, _: &'a Want<Arguments>, _: &'a Live) -> Option<Call<'a>> {
        None
    }

    async fn settle(
        client: &Client,
        place: &Place,
        id: &str,
        _operation: Option<&str>,
        goal: Goal,
    ) -> Result<Settled, Failure> {
        let Some((domain, _)) = describe(client, place, id).await? else {
            return Ok(if goal == Goal::Gone { Settled::Ready } else { again(5, "consistency") });
        };
        let failed = failed(&domain);
        let records = domain.certificate_validation_records().len();
        Ok(match goal {
            _ if failed.is_some() => Settled::Failed {
                failure: Box::new(Failure::new(
                    FailureKind::Refused,
                    "apprunner:DescribeCustomDomains",
                    failed.unwrap_or_default(),
                )),
                tainted: goal == Goal::Present,
            },
            Goal::Present if records > 0 && domain.status() != &Status::Creating => Settled::Ready,
            Goal::Present => again(5, "the DNS records"),
            Goal::Gone => again(5, "App Runner to let the domain go"),
        })
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
        if let Some((domain, service)) = id.split_once(',') {
            let call = reads(client, place).disassociate_custom_domain().domain_name(domain).service_arn(service);
            found(Self::DELETE, call.send()).await?;
        }
        Ok(Sent::id(id))
    }

    /// Domain and service are the whole identity, and nobody else associates with our service.
    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        Self::namesake(client, place, &intent.identity).await
    }

    async fn namesake(
        client: &Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let name = |attribute: &str| identity.get(attribute).and_then(Value::as_text);
        let (Some(domain), Some(service)) = (name("domain_name"), name("service_arn")) else { return Ok(None) };
        let id = format!("{domain},{service}");
        Ok(describe(client, place, &id).await?.map(|_| id))
    }
}

fn failed(domain: &CustomDomain) -> Option<String> {
    let status = domain.status();
    let bad = [Status::CreateFailed, Status::DeleteFailed];
    bad.iter()
        .any(|bad| bad.as_str().eq_ignore_ascii_case(status.as_str()))
        .then(|| format!("the domain {} is {}", domain.domain_name(), status.as_str()))
}

/// The association with the service's DNS target; nothing when either is gone.
async fn describe(client: &Client, place: &Place, id: &str) -> Result<Option<(CustomDomain, String)>, Failure> {
    let Some((name, service)) = id.split_once(',') else { return Ok(None) };
    let mut pages = reads(client, place).describe_custom_domains().service_arn(service).into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| refusal("apprunner:DescribeCustomDomains", error));
        let Some(page) = crate::calls::absent(page)? else { return Ok(None) };
        if let Some(domain) = page.custom_domains.into_iter().find(|domain| domain.domain_name() == name) {
            return Ok(Some((domain, page.dns_target)));
        }
    }
    Ok(None)
}

async fn live(client: &Client, place: &Place, id: &str) -> Result<Option<Live>, Failure> {
    let Some((domain, target)) = describe(client, place, id).await? else { return Ok(None) };
    let Some((name, service)) = id.split_once(',') else { return Ok(None) };
    let mut records: Vec<Value> = domain.certificate_validation_records().iter().map(record).collect();
    records.sort_by_cached_key(|record| format!("{record:?}"));
    let mut live = Live::new(id)
        .with("domain_name", name)
        .with("service_arn", service)
        .with("enable_www_subdomain", domain.enable_www_subdomain())
        .with("dns_target", target)
        .with("certificate_validation_records", records)
        .with("status", domain.status().as_str());
    live.health = failed(&domain).map_or(Health::Ready, Health::Failed);
    Ok(Some(live))
}

fn record(record: &CertificateValidationRecord) -> Value {
    let text = |text: Option<&str>| Value::from(text.map(str::to_owned));
    object([("name", text(record.name())), ("type", text(record.r#type())), ("value", text(record.value()))])
}
