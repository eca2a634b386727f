//! What App Runner fills in and normalises.

use crate::world::Caller;

use super::blocks::{
    CodeConfiguration, EgressConfiguration, HealthCheckConfiguration, IngressConfiguration, InstanceConfiguration,
    NetworkConfiguration, SourceConfiguration,
};
use super::image;

/// Fills in the port of an image configuration that was sent, and whether image pushes deploy by themselves.
pub(super) fn source(caller: &Caller, mut source: SourceConfiguration) -> SourceConfiguration {
    if let Some(image) = &mut source.image_repository {
        if let Some(settings) = &mut image.image_configuration {
            settings.port.get_or_insert_with(|| "8080".to_owned());
        }
        let own = image::private(&image.image_identifier).is_some_and(|reference| reference.account == caller.account);
        source.auto_deployments_enabled.get_or_insert(own);
    }
    if let Some(code) = &mut source.code_repository {
        code.source_directory.get_or_insert_with(|| "/".to_owned());
        if let Some(CodeConfiguration { code_configuration_values: Some(values), .. }) = &mut code.code_configuration {
            values.port.get_or_insert_with(|| "8080".to_owned());
        }
        source.auto_deployments_enabled.get_or_insert(true);
    }
    source
}

/// Fills in 1 vCPU and 2 GB, and writes both in units.
pub(super) fn instance(instance: InstanceConfiguration) -> InstanceConfiguration {
    InstanceConfiguration {
        cpu: Some(units(instance.cpu.as_deref().unwrap_or("1024"))),
        memory: Some(units(instance.memory.as_deref().unwrap_or("2048"))),
        instance_role_arn: instance.instance_role_arn,
    }
}

/// `1 vCPU` and `0.5 GB` as `1024` and `512`; plain units stay.
fn units(amount: &str) -> String {
    let whole = amount.strip_suffix(" vCPU").or_else(|| amount.strip_suffix(" GB"));
    match whole.and_then(|number| number.parse::<f64>().ok()) {
        Some(number) => format!("{}", number * 1024.0),
        None => amount.to_owned(),
    }
}

/// Fills in the TCP check of every five seconds.
pub(super) fn health_check(check: HealthCheckConfiguration) -> HealthCheckConfiguration {
    HealthCheckConfiguration {
        protocol: Some(check.protocol.unwrap_or_else(|| "TCP".to_owned())),
        path: Some(check.path.unwrap_or_else(|| "/".to_owned())),
        interval: Some(check.interval.unwrap_or(5)),
        timeout: Some(check.timeout.unwrap_or(2)),
        healthy_threshold: Some(check.healthy_threshold.unwrap_or(1)),
        unhealthy_threshold: Some(check.unhealthy_threshold.unwrap_or(5)),
    }
}

/// Fills in a public address and outgoing traffic without a VPC.
///
/// `IsPubliclyAccessible` is a plain boolean in the model, so the SDKs leave out a false one: an ingress block without it
/// means a private service, no ingress block a public one.
pub(super) fn network(network: NetworkConfiguration) -> NetworkConfiguration {
    let egress = network.egress_configuration.unwrap_or_default();
    let public = network.ingress_configuration.is_none_or(|ingress| ingress.is_publicly_accessible == Some(true));
    NetworkConfiguration {
        egress_configuration: Some(EgressConfiguration {
            egress_type: Some(egress.egress_type.unwrap_or_else(|| "DEFAULT".to_owned())),
            vpc_connector_arn: egress.vpc_connector_arn,
        }),
        ingress_configuration: Some(IngressConfiguration { is_publicly_accessible: Some(public) }),
        ip_address_type: Some(network.ip_address_type.unwrap_or_else(|| "IPV4".to_owned())),
    }
}
