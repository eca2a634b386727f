//! What App Runner refuses in the configuration of a service, beyond what the model refuses.

use crate::refusal::Refusal;
use crate::world::{Caller, World};

use super::answer::invalid;
use super::blocks::{
    AuthenticationConfiguration, CodeRepository, Configuration, EgressConfiguration, ImageRepository,
    InstanceConfiguration, SourceConfiguration,
};
use super::neighbours::{self, Trust};
use super::{auto_scaling, complete, connections, connectors, image, observability};

/// Who pulls images and builds source: the access role trusts it.
pub(super) const BUILD: &str = "build.apprunner.amazonaws.com";
/// What the instances run as: the instance role trusts it.
pub(super) const TASKS: &str = "tasks.apprunner.amazonaws.com";

/// The memory sizes that go with each CPU size, in units.
const SIZES: &[(&str, &[&str])] = &[
    ("256", &["512", "1024"]),
    ("512", &["1024"]),
    ("1024", &["2048", "3072", "4096"]),
    ("2048", &["4096", "6144"]),
    ("4096", &["8192", "10240", "12288"]),
];

/// The blocks of a create or update request; a block that is not sent keeps its present value.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Request {
    pub source_configuration: Option<SourceConfiguration>,
    pub instance_configuration: Option<InstanceConfiguration>,
    pub health_check_configuration: Option<super::blocks::HealthCheckConfiguration>,
    pub auto_scaling_configuration_arn: Option<String>,
    pub network_configuration: Option<super::blocks::NetworkConfiguration>,
    pub observability_configuration: Option<super::blocks::ServiceObservabilityConfiguration>,
}

/// The configuration that the request asks for, complete, or the refusal.
pub(super) fn configuration(
    world: &mut World,
    caller: &Caller,
    request: Request,
    present: Option<&Configuration>,
) -> Result<Configuration, Refusal> {
    let source_sent = request.source_configuration.is_some();
    let instance_sent = request.instance_configuration.is_some() || present.is_none();
    let network_sent = request.network_configuration.is_some() || present.is_none();
    let wanted = Configuration {
        source: match (request.source_configuration, present) {
            (Some(source), _) => complete::source(caller, source),
            (None, Some(present)) => present.source.clone(),
            (None, None) => return Err(invalid("SourceConfiguration is required.")),
        },
        instance: match (request.instance_configuration, present) {
            (None, Some(present)) => present.instance.clone(),
            (instance, _) => complete::instance(instance.unwrap_or_default()),
        },
        health_check: match (request.health_check_configuration, present) {
            (None, Some(present)) => present.health_check.clone(),
            (check, _) => complete::health_check(check.unwrap_or_default()),
        },
        auto_scaling_arn: match (request.auto_scaling_configuration_arn, present) {
            (None, Some(present)) => present.auto_scaling_arn.clone(),
            (arn, _) => auto_scaling::for_service(world, caller, arn.as_deref())?,
        },
        network: match (request.network_configuration, present) {
            (None, Some(present)) => present.network.clone(),
            (network, _) => complete::network(network.unwrap_or_default()),
        },
        observability: match (request.observability_configuration, present) {
            (None, present) => present.and_then(|present| present.observability.clone()),
            (Some(block), _) => Some(observability::for_service(world, caller, block)?),
        },
    };
    if source_sent {
        source(world, caller, &wanted.source, present)?;
    }
    environment(&wanted)?;
    size(&wanted.instance)?;
    if network_sent {
        egress(world, caller, &wanted)?;
    }
    if instance_sent {
        instance_role(world, caller, &wanted)?;
    }
    secrets_need_a_role(&wanted)?;
    Ok(wanted)
}

fn source(
    world: &mut World,
    caller: &Caller,
    source: &SourceConfiguration,
    present: Option<&Configuration>,
) -> Result<(), Refusal> {
    if let Some(present) = present {
        let was_image = present.source.image_repository.is_some();
        if was_image != source.image_repository.is_some() {
            return Err(invalid(
                "You can't change the source of a service between a code repository and an image repository.",
            ));
        }
    }
    let authentication = source.authentication_configuration.clone().unwrap_or_default();
    match (&source.image_repository, &source.code_repository) {
        (Some(image), None) => {
            image_source(world, caller, image, &authentication, source.auto_deployments_enabled == Some(true))
        }
        (None, Some(code)) => code_source(world, caller, code, &authentication, present.is_none()),
        _ => {
            Err(invalid("Exactly one of CodeRepository and ImageRepository should be provided in SourceConfiguration."))
        }
    }
}

