//! The configuration blocks of a service, member by member as in the model.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Everything about a service that `UpdateService` can change; a failed update goes back to the old value of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Configuration {
    pub source: SourceConfiguration,
    pub instance: InstanceConfiguration,
    pub health_check: HealthCheckConfiguration,
    /// The full ARN.
    pub auto_scaling_arn: String,
    pub network: NetworkConfiguration,
    pub observability: Option<ServiceObservabilityConfiguration>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SourceConfiguration {
    pub code_repository: Option<CodeRepository>,
    pub image_repository: Option<ImageRepository>,
    pub auto_deployments_enabled: Option<bool>,
    pub authentication_configuration: Option<AuthenticationConfiguration>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CodeRepository {
    pub repository_url: String,
    pub source_code_version: SourceCodeVersion,
    pub code_configuration: Option<CodeConfiguration>,
    pub source_directory: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SourceCodeVersion {
    pub r#type: String,
    pub value: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CodeConfiguration {
    pub configuration_source: String,
    pub code_configuration_values: Option<CodeConfigurationValues>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CodeConfigurationValues {
    pub runtime: String,
    pub build_command: Option<String>,
    pub start_command: Option<String>,
    pub port: Option<String>,
    pub runtime_environment_variables: Option<BTreeMap<String, String>>,
    pub runtime_environment_secrets: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ImageRepository {
    pub image_identifier: String,
    pub image_configuration: Option<ImageConfiguration>,
    /// `ECR` or `ECR_PUBLIC`.
    pub image_repository_type: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ImageConfiguration {
    pub runtime_environment_variables: Option<BTreeMap<String, String>>,
    pub start_command: Option<String>,
    pub port: Option<String>,
    pub runtime_environment_secrets: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AuthenticationConfiguration {
    pub connection_arn: Option<String>,
    pub access_role_arn: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct InstanceConfiguration {
    pub cpu: Option<String>,
    pub memory: Option<String>,
    pub instance_role_arn: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct HealthCheckConfiguration {
    pub protocol: Option<String>,
    pub path: Option<String>,
    pub interval: Option<i64>,
    pub timeout: Option<i64>,
    pub healthy_threshold: Option<i64>,
    pub unhealthy_threshold: Option<i64>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct NetworkConfiguration {
    pub egress_configuration: Option<EgressConfiguration>,
    pub ingress_configuration: Option<IngressConfiguration>,
    pub ip_address_type: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EgressConfiguration {
    /// `DEFAULT` or `VPC`.
    pub egress_type: Option<String>,
    pub vpc_connector_arn: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct IngressConfiguration {
    pub is_publicly_accessible: Option<bool>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ServiceObservabilityConfiguration {
    pub observability_enabled: bool,
    pub observability_configuration_arn: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EncryptionConfiguration {
    pub kms_key: String,
}

impl Configuration {
    /// The port that App Runner sends requests to; 8080 unless the source says otherwise.
    pub fn port(&self) -> &str {
        let image =
            self.source.image_repository.as_ref().and_then(|image| image.image_configuration.as_ref()?.port.as_deref());
        image.or_else(|| self.code_values().and_then(|code| code.port.as_deref())).unwrap_or("8080")
    }

    /// Names and values of the secrets that instances get as environment variables.
    pub fn secrets(&self) -> BTreeMap<String, String> {
        let image = self
            .source
            .image_repository
            .as_ref()
            .and_then(|image| image.image_configuration.as_ref()?.runtime_environment_secrets.clone());
        image
            .or_else(|| self.code_values().and_then(|code| code.runtime_environment_secrets.clone()))
            .unwrap_or_default()
    }

    /// Names of the plain environment variables.
    pub fn variables(&self) -> Vec<String> {
        let image = self
            .source
            .image_repository
            .as_ref()
            .and_then(|image| image.image_configuration.as_ref()?.runtime_environment_variables.as_ref());
        let variables =
            image.or_else(|| self.code_values().and_then(|code| code.runtime_environment_variables.as_ref()));
        variables.map(|map| map.keys().cloned().collect()).unwrap_or_default()
    }

    fn code_values(&self) -> Option<&CodeConfigurationValues> {
        self.source.code_repository.as_ref()?.code_configuration.as_ref()?.code_configuration_values.as_ref()
    }

    /// The connector of the outgoing traffic.
    pub fn connector(&self) -> Option<&str> {
        self.network.egress_configuration.as_ref()?.vpc_connector_arn.as_deref()
    }

    /// Whether the service has an address on the internet.
    pub fn public(&self) -> bool {
        self.network.ingress_configuration.as_ref().and_then(|ingress| ingress.is_publicly_accessible).unwrap_or(true)
    }
}
