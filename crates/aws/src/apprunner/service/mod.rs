//! `apprunner_service`: its verbs (`aws-behaviour.md` 2.1).
//!
//! A service is judged by its operation: one that is RUNNING after a rolled-back update has failed.

use std::collections::BTreeMap;

use aws_sdk_apprunner::types::{OperationStatus, OperationSummary, Service, ServiceStatus};
use model::{
    Live, Schema, Value,
    fault::{Fault, is_planted},
    observed::Health,
};
use provider::{
    Call, Failure, FailureKind, Gate, Goal, Intent, LogLine, Place, Proposal, Resource, Retry, RetryClass, Sent,
    Settled, Token, Want, retry::RetryPhase,
};
use serde::Deserialize;

mod blocks;
mod diagnose;
mod image;
mod lines;
mod schema;

pub use schema::SCHEMA;

use super::common::{again, found, reads, refusal, sdk_tags, services, tag_call, tags};
use crate::{
    calls::{absent, eight_at_a_time, made_by, remove, upsert},
    client::{Attempts, Client},
    failure::failure,
    values::time,
};

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    service_name: String,
    source_configuration: blocks::Source,
    instance_configuration: Option<blocks::Instance>,
    health_check_configuration: Option<blocks::HealthCheck>,
    auto_scaling_configuration_arn: Option<String>,
    network_configuration: Option<blocks::Network>,
    observability_configuration: Option<blocks::Observability>,
    encryption_configuration: Option<blocks::Encryption>,
    state: Option<String>,
    log_retention_in_days: Option<i32>,
}

const CHANGES: &[RetryPhase] = &[RetryPhase::Create, RetryPhase::Update];

const fn role_retry(fragment: &'static str) -> Retry {
    Retry {
        code: "InvalidRequestException",
        fragment,
        phases: CHANGES,
        window: 120,
        fresh_only: true,
        waiting_for: "IAM",
    }
}

const START: &str = "apprunner:StartDeployment";

/// The verbs of `apprunner_service`.
pub struct ApprunnerService;

impl Resource for ApprunnerService {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("apprunner:CreateService", RetryClass::NaturalName);
    const DELETE: &'static str = "apprunner:DeleteService";
    const RETRIES: &'static [Retry] = &[
        role_retry("error in assuming access role"),
        role_retry("error in assuming instance role"),
        Retry {
            code: "InvalidStateException",
            fragment: "operation_in_progress",
            phases: &[RetryPhase::Update, RetryPhase::Delete],
            window: 1800,
            fresh_only: false,
            waiting_for: "the running operation",
        },
    ];

    const RUNS: bool = true;

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let arguments = &want.arguments;
        let answer = client
            .apprunner(&place.region, Attempts::Once)
            .create_service()
            .service_name(&arguments.service_name)
            .source_configuration(arguments.source_configuration.sdk())
            .set_instance_configuration(arguments.instance_configuration.as_ref().map(blocks::Instance::sdk))
            .set_health_check_configuration(arguments.health_check_configuration.as_ref().map(blocks::HealthCheck::sdk))
            .set_auto_scaling_configuration_arn(arguments.auto_scaling_configuration_arn.clone())
            .set_network_configuration(arguments.network_configuration.as_ref().map(blocks::Network::sdk))
            .set_observability_configuration(
                arguments.observability_configuration.as_ref().map(blocks::Observability::sdk),
            )
            .set_encryption_configuration(arguments.encryption_configuration.as_ref().map(blocks::Encryption::sdk))
            .set_tags(Some(sdk_tags(&want.tags)))
            .send()
            .await
            .map_err(|error| refusal(Self::CREATE.0, error))?;
        match answer.service {
            Some(service) => Ok(Sent::id(service.service_arn).operation(Some(answer.operation_id))),
            None => Err(Failure::new(FailureKind::Bug, Self::CREATE.0, "the answer holds no service")),
        }
    }

    fn next<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        let update = Update { client, place, want, live };
        update
            .resume()
            .or_else(|| update.blocks())
            .or_else(|| update.retention())
            .or_else(|| tag_call(client, place, want, live))
            .or_else(|| update.pause())
    }

    async fn settle(
        client: &Client,
        place: &Place,
        id: &str,
        operation: Option<&str>,
        goal: Goal,
    ) -> Result<Settled, Failure> {
        let service = describe(client, place, id).await?;
        match (goal, service) {
            (Goal::Gone, None) => Ok(Settled::Ready),
            (Goal::Gone, Some(service)) => Ok(judge_deletion(&service)),
            (Goal::Present, None) => Ok(again(10, "consistency")),
            (Goal::Present, Some(service)) => judge(client, place, &service, operation).await,
        }
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
        let answer = found(Self::DELETE, reads(client, place).delete_service().service_arn(id).send()).await?;
        Ok(Sent::id(id).operation(answer.map(|answer| answer.operation_id)))
    }

    /// App Runner leaves the two log groups behind.
    fn sweep<'a>(client: &'a Client, place: &'a Place, lived: &'a Live, done: usize) -> Option<Call<'a>> {
        let group = log_groups(lived)?.keys().nth(done)?;
        let call = client.logs(&place.region, Attempts::Repeat).delete_log_group().log_group_name(group);
        Some(remove("logs:DeleteLogGroup", format!("deletes the log group {group}"), call.send()))
    }

    /// Every update of a block deploys, and a deployment pulls the image.
    async fn gates(client: &Client, place: &Place, proposal: &Proposal<'_>) -> Result<Vec<Gate>, Failure> {
        let deploys = proposal.changed.iter().any(|name| BLOCKS.contains(&name.as_str()));
        let gate = if deploys { image::gate(client, place, proposal).await? } else { None };
        Ok(gate.into_iter().collect())
    }

    fn deploy<'a>(client: &'a Client, place: &'a Place, id: &'a str) -> Option<Call<'a>> {
        let call = client.apprunner(&place.region, Attempts::Once).start_deployment().service_arn(id).send();
        Some(Call::new(START, RetryClass::None, "starts a deployment", async move {
            let answer = call.await.map_err(|error| refusal(START, error))?;
            Ok(Sent::id(id).operation(Some(answer.operation_id)))
        }))
    }

    async fn logs(client: &Client, place: &Place, id: &str, since: i64) -> Result<Vec<LogLine>, Failure> {
        match describe(client, place, id).await? {
            Some(service) => lines::since(client, place, &service, since).await,
            None => Ok(Vec::new()),
        }
    }

    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        match Self::namesake(client, place, &intent.identity).await? {
            Some(arn) => Ok(made_by(live(client, place, &arn).await?, intent)),
            None => Ok(None),
        }
    }

    async fn list(client: &Client, place: &Place, _environment: &str) -> Result<Vec<String>, Failure> {
        Ok(services(client, place).await?.into_iter().filter_map(|summary| summary.service_arn).collect())
    }

    async fn namesake(
        client: &Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let Some(name) = identity.get("service_name").and_then(Value::as_text) else { return Ok(None) };
        let found = services(client, place).await?.into_iter().find(|summary| summary.service_name() == Some(name));
        Ok(found.and_then(|summary| summary.service_arn))
    }
}

