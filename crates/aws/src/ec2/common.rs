//! What the types of EC2 share.

use std::{collections::BTreeMap, error::Error};

use aws_sdk_ec2::types::{Filter, ResourceType, Tag, TagSpecification};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use model::{Live, Value, schema::Finding};
use provider::{Call, Failure, FailureKind, Place, Retry, Want, retry::RetryPhase};

use crate::{
    calls::{count, upsert},
    client::{Attempts, Client},
    failure::failure,
};

/// As many values a filter takes.
pub(super) const FILTERED: usize = 200;

/// How the thing itself is said to be gone, not something it refers to.
const GONE: &[&str] = &[
    "InvalidGroup.NotFound",
    "InvalidPermission.NotFound",
    "InvalidSecurityGroupRuleId.NotFound",
    "InvalidVpcEndpoint.NotFound",
    "InvalidVpcEndpointId.NotFound",
];
const TAKEN: &[&str] = &["InvalidGroup.Duplicate", "InvalidPermission.Duplicate"];

pub(super) fn reads(client: &Client, place: &Place) -> aws_sdk_ec2::Client {
    client.ec2(&place.region, Attempts::Repeat)
}

/// A refused create: a name or content that exists already is of its own kind.
pub(super) fn refused<E>(operation: &str, error: SdkError<E, HttpResponse>) -> Failure
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let mut failure = failure(operation, error);
    if failure.code.as_deref().is_some_and(|code| TAKEN.contains(&code)) {
        failure.kind = FailureKind::Exists;
    }
    failure
}

/// The answer of a delete: what is gone already is no failure.
pub(super) fn deleted<T, E>(operation: &str, answer: Result<T, SdkError<E, HttpResponse>>) -> Result<(), Failure>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match answer.map_err(|error| failure(operation, error)) {
        Ok(_) => Ok(()),
        Err(failure) if failure.code.as_deref().is_some_and(is_gone) => Ok(()),
        Err(failure) => Err(failure),
    }
}

pub(super) fn is_gone(code: &str) -> bool {
    GONE.contains(&code)
}

/// What was made a moment ago may be unknown to other calls (`aws-behaviour.md` 5.0).
pub(super) const fn not_yet(code: &'static str) -> Retry {
    Retry {
        code,
        fragment: "",
        phases: &[RetryPhase::Create, RetryPhase::Update],
        window: 300,
        fresh_only: true,
        waiting_for: "EC2",
    }
}

pub(super) fn filter(name: &str, values: impl IntoIterator<Item = impl Into<String>>) -> Filter {
    let values = values.into_iter().map(Into::into).collect();
    Filter::builder().name(name).set_values(Some(values)).build()
}

/// The tags of a create.
pub(super) fn tagged(kind: ResourceType, tags: &BTreeMap<String, String>) -> Option<Vec<TagSpecification>> {
    let specification = TagSpecification::builder().resource_type(kind).set_tags(Some(sdk_tags(tags))).build();
    (!tags.is_empty()).then(|| vec![specification])
}

fn sdk_tags(tags: &BTreeMap<String, String>) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

/// Tags as `Live` takes them.
pub(super) fn pairs(tags: &[Tag]) -> Vec<(String, String)> {
    let pair = |tag: &Tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default()));
    tags.iter().filter_map(pair).collect()
}

/// Tags as a value.
pub(super) fn tag_value(tags: &[Tag]) -> Value {
    Value::Map(pairs(tags).into_iter().map(|(key, value)| (key, Value::Text(value))).collect())
}

/// The call that brings tags to what is wanted; the same two for everything in EC2.
pub(super) fn tag_call<'a, A>(
    client: &'a Client,
    place: &'a Place,
    want: &'a Want<A>,
    live: &'a Live,
) -> Option<Call<'a>> {
    let wanted = want.tags_to_set(live);
    if !wanted.is_empty() {
        let does = format!("sets {}", count(wanted.len(), "tag"));
        let call = reads(client, place).create_tags().resources(&live.id).set_tags(Some(sdk_tags(&wanted)));
        return Some(upsert("ec2:CreateTags", does, call.send()));
    }
    let dropped = want.tags_to_remove(live);
    let does = format!("removes {}", count(dropped.len(), "tag"));
    let any = !dropped.is_empty();
    let tags = dropped.into_iter().map(|key| Tag::builder().key(key).build()).collect();
    let call = reads(client, place).delete_tags().resources(&live.id).set_tags(Some(tags));
    any.then(|| upsert("ec2:DeleteTags", does, call.send()))
}

/// `arn:aws:ec2:us-east-1:123456789012:vpc-endpoint/vpce-1`: most answers leave it out.
pub(super) fn arn(place: &Place, kind: &str, id: &str) -> String {
    format!("arn:{}:ec2:{}:{}:{kind}/{id}", place.partition, place.region, place.account)
}

/// A mistake at an attribute.
pub(super) fn mistake(path: &str, summary: &'static str, detail: String, hint: &str) -> Finding {
    Finding { path: path.to_owned(), summary, detail, hint: Some(hint.to_owned()), warning: false }
}

/// What is wrong with a name or description of a group or rule (`aws-behaviour.md` 5.6).
pub(super) fn text_mistake(path: &str, text: &str) -> Option<Finding> {
    const ALLOWED: &str = " ._-:/()#,@[]+=&;{}!$*";
    let wrong = text.chars().find(|letter| !letter.is_ascii_alphanumeric() && !ALLOWED.contains(*letter));
    let (detail, hint) = match wrong {
        Some(wrong) => (
            format!("EC2 does not take `{wrong}` here"),
            "letters and digits of English, spaces and ._-:/()#,@[]+=&;{}!$* are allowed",
        ),
        None if text.len() > 255 => {
            (format!("EC2 takes 255 characters here, and this has {}", text.len()), "write it shorter")
        }
        None => return None,
    };
    Some(mistake(path, "value not allowed", detail, hint))
}
