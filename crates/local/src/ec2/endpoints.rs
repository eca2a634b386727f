//! VPC endpoints: ways from a VPC to services without the internet.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::endpoint_checks::{self, Ask};
use super::endpoint_services::{self, Offer};
use super::filter::Filtered;
use super::hold;
use super::ids::fresh;
use super::refusals::ENDPOINT;
use super::selection::{Selection, tags};
use super::start;
use super::tags::specified;
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// How long an interface endpoint is pending: one to three minutes are usual.
const MAKING: SignedDuration = SignedDuration::from_secs(90);
const OPEN_TO_ALL: &str = r#"{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}"#;
const OPEN_GATEWAY: &str =
    r#"{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#;

/// An endpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Endpoint {
    pub id: String,
    /// The account.
    pub owner: String,
    /// `Interface` or `Gateway`.
    pub kind: String,
    pub vpc: String,
    /// `com.amazonaws.us-east-1.secretsmanager`.
    pub service: String,
    pub policy: String,
    pub route_tables: Vec<String>,
    /// Subnets and the interface in each.
    pub subnets: BTreeMap<String, String>,
    pub groups: Vec<String>,
    pub private_dns: bool,
    pub dns_record_ip_type: Option<String>,
    pub created: Timestamp,
    /// Pending until then.
    pub ready: Timestamp,
    /// Once it is being deleted: when it is gone.
    pub gone: Option<Timestamp>,
    /// The client's token, with what was asked for.
    pub token: Option<(String, Value)>,
    pub tags: BTreeMap<String, String>,
}

impl Endpoint {
    pub(super) fn default_policy(kind: &str) -> &'static str {
        if kind == "Gateway" { OPEN_GATEWAY } else { OPEN_TO_ALL }
    }

    pub(super) fn is_interface(&self) -> bool {
        self.kind == "Interface"
    }
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: Ask = read(input)?;
    let tags = specified(&asked.tag_specifications, "vpc-endpoint")?;
    if let Some(made) = again(world, caller, &asked, input)? {
        return Ok(made);
    }
    let offer = endpoint_services::offer(caller, &asked.service_name, asked.kind())?;
    let wanted = endpoint_checks::check(start::ensure(world, caller), &asked, &offer)?;
    let (id, now) = (fresh(world, "vpce-"), world.now());
    let description = format!("VPC Endpoint Interface {id}");
    let ways = wanted.subnets.into_iter().map(|subnet| {
        let held = hold::insert(world, caller, ("vpc_endpoint", "amazon-aws"), &description, &subnet, &wanted.groups);
        (subnet, held)
    });
    let subnets = ways.collect();
    let endpoint = Endpoint {
        owner: caller.account.clone(),
        kind: offer.kind.to_owned(),
        vpc: asked.vpc_id.clone(),
        service: offer.name.clone(),
        policy: asked.policy_document.clone().unwrap_or_else(|| Endpoint::default_policy(offer.kind).to_owned()),
        route_tables: wanted.route_tables,
        subnets,
        groups: wanted.groups,
        private_dns: wanted.private_dns,
        dns_record_ip_type: asked.dns_options.as_ref().and_then(|options| options.dns_record_ip_type.clone()),
        created: now,
        ready: if offer.kind == "Interface" { now + MAKING } else { now },
        gone: None,
        token: asked.client_token.clone().map(|token| (token, input.clone())),
        tags,
        id,
    };
    start::ensure(world, caller).endpoints.insert(endpoint.id.clone(), endpoint.clone());
    Ok(json!({ "VpcEndpoint": shown(world, caller, endpoint).view(), "ClientToken": asked.client_token }))
}

