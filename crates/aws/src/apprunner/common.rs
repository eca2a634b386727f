//! What the types of App Runner share.

use std::{collections::BTreeMap, future::Future, time::Duration};

use aws_sdk_apprunner::{
    error::{ProvideErrorMetadata, SdkError},
    types::{Service, ServiceStatus, ServiceSummary, Tag},
};
use model::{Live, Value};
use provider::{Blocker, Call, Failure, FailureKind, Place, Retry, Settled, Want, retry::RetryPhase};

use crate::{
    calls::{count, eight_at_a_time, upsert},
    client::{Attempts, Client},
    failure::failure,
};

pub(super) fn reads(client: &Client, place: &Place) -> aws_sdk_apprunner::Client {
    client.apprunner(&place.region, Attempts::Repeat)
}

/// App Runner refuses names that are taken with the general code, and says so in words.
pub(super) fn refusal<E>(operation: &str, error: SdkError<E>) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let mut failure = failure(operation, error);
    let said = failure.message.to_lowercase();
    if said.contains("already exists") {
        failure.kind = FailureKind::Exists;
    } else if said.contains("restricted") || said.contains("subscription") {
        let sentence =
            "this account has no access to App Runner, which has been closed to new customers since 30 April 2026";
        return failure.cause(sentence);
    } else if said.contains("assuming access role") {
        return failure.cause(
            "the access role must trust `build.apprunner.amazonaws.com`: check its `assume_role_policy_document`",
        );
    } else if said.contains("assuming instance role") {
        return failure.cause(
            "the instance role must trust `tasks.apprunner.amazonaws.com`: check its `assume_role_policy_document`",
        );
    } else if said.contains("has been deleted") {
        failure.kind = FailureKind::NotFound;
    }
    failure
}

/// In-use refusals of configurations and connectors last a little longer than their service. Users that stay are found
/// before the first call, as blockers.
pub(super) const IN_USE: &[Retry] = &[Retry {
    code: "InvalidRequestException",
    fragment: "use",
    phases: &[RetryPhase::Delete],
    window: 300,
    fresh_only: false,
    waiting_for: "App Runner to let go",
}];

pub(super) fn again(seconds: u64, what: &str) -> Settled {
    Settled::Again(Duration::from_secs(seconds), what.to_owned())
}

pub(super) fn sdk_tags(tags: &BTreeMap<String, String>) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

/// The tags of an ARN.
pub(super) async fn tags(client: &Client, place: &Place, arn: &str) -> Result<Vec<(String, String)>, Failure> {
    let answer = reads(client, place).list_tags_for_resource().resource_arn(arn).send().await;
    let answer = answer.map_err(|error| refusal("apprunner:ListTagsForResource", error))?;
    Ok(answer.tags.unwrap_or_default().into_iter().filter_map(|tag| Some((tag.key?, tag.value?))).collect())
}

/// The call that brings tags to what is wanted; every type of App Runner has the same two.
pub(super) fn tag_call<'a, A>(
    client: &'a Client,
    place: &'a Place,
    want: &'a Want<A>,
    live: &'a Live,
) -> Option<Call<'a>> {
    let wanted = want.tags_to_set(live);
    if !wanted.is_empty() {
        let does = format!("sets {}", count(wanted.len(), "tag"));
        let call = reads(client, place).tag_resource().resource_arn(&live.id).set_tags(Some(sdk_tags(&wanted)));
        return Some(upsert("apprunner:TagResource", does, call.send()));
    }
    let dropped = want.tags_to_remove(live);
    let does = format!("removes {}", count(dropped.len(), "tag"));
    let any = !dropped.is_empty();
    let call = reads(client, place).untag_resource().resource_arn(&live.id).set_tag_keys(Some(dropped));
    any.then(|| upsert("apprunner:UntagResource", does, call.send()))
}

/// Whether a written ARN means the live one: revision and id may be left out.
pub(super) fn same_arn(wanted: &Value, live: &Value) -> bool {
    match (wanted.as_text(), live.as_text()) {
        (Some(wanted), Some(live)) => {
            live == wanted || live.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('/'))
        }
        _ => wanted == live,
    }
}

/// Turns a page's failure into nothing when what was asked for is gone.
pub(super) async fn found<T, E>(
    operation: &str,
    call: impl Future<Output = Result<T, SdkError<E>>>,
) -> Result<Option<T>, Failure>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    crate::calls::absent(call.await.map_err(|error| refusal(operation, error)))
}

/// All services but the deleted ones, which App Runner still lists for a while.
pub(super) async fn services(client: &Client, place: &Place) -> Result<Vec<ServiceSummary>, Failure> {
    let mut pages = reads(client, place).list_services().into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| refusal("apprunner:ListServices", error))?;
        found.extend(page.service_summary_list);
    }
    found.retain(|summary| summary.status() != Some(&ServiceStatus::Deleted));
    Ok(found)
}

/// The services that use something, as what stands in the way of its deletion. No list names what a service uses, so each is
/// asked.
pub(super) async fn users(
    client: &Client,
    place: &Place,
    uses: impl Fn(&Service) -> bool + Send + Sync,
) -> Result<Vec<Blocker>, Failure> {
    let listed = services(client, place).await?;
    let arns: Vec<String> = listed.into_iter().filter_map(|one| one.service_arn).collect();
    let described = eight_at_a_time(arns.iter().map(|arn| describe_service(client, place, arn)).collect()).await?;
    Ok(used_by(described.into_iter().flatten().filter(uses).map(|service| service.service_arn).collect()))
}

async fn describe_service(client: &Client, place: &Place, arn: &str) -> Result<Option<Service>, Failure> {
    let call = reads(client, place).describe_service().service_arn(arn).send();
    let found = found("apprunner:DescribeService", call).await?.and_then(|answer| answer.service);
    Ok(found.filter(|service| *service.status() != ServiceStatus::Deleted))
}

/// These services stand in the way of a deletion.
pub(super) fn used_by(held_by: Vec<String>) -> Vec<Blocker> {
    let what = "services use it".to_owned();
    let held = !held_by.is_empty();
    held.then_some(Blocker { what, held_by, ..Blocker::default() }).into_iter().collect()
}
