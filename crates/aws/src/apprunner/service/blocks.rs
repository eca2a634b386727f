//! The blocks of a service: typed, from and to the SDK.
//!
//! UpdateService replaces a block as a whole, so what is sent is the live block overlaid with what is written:
//! members that nobody wrote stay as they are.

use std::collections::BTreeMap;

use aws_sdk_apprunner::types::{
    AuthenticationConfiguration, CodeConfiguration, CodeConfigurationValues, CodeRepository, ConfigurationSource,
    EgressConfiguration, EgressType, HealthCheckConfiguration, HealthCheckProtocol, ImageConfiguration,
    ImageRepository, ImageRepositoryType, IngressConfiguration, InstanceConfiguration, IpAddressType,
    NetworkConfiguration, Runtime, ServiceObservabilityConfiguration, SourceCodeVersion, SourceCodeVersionType,
    SourceConfiguration,
};
use model::Value;
use serde::{Deserialize, de::DeserializeOwned};

use crate::values::object;

type Texts = BTreeMap<String, String>;

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Source {
    code_repository: Option<Code>,
    image_repository: Option<Image>,
    auto_deployments_enabled: Option<bool>,
    authentication_configuration: Option<Authentication>,
}

#[derive(Debug, Clone, Deserialize)]
struct Code {
    repository_url: String,
    source_code_version: Version,
    code_configuration: Option<CodeSettings>,
    source_directory: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Version {
    #[serde(rename = "type")]
    kind: String,
    value: String,
}

#[derive(Debug, Clone, Deserialize)]
struct CodeSettings {
    configuration_source: String,
    code_configuration_values: Option<CodeValues>,
}

#[derive(Debug, Clone, Deserialize)]
struct CodeValues {
    runtime: String,
    build_command: Option<String>,
    start_command: Option<String>,
    port: Option<String>,
    runtime_environment_variables: Option<Texts>,
    runtime_environment_secrets: Option<Texts>,
}

#[derive(Debug, Clone, Deserialize)]
struct Image {
    image_identifier: String,
    image_repository_type: String,
    image_configuration: Option<ImageSettings>,
}

#[derive(Debug, Clone, Deserialize)]
struct ImageSettings {
    port: Option<String>,
    start_command: Option<String>,
    runtime_environment_variables: Option<Texts>,
    runtime_environment_secrets: Option<Texts>,
}

#[derive(Debug, Clone, Deserialize)]
struct Authentication {
    connection_arn: Option<String>,
    access_role_arn: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Instance {
    cpu: Option<String>,
    memory: Option<String>,
    instance_role_arn: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct HealthCheck {
    protocol: Option<String>,
    path: Option<String>,
    interval: Option<i32>,
    timeout: Option<i32>,
    healthy_threshold: Option<i32>,
    unhealthy_threshold: Option<i32>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Network {
    egress_configuration: Option<Egress>,
    ingress_configuration: Option<Ingress>,
    ip_address_type: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Egress {
    egress_type: Option<String>,
    vpc_connector_arn: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Ingress {
    is_publicly_accessible: Option<bool>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Observability {
    #[serde(default)]
    observability_enabled: bool,
    observability_configuration_arn: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Encryption {
    kms_key: String,
}

/// The wanted block over the live one: written members win, maps of the user (environment variables) are replaced.
pub(super) fn overlaid<B: DeserializeOwned>(live: Option<&Value>, wanted: &Value) -> Option<B> {
    let merged = overlay(live.unwrap_or(&Value::Null), wanted);
    serde_json::from_value(merged.exposed_json()?).ok()
}

fn overlay(live: &Value, wanted: &Value) -> Value {
    let (Value::Map(live), Value::Map(wanted)) = (live, wanted) else { return wanted.clone() };
    let mut merged = live.clone();
    for (name, value) in wanted {
        let replaced = name.starts_with("runtime_environment_");
        let value = match live.get(name) {
            Some(old) if !replaced => overlay(old, value),
            _ => value.clone(),
        };
        merged.insert(name.clone(), value);
    }
    // One source excludes the other.
    for (one, other) in [("code_repository", "image_repository"), ("image_repository", "code_repository")] {
        if wanted.contains_key(one) && !wanted.contains_key(other) {
            merged.remove(other);
        }
    }
    if wanted.get("egress_type").and_then(Value::as_text) == Some("DEFAULT") {
        merged.remove("vpc_connector_arn");
    }
    if wanted.get("observability_enabled").and_then(Value::as_flag) == Some(false) {
        merged.remove("observability_configuration_arn");
    }
    Value::Map(merged)
}

#[expect(clippy::disallowed_types, reason = "the SDK takes nothing else; the order is lost only on the wire")]
fn hashed(texts: &Option<Texts>) -> Option<std::collections::HashMap<String, String>> {
    texts.clone().map(|texts| texts.into_iter().collect())
}

impl Source {
    pub(super) fn sdk(&self) -> SourceConfiguration {
        SourceConfiguration::builder()
            .set_code_repository(self.code_repository.as_ref().map(Code::sdk))
            .set_image_repository(self.image_repository.as_ref().map(Image::sdk))
            .set_auto_deployments_enabled(self.auto_deployments_enabled)
            .set_authentication_configuration(self.authentication_configuration.as_ref().map(|authentication| {
                AuthenticationConfiguration::builder()
                    .set_connection_arn(authentication.connection_arn.clone())
                    .set_access_role_arn(authentication.access_role_arn.clone())
                    .build()
            }))
            .build()
    }
}

impl Code {
    fn sdk(&self) -> CodeRepository {
        let version = SourceCodeVersion::builder()
            .r#type(SourceCodeVersionType::from(self.source_code_version.kind.as_str()))
            .value(&self.source_code_version.value)
            .build()
            .expect("type and value are set");
        CodeRepository::builder()
            .repository_url(&self.repository_url)
            .source_code_version(version)
            .set_code_configuration(self.code_configuration.as_ref().map(CodeSettings::sdk))
            .set_source_directory(self.source_directory.clone())
            .build()
            .expect("the URL is set")
    }
}

impl CodeSettings {
    fn sdk(&self) -> CodeConfiguration {
        let values = self.code_configuration_values.as_ref().map(|values| {
            CodeConfigurationValues::builder()
                .runtime(Runtime::from(values.runtime.as_str()))
                .set_build_command(values.build_command.clone())
                .set_start_command(values.start_command.clone())
                .set_port(values.port.clone())
                .set_runtime_environment_variables(hashed(&values.runtime_environment_variables))
                .set_runtime_environment_secrets(hashed(&values.runtime_environment_secrets))
                .build()
                .expect("the runtime is set")
        });
        CodeConfiguration::builder()
            .configuration_source(ConfigurationSource::from(self.configuration_source.as_str()))
            .set_code_configuration_values(values)
            .build()
            .expect("the source is set")
    }
}

impl Image {
    fn sdk(&self) -> ImageRepository {
        let settings = self.image_configuration.as_ref().map(|settings| {
            ImageConfiguration::builder()
                .set_port(settings.port.clone())
                .set_start_command(settings.start_command.clone())
                .set_runtime_environment_variables(hashed(&settings.runtime_environment_variables))
                .set_runtime_environment_secrets(hashed(&settings.runtime_environment_secrets))
                .build()
        });
        ImageRepository::builder()
            .image_identifier(&self.image_identifier)
            .image_repository_type(ImageRepositoryType::from(self.image_repository_type.as_str()))
            .set_image_configuration(settings)
            .build()
            .expect("identifier and type are set")
    }
}

impl Instance {
    pub(super) fn sdk(&self) -> InstanceConfiguration {
        InstanceConfiguration::builder()
            .set_cpu(self.cpu.clone())
            .set_memory(self.memory.clone())
            .set_instance_role_arn(self.instance_role_arn.clone())
            .build()
    }
}

impl HealthCheck {
    pub(super) fn sdk(&self) -> HealthCheckConfiguration {
        HealthCheckConfiguration::builder()
            .set_protocol(self.protocol.as_deref().map(HealthCheckProtocol::from))
            .set_path(self.path.clone())
            .set_interval(self.interval)
            .set_timeout(self.timeout)
            .set_healthy_threshold(self.healthy_threshold)
            .set_unhealthy_threshold(self.unhealthy_threshold)
            .build()
    }
}

impl Network {
    pub(super) fn sdk(&self) -> NetworkConfiguration {
        let egress = self.egress_configuration.as_ref().map(|egress| {
            EgressConfiguration::builder()
                .set_egress_type(egress.egress_type.as_deref().map(EgressType::from))
                .set_vpc_connector_arn(egress.vpc_connector_arn.clone())
                .build()
        });
        let ingress = self.ingress_configuration.as_ref().map(|ingress| {
            IngressConfiguration::builder()
                .is_publicly_accessible(ingress.is_publicly_accessible.unwrap_or(true))
                .build()
        });
        NetworkConfiguration::builder()
            .set_egress_configuration(egress)
            .set_ingress_configuration(ingress)
            .set_ip_address_type(self.ip_address_type.as_deref().map(IpAddressType::from))
            .build()
    }
}

impl Observability {
    pub(super) fn sdk(&self) -> ServiceObservabilityConfiguration {
        ServiceObservabilityConfiguration::builder()
            .observability_enabled(self.observability_enabled)
            .set_observability_configuration_arn(self.observability_configuration_arn.clone())
            .build()
    }
}

impl Encryption {
    pub(super) fn sdk(&self) -> aws_sdk_apprunner::types::EncryptionConfiguration {
        let builder = aws_sdk_apprunner::types::EncryptionConfiguration::builder().kms_key(&self.kms_key);
        builder.build().expect("the key is set")
    }
}

#[expect(clippy::disallowed_types, reason = "the SDK gives nothing else; sorted at once")]
fn texts(map: Option<&std::collections::HashMap<String, String>>) -> Value {
    let entries = map.into_iter().flatten().map(|(name, value)| (name.clone(), Value::from(value.as_str())));
    Value::Map(entries.collect())
}

fn text(text: Option<&str>) -> Value {
    text.map(str::to_owned).into()
}

/// The live source as it would be written.
pub(super) fn source_value(source: &SourceConfiguration) -> Value {
    let image = source.image_repository().map(|image| {
        let settings = image.image_configuration();
        object([
            ("image_identifier", image.image_identifier().into()),
            ("image_repository_type", image.image_repository_type().as_str().into()),
            (
                "image_configuration",
                object([
                    ("port", text(settings.and_then(ImageConfiguration::port))),
                    ("start_command", text(settings.and_then(ImageConfiguration::start_command))),
                    (
                        "runtime_environment_variables",
                        texts(settings.and_then(ImageConfiguration::runtime_environment_variables)),
                    ),
                    (
                        "runtime_environment_secrets",
                        texts(settings.and_then(ImageConfiguration::runtime_environment_secrets)),
                    ),
                ]),
            ),
        ])
    });
    let authentication = source.authentication_configuration().map(|authentication| {
        object([
            ("connection_arn", text(authentication.connection_arn())),
            ("access_role_arn", text(authentication.access_role_arn())),
        ])
    });
    object([
        ("image_repository", image.into()),
        ("code_repository", source.code_repository().map(code_value).into()),
        ("auto_deployments_enabled", source.auto_deployments_enabled().into()),
        ("authentication_configuration", authentication.into()),
    ])
}

fn code_value(code: &CodeRepository) -> Value {
    let version = code
        .source_code_version()
        .map(|version| object([("type", version.r#type().as_str().into()), ("value", version.value().into())]));
    let configuration = code.code_configuration().map(|configuration| {
        let values = configuration.code_configuration_values().map(|values| {
            object([
                ("runtime", values.runtime().as_str().into()),
                ("build_command", text(values.build_command())),
                ("start_command", text(values.start_command())),
                ("port", text(values.port())),
                ("runtime_environment_variables", texts(values.runtime_environment_variables())),
                ("runtime_environment_secrets", texts(values.runtime_environment_secrets())),
            ])
        });
        object([
            ("configuration_source", configuration.configuration_source().as_str().into()),
            ("code_configuration_values", values.into()),
        ])
    });
    object([
        ("repository_url", code.repository_url().into()),
        ("source_code_version", version.into()),
        ("code_configuration", configuration.into()),
        ("source_directory", text(code.source_directory())),
    ])
}

pub(super) fn instance_value(instance: &InstanceConfiguration) -> Value {
    object([
        ("cpu", text(instance.cpu())),
        ("memory", text(instance.memory())),
        ("instance_role_arn", text(instance.instance_role_arn())),
    ])
}

pub(super) fn health_check_value(check: &HealthCheckConfiguration) -> Value {
    let number = |number: Option<i32>| Value::from(number.map(i64::from));
    object([
        ("protocol", check.protocol().map(|protocol| protocol.as_str().to_owned()).into()),
        ("path", text(check.path())),
        ("interval", number(check.interval())),
        ("timeout", number(check.timeout())),
        ("healthy_threshold", number(check.healthy_threshold())),
        ("unhealthy_threshold", number(check.unhealthy_threshold())),
    ])
}

pub(super) fn network_value(network: &NetworkConfiguration) -> Value {
    let egress = network.egress_configuration().map(|egress| {
        object([
            ("egress_type", egress.egress_type().map(|kind| kind.as_str().to_owned()).into()),
            ("vpc_connector_arn", text(egress.vpc_connector_arn())),
        ])
    });
    let ingress = network
        .ingress_configuration()
        .map(|ingress| object([("is_publicly_accessible", ingress.is_publicly_accessible().into())]));
    object([
        ("egress_configuration", egress.into()),
        ("ingress_configuration", ingress.into()),
        ("ip_address_type", network.ip_address_type().map(|kind| kind.as_str().to_owned()).into()),
    ])
}

pub(super) fn observability_value(observability: Option<&ServiceObservabilityConfiguration>) -> Value {
    let arn = observability.and_then(ServiceObservabilityConfiguration::observability_configuration_arn);
    object([
        ("observability_enabled", observability.is_some_and(|block| block.observability_enabled()).into()),
        ("observability_configuration_arn", text(arn)),
    ])
}
