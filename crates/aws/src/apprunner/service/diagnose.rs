//! Why an operation failed: the end of its logs and the likely causes.

use aws_sdk_apprunner::types::{OperationSummary, Service};
use provider::{Failure, FailureKind, Place};

use crate::client::{Attempts, Client};

/// Lines shown of each of the two logs.
const LINES: usize = 12;

/// The failure of an operation, with what the service's own logs say of it. Logs that cannot be read are left out:
/// the failure itself is what matters.
pub(super) async fn failure(
    client: &Client,
    place: &Place,
    service: &Service,
    operation: &OperationSummary,
) -> Failure {
    let kind = operation.r#type().map_or("the operation", |kind| kind.as_str());
    let status = operation.status().map_or("FAILED", |status| status.as_str());
    let what = match status {
        "ROLLBACK_SUCCEEDED" => "and App Runner went back to the earlier version, which runs",
        "ROLLBACK_FAILED" => "and App Runner could not go back to the earlier version",
        _ => "and the service does not run",
    };
    let message = format!("{kind} ended with {status}, {what}");
    let mut failure = Failure::new(FailureKind::Refused, "apprunner:ListOperations", message);
    failure.code = Some(status.to_owned());
    let since = operation.started_at().and_then(|time| time.to_millis().ok());
    let events = tail(client, place, service, "service", since).await;
    let application = tail(client, place, service, "application", since).await;
    failure.causes = causes(service, &events, &application);
    failure.log = events.into_iter().chain(application).collect();
    failure
}

async fn tail(client: &Client, place: &Place, service: &Service, which: &str, since: Option<i64>) -> Vec<String> {
    let group = format!("/aws/apprunner/{}/{}/{which}", service.service_name(), service.service_id());
    let search = client.logs(&place.region, Attempts::Repeat).filter_log_events().log_group_name(group);
    let mut pages = search.set_start_time(since).into_paginator().send();
    let mut lines = Vec::new();
    while let Some(Ok(page)) = pages.next().await {
        let messages = page.events.unwrap_or_default().into_iter().filter_map(|event| event.message);
        for message in messages {
            lines.extend(message.lines().map(|line| format!("{which}: {line}")));
        }
    }
    lines.split_off(lines.len().saturating_sub(LINES))
}

/// What a person should look at first, by the words AWS logs.
fn causes(service: &Service, events: &[String], application: &[String]) -> Vec<String> {
    let said = |lines: &[String], part: &str| lines.iter().any(|line| line.to_lowercase().contains(part));
    let image = service.source_configuration().and_then(|source| source.image_repository());
    let identifier = image.map_or("the image", |image| image.image_identifier());
    let check = service.health_check_configuration();
    let path = check.and_then(|check| check.path()).unwrap_or("/");
    let port =
        image.and_then(|image| image.image_configuration()).and_then(|settings| settings.port()).unwrap_or("8080");
    let mut found = Vec::new();
    if said(events, "invalid access role") || said(events, "accessdenied") && said(events, "pull") {
        found.push(
            "the access role may not pull the image: it needs a trust of `build.apprunner.amazonaws.com` and the policy \
             `AWSAppRunnerServicePolicyForECRAccess`"
                .to_owned(),
        );
    } else if said(events, "doesn't exist") || said(events, "not found") || said(events, "failed to pull") {
        found.push(format!("the image is missing: push {identifier}, then apply again"));
    }
    if said(application, "exec format error") {
        found.push("the image is built for another architecture: build it with `--platform linux/amd64`".to_owned());
    } else if said(application, "traceback") || said(application, "error") || said(application, "exception") {
        found.push("the application ended while it started: see the application lines above".to_owned());
    }
    if said(events, "secret") || said(application, "secretsmanager") {
        found.push(
            "a secret cannot be read: it must exist, and the instance role needs `secretsmanager:GetSecretValue` (or \
             `ssm:GetParameters`) on it"
                .to_owned(),
        );
    }
    if said(events, "health check failed") {
        found.push(format!("nothing healthy answers at `{path}`: check `health_check_configuration.path`"));
        found.push(format!("the container does not listen on port {port}: check `image_configuration.port`"));
    }
    if found.is_empty() {
        found.push("the logs say no more: look at the service's events in the console".to_owned());
    }
    found
}
