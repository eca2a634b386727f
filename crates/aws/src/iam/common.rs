//! What the types of IAM share.

use std::collections::BTreeMap;

use aws_sdk_iam::types::Tag;
use model::{Value, observed::ownership, schema::Prediction};
use percent_encoding::percent_decode_str;
use provider::{Failure, Place, Retry, retry::RetryPhase};

use crate::{
    calls::{absent, eight_at_a_time},
    client::{Attempts, Client},
    failure::failure,
    values::document,
};

/// IAM's own refusals that pass by themselves (`aws-behaviour.md` 24).
pub(super) const RETRIES: &[Retry] = &[
    retry("MalformedPolicyDocument", "invalid principal in policy", &[RetryPhase::Create, RetryPhase::Update], true),
    retry("ConcurrentModification", "", ALL, false),
    retry("EntityTemporarilyUnmodifiable", "", ALL, false),
    retry("NoSuchEntity", "", &[RetryPhase::Create, RetryPhase::Update], true),
    retry("DeleteConflict", "", &[RetryPhase::Delete], false),
];

const ALL: &[RetryPhase] = &[RetryPhase::Create, RetryPhase::Update, RetryPhase::Delete];

const fn retry(code: &'static str, fragment: &'static str, phases: &'static [RetryPhase], fresh_only: bool) -> Retry {
    Retry { code, fragment, phases, window: 120, fresh_only, waiting_for: "IAM" }
}

pub(super) fn reads(client: &Client, place: &Place) -> aws_sdk_iam::Client {
    client.iam(&place.region, Attempts::Repeat)
}

/// IAM answers policies URL-encoded (RFC 3986).
pub(super) fn decoded(text: &str) -> Value {
    document(&percent_decode_str(text).decode_utf8_lossy())
}

pub(super) fn tags(tags: &BTreeMap<String, String>) -> Vec<Tag> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    tags.iter().map(tag).collect::<Result<_, _>>().expect("key and value are set")
}

pub(super) fn pairs(tags: &[Tag]) -> impl Iterator<Item = (String, String)> {
    tags.iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned()))
}

/// The ids of those that were made for this environment.
pub(super) fn of_environment(found: Vec<(String, Vec<Tag>)>, environment: &str) -> Vec<String> {
    let ours = |tags: &[Tag]| tags.iter().any(|tag| tag.key() == ownership::ENVIRONMENT && tag.value() == environment);
    found.into_iter().filter(|(_, tags)| ours(tags)).map(|(id, _)| id).collect()
}

/// `arn:{partition}:iam::{account}:{kind}{path}{name}`
pub(super) fn predicted_arn(prediction: &Prediction<'_>, kind: &str, name: &str) -> Option<String> {
    let account = prediction.environment.account.as_ref()?;
    let path = match prediction.arguments.get("path") {
        None | Some(Value::Null) => "/",
        Some(written) => written.as_text()?,
    };
    let name = prediction.text(name)?;
    Some(format!("arn:{}:iam::{account}:{kind}{path}{name}", prediction.environment.partition))
}

/// One inline policy of a role; nothing when the role or the policy is gone.
pub(super) async fn inline_policy(
    client: &Client,
    place: &Place,
    role: &str,
    name: &str,
) -> Result<Option<Value>, Failure> {
    let answer = reads(client, place).get_role_policy().role_name(role).policy_name(name).send().await;
    let answer = absent(answer.map_err(|error| failure("iam:GetRolePolicy", error)))?;
    Ok(answer.map(|answer| decoded(answer.policy_document())))
}

/// All inline policies of a role, by name.
pub(super) async fn inline_policies(client: &Client, place: &Place, role: &str) -> Result<Value, Failure> {
    let pages = reads(client, place).list_role_policies().role_name(role).into_paginator().items().send();
    let names: Vec<String> =
        absent(pages.try_collect().await.map_err(|error| failure("iam:ListRolePolicies", error)))?.unwrap_or_default();
    let found = names.iter().map(|name| inline_policy(client, place, role, name));
    let found = eight_at_a_time(found.collect()).await?;
    let kept = names.into_iter().zip(found).filter_map(|(name, policy)| Some((name, policy?)));
    Ok(Value::Map(kept.collect()))
}

/// The ARNs of the managed policies attached to a role; nothing when the role is gone.
pub(super) async fn attached(client: &Client, place: &Place, role: &str) -> Result<Option<Vec<String>>, Failure> {
    let pages = reads(client, place).list_attached_role_policies().role_name(role).into_paginator().items().send();
    let found = absent(pages.try_collect().await.map_err(|error| failure("iam:ListAttachedRolePolicies", error)))?;
    let found: Option<Vec<aws_sdk_iam::types::AttachedPolicy>> = found;
    Ok(found.map(|found| found.into_iter().filter_map(|policy| policy.policy_arn).collect()))
}