/// The service; nothing when it is gone or deleted, which AWS still answers for a while.
async fn describe(client: &Client, place: &Place, arn: &str) -> Result<Option<Service>, Failure> {
    let answer = found("apprunner:DescribeService", reads(client, place).describe_service().service_arn(arn).send());
    let service = answer.await?.and_then(|answer| answer.service);
    Ok(service.filter(|service| !is(service, &ServiceStatus::Deleted)))
}

/// Statuses have been seen in lower case.
fn is(service: &Service, status: &ServiceStatus) -> bool {
    service.status().as_str().eq_ignore_ascii_case(status.as_str())
}

fn judge_deletion(service: &Service) -> Settled {
    if is(service, &ServiceStatus::DeleteFailed) {
        let failure = Failure::new(FailureKind::Refused, "apprunner:DescribeService", "the service is DELETE_FAILED");
        let failure = failure.cause("run the same command again: App Runner takes the deletion up once more");
        return Settled::Failed { failure: Box::new(failure), tainted: false };
    }
    again(10, "App Runner to delete the service")
}

/// The verdict over one operation. Without its id only what still runs, or what the service itself calls failed, counts:
/// the next plan sees whether a lost operation brought what was wanted.
async fn judge(client: &Client, place: &Place, service: &Service, id: Option<&str>) -> Result<Settled, Failure> {
    let operations = operations(client, place, service.service_arn()).await?;
    let operation = match id {
        Some(id) => operations.iter().find(|operation| operation.id() == Some(id)),
        None => operations.first(),
    };
    let tainted = is(service, &ServiceStatus::CreateFailed);
    let Some(operation) = operation else {
        let busy = is(service, &ServiceStatus::OperationInProgress);
        return Ok(if busy || id.is_some() { again(10, "App Runner") } else { Settled::Ready });
    };
    let kind = operation.r#type().map_or("operation", |kind| kind.as_str());
    match operation.status() {
        Some(OperationStatus::Succeeded) | None => Ok(match is(service, &ServiceStatus::OperationInProgress) {
            true => again(10, "App Runner"),
            false => Settled::Ready,
        }),
        Some(OperationStatus::Pending | OperationStatus::InProgress | OperationStatus::RollbackInProgress) => {
            let status = operation.status().map_or("", |status| status.as_str());
            Ok(again(10, &format!("{kind} {status}")))
        }
        Some(_) if id.is_none() && !tainted => Ok(Settled::Ready),
        Some(OperationStatus::RollbackSucceeded) if is_planted(Fault::SilentRollback) => Ok(Settled::Ready),
        Some(_) => {
            let failure = diagnose::failure(client, place, service, operation).await;
            Ok(Settled::Failed { failure: Box::new(failure), tainted })
        }
    }
}

