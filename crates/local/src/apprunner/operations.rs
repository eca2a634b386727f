//! Operations: what a service has done and does now.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::refusal::Answer;
use crate::world::{Caller, World};

use super::answer::{page, time};
use super::arn;
use super::blocks::Configuration;
use super::logs;
use super::neighbours::Artifact;
use super::outcome::Failure;
use super::route::{Phase, Route};
use super::services::{self, Service, Status};

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Kind {
    StartDeployment,
    CreateService,
    PauseService,
    ResumeService,
    DeleteService,
    UpdateService,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::StartDeployment => "START_DEPLOYMENT",
            Kind::CreateService => "CREATE_SERVICE",
            Kind::PauseService => "PAUSE_SERVICE",
            Kind::ResumeService => "RESUME_SERVICE",
            Kind::DeleteService => "DELETE_SERVICE",
            Kind::UpdateService => "UPDATE_SERVICE",
        }
    }
}

/// How far an operation is, as the model spells it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum OperationStatus {
    Pending,
    InProgress,
    Failed,
    Succeeded,
    RollbackInProgress,
    RollbackSucceeded,
}

impl OperationStatus {
    fn word(self) -> &'static str {
        match self {
            OperationStatus::Pending => "PENDING",
            OperationStatus::InProgress => "IN_PROGRESS",
            OperationStatus::Failed => "FAILED",
            OperationStatus::Succeeded => "SUCCEEDED",
            OperationStatus::RollbackInProgress => "ROLLBACK_IN_PROGRESS",
            OperationStatus::RollbackSucceeded => "ROLLBACK_SUCCEEDED",
        }
    }
}

/// One operation, kept as long as its service.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Operation {
    pub id: String,
    pub kind: Kind,
    pub status: OperationStatus,
    pub started_at: Timestamp,
    pub updated_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

/// The operation that is under way; the last of the service's operations is its record.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Running {
    pub kind: Kind,
    pub route: Route,
    /// 32 hex digits: the name of its log stream and what the log lines call it.
    pub deployment: String,
    pub started_at: Timestamp,
    /// Seconds that everything comes later than the route says.
    pub delay: i64,
    pub next: Step,
    /// What a failed update goes back to.
    pub previous: Option<Box<Configuration>>,
    /// What was pulled.
    pub artifact: Option<Artifact>,
    pub failure: Option<Failure>,
    /// An image push started it.
    pub by_push: bool,
}

/// What comes next, and when.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub due: Timestamp,
    pub phase: Phase,
}

impl Running {
    /// The time `seconds` after the start, with the delay.
    pub fn after(&self, seconds: i64) -> Timestamp {
        self.started_at + SignedDuration::from_secs(seconds + self.delay)
    }
}

/// Starts an operation and gives its id.
pub(super) fn begin(
    world: &mut World,
    caller: &Caller,
    service: &mut Service,
    kind: Kind,
    previous: Option<Configuration>,
) -> String {
    let now = world.now();
    let id = world.uuid();
    let deployment = arn::fresh_id(world);
    let route = Route::of(kind, &service.configuration, previous.as_ref());
    let (phase, seconds) = route.stops()[0];
    let next = Step { due: now + SignedDuration::from_secs(seconds), phase };
    let previous = previous.map(Box::new);
    service.running = Some(Running {
        kind,
        route,
        deployment,
        started_at: now,
        delay: 0,
        next,
        previous,
        artifact: None,
        failure: None,
        by_push: false,
    });
    service.operations.push(Operation {
        id: id.clone(),
        kind,
        status: OperationStatus::Pending,
        started_at: now,
        updated_at: now,
        ended_at: None,
    });
    service.status = Status::OperationInProgress;
    service.updated_at = now;
    logs::started(world, caller, service, kind, now);
    id
}

/// Writes down how far the running operation is; a final status ends it.
pub(super) fn reached(service: &mut Service, status: OperationStatus, at: Timestamp) {
    let ends =
        !matches!(status, OperationStatus::Pending | OperationStatus::InProgress | OperationStatus::RollbackInProgress);
    if let Some(record) = service.operations.last_mut() {
        record.status = status;
        record.updated_at = at;
        record.ended_at = ends.then_some(at);
    }
}

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let service = services::find(world, caller, input)?;
    let target = service.arn.clone();
    let summaries = service.operations.iter().rev().map(|operation| {
        json!({
            "Id": operation.id,
            "Type": operation.kind.word(),
            "Status": operation.status.word(),
            "TargetArn": target,
            "StartedAt": time(operation.started_at),
            "EndedAt": operation.ended_at.map(time),
            "UpdatedAt": time(operation.updated_at),
        })
    });
    page(input, "OperationSummaryList", summaries.collect())
}
