//! The registry: login, replication and scanning settings.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::host;
use crate::refusal::Answer;
use crate::world::{Caller, World};

/// How long a login is good for.
const LOGIN: SignedDuration = SignedDuration::from_hours(12);

/// A login for each registry that is asked for, which is the caller's own unless it says otherwise.
pub(super) fn authorization(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let own = [Value::from(caller.account.as_str())];
    let registries = input["registryIds"].as_array().map_or(own.as_slice(), Vec::as_slice);
    let expires = world.now() + LOGIN;
    // Not drawn from the world: a login is nothing that exists, and reading must leave the world alone.
    let token = STANDARD.encode(format!("AWS:local-{}-{}", caller.account, expires.as_second()));
    let login = |registry: &Value| {
        let owner = Caller { account: registry.as_str().unwrap_or_default().to_owned(), ..caller.clone() };
        json!({ "authorizationToken": token, "expiresAt": expires, "proxyEndpoint": format!("https://{}", host(&owner)) })
    };
    Ok(json!({ "authorizationData": registries.iter().map(login).collect::<Vec<_>>() }))
}

pub(super) fn describe(caller: &Caller) -> Value {
    json!({ "registryId": caller.account, "replicationConfiguration": { "rules": [] } })
}

pub(super) fn scanning(caller: &Caller) -> Value {
    json!({ "registryId": caller.account, "scanningConfiguration": { "scanType": "BASIC", "rules": [] } })
}

pub(super) fn scanning_of(world: &mut World, caller: &Caller, input: &Value) -> Value {
    let repositories = &world.region(caller).ecr.repositories;
    let (mut configurations, mut failures) = (Vec::new(), Vec::new());
    for name in input["repositoryNames"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        match repositories.get(name) {
            Some(repository) => configurations.push(json!({
                "repositoryArn": super::arn(caller, name),
                "repositoryName": name,
                "scanOnPush": repository.scan_on_push,
                "scanFrequency": if repository.scan_on_push { "SCAN_ON_PUSH" } else { "MANUAL" },
                "appliedScanFilters": [],
            })),
            None => failures.push(json!({
                "repositoryName": name,
                "failureCode": "REPOSITORY_NOT_FOUND",
                "failureReason": "REPOSITORY_NOT_FOUND",
            })),
        }
    }
    json!({ "scanningConfigurations": configurations, "failures": failures })
}