/// The newest operations, newest first: one page.
async fn operations(client: &Client, place: &Place, arn: &str) -> Result<Vec<OperationSummary>, Failure> {
    let list = reads(client, place).list_operations().service_arn(arn).max_results(20);
    let answer = list.send().await.map_err(|error| refusal("apprunner:ListOperations", error))?;
    Ok(answer.operation_summary_list.unwrap_or_default())
}

async fn live(client: &Client, place: &Place, arn: &str) -> Result<Option<Live>, Failure> {
    let Some(service) = describe(client, place, arn).await? else { return Ok(None) };
    let (tags, retentions) = futures::join!(tags(client, place, arn), retentions(client, place, &service));
    let Some(tags) = absent(tags)? else { return Ok(None) };
    let retentions = retentions?;
    let paused = is(&service, &ServiceStatus::Paused);
    let scaling = service.auto_scaling_configuration_summary();
    let encryption = service.encryption_configuration();
    let mut live = Live::new(arn)
        .with("service_name", service.service_name())
        .with("source_configuration", service.source_configuration().map(blocks::source_value))
        .with("instance_configuration", service.instance_configuration().map(blocks::instance_value))
        .with("health_check_configuration", service.health_check_configuration().map(blocks::health_check_value))
        .with(
            "auto_scaling_configuration_arn",
            scaling.and_then(|scaling| scaling.auto_scaling_configuration_arn()).map(str::to_owned),
        )
        .with("network_configuration", service.network_configuration().map(blocks::network_value))
        .with("observability_configuration", blocks::observability_value(service.observability_configuration()))
        .with(
            "encryption_configuration",
            encryption.map(|block| crate::values::object([("kms_key", block.kms_key().into())])),
        )
        .with("state", if paused { "paused" } else { "running" })
        .with("service_arn", arn)
        .with("service_id", service.service_id())
        .with("service_url", service.service_url().unwrap_or_default())
        .with("status", service.status().as_str())
        .with("created_at", time(service.created_at()))
        .with("log_groups", Value::Map(retentions.clone()))
        .tagged(tags);
    if let Some(days) = common_retention(&retentions) {
        live = live.with("log_retention_in_days", days);
    }
    live.health = health(&service);
    Ok(Some(live))
}

fn health(service: &Service) -> Health {
    let word = service.status().as_str().to_owned();
    if is(service, &ServiceStatus::CreateFailed) {
        Health::Failed(word)
    } else if is(service, &ServiceStatus::OperationInProgress) {
        Health::Busy(word)
    } else {
        Health::Ready
    }
}

/// The service's log groups with their retention, 0 where events never expire.
async fn retentions(client: &Client, place: &Place, service: &Service) -> Result<BTreeMap<String, Value>, Failure> {
    let prefix = format!("/aws/apprunner/{}/{}/", service.service_name(), service.service_id());
    let search = client.logs(&place.region, Attempts::Repeat).describe_log_groups().log_group_name_prefix(prefix);
    let answer = search.send().await.map_err(|error| failure("logs:DescribeLogGroups", error))?;
    let groups = answer.log_groups.unwrap_or_default().into_iter();
    Ok(groups
        .filter_map(|group| Some((group.log_group_name?, i64::from(group.retention_in_days.unwrap_or(0)).into())))
        .collect())
}

/// The retention of all groups, where there are some: null when they never expire or differ.
fn common_retention(retentions: &BTreeMap<String, Value>) -> Option<Value> {
    let mut values = retentions.values();
    let first = values.next()?;
    let same = values.all(|value| value == first) && first.as_i64() != Some(0);
    Some(if same { first.clone() } else { Value::Null })
}

fn log_groups(live: &Live) -> Option<&BTreeMap<String, Value>> {
    live.attributes.get("log_groups")?.as_map()
}

/// The updates of one service, each the call that is still to send or nothing.
struct Update<'a> {
    client: &'a Client,
    place: &'a Place,
    want: &'a Want<Arguments>,
    live: &'a Live,
}

/// The blocks of UpdateService.
const BLOCKS: &[&str] = &[
    "source_configuration",
    "instance_configuration",
    "health_check_configuration",
    "auto_scaling_configuration_arn",
    "network_configuration",
    "observability_configuration",
];

