//! What the types of RDS share.

use std::{collections::BTreeMap, error::Error, future::Future, time::Duration};

use aws_sdk_rds::{
    error::{ProvideErrorMetadata, SdkError},
    types::{DbInstance, Tag},
};
use model::{Live, Value, schema::Finding};
use provider::{Blocker, Call, Failure, Place, Settled, Want};

use crate::{
    calls::{count, upsert},
    client::{Attempts, Client},
    failure::failure,
};

pub(super) fn reads(client: &Client, place: &Place) -> aws_sdk_rds::Client {
    client.rds(&place.region, Attempts::Repeat)
}

/// Nothing where AWS says that what was asked for is gone. The codes are one type's own: that a group which an instance
/// names is missing does not mean that the instance is.
pub(super) async fn found<T, E>(
    operation: &str,
    gone: &[&str],
    call: impl Future<Output = Result<T, SdkError<E>>>,
) -> Result<Option<T>, Failure>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match call.await {
        Ok(answer) => Ok(Some(answer)),
        Err(error) => {
            let failure = failure(operation, error);
            let is_gone = failure.code.as_deref().is_some_and(|code| gone.contains(&code));
            if is_gone { Ok(None) } else { Err(failure) }
        }
    }
}

pub(super) fn again(seconds: u64, what: &str) -> Settled {
    Settled::Again(Duration::from_secs(seconds), what.to_owned())
}

pub(super) fn sdk_tags(tags: &BTreeMap<String, String>) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

pub(super) fn pairs(tags: Vec<Tag>) -> impl Iterator<Item = (String, String)> {
    tags.into_iter().filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default())))
}

/// The tags of an ARN; nothing where it is gone.
pub(super) async fn tags(
    client: &Client,
    place: &Place,
    arn: &str,
    gone: &[&str],
) -> Result<Option<Vec<(String, String)>>, Failure> {
    let call = reads(client, place).list_tags_for_resource().resource_name(arn).send();
    let answer = found("rds:ListTagsForResource", gone, call).await?;
    Ok(answer.map(|answer| pairs(answer.tag_list.unwrap_or_default()).collect()))
}

/// The call that brings tags to what is wanted.
pub(super) fn tag_call<'a, A>(
    client: &'a Client,
    place: &'a Place,
    want: &'a Want<A>,
    live: &'a Live,
    arn: &'a str,
) -> Option<Call<'a>> {
    let wanted = want.tags_to_set(live);
    if !wanted.is_empty() {
        let does = format!("sets {}", count(wanted.len(), "tag"));
        let call = reads(client, place).add_tags_to_resource().resource_name(arn).set_tags(Some(sdk_tags(&wanted)));
        return Some(upsert("rds:AddTagsToResource", does, call.send()));
    }
    let dropped = want.tags_to_remove(live);
    if dropped.is_empty() {
        return None;
    }
    let does = format!("removes {}", count(dropped.len(), "tag"));
    let call = reads(client, place).remove_tags_from_resource().resource_name(arn).set_tag_keys(Some(dropped));
    Some(upsert("rds:RemoveTagsFromResource", does, call.send()))
}

/// A text attribute of what lives.
pub(super) fn text<'a>(live: &'a Live, name: &str) -> &'a str {
    live.attributes.get(name).and_then(Value::as_text).unwrap_or_default()
}

/// All instances in the region.
pub(super) async fn instances(client: &Client, place: &Place) -> Result<Vec<DbInstance>, Failure> {
    let pages = reads(client, place).describe_db_instances().into_paginator().items().send();
    pages.try_collect().await.map_err(|error| failure("rds:DescribeDBInstances", error))
}

/// The instances that use a group, as a blocker of its deletion.
pub(super) async fn users(
    client: &Client,
    place: &Place,
    uses: impl Fn(&DbInstance) -> bool,
) -> Result<Vec<Blocker>, Failure> {
    let users = instances(client, place).await?.into_iter().filter(uses);
    let held_by: Vec<String> = users.filter_map(|user| user.db_instance_arn).collect();
    if held_by.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![Blocker { what: "database instances use it".to_owned(), held_by, ..Blocker::default() }])
}

pub(super) fn finding(path: &str, detail: impl Into<String>, hint: &str) -> Finding {
    Finding {
        path: path.to_owned(),
        summary: "value not allowed",
        detail: detail.into(),
        hint: Some(hint.to_owned()),
        warning: false,
    }
}

/// The rule of RDS for most of its identifiers.
pub(super) fn is_identifier(text: &str, longest: usize) -> bool {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    text.len() <= longest
        && text.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && text.chars().all(fits)
        && !text.ends_with('-')
        && !text.contains("--")
}
