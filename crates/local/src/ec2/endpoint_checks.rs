//! What AWS refuses of an endpoint.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use super::Ec2;
use super::endpoint_services::Offer;
use super::endpoints::Endpoint;
use super::refusals::{GROUP, ROUTE_TABLE, SUBNET, VPC};
use super::tags::Specification;
use crate::refusal::Refusal;

/// Interface endpoints in a VPC, gateways in a region.
const QUOTAS: [(&str, usize); 2] = [("Interface", 50), ("Gateway", 20)];
const GROUPS: usize = 5;

/// What a create asks for.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Ask {
    pub(super) vpc_id: String,
    #[serde(default)]
    pub(super) service_name: String,
    vpc_endpoint_type: Option<String>,
    pub(super) policy_document: Option<String>,
    #[serde(default)]
    route_table_ids: Vec<String>,
    #[serde(default)]
    subnet_ids: Vec<String>,
    #[serde(default)]
    security_group_ids: Vec<String>,
    private_dns_enabled: Option<bool>,
    ip_address_type: Option<String>,
    pub(super) dns_options: Option<DnsOptions>,
    pub(super) client_token: Option<String>,
    #[serde(default)]
    pub(super) tag_specifications: Vec<Specification>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DnsOptions {
    pub(super) dns_record_ip_type: Option<String>,
}

impl Ask {
    /// AWS's default is a gateway.
    pub(super) fn kind(&self) -> &str {
        self.vpc_endpoint_type.as_deref().unwrap_or("Gateway")
    }
}

/// The network of an endpoint, with AWS's defaults.
pub(super) struct Network {
    pub(super) route_tables: Vec<String>,
    pub(super) subnets: Vec<String>,
    pub(super) groups: Vec<String>,
    pub(super) private_dns: bool,
}

fn parameter(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidParameter", message)
}

pub(super) fn check(ec2: &Ec2, asked: &Ask, offer: &Offer) -> Result<Network, Refusal> {
    VPC.check(&asked.vpc_id)?;
    let vpc = ec2.vpcs.get(&asked.vpc_id).ok_or_else(|| VPC.missing(&[&asked.vpc_id]))?;
    policy(asked.policy_document.as_deref())?;
    quota(ec2, asked, offer)?;
    if asked.ip_address_type.as_deref().is_some_and(|kind| kind != "ipv4") {
        return Err(parameter("The IP address type of the endpoint is not supported by the service or its subnets."));
    }
    if offer.kind == "Gateway" {
        return gateway(ec2, asked, offer);
    }
    if !asked.route_table_ids.is_empty() {
        return Err(parameter("Route table IDs are only supported for Gateway type VPC Endpoints."));
    }
    subnets(ec2, &vpc.id, &asked.subnet_ids, offer)?;
    let groups = match asked.security_group_ids.is_empty() {
        true => ec2
            .groups
            .values()
            .filter(|one| one.vpc == vpc.id && one.name == "default")
            .map(|one| one.id.clone())
            .collect(),
        false => distinct(&asked.security_group_ids),
    };
    self::groups(ec2, &vpc.id, &groups)?;
    let private_dns = asked.private_dns_enabled.unwrap_or(offer.private_dns.is_some());
    if private_dns {
        self::private_dns(ec2, &vpc.id, offer, "")?;
    }
    Ok(Network { route_tables: Vec::new(), subnets: distinct(&asked.subnet_ids), groups, private_dns })
}

fn quota(ec2: &Ec2, asked: &Ask, offer: &Offer) -> Result<(), Refusal> {
    let counts = |one: &&Endpoint| one.kind == offer.kind && (offer.kind == "Gateway" || one.vpc == asked.vpc_id);
    let present = ec2.endpoints.values().filter(counts).count();
    match QUOTAS.iter().any(|(kind, most)| *kind == offer.kind && present >= *most) {
        true => Err(Refusal::new("VpcEndpointLimitExceeded", "The maximum number of VPC endpoints has been reached.")),
        false => Ok(()),
    }
}

fn gateway(ec2: &Ec2, asked: &Ask, offer: &Offer) -> Result<Network, Refusal> {
    if !asked.subnet_ids.is_empty() {
        return Err(parameter(
            "Subnet IDs are only supported for Interface and GatewayLoadBalancer type VPC Endpoints.",
        ));
    }
    if !asked.security_group_ids.is_empty() {
        return Err(parameter("Security group IDs are only supported for Interface type VPC Endpoints."));
    }
    if asked.private_dns_enabled == Some(true) {
        return Err(parameter("Private DNS is only supported for Interface type VPC Endpoints."));
    }
    let route_tables = distinct(&asked.route_table_ids);
    self::route_tables(ec2, &asked.vpc_id, &offer.name, &route_tables)?;
    Ok(Network { route_tables, subnets: Vec::new(), groups: Vec::new(), private_dns: false })
}

