//! Services: delete, pause, resume.

use jiff::Timestamp;
use serde_json::Value;

use crate::refusal::Answer;
use crate::world::{Caller, World};

use super::answer::invalid;
use super::operations::{self, Kind};
use super::services::{self, Service, Status};

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let service = services::live(world, caller, input)?.clone();
    if service.status == Status::OperationInProgress {
        return Err(service.not_now("deleted"));
    }
    let state = &world.region(caller).apprunner;
    if state.ingress.values().any(|connection| connection.service_arn == service.arn && connection.deleted_at.is_none())
    {
        return Err(invalid(format!(
            "The service has active VPC Ingress Connections. Delete them first. ARN: {}",
            service.arn
        )));
    }
    start(world, caller, service, Kind::DeleteService)
}

pub(super) fn pause(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let service = services::live(world, caller, input)?.clone();
    match service.status {
        Status::Running => start(world, caller, service, Kind::PauseService),
        _ => Err(service.not_now("paused")),
    }
}

pub(super) fn resume(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let service = services::live(world, caller, input)?.clone();
    match service.status {
        Status::Paused => start(world, caller, service, Kind::ResumeService),
        _ => Err(service.not_now("resumed")),
    }
}

fn start(world: &mut World, caller: &Caller, mut service: Service, kind: Kind) -> Answer {
    let operation = operations::begin(world, caller, &mut service, kind, None);
    Ok(services::keep(world, caller, service, Some(operation)))
}

/// What goes with a deleted service: its tags, domains and what it held in a VPC.
pub(super) fn deleted(world: &mut World, caller: &Caller, service: &mut Service, at: Timestamp) {
    service.deleted_at = Some(at);
    service.pushed = false;
    service.domains.clear();
    world.region(caller).apprunner.tags.remove(&service.arn);
}
