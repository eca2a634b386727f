//! The two log groups of a service, with the lines that App Runner writes.
//!
//! `…/service` has the stream `events` and one stream per deployment; `…/application` has one stream per instance and does
//! not exist before an instance has started. The lines follow logs that users published (2021 to 2026).

use jiff::{SignedDuration, Timestamp};

use crate::world::{Caller, World};

use super::arn;
use super::image;
use super::neighbours::{self, Artifact};
use super::operations::{Kind, Running};
use super::outcome::{self, Failure, Health};
use super::route::Phase;
use super::services::{Service, Status};

fn event(world: &mut World, caller: &Caller, service: &Service, at: Timestamp, line: &str) {
    write(world, caller, service, "events", at, line);
}

fn deployment(world: &mut World, caller: &Caller, service: &Service, running: &Running, line: &str) {
    write(world, caller, service, &format!("deployment/{}", running.deployment), running.next.due, line);
}

fn write(world: &mut World, caller: &Caller, service: &Service, stream: &str, at: Timestamp, line: &str) {
    let group = format!("/aws/apprunner/{}/{}/service", service.name, service.id);
    neighbours::log(world, caller, &group, stream, &[(at, format!("[AppRunner] {line}"))]);
}

/// The operation in the lines.
fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::CreateService => "Service creation",
        Kind::UpdateService => "Service update",
        Kind::StartDeployment => "Deployment",
        Kind::PauseService => "Service pause",
        Kind::ResumeService => "Service resume",
        Kind::DeleteService => "Service deletion",
    }
}

/// The first lines of every operation.
pub(super) fn started(world: &mut World, caller: &Caller, service: &Service, kind: Kind, at: Timestamp) {
    event(world, caller, service, at, &format!("{} started.", noun(kind)));
    status(world, caller, service, at);
}

/// The line about a new status.
pub(super) fn status(world: &mut World, caller: &Caller, service: &Service, at: Timestamp) {
    event(world, caller, service, at, &format!("Service status is set to {}.", service.status.word()));
}

/// The lines of a phase of a deployment.
pub(super) fn phase(world: &mut World, caller: &Caller, service: &Service, running: &Running) {
    let at = running.next.due;
    let from_code = service.configuration.source.code_repository.is_some();
    match running.next.phase {
        Phase::Pull => announce(world, caller, service, running),
        Phase::Pulled if from_code => {
            event(world, caller, service, at, "Successfully pulled your application source code.")
        }
        Phase::Pulled => {
            event(world, caller, service, at, "Successfully copied the image from ECR.");
            deployment(world, caller, service, running, "Successfully pulled your application image from ECR.");
        }
        Phase::Build => event(world, caller, service, at, "Starting source code build."),
        Phase::Provision => {
            let reach = if service.configuration.public() { "publicly" } else { "privately" };
            event(
                world,
                caller,
                service,
                at,
                &format!("Provisioning instances and deploying image for {reach} accessible service."),
            );
        }
        Phase::CheckHealth => {
            event(world, caller, service, at, &format!("Performing health check on {}.", checked(service, " ")))
        }
        Phase::Healthy => {
            event(world, caller, service, at, "Health check is successful. Routing traffic to application.")
        }
        Phase::Routed => event(world, caller, service, at, "Successfully routed incoming traffic to application."),
        Phase::Crashed => {
            let Some(Failure::Crashed { exit_code }) = running.failure else { return };
            let line = format!(
                "Your application stopped or failed to start. See logs for more information.  Container exit code: {exit_code}"
            );
            event(world, caller, service, at, &line);
        }
        _ => {}
    }
}

/// What is deployed, and the beginning of the pull.
fn announce(world: &mut World, caller: &Caller, service: &Service, running: &Running) {
    let at = running.next.due;
    let trigger = match running.kind {
        Kind::CreateService => "SERVICE_CREATE",
        Kind::UpdateService => "SERVICE_UPDATE",
        _ => "SERVICE_DEPLOY",
    };
    event(
        world,
        caller,
        service,
        at,
        &format!("Deployment with ID : {} started. Triggering event : {trigger}", running.deployment),
    );
    let source = &service.configuration.source;
    let (artifact, pull) = match (&source.image_repository, &source.code_repository) {
        (Some(repository), _) => {
            let (name, version) = image::split(&repository.image_identifier);
            (
                format!(
                    "[Repo Type: {}], [Image URL: {name}], [Image Tag: {}]",
                    repository.image_repository_type,
                    version.unwrap_or("latest")
                ),
                format!("Pulling image {name} from ECR repository."),
            )
        }
        (None, code) => {
            let (url, branch) = code
                .as_ref()
                .map(|code| (code.repository_url.as_str(), code.source_code_version.value.as_str()))
                .unwrap_or_default();
            (
                format!("[Repo Type: Source], [Repository: {url}], [Branch: {branch}], [SourceDirectory: /]"),
                format!("Pulling source code from GITHUB Repository ( {url} )."),
            )
        }
    };
    event(world, caller, service, at, &format!("Deployment Artifact: {artifact}"));
    if running.kind == Kind::CreateService && source.auto_deployments_enabled == Some(true) {
        event(world, caller, service, at, "Creating pipeline for automatic deployments.");
        event(world, caller, service, at, "Successfully created pipeline for automatic deployments.");
    }
    event(world, caller, service, at, &pull);
    if source.image_repository.is_some() {
        deployment(world, caller, service, running, "Starting to pull your application image.");
    }
}

