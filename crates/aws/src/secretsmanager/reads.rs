//! Reads of secrets, many at once.

use std::collections::BTreeMap;

use aws_sdk_secretsmanager::{operation::describe_secret::DescribeSecretOutput, types::SecretListEntry};
use aws_smithy_types::DateTime;
use provider::{Failure, FailureKind, Place};

use crate::{
    calls::{absent, eight_at_a_time},
    client::{Attempts, Client},
    failure::failure,
};

/// Secrets that one call answers with their values.
const BATCH: usize = 20;
/// More than these are read through the whole list.
const FEW: usize = 10;

/// What is known of a secret beside its value and its policy.
pub(super) struct Known {
    pub(super) arn: String,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) key: Option<String>,
    pub(super) tags: Vec<(String, String)>,
    pub(super) created: Option<DateTime>,
    /// The version that is current.
    pub(super) version: Option<String>,
}

/// The current value.
pub(super) enum Content {
    Text(String),
    /// There is none, or it is binary.
    None,
    /// Reading it is not allowed.
    Hidden,
}

pub(super) fn service(client: &Client, place: &Place) -> aws_sdk_secretsmanager::Client {
    client.secretsmanager(&place.region, Attempts::Repeat)
}

/// A secret by name or ARN, also one that waits for its deletion.
pub(super) async fn describe(
    client: &Client,
    place: &Place,
    id: &str,
) -> Result<Option<DescribeSecretOutput>, Failure> {
    let answer = service(client, place).describe_secret().secret_id(id).send().await;
    absent(answer.map_err(|error| failure("secretsmanager:DescribeSecret", error)))
}

/// The living secrets of these ids (names or ARNs), by id.
pub(super) async fn known(client: &Client, place: &Place, ids: &[String]) -> Result<BTreeMap<String, Known>, Failure> {
    if ids.len() > FEW {
        return listed(client, place, ids).await;
    }
    let reads = ids.iter().map(|id| async move { Ok((id.clone(), describe(client, place, id).await?)) });
    let found = eight_at_a_time(reads.collect()).await?;
    let living = found.into_iter().filter_map(|(id, found)| Some((id, found?)));
    let living = living.filter(|(_, found)| found.deleted_date().is_none());
    Ok(living.map(|(id, found)| (id, described(found))).collect())
}

fn described(found: DescribeSecretOutput) -> Known {
    Known {
        arn: found.arn.unwrap_or_default(),
        name: found.name.unwrap_or_default(),
        description: found.description,
        key: found.kms_key_id,
        created: found.created_date,
        tags: found.tags.unwrap_or_default().into_iter().filter_map(|tag| Some((tag.key?, tag.value?))).collect(),
        version: current(found.version_ids_to_stages.unwrap_or_default()),
    }
}

/// The list names no policy, but all else.
async fn listed(client: &Client, place: &Place, ids: &[String]) -> Result<BTreeMap<String, Known>, Failure> {
    let wanted = |known: Known| {
        let id = ids.iter().find(|id| **id == known.arn || **id == known.name)?;
        Some((id.clone(), known))
    };
    Ok(all(client, place).await?.into_iter().filter_map(wanted).collect())
}

/// All secrets that live.
pub(super) async fn all(client: &Client, place: &Place) -> Result<Vec<Known>, Failure> {
    let mut pages = service(client, place).list_secrets().max_results(100).into_paginator().send();
    let mut found = Vec::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| failure("secretsmanager:ListSecrets", error))?;
        found.extend(page.secret_list.unwrap_or_default().into_iter().filter_map(entry));
    }
    Ok(found)
}

fn entry(entry: SecretListEntry) -> Option<Known> {
    let tags = entry.tags.unwrap_or_default().into_iter().filter_map(|tag| Some((tag.key?, tag.value?)));
    Some(Known {
        arn: entry.arn?,
        name: entry.name?,
        description: entry.description,
        key: entry.kms_key_id,
        created: entry.created_date,
        tags: tags.collect(),
        version: current(entry.secret_versions_to_stages.unwrap_or_default()),
    })
}

fn current(stages: impl IntoIterator<Item = (String, Vec<String>)>) -> Option<String> {
    stages.into_iter().find(|(_, stages)| stages.iter().any(|stage| stage == "AWSCURRENT")).map(|(version, _)| version)
}

/// The current values, by ARN. Where the batch cannot be read, each is asked for alone: a person may read one and not the other.
pub(super) async fn contents(
    client: &Client,
    place: &Place,
    arns: &[String],
) -> Result<BTreeMap<String, Content>, Failure> {
    let mut contents = BTreeMap::new();
    for chunk in arns.chunks(BATCH) {
        let call = service(client, place).batch_get_secret_value().set_secret_id_list(Some(chunk.to_vec()));
        match call.send().await.map_err(|error| failure("secretsmanager:BatchGetSecretValue", error)) {
            Ok(answer) => {
                contents.extend(chunk.iter().map(|arn| (arn.clone(), Content::None)));
                for refused in answer.errors.unwrap_or_default() {
                    if refused.error_code.as_deref() != Some("ResourceNotFoundException") {
                        contents.insert(refused.secret_id.unwrap_or_default(), Content::Hidden);
                    }
                }
                let values = answer.secret_values.unwrap_or_default().into_iter();
                contents.extend(values.filter_map(|value| Some((value.arn?, Content::Text(value.secret_string?)))));
            }
            Err(refused) if refused.kind == FailureKind::Denied => {
                let reads = chunk.iter().map(|arn| one(client, place, arn));
                contents.extend(eight_at_a_time(reads.collect()).await?);
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(contents)
}

async fn one(client: &Client, place: &Place, arn: &str) -> Result<(String, Content), Failure> {
    let answer = service(client, place).get_secret_value().secret_id(arn).send().await;
    let content = match answer.map_err(|error| failure("secretsmanager:GetSecretValue", error)) {
        Ok(answer) => answer.secret_string.map_or(Content::None, Content::Text),
        Err(failure) if failure.is_not_found() => Content::None,
        Err(failure) if failure.kind == FailureKind::Denied => Content::Hidden,
        Err(failure) => return Err(failure),
    };
    Ok((arn.to_owned(), content))
}
