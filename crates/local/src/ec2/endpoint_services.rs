//! The services of AWS that a VPC can have an endpoint for.

use serde::Deserialize;
use serde_json::{Value, json};

use super::filter::Filtered;
use super::selection::Selection;
use super::zones::zones;
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::Caller;

/// The part of the name after the region, and of the private DNS name before it where that differs.
const INTERFACES: &[(&str, &str)] = &[
    ("apprunner", ""),
    ("apprunner.requests", "none"),
    ("athena", ""),
    ("autoscaling", ""),
    ("bedrock", ""),
    ("bedrock-agent", ""),
    ("bedrock-agent-runtime", ""),
    ("bedrock-runtime", ""),
    ("cloudformation", ""),
    ("dynamodb", "none"),
    ("ec2", ""),
    ("ec2messages", ""),
    ("ecr.api", "api.ecr"),
    ("ecr.dkr", "*.dkr.ecr"),
    ("ecs", ""),
    ("ecs-agent", ""),
    ("ecs-telemetry", ""),
    ("elasticloadbalancing", ""),
    ("events", ""),
    ("execute-api", "*.execute-api"),
    ("kms", ""),
    ("lambda", ""),
    ("logs", ""),
    ("monitoring", ""),
    ("rds", ""),
    ("rds-data", ""),
    ("s3", "s3"),
    ("secretsmanager", ""),
    ("sns", ""),
    ("sqs", ""),
    ("ssm", ""),
    ("ssmmessages", ""),
    ("states", ""),
    ("sts", ""),
];
const GATEWAYS: &[&str] = &["dynamodb", "s3"];

/// Zones that a service does not reach, as far as reports agree.
const UNREACHED: &[(&str, &str)] = &[("bedrock-runtime", "use1-az3")];

/// One service, as an endpoint of one kind.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Offer {
    /// `com.amazonaws.us-east-1.secretsmanager`.
    pub(super) name: String,
    /// `Interface` or `Gateway`.
    pub(super) kind: &'static str,
    /// The name that the service has outside, for endpoints that can take it.
    pub(super) private_dns: Option<String>,
    /// Names and ids of its zones.
    pub(super) zones: Vec<(String, String)>,
    region: String,
}

/// Everything that is offered in the caller's region.
pub(super) fn offers(caller: &Caller) -> Vec<Offer> {
    let region = &caller.region;
    let suffix = if caller.partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
    let offer = |service: &'static str, kind| Offer {
        name: format!("com.amazonaws.{region}.{service}"),
        kind,
        private_dns: None,
        zones: zones_of(caller, service),
        region: region.clone(),
    };
    let private = |(service, dns): &(&'static str, &'static str)| match *dns {
        "none" => None,
        "" => Some(format!("{service}.{region}.{suffix}")),
        dns => Some(format!("{dns}.{region}.{suffix}")),
    };
    let interfaces = INTERFACES.iter().map(|one| Offer { private_dns: private(one), ..offer(one.0, "Interface") });
    let mut all: Vec<Offer> = interfaces.chain(GATEWAYS.iter().map(|service| offer(service, "Gateway"))).collect();
    all.sort_by(|one, other| (&one.name, one.kind).cmp(&(&other.name, other.kind)));
    all
}

fn zones_of(caller: &Caller, service: &str) -> Vec<(String, String)> {
    let reached = |id: &str| !UNREACHED.contains(&(service, id));
    zones(caller).into_iter().filter(|zone| reached(&zone.id)).map(|zone| (zone.name, zone.id)).collect()
}

/// The service of this name as an endpoint of this kind.
pub(super) fn offer(caller: &Caller, name: &str, kind: &str) -> Result<Offer, Refusal> {
    let of_name: Vec<Offer> = offers(caller).into_iter().filter(|offer| offer.name == name).collect();
    if of_name.is_empty() {
        return Err(missing(name));
    }
    let kinds = of_name.iter().map(|offer| offer.kind).collect::<Vec<_>>().join(", ");
    let message = format!("Endpoint type ({kind}) does not match available service types ([{kinds}]).");
    of_name.into_iter().find(|offer| offer.kind == kind).ok_or_else(|| Refusal::new("InvalidParameter", message))
}

fn missing(name: &str) -> Refusal {
    Refusal::new("InvalidServiceName", format!("The Vpc Endpoint Service '{name}' does not exist"))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Describe {
    #[serde(default)]
    service_names: Vec<String>,
    #[serde(flatten)]
    selection: Selection,
}

pub(super) fn describe(caller: &Caller, input: &Value) -> Answer {
    let Describe { service_names, selection } = read(input)?;
    let all = offers(caller);
    if let Some(name) = service_names.iter().find(|name| !all.iter().any(|offer| offer.name == **name)) {
        return Err(missing(name));
    }
    let wanted = |offer: &Offer| service_names.is_empty() || service_names.contains(&offer.name);
    let keyed = |offer: Offer| (format!("{}/{}", offer.name, offer.kind), offer);
    let found = all.into_iter().filter(|offer| wanted(offer)).map(keyed).collect();
    let mut answer = selection.answer("ServiceDetails", found, Offer::view)?;
    let mut names: Vec<Value> =
        answer["ServiceDetails"].as_array().into_iter().flatten().map(|one| one["ServiceName"].clone()).collect();
    names.dedup();
    answer["ServiceNames"] = Value::Array(names);
    Ok(answer)
}

impl Offer {
    /// The last part of the name.
    pub(super) fn short(&self) -> &str {
        let prefix = "com.amazonaws.".len() + self.region.len() + 1;
        self.name.get(prefix..).unwrap_or_default()
    }

    fn view(&self) -> Value {
        let column = |value: fn(&(String, String)) -> &String| self.zones.iter().map(value).collect::<Vec<_>>();
        let names = self.private_dns.iter().map(|name| json!({ "PrivateDnsName": name }));
        json!({
            "ServiceName": self.name,
            "ServiceType": [{ "ServiceType": self.kind }],
            "ServiceRegion": self.region,
            "AvailabilityZoneIds": column(|zone| &zone.1),
            "AvailabilityZones": column(|zone| &zone.0),
            "Owner": "amazon",
            "BaseEndpointDnsNames": [format!("{}.{}.vpce.amazonaws.com", self.short(), self.region)],
            "PrivateDnsName": self.private_dns,
            "PrivateDnsNames": names.collect::<Vec<_>>(),
            "VpcEndpointPolicySupported": true,
            "AcceptanceRequired": false,
            "ManagesVpcEndpoints": false,
            "Tags": [],
            "PrivateDnsNameVerificationState": self.private_dns.as_ref().map(|_| "verified"),
            "SupportedIpAddressTypes": ["ipv4"],
        })
    }
}

impl Filtered for Offer {
    fn values(&self, filter: &str) -> Option<Vec<String>> {
        let value = match filter {
            "service-name" => self.name.clone(),
            "service-type" => self.kind.to_owned(),
            "owner" => "amazon".to_owned(),
            "service-region" => self.region.clone(),
            "supported-ip-address-types" => "ipv4".to_owned(),
            _ => return None,
        };
        Some(vec![value])
    }
}
