//! Deployments: started by hand, or by an image pushed to the tag that a service tracks.

use serde_json::{Value, json};

use crate::refusal::Answer;
use crate::world::{Caller, World};

use super::answer::invalid;
use super::operations::{self, Kind};
use super::services::{self, Service, Status};
use super::{image, phases};

pub(super) fn start(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let mut service = services::live(world, caller, input)?.clone();
    if service.status != Status::Running {
        // The code and text are AWS's.
        return Err(invalid("Can't start a deployment on the specified service, because it isn't in RUNNING state."));
    }
    let operation = operations::begin(world, caller, &mut service, Kind::StartDeployment, None);
    services::keep(world, caller, service, None);
    Ok(json!({ "OperationId": operation }))
}

/// To be called when an image was pushed to `repository` under `tag` in the registry of `caller`'s account and region.
///
/// Starts a deployment of every running service that tracks the tag; one that is busy deploys afterwards, one that is
/// paused does not.
pub fn image_pushed(world: &mut World, caller: &Caller, repository: &str, tag: &str) {
    phases::tick(world, caller);
    let services = &world.region(caller).apprunner.services;
    let tracking: Vec<_> =
        services.values().filter(|service| tracks(caller, service, repository, tag)).cloned().collect();
    for mut service in tracking {
        match service.status {
            Status::Running => deploy(world, caller, &mut service),
            Status::OperationInProgress => service.pushed = true,
            _ => continue,
        }
        services::keep(world, caller, service, None);
    }
}

fn tracks(caller: &Caller, service: &Service, repository: &str, tag: &str) -> bool {
    let source = &service.configuration.source;
    let reference = source.image_repository.as_ref().and_then(|image| image::private(&image.image_identifier));
    let here = reference.is_some_and(|reference| {
        (reference.account, reference.region, reference.repository, reference.version)
            == (&*caller.account, &*caller.region, repository, tag)
    });
    here && source.auto_deployments_enabled == Some(true)
}

/// The deployment that was put off while an operation ran.
pub(super) fn catch_up(world: &mut World, caller: &Caller, service: &mut Service) {
    service.pushed = false;
    if service.status == Status::Running && service.configuration.source.auto_deployments_enabled == Some(true) {
        deploy(world, caller, service);
    }
}

fn deploy(world: &mut World, caller: &Caller, service: &mut Service) {
    operations::begin(world, caller, service, Kind::StartDeployment, None);
    if let Some(running) = &mut service.running {
        running.by_push = true;
    }
}
