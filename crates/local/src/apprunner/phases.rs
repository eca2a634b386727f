//! What each phase of an operation does, and what follows from it.

use jiff::SignedDuration;

use crate::world::{Caller, World};

use super::operations::{self, Kind, OperationStatus, Running, Step};
use super::outcome::{self, Failure, Health};
use super::route::Phase;
use super::services::{Service, Status};
use super::{connectors, deployments, lifecycle, logs};

/// When an image that cannot be pulled is given up, in seconds after the start.
const PULL_GIVES_UP: i64 = 600;
/// When failing health checks are given up, beside the time that the checks themselves may take.
const HEALTH_GIVES_UP: i64 = 600;
/// From the start of the instances to the end of a program that crashes.
const CRASHES_AFTER: i64 = 54;
/// From a fault that App Runner sees at once to the end of the deployment.
const NOTICED_AFTER: i64 = 18;
const ROLLBACK_TAKES: i64 = 60;

/// Does every phase that is due, in the order of the due times.
pub(super) fn tick(world: &mut World, caller: &Caller) {
    while let Some(id) = next_due(world, caller) {
        let Some(mut service) = world.region(caller).apprunner.services.remove(&id) else { return };
        if let Some(running) = service.running.take() {
            advance(world, caller, &mut service, running);
        }
        world.region(caller).apprunner.services.insert(id, service);
    }
}

fn next_due(world: &mut World, caller: &Caller) -> Option<String> {
    let now = world.now();
    let services = &world.region(caller).apprunner.services;
    let due = services.values().filter_map(|service| Some((service.running.as_ref()?.next.due, &service.id)));
    due.filter(|(at, _)| *at <= now).min().map(|(_, id)| id.clone())
}

fn advance(world: &mut World, caller: &Caller, service: &mut Service, mut running: Running) {
    let Step { due, phase } = running.next;
    let later = |seconds: i64| due + SignedDuration::from_secs(seconds);
    let next = match phase {
        Phase::Begin => {
            operations::reached(service, OperationStatus::InProgress, due);
            following(&running)
        }
        Phase::Pull => pull(world, caller, service, &mut running),
        Phase::Provision => provision(world, caller, service, &mut running),
        Phase::CheckHealth => check_health(world, caller, service, &mut running),
        Phase::Pulled | Phase::Build | Phase::Healthy | Phase::Routed => {
            logs::phase(world, caller, service, &running);
            following(&running)
        }
        Phase::Crashed => {
            logs::phase(world, caller, service, &running);
            Some(Step { due: later(NOTICED_AFTER), phase: Phase::Fail })
        }
        Phase::Fail => fail(world, caller, service, &mut running),
        Phase::Finish => finish(world, caller, service, &running),
        Phase::RolledBack => rolled_back(world, caller, service, &running),
    };
    match next {
        Some(step) => service.running = Some(Running { next: step, ..running }),
        None if service.pushed => deployments::catch_up(world, caller, service),
        None => {}
    }
}

/// The phase after the present one on the route.
fn following(running: &Running) -> Option<Step> {
    let stops = running.route.stops();
    let at = stops.iter().position(|(phase, _)| *phase == running.next.phase)?;
    stops.get(at + 1).map(|(phase, seconds)| Step { due: running.after(*seconds), phase: *phase })
}

fn pull(world: &mut World, caller: &Caller, service: &mut Service, running: &mut Running) -> Option<Step> {
    logs::phase(world, caller, service, running);
    match outcome::pull(world, caller, &service.configuration.source, running) {
        Ok(artifact) => {
            // What was pushed until now is in it.
            service.pushed = false;
            running.artifact = Some(artifact);
            following(running)
        }
        Err(failure) => {
            running.failure = Some(failure);
            Some(Step { due: running.after(PULL_GIVES_UP), phase: Phase::Fail })
        }
    }
}

fn provision(world: &mut World, caller: &Caller, service: &mut Service, running: &mut Running) -> Option<Step> {
    logs::phase(world, caller, service, running);
    if let Some(failure) = outcome::prepare(world, caller, &service.configuration) {
        running.failure = Some(failure);
        return Some(Step { due: running.next.due + SignedDuration::from_secs(NOTICED_AFTER), phase: Phase::Fail });
    }
    running.delay += connectors::join(world, caller, service.configuration.connector(), running.next.due);
    following(running)
}

fn check_health(world: &mut World, caller: &Caller, service: &mut Service, running: &mut Running) -> Option<Step> {
    let artifact = running.artifact.clone().or_else(|| service.artifact.clone()).unwrap_or_default();
    let health = outcome::health(&service.configuration, &artifact);
    logs::phase(world, caller, service, running);
    logs::application(world, caller, service, running.next.due, &artifact, &health);
    match health {
        Health::Good => following(running),
        Health::Crashed { exit_code, .. } => {
            running.failure = Some(Failure::Crashed { exit_code });
            Some(Step { due: running.next.due + SignedDuration::from_secs(CRASHES_AFTER), phase: Phase::Crashed })
        }
        Health::Silent => {
            running.failure = Some(Failure::Unhealthy);
            Some(Step {
                due: running.after(HEALTH_GIVES_UP + outcome::grace(&service.configuration)),
                phase: Phase::Fail,
            })
        }
    }
}

fn fail(world: &mut World, caller: &Caller, service: &mut Service, running: &mut Running) -> Option<Step> {
    let at = running.next.due;
    logs::failed(world, caller, service, running);
    service.updated_at = at;
    match running.kind {
        Kind::UpdateService | Kind::StartDeployment => {
            operations::reached(service, OperationStatus::RollbackInProgress, at);
            if let Some(previous) = running.previous.take() {
                service.configuration = *previous;
            }
            Some(Step { due: at + SignedDuration::from_secs(ROLLBACK_TAKES), phase: Phase::RolledBack })
        }
        kind => {
            operations::reached(service, OperationStatus::Failed, at);
            service.status = if kind == Kind::ResumeService { Status::Paused } else { Status::CreateFailed };
            logs::status(world, caller, service, at);
            None
        }
    }
}

fn rolled_back(world: &mut World, caller: &Caller, service: &mut Service, running: &Running) -> Option<Step> {
    let at = running.next.due;
    operations::reached(service, OperationStatus::RollbackSucceeded, at);
    service.status = Status::Running;
    service.updated_at = at;
    logs::status(world, caller, service, at);
    None
}

fn finish(world: &mut World, caller: &Caller, service: &mut Service, running: &Running) -> Option<Step> {
    let at = running.next.due;
    operations::reached(service, OperationStatus::Succeeded, at);
    service.updated_at = at;
    if let Some(artifact) = &running.artifact {
        service.artifact = Some(artifact.clone());
    }
    service.status = match running.kind {
        Kind::PauseService => Status::Paused,
        Kind::DeleteService => Status::Deleted,
        _ => Status::Running,
    };
    if service.status == Status::Deleted {
        lifecycle::deleted(world, caller, service, at);
    }
    logs::finished(world, caller, service, running);
    None
}