/// Tables of the VPC that have no route to the service yet.
pub(super) fn route_tables(ec2: &Ec2, vpc: &str, service: &str, ids: &[String]) -> Result<(), Refusal> {
    for id in ids {
        ROUTE_TABLE.check(id)?;
        let owner = ec2.vpcs.values().find(|one| one.route_table == *id).ok_or_else(|| ROUTE_TABLE.missing(&[id]))?;
        if owner.id != vpc {
            return Err(parameter(format!("Route table {id} belongs to a different VPC than the endpoint.")));
        }
        let taken = |one: &Endpoint| one.service == service && one.gone.is_none() && one.route_tables.contains(id);
        if ec2.endpoints.values().any(taken) {
            let list = ec2.prefix_lists.get(service).cloned().unwrap_or_default();
            let message = format!("route table {id} already has a route with destination-prefix-list-id {list}");
            return Err(Refusal::new("RouteAlreadyExists", message));
        }
    }
    Ok(())
}

/// Subnets of the VPC, one in each zone, in zones that the service reaches.
pub(super) fn subnets(ec2: &Ec2, vpc: &str, ids: &[String], offer: &Offer) -> Result<(), Refusal> {
    let mut zones = BTreeSet::new();
    for id in ids {
        SUBNET.check(id)?;
        let subnet = ec2.subnets.get(id).ok_or_else(|| SUBNET.missing(&[id]))?;
        if subnet.vpc != vpc {
            return Err(parameter(format!("Subnet {id} belongs to a different VPC than the endpoint.")));
        }
        if !offer.zones.iter().any(|(name, _)| *name == subnet.zone) {
            return Err(parameter(format!(
                "The VPC endpoint service {} does not support the availability zone of the subnet: {id}.",
                offer.name
            )));
        }
        if !zones.insert(&subnet.zone) {
            let message = format!("Found another VPC endpoint subnet in the availability zone of {id}");
            return Err(Refusal::new("DuplicateSubnetsInSameZone", message));
        }
    }
    Ok(())
}

pub(super) fn groups(ec2: &Ec2, vpc: &str, ids: &[String]) -> Result<(), Refusal> {
    for id in ids {
        GROUP.check(id)?;
        let group = ec2.groups.get(id).ok_or_else(|| GROUP.missing(&[id]))?;
        if group.vpc != vpc {
            return Err(parameter(format!("Security group {id} belongs to a different VPC than the endpoint.")));
        }
    }
    if ids.len() > GROUPS {
        let message = "The maximum number of security groups per interface has been reached.";
        return Err(Refusal::new("SecurityGroupsPerInterfaceLimitExceeded", message));
    }
    Ok(())
}

/// Whether an endpoint (`but`: its own id) can answer under the service's name.
pub(super) fn private_dns(ec2: &Ec2, vpc: &str, offer: &Offer, but: &str) -> Result<(), Refusal> {
    let Some(domain) = &offer.private_dns else {
        return Err(parameter(format!(
            "Private DNS can't be enabled because the service {} does not provide a private DNS name.",
            offer.name
        )));
    };
    if ec2.vpcs.get(vpc).is_some_and(|vpc| !vpc.dns_support || !vpc.dns_hostnames) {
        return Err(parameter(format!(
            "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for {vpc}"
        )));
    }
    let conflicts = |one: &Endpoint| one.private_dns && one.vpc == vpc && one.service == offer.name && one.id != but;
    match ec2.endpoints.values().any(conflicts) {
        true => Err(parameter(format!(
            "private-dns-enabled cannot be set because there is already a conflicting DNS domain for {domain} in the VPC {vpc}"
        ))),
        false => Ok(()),
    }
}

pub(super) fn policy(text: Option<&str>) -> Result<(), Refusal> {
    let parsed = text.map(serde_json::from_str::<Value>);
    match parsed {
        None => Ok(()),
        Some(Ok(document)) if document["Statement"].is_array() || document["Statement"].is_object() => Ok(()),
        Some(_) => Err(Refusal::new("InvalidPolicyDocument", "The policy document is malformed")),
    }
}

/// The ids in the order given, each once.
pub(super) fn distinct(ids: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    ids.iter().filter(|id| seen.insert(*id)).cloned().collect()
}