fn image_source(
    world: &mut World,
    caller: &Caller,
    image: &ImageRepository,
    authentication: &AuthenticationConfiguration,
    auto_deploy: bool,
) -> Result<(), Refusal> {
    let identifier = &image.image_identifier;
    let public = image.image_repository_type == "ECR_PUBLIC";
    if public != image::is_public(identifier) {
        return Err(invalid(format!(
            "ImageIdentifier {identifier} doesn't match ImageRepositoryType {}.",
            image.image_repository_type
        )));
    }
    if public {
        return match auto_deploy {
            true => Err(invalid("AutoDeploymentsEnabled can't be true for an image in ECR Public.")),
            false => Ok(()),
        };
    }
    let reference =
        image::private(identifier).ok_or_else(|| invalid(format!("ImageIdentifier {identifier} isn't valid.")))?;
    if auto_deploy && reference.account != caller.account {
        return Err(invalid("AutoDeploymentsEnabled can't be true for an image in another account's ECR repository."));
    }
    // The text is AWS's.
    let Some(role) = &authentication.access_role_arn else {
        return Err(invalid("Authentication configuration is invalid."));
    };
    assume(world, caller, role, BUILD, "access")
}

fn code_source(
    world: &World,
    caller: &Caller,
    code: &CodeRepository,
    authentication: &AuthenticationConfiguration,
    create: bool,
) -> Result<(), Refusal> {
    let Some(connection) = &authentication.connection_arn else {
        return Err(invalid("Authentication configuration is invalid."));
    };
    connections::usable(world, caller, connection)?;
    match &code.code_configuration {
        None if create => Err(invalid("CodeConfiguration is required.")),
        Some(configuration)
            if configuration.configuration_source == "API" && configuration.code_configuration_values.is_none() =>
        {
            Err(invalid("CodeConfigurationValues is required when ConfigurationSource is API."))
        }
        _ => Ok(()),
    }
}

/// AWS's words for a role that is missing, trusts somebody else, or is too new.
fn assume(world: &mut World, caller: &Caller, role: &str, principal: &str, kind: &str) -> Result<(), Refusal> {
    match neighbours::trust(world, caller, role, principal) {
        Trust::Assumable => Ok(()),
        Trust::Missing | Trust::NotTrusted | Trust::TooFresh => {
            Err(invalid(format!("Error in assuming {kind} role {role}")))
        }
    }
}

fn instance_role(world: &mut World, caller: &Caller, wanted: &Configuration) -> Result<(), Refusal> {
    match &wanted.instance.instance_role_arn {
        None => Ok(()),
        Some(role) => assume(world, caller, role, TASKS, "instance"),
    }
}

/// The text is AWS's.
fn secrets_need_a_role(wanted: &Configuration) -> Result<(), Refusal> {
    match wanted.instance.instance_role_arn.is_none() && !wanted.secrets().is_empty() {
        true => Err(invalid("Instance Role have to be provided if passing in RuntimeEnvironmentSecrets.")),
        false => Ok(()),
    }
}

fn environment(wanted: &Configuration) -> Result<(), Refusal> {
    let names = wanted.variables().into_iter().chain(wanted.secrets().into_keys());
    for name in names {
        if name == "PORT" || name.starts_with("AWSAPPRUNNER") {
            return Err(invalid(format!("The environment variable name {name} is reserved by App Runner.")));
        }
    }
    match wanted.port().parse::<u16>() {
        Ok(1..) => Ok(()),
        _ => Err(invalid(format!("The port {} isn't valid.", wanted.port()))),
    }
}

fn size(instance: &InstanceConfiguration) -> Result<(), Refusal> {
    let (cpu, memory) = (instance.cpu.as_deref().unwrap_or_default(), instance.memory.as_deref().unwrap_or_default());
    let fits = SIZES.iter().any(|(size, memories)| *size == cpu && memories.contains(&memory));
    match fits {
        true => Ok(()),
        false => Err(invalid(format!("The combination of CPU {cpu} and Memory {memory} isn't supported."))),
    }
}

fn egress(world: &mut World, caller: &Caller, wanted: &Configuration) -> Result<(), Refusal> {
    let EgressConfiguration { egress_type, vpc_connector_arn } =
        wanted.network.egress_configuration.clone().unwrap_or_default();
    match (egress_type.as_deref(), vpc_connector_arn) {
        (Some("VPC"), Some(arn)) => connectors::for_service(world, caller, &arn),
        (Some("VPC"), None) => Err(invalid("VpcConnectorArn is required when EgressType is VPC.")),
        (_, Some(_)) => Err(invalid("VpcConnectorArn is only valid when EgressType is VPC.")),
        (_, None) => Ok(()),
    }
}