/// Where the health checks ask. AWS leaves the space before the path out when a check fails.
fn checked(service: &Service, space: &str) -> String {
    let configuration = &service.configuration;
    let port = configuration.port();
    match outcome::over_http(configuration) {
        true => format!(
            "protocol `HTTP`{space}[Path: '{}'], [Port: '{port}']",
            configuration.health_check.path.as_deref().unwrap_or("/")
        ),
        false => format!("protocol `TCP` [Port: '{port}']"),
    }
}

/// The lines of a failed operation, without the new status.
pub(super) fn failed(world: &mut World, caller: &Caller, service: &Service, running: &Running) {
    let at = running.next.due;
    let (event_line, deployment_line, reason) = match &running.failure {
        Some(Failure::NoImage) => (
            Some("Failed to copy the image from ECR.".to_owned()),
            "Failed to pull your application image. Be sure you configure your service with a valid access role to your ECR repository.",
            " Failure reason : Failed to copy the image from ECR.",
        ),
        Some(Failure::NoAccess) => (
            Some(
                "Failed to copy the image from ECR. Reason: Invalid Access Role in AuthenticationConfiguration."
                    .to_owned(),
            ),
            "Failed to pull your application image. Reason: Invalid Access Role in AuthenticationConfiguration.",
            " Failure reason : Failed to copy the image from ECR.",
        ),
        Some(Failure::Unhealthy) => (
            Some(format!(
                "Health check failed on {}. Check your configured port number. For more information, read the application logs.",
                checked(service, "")
            )),
            "Failed to deploy your application image.",
            " Failure reason : Health check failed.",
        ),
        // AWS does not say which secret; that it says nothing is the complaint of many. The name helps and is no secret.
        Some(Failure::NoSecret { name, value }) => (
            Some(format!(
                "Failed to retrieve the secret {value} for the environment variable {name}. Check that it exists and that the instance role may read it."
            )),
            "Failed to deploy your application image.",
            "",
        ),
        Some(Failure::Crashed { .. }) | None => (None, "Failed to deploy your application image.", ""),
    };
    if let Some(line) = event_line {
        event(world, caller, service, at, &line);
    }
    if service.configuration.source.image_repository.is_some() {
        deployment(world, caller, service, running, deployment_line);
    }
    event(world, caller, service, at, &format!("Deployment with ID : {} failed.{reason}", running.deployment));
    event(world, caller, service, at, &format!("{} failed. For details, see service logs.", noun(running.kind)));
}

/// The last lines of an operation that went well.
pub(super) fn finished(world: &mut World, caller: &Caller, service: &Service, running: &Running) {
    let at = running.next.due;
    if service.status == Status::Running
        && running.artifact.is_some()
        && service.configuration.source.image_repository.is_some()
    {
        deployment(world, caller, service, running, "Successfully deployed your application image.");
    }
    let more = if running.kind == Kind::UpdateService { " New configuration is deployed." } else { "" };
    event(world, caller, service, at, &format!("{} completed successfully.{more}", noun(running.kind)));
    status(world, caller, service, at);
}

/// What the program itself writes once its instance has started.
pub(super) fn application(
    world: &mut World,
    caller: &Caller,
    service: &Service,
    at: Timestamp,
    artifact: &Artifact,
    health: &Health,
) {
    let group = format!("/aws/apprunner/{}/{}/application", service.name, service.id);
    let stream = format!("instance/{}", arn::fresh_id(world));
    let port = artifact.marks.port.map_or_else(|| service.configuration.port().to_owned(), |port| port.to_string());
    let lines = match health {
        Health::Crashed { lines, .. } => lines.clone(),
        Health::Good | Health::Silent => vec![format!("Listening on port {port}")],
    };
    let stamped: Vec<_> = lines.into_iter().map(|line| (at + SignedDuration::from_secs(2), line)).collect();
    neighbours::log(world, caller, &group, &stream, &stamped);
}
