//! What comes of a deployment: it follows from the image, the roles and the settings.

use serde::{Deserialize, Serialize};

use crate::ecr::ImageMarks;
use crate::world::{Caller, World};

use super::blocks::{Configuration, SourceConfiguration};
use super::image::{self, Reference};
use super::neighbours::{self, Artifact, Trust};
use super::operations::Running;
use super::validate::{BUILD, TASKS};

/// What the access role has to allow on the repository for a pull.
const PULL_ACTIONS: [&str; 3] = ["ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage"];
/// What it has to allow too for a deployment that a push starts.
const PUSH_ACTION: &str = "ecr:DescribeImages";

/// Why a deployment failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Failure {
    /// The image is not there.
    NoImage,
    /// The access role cannot be assumed any more or may not pull.
    NoAccess,
    /// A secret does not exist or the instance role may not read it.
    NoSecret {
        name: String,
        value: String,
    },
    Crashed {
        exit_code: u8,
    },
    Unhealthy,
}

/// How the new instances answer.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Health {
    Good,
    /// The program ended after these lines.
    Crashed {
        lines: Vec<String>,
        exit_code: u8,
    },
    /// It runs, but does not answer where it is asked.
    Silent,
}

/// Pulls the image, or takes the source.
pub(super) fn pull(
    world: &mut World,
    caller: &Caller,
    source: &SourceConfiguration,
    running: &Running,
) -> Result<Artifact, Failure> {
    let identifier = source.image_repository.as_ref().map(|image| image.image_identifier.as_str());
    let Some(reference) = identifier.and_then(image::private) else {
        return Ok(Artifact::default());
    };
    let authentication = source.authentication_configuration.as_ref();
    let role = authentication.and_then(|authentication| authentication.access_role_arn.as_deref());
    let role = role.ok_or(Failure::NoAccess)?;
    if !may_pull(world, caller, role, &reference, running.by_push) {
        return Err(Failure::NoAccess);
    }
    neighbours::image(world, &reference, running.next.due).ok_or(Failure::NoImage)
}

fn may_pull(world: &World, caller: &Caller, role: &str, reference: &Reference<'_>, by_push: bool) -> bool {
    let Reference { account, region, repository, .. } = reference;
    let repository = format!("arn:{}:ecr:{region}:{account}:repository/{repository}", caller.partition);
    let allows = |action: &str| neighbours::allows(world, caller, role, action, &repository);
    neighbours::trust(world, caller, role, BUILD) == Trust::Assumable
        && neighbours::allows(world, caller, role, "ecr:GetAuthorizationToken", "*")
        && PULL_ACTIONS.into_iter().all(allows)
        && (!by_push || allows(PUSH_ACTION))
        && (*account == caller.account || neighbours::shared(world, reference, caller, role))
}

/// Fetches the secrets; gives the first that cannot be had.
pub(super) fn prepare(world: &mut World, caller: &Caller, configuration: &Configuration) -> Option<Failure> {
    let secrets = configuration.secrets();
    let role = configuration.instance.instance_role_arn.as_deref().unwrap_or_default();
    let missing = secrets.into_iter().find(|(_, value)| !readable(world, caller, role, value));
    missing.map(|(name, value)| Failure::NoSecret { name, value })
}

fn readable(world: &mut World, caller: &Caller, role: &str, value: &str) -> bool {
    let action = if value.contains(":secretsmanager:") { "secretsmanager:GetSecretValue" } else { "ssm:GetParameters" };
    let reference = match value.starts_with("arn:") {
        true => value.to_owned(),
        false => format!(
            "arn:{}:ssm:{}:{}:parameter/{}",
            caller.partition,
            caller.region,
            caller.account,
            value.trim_start_matches('/')
        ),
    };
    // A policy names the secret; a key, stage or version inside it stands behind the ARN's seven parts.
    let resource = reference.splitn(8, ':').take(7).collect::<Vec<_>>().join(":");
    let resource = if action.starts_with("ssm") { &reference } else { &resource };
    neighbours::trust(world, caller, role, TASKS) == Trust::Assumable
        && neighbours::allows(world, caller, role, action, resource)
        && neighbours::secret_exists(world, caller, &reference)
}

/// How instances of this image behave under these settings. App Runner runs amd64 only.
pub(super) fn health(configuration: &Configuration, artifact: &Artifact) -> Health {
    let marks = &artifact.marks;
    if marks.architecture != "amd64" {
        return Health::Crashed { lines: vec!["exec /bin/sh: exec format error".to_owned()], exit_code: 1 };
    }
    if let Some(lines) = &marks.crash {
        return Health::Crashed { lines: lines.clone(), exit_code: 1 };
    }
    let listens = marks.port.is_none_or(|port| configuration.port() == port.to_string());
    match listens && (!over_http(configuration) || answers(configuration, marks)) {
        true => Health::Good,
        false => Health::Silent,
    }
}

/// Whether the checks ask for a path.
pub(super) fn over_http(configuration: &Configuration) -> bool {
    configuration.health_check.protocol.as_deref() == Some("HTTP")
}

fn answers(configuration: &Configuration, marks: &ImageMarks) -> bool {
    let path = configuration.health_check.path.as_deref().unwrap_or("/");
    marks.healthy_paths.as_ref().is_none_or(|paths| paths.iter().any(|healthy| healthy == path))
}

/// The seconds that the checks themselves take until an instance counts as unhealthy.
pub(super) fn grace(configuration: &Configuration) -> i64 {
    configuration.health_check.interval.unwrap_or(5) * configuration.health_check.unhealthy_threshold.unwrap_or(5)
}
