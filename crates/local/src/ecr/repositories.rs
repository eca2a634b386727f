//! Repositories themselves: create, describe, settings, delete.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::mutability::Filter;
use super::page::page;
use super::refusals::{self, invalid};
use super::tags::Tag;
use super::{Repository, arn, images, mutability, repository, tags, uri};
use crate::input;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// AWS's default quota of repositories in a region.
const REPOSITORIES: usize = 100_000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Create {
    repository_name: String,
    tags: Option<Vec<Tag>>,
    image_tag_mutability: Option<String>,
    image_tag_mutability_exclusion_filters: Option<Vec<Filter>>,
    image_scanning_configuration: Option<Scanning>,
    encryption_configuration: Option<Encryption>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scanning {
    scan_on_push: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Encryption {
    encryption_type: String,
    kms_key: Option<String>,
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: Create = input::read(input)?;
    let tags = tags::merged(&BTreeMap::new(), asked.tags.unwrap_or_default())?;
    let mutability = asked.image_tag_mutability.unwrap_or_else(|| "MUTABLE".to_owned());
    let exclusions = mutability::checked(&mutability, asked.image_tag_mutability_exclusion_filters)?;
    let (encryption, kms_key) = encryption(caller, asked.encryption_configuration)?;
    let created_at = world.now();
    let repositories = &mut world.region(caller).ecr.repositories;
    if repositories.contains_key(&asked.repository_name) {
        return Err(refusals::exists(caller, &asked.repository_name));
    }
    if repositories.len() >= REPOSITORIES {
        let message = "The operation did not succeed because it would have exceeded a service limit for your account.";
        return Err(Refusal::new("LimitExceededException", message));
    }
    let name = asked.repository_name;
    let scan_on_push =
        asked.image_scanning_configuration.and_then(|scanning| scanning.scan_on_push).unwrap_or_default();
    let made = Repository {
        name: name.clone(),
        created_at,
        mutability,
        exclusions,
        scan_on_push,
        encryption,
        kms_key,
        tags,
        policy: None,
        lifecycle: None,
        images: BTreeMap::new(),
    };
    let answer = json!({ "repository": shown(caller, &made) });
    repositories.insert(name.clone(), made);
    images::arrive(world, caller, &name);
    Ok(answer)
}

/// The kind of encryption and the key's ARN. Keys themselves do not exist here: any name of a key is taken.
fn encryption(caller: &Caller, asked: Option<Encryption>) -> Result<(String, Option<String>), Refusal> {
    let asked = asked.unwrap_or(Encryption { encryption_type: "AES256".to_owned(), kms_key: None });
    match (asked.encryption_type.as_str(), asked.kms_key) {
        ("AES256", Some(_)) => {
            Err(invalid("encryptionConfiguration", "KMS key cannot be specified with encryption type AES256"))
        }
        ("AES256", None) => Ok((asked.encryption_type, None)),
        (_, key) => Ok((asked.encryption_type, Some(key_arn(caller, key.as_deref().unwrap_or("alias/aws/ecr"))))),
    }
}

/// A key's ARN from its ARN, id or alias; an alias points at the same key each time.
fn key_arn(caller: &Caller, key: &str) -> String {
    let prefix = format!("arn:{}:kms:{}:{}:key", caller.partition, caller.region, caller.account);
    match key.split_once("alias/") {
        Some((_, alias)) => {
            let digest = Sha256::digest(format!("{prefix} {alias}"));
            let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
            format!("{prefix}/{}-{}-4{}-8{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
        }
        None if key.starts_with("arn:") => key.to_owned(),
        None => format!("{prefix}/{key}"),
    }
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let repositories = &world.region(caller).ecr.repositories;
    let Some(names) = input["repositoryNames"].as_array() else {
        let all = repositories.iter().map(|(name, repository)| (name.clone(), shown(caller, repository))).collect();
        let (page, next) = page(all, input, 100)?;
        return Ok(json!({ "repositories": page, "nextToken": next }));
    };
    if let Some(member) = ["maxResults", "nextToken"].into_iter().find(|member| !input[*member].is_null()) {
        return Err(invalid(member, format!("{member} cannot be specified together with repositoryNames")));
    }
    let named = names.iter().filter_map(Value::as_str).map(|name| match repositories.get(name) {
        Some(repository) => Ok(shown(caller, repository)),
        None => Err(refusals::no_repository(caller, name)),
    });
    Ok(json!({ "repositories": named.collect::<Result<Vec<_>, _>>()? }))
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let held = repository(world, caller, input)?;
    if !held.images.is_empty() && input["force"] != true {
        return Err(refusals::not_empty(caller, &held.name));
    }
    let (name, answer) = (held.name.clone(), json!({ "repository": shown(caller, held) }));
    world.region(caller).ecr.repositories.remove(&name);
    Ok(answer)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PutMutability {
    image_tag_mutability: String,
    image_tag_mutability_exclusion_filters: Option<Vec<Filter>>,
}

pub(super) fn put_mutability(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: PutMutability = input::read(input)?;
    let exclusions = mutability::checked(&asked.image_tag_mutability, asked.image_tag_mutability_exclusion_filters)?;
    let held = repository(world, caller, input)?;
    held.mutability = asked.image_tag_mutability;
    held.exclusions = exclusions;
    Ok(json!({
        "registryId": caller.account,
        "repositoryName": held.name,
        "imageTagMutability": held.mutability,
        "imageTagMutabilityExclusionFilters": mutability::shown(&held.exclusions),
    }))
}

pub(super) fn put_scanning(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let held = repository(world, caller, input)?;
    held.scan_on_push = input["imageScanningConfiguration"]["scanOnPush"].as_bool().unwrap_or_default();
    Ok(json!({
        "registryId": caller.account,
        "repositoryName": held.name,
        "imageScanningConfiguration": { "scanOnPush": held.scan_on_push },
    }))
}

fn shown(caller: &Caller, repository: &Repository) -> Value {
    json!({
        "repositoryArn": arn(caller, &repository.name),
        "registryId": caller.account,
        "repositoryName": repository.name,
        "repositoryUri": uri(caller, &repository.name),
        "createdAt": repository.created_at,
        "imageTagMutability": repository.mutability,
        "imageTagMutabilityExclusionFilters": mutability::shown(&repository.exclusions),
        "imageScanningConfiguration": { "scanOnPush": repository.scan_on_push },
        "encryptionConfiguration": { "encryptionType": repository.encryption, "kmsKey": repository.kms_key },
    })
}