/// The endpoint that an earlier call with the same token has made.
fn again(world: &mut World, caller: &Caller, asked: &Ask, input: &Value) -> Result<Option<Value>, Refusal> {
    let Some(token) = &asked.client_token else { return Ok(None) };
    let ec2 = start::ensure(world, caller);
    let known = |endpoint: &&Endpoint| endpoint.token.as_ref().is_some_and(|(known, _)| known == token);
    let Some(made) = ec2.endpoints.values().find(known).cloned() else { return Ok(None) };
    if made.token.as_ref().is_some_and(|(_, before)| before != input) {
        let message = "The client token you have provided is already associated with another resource or parameters.";
        return Err(Refusal::new("IdempotentParameterMismatch", message));
    }
    Ok(Some(json!({ "VpcEndpoint": shown(world, caller, made).view(), "ClientToken": token })))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Describe {
    #[serde(default)]
    vpc_endpoint_ids: Vec<String>,
    #[serde(flatten)]
    selection: Selection,
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let Describe { vpc_endpoint_ids, selection } = read(input)?;
    let endpoints = start::ensure(world, caller).endpoints.clone();
    let all = endpoints.into_iter().map(|(id, endpoint)| (id, shown(world, caller, endpoint))).collect();
    selection.answer("VpcEndpoints", selection.by_ids(ENDPOINT, &vpc_endpoint_ids, all)?, Shown::view)
}

/// An endpoint with what answers say of it beyond its own.
struct Shown {
    endpoint: Endpoint,
    state: &'static str,
    /// Ids and names.
    groups: Vec<(String, String)>,
    /// Zones of the subnets.
    zones: Vec<String>,
    offer: Option<Offer>,
    region: String,
}

fn shown(world: &mut World, caller: &Caller, endpoint: Endpoint) -> Shown {
    let now = world.now();
    let ec2 = start::ensure(world, caller);
    let name = |id: &String| Some((id.clone(), ec2.groups.get(id)?.name.clone()));
    Shown {
        state: match endpoint.gone {
            Some(_) => "deleting",
            None if now < endpoint.ready => "pending",
            None => "available",
        },
        groups: endpoint.groups.iter().filter_map(name).collect(),
        zones: endpoint.subnets.keys().filter_map(|id| Some(ec2.subnets.get(id)?.zone.clone())).collect(),
        offer: endpoint_services::offer(caller, &endpoint.service, &endpoint.kind).ok(),
        region: caller.region.clone(),
        endpoint,
    }
}

impl Shown {
    fn view(&self) -> Value {
        let one = &self.endpoint;
        let groups = self.groups.iter().map(|(id, name)| json!({ "GroupId": id, "GroupName": name }));
        let dns = json!({ "DnsRecordIpType": one.dns_record_ip_type.as_deref().unwrap_or("ipv4") });
        json!({
            "VpcEndpointId": one.id,
            "VpcEndpointType": one.kind,
            "VpcId": one.vpc,
            "ServiceName": one.service,
            "State": self.state,
            "PolicyDocument": one.policy,
            "RouteTableIds": one.route_tables,
            "SubnetIds": one.subnets.keys().collect::<Vec<_>>(),
            "Groups": groups.collect::<Vec<_>>(),
            "IpAddressType": one.is_interface().then_some("ipv4"),
            "DnsOptions": if one.is_interface() { dns } else { Value::Null },
            "PrivateDnsEnabled": one.private_dns,
            "RequesterManaged": false,
            "NetworkInterfaceIds": one.subnets.values().collect::<Vec<_>>(),
            "DnsEntries": self.dns_entries(),
            "CreationTimestamp": one.created.to_string(),
            "Tags": tags(&one.tags),
            "OwnerId": one.owner,
            "ServiceRegion": self.region,
        })
    }

    /// One name for all zones, one for each zone, and the service's own where private DNS is on.
    fn dns_entries(&self) -> Vec<Value> {
        let Some(offer) = self.offer.as_ref().filter(|_| self.endpoint.is_interface()) else { return Vec::new() };
        let digits = self.endpoint.id.get(self.endpoint.id.len() - 8..).unwrap_or_default();
        let base = format!("{}.{}.vpce.amazonaws.com", offer.short(), self.region);
        let entry = |name: String, zone: &str| json!({ "DnsName": name, "HostedZoneId": zone });
        let own = format!("{}-{digits}", self.endpoint.id);
        let mut entries = vec![entry(format!("{own}.{base}"), "Z7HUB22UULQXV")];
        entries.extend(self.zones.iter().map(|zone| entry(format!("{own}-{zone}.{base}"), "Z7HUB22UULQXV")));
        let private = offer.private_dns.as_ref().filter(|_| self.endpoint.private_dns);
        entries.extend(private.map(|name| entry(name.clone(), "ZONEIDPENDING")));
        entries
    }
}

impl Filtered for Shown {
    fn values(&self, filter: &str) -> Option<Vec<String>> {
        let one = &self.endpoint;
        let value = match filter {
            "vpc-endpoint-id" => one.id.clone(),
            "vpc-endpoint-state" => self.state.to_owned(),
            "vpc-endpoint-type" => one.kind.clone(),
            "vpc-id" => one.vpc.clone(),
            "service-name" => one.service.clone(),
            "service-region" => self.region.clone(),
            "ip-address-type" => "ipv4".to_owned(),
            _ => return None,
        };
        Some(vec![value])
    }

    fn tags(&self) -> &BTreeMap<String, String> {
        &self.endpoint.tags
    }
}