impl<'a> Update<'a> {
    fn apprunner(&self) -> aws_sdk_apprunner::Client {
        self.client.apprunner(&self.place.region, Attempts::Once)
    }

    fn is_paused(&self) -> bool {
        self.live.attributes.get("state").and_then(Value::as_text) == Some("paused")
    }

    fn changed_blocks(&self) -> Vec<&'static str> {
        BLOCKS.iter().copied().filter(|name| self.want.differs(name) || self.is_left_over(name)).collect()
    }

    /// Traces are the only block that is cleared, and only while they are on.
    fn is_left_over(&self, name: &str) -> bool {
        let on = || self.live.attributes.get(name)?.as_map()?.get("observability_enabled")?.as_flag();
        self.want.clears(name) && on() == Some(true)
    }

    /// AWS updates running services only, so one that is to be changed is resumed first, and paused again at the end.
    fn resume(&self) -> Option<Call<'a>> {
        let state = self.want.arguments.state.as_deref()?;
        if !self.is_paused() || state == "paused" && self.changed_blocks().is_empty() {
            return None;
        }
        let call = self.apprunner().resume_service().service_arn(&self.live.id);
        Some(Call::new("apprunner:ResumeService", RetryClass::None, "resumes the service", async move {
            let answer = call.send().await.map_err(|error| refusal("apprunner:ResumeService", error))?;
            Ok(Sent::default().operation(answer.operation_id))
        }))
    }

    fn pause(&self) -> Option<Call<'a>> {
        if self.is_paused() || self.want.arguments.state.as_deref() != Some("paused") {
            return None;
        }
        let call = self.apprunner().pause_service().service_arn(&self.live.id);
        Some(Call::new("apprunner:PauseService", RetryClass::None, "pauses the service", async move {
            let answer = call.send().await.map_err(|error| refusal("apprunner:PauseService", error))?;
            Ok(Sent::default().operation(answer.operation_id))
        }))
    }

    fn blocks(&self) -> Option<Call<'a>> {
        let changed = self.changed_blocks();
        if changed.is_empty() {
            return None;
        }
        let has = |name: &str| changed.contains(&name);
        let observability = match self.is_left_over("observability_configuration") {
            true => Some(blocks::overlaid::<blocks::Observability>(None, &off())),
            false => self.block("observability_configuration"),
        };
        let call = self
            .apprunner()
            .update_service()
            .service_arn(&self.live.id)
            .set_source_configuration(self.block::<blocks::Source>("source_configuration").flatten().map(|b| b.sdk()))
            .set_instance_configuration(
                self.block::<blocks::Instance>("instance_configuration").flatten().map(|block| block.sdk()),
            )
            .set_health_check_configuration(
                self.block::<blocks::HealthCheck>("health_check_configuration").flatten().map(|block| block.sdk()),
            )
            .set_auto_scaling_configuration_arn(
                self.want
                    .arguments
                    .auto_scaling_configuration_arn
                    .clone()
                    .filter(|_| has("auto_scaling_configuration_arn")),
            )
            .set_network_configuration(
                self.block::<blocks::Network>("network_configuration").flatten().map(|block| block.sdk()),
            )
            .set_observability_configuration(observability.flatten().map(|block| block.sdk()));
        let does = format!("updates {}", changed.join(", "));
        Some(Call::new("apprunner:UpdateService", RetryClass::None, does, async move {
            let answer = call.send().await.map_err(|error| refusal("apprunner:UpdateService", error))?;
            Ok(Sent::default().operation(Some(answer.operation_id)))
        }))
    }

    /// A block to be sent; the outer nothing: it stays.
    fn block<B: serde::de::DeserializeOwned>(&self, name: &str) -> Option<Option<B>> {
        let wanted = self.want.values.get(name).filter(|_| self.want.differs(name))?;
        Some(blocks::overlaid(self.live.attributes.get(name), wanted))
    }

    /// App Runner makes the groups itself, under a name known only then.
    fn retention(&self) -> Option<Call<'a>> {
        let days = self.want.arguments.log_retention_in_days?;
        let other = |value: &Value| value.as_i64() != Some(i64::from(days));
        let (group, _) = log_groups(self.live)?.iter().find(|(_, value)| other(value))?;
        let logs = self.client.logs(&self.place.region, Attempts::Repeat);
        let call = logs.put_retention_policy().log_group_name(group).retention_in_days(days);
        Some(upsert("logs:PutRetentionPolicy", format!("keeps {group} for {days} days"), call.send()))
    }
}

fn off() -> Value {
    crate::values::object([("observability_enabled", false.into())])
}
