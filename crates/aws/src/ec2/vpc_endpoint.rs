//! `ec2_vpc_endpoint` (`aws-behaviour.md` 5.9).

use std::{collections::BTreeMap, time::Duration};

use aws_sdk_ec2::types::{
    DnsOptionsSpecification, DnsRecordIpType, IpAddressType, ResourceType, VpcEndpoint, VpcEndpointType,
};
use model::{
    Attribute, Kind, Live, Schema, Value,
    observed::{Health, ownership},
    schema::{Compare, DefaultTimeouts, Finding, Unset},
};
use provider::{
    Call, Failure, FailureKind, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want,
    retry::RetryPhase,
};
use serde::Deserialize;

use super::{
    common::{FILTERED, arn, filter, is_gone, not_yet, pairs, reads, refused, tag_call, tagged},
    limits::{create_vpc_endpoint_request as member, dns_options_specification},
    vpc_endpoint_network::{self as network, check},
};
use crate::{
    calls::made_by,
    client::{Attempts, Client},
    failure::failure,
    values::{Document, document, object},
};

pub static SCHEMA: Schema = Schema {
    name: "ec2_vpc_endpoint",
    doc: "A way from a VPC to a service without the internet: through interfaces in subnets, or through a gateway in route tables.",
    attributes: &[
        Attribute::required("vpc_id", Kind::Text).member(&member::VPC_ID).replaces().doc("The VPC."),
        Attribute::required("service_name", Kind::Text)
            .member(&member::SERVICE_NAME)
            .replaces()
            .doc("The service, `com.amazonaws.us-east-1.secretsmanager`."),
        Attribute::optional("vpc_endpoint_type", Kind::Text)
            .member(&member::VPC_ENDPOINT_TYPE)
            .compare(Compare::CaseInsensitive)
            .replaces()
            .doc("`Interface` or `Gateway`. AWS's default: `Gateway`, which S3 and DynamoDB alone have."),
        Attribute::optional("subnet_ids", Kind::Set(&Kind::Text))
            .member(&member::SUBNET_IDS)
            .doc("Subnets that get an interface, one in each zone."),
        Attribute::optional("security_group_ids", Kind::Set(&Kind::Text))
            .member(&member::SECURITY_GROUP_IDS)
            .doc("Security groups of the interfaces; they let callers in on port 443. AWS's default: the VPC's default group."),
        Attribute::optional("route_table_ids", Kind::Set(&Kind::Text))
            .member(&member::ROUTE_TABLE_IDS)
            .doc("Route tables that lead to a gateway."),
        Attribute::optional("private_dns_enabled", Kind::Flag)
            .member(&member::PRIVATE_DNS_ENABLED)
            .doc("Whether the service's usual name leads to the interfaces. AWS's default: `true`, where the service has such a name."),
        Attribute::optional("policy_document", Kind::Document)
            .member(&member::POLICY_DOCUMENT)
            .compare(Compare::Policy)
            .on_unset(Unset::Clear)
            .doc("What may be done through it, as a table or JSON text. AWS's default: everything."),
        Attribute::optional("ip_address_type", Kind::Text)
            .member(&member::IP_ADDRESS_TYPE)
            .doc("`ipv4`, `ipv6` or `dualstack`."),
        Attribute::optional(
            "dns_options",
            Kind::Object(&[Attribute::optional("dns_record_ip_type", Kind::Text)
                .member(&dns_options_specification::DNS_RECORD_IP_TYPE)
                .doc("`ipv4`, `ipv6`, `dualstack` or `service-defined`.")]),
        )
        .member(&member::DNS_OPTIONS)
        .doc("What its names lead to."),
        Attribute::optional("tags", Kind::Map(&Kind::Text)).member(&member::TAG_SPECIFICATIONS).per_key("").doc("Tags."),
        Attribute::computed("vpc_endpoint_id", Kind::Text).doc("The id, `vpce-…`."),
        Attribute::computed("vpc_endpoint_arn", Kind::Text).doc("The ARN."),
        Attribute::computed("dns_entries", Kind::List(&Kind::Any))
            .changes_with(&["subnet_ids", "private_dns_enabled"])
            .doc("Its names: objects with `dns_name` and `hosted_zone_id`."),
        Attribute::computed("network_interface_ids", Kind::Set(&Kind::Text))
            .changes_with(&["subnet_ids"])
            .doc("The interfaces in the subnets."),
    ],
    natural_name: &[],
    import_id: "the endpoint's id, `vpce-…`",
    predict_id: None,
    revisions: false,
    global: false,
    taggable: true,
    loses: None,
    timeouts: DefaultTimeouts { create: 600, update: 600, delete: 900 },
    check,
};

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    vpc_id: String,
    service_name: String,
    vpc_endpoint_type: Option<String>,
    subnet_ids: Option<Vec<String>>,
    security_group_ids: Option<Vec<String>>,
    route_table_ids: Option<Vec<String>>,
    private_dns_enabled: Option<bool>,
    policy_document: Option<Document>,
    ip_address_type: Option<String>,
    dns_options: Option<DnsOptions>,
}

#[derive(Debug, Deserialize)]
struct DnsOptions {
    dns_record_ip_type: Option<String>,
}

impl Arguments {
    fn dns(&self) -> Option<DnsOptionsSpecification> {
        let kind = self.dns_options.as_ref()?.dns_record_ip_type.as_deref().map(DnsRecordIpType::from);
        Some(DnsOptionsSpecification::builder().set_dns_record_ip_type(kind).build())
    }

    fn policy(&self) -> Option<String> {
        self.policy_document.as_ref().map(|document| document.0.clone())
    }
}

/// The verbs of `ec2_vpc_endpoint`.
pub struct Ec2VpcEndpoint;

/// An endpoint that is being made or changed takes no other change until then.
const IN_TRANSITION: Retry = Retry {
    code: "IncorrectState",
    fragment: "",
    phases: &[RetryPhase::Update, RetryPhase::Delete],
    window: 600,
    fresh_only: false,
    waiting_for: "the endpoint to settle",
};

impl Resource for Ec2VpcEndpoint {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("ec2:CreateVpcEndpoint", RetryClass::Token);
    const DELETE: &'static str = "ec2:DeleteVpcEndpoints";
    const RETRIES: &'static [Retry] = &[
        not_yet("InvalidGroup.NotFound"),
        not_yet("InvalidSubnetID.NotFound"),
        not_yet("InvalidVpcID.NotFound"),
        not_yet("InvalidRouteTableID.NotFound"),
        IN_TRANSITION,
        Retry { code: "InvalidState", ..IN_TRANSITION },
    ];

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, token: &Token) -> Result<Sent, Failure> {
        let arguments = &want.arguments;
        let answer = reads(client, place)
            .create_vpc_endpoint()
            .client_token(&token.0)
            .vpc_id(&arguments.vpc_id)
            .service_name(&arguments.service_name)
            .set_vpc_endpoint_type(arguments.vpc_endpoint_type.as_deref().map(VpcEndpointType::from))
            .set_subnet_ids(arguments.subnet_ids.clone())
            .set_security_group_ids(arguments.security_group_ids.clone())
            .set_route_table_ids(arguments.route_table_ids.clone())
            .set_private_dns_enabled(arguments.private_dns_enabled)
            .set_policy_document(arguments.policy())
            .set_ip_address_type(arguments.ip_address_type.as_deref().map(IpAddressType::from))
            .set_dns_options(arguments.dns())
            .set_tag_specifications(tagged(ResourceType::VpcEndpoint, &want.tags))
            .send()
            .await
            .map_err(|error| refused(Self::CREATE.0, error))?;
        let id = answer.vpc_endpoint.and_then(|made| made.vpc_endpoint_id).map(Sent::id);
        id.ok_or_else(|| Failure::new(FailureKind::Bug, Self::CREATE.0, "the answer holds no id"))
    }

    fn next<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        modify(client, place, want, live).or_else(|| tag_call(client, place, want, live))
    }

    async fn settle(
        client: &Client,
        place: &Place,
        id: &str,
        _operation: Option<&str>,
        goal: Goal,
    ) -> Result<Settled, Failure> {
        let found = endpoints(client, place, "vpc-endpoint-id", &[id.to_owned()]).await?.into_iter().next();
        let again = |word: &str| Settled::Again(Duration::from_secs(5), word.to_owned());
        Ok(match (found, goal) {
            (None, Goal::Gone) => Settled::Ready,
            (None, Goal::Present) => again("consistency"),
            (Some(found), Goal::Gone) if state(&found) == "deleted" => Settled::Ready,
            (Some(found), Goal::Gone) => again(&state(&found)),
            (Some(found), Goal::Present) => match state(&found).as_str() {
                "available" | "pendingacceptance" => Settled::Ready,
                "failed" | "rejected" | "expired" | "deleted" => {
                    Settled::Failed { failure: Box::new(failed(&found)), tainted: true }
                }
                other => again(other),
            },
        })
    }

    async fn read(client: &Client, place: &Place, ids: &[String]) -> Result<Vec<Option<Live>>, Failure> {
        let found = endpoints(client, place, "vpc-endpoint-id", ids).await?;
        let of = |id: &String| {
            let found = found.iter().find(|one| one.vpc_endpoint_id() == Some(id));
            found.filter(|one| !["deleting", "deleted"].contains(&state(one).as_str())).map(|one| live(place, id, one))
        };
        Ok(ids.iter().map(of).collect())
    }

    async fn delete(
        client: &Client,
        place: &Place,
        id: &str,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Sent, Failure> {
        let answer = reads(client, place).delete_vpc_endpoints().vpc_endpoint_ids(id).send().await;
        let answer = match answer.map_err(|error| failure(Self::DELETE, error)) {
            Err(failure) if failure.code.as_deref().is_some_and(is_gone) => return Ok(Sent::id(id)),
            answer => answer?,
        };
        // Refusals of single endpoints come with a good answer.
        let refused = answer.unsuccessful().iter().find_map(|item| item.error());
        match refused {
            Some(error) if !error.code().is_some_and(is_gone) => {
                let message = error.message().unwrap_or_default();
                let mut failure = Failure::new(FailureKind::Refused, Self::DELETE, message);
                failure.code = error.code().map(str::to_owned);
                Err(failure)
            }
            _ => Ok(Sent::id(id)),
        }
    }

    async fn examine(
        client: &Client,
        place: &Place,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<Vec<Finding>, Failure> {
        network::examine(client, place, arguments).await
    }

    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        let tag = format!("tag:{}", ownership::CREATE);
        let found = endpoints(client, place, &tag, std::slice::from_ref(&intent.token.0)).await?;
        let lives = found.iter().filter(|one| !state(one).starts_with("delet"));
        let lives = lives.filter_map(|one| Some(live(place, one.vpc_endpoint_id()?, one)));
        Ok(lives.into_iter().find_map(|live| made_by(Some(live), intent)))
    }

    async fn list(client: &Client, place: &Place, environment: &str) -> Result<Vec<String>, Failure> {
        let tag = format!("tag:{}", ownership::ENVIRONMENT);
        let found = endpoints(client, place, &tag, &[environment.to_owned()]).await?;
        Ok(found.into_iter().filter_map(|endpoint| endpoint.vpc_endpoint_id).collect())
    }

    async fn namesake(_: &Client, _: &Place, _: &BTreeMap<String, Value>) -> Result<Option<String>, Failure> {
        Ok(None)
    }
}

/// Whether a policy is the one that AWS gives where none is written: everybody may do everything.
fn is_open(policy: &Value) -> bool {
    let any = |value: Option<&Value>| match value {
        Some(Value::Text(text)) => text == "*",
        Some(Value::List(items)) => matches!(items.as_slice(), [Value::Text(text)] if text == "*"),
        _ => false,
    };
    let statement = match policy.as_map().and_then(|policy| policy.get("Statement")) {
        Some(Value::List(statements)) if statements.len() == 1 => statements[0].as_map(),
        Some(statement) => statement.as_map(),
        None => return policy.is_null(),
    };
    statement.is_some_and(|statement| {
        let allows = statement.get("Effect").and_then(Value::as_text) == Some("Allow");
        allows && ["Action", "Principal", "Resource"].iter().all(|name| any(statement.get(*name)))
    })
}

/// One call for everything that differs: a subnet can only take the place of another of its zone in the same call.
fn modify<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
    const OPERATION: &str = "ec2:ModifyVpcEndpoint";
    let arguments = &want.arguments;
    let names = [
        "subnet_ids",
        "security_group_ids",
        "route_table_ids",
        "private_dns_enabled",
        "policy_document",
        "ip_address_type",
        "dns_options",
    ];
    let mut changed: Vec<&str> = names.into_iter().filter(|name| want.differs(name)).collect();
    let resets = want.clears("policy_document") && !live.attributes.get("policy_document").is_none_or(is_open);
    if resets {
        changed.push("policy_document");
    }
    if changed.is_empty() {
        return None;
    }
    let moves = |name: &str, wanted: &Option<Vec<String>>| {
        let wanted = wanted.as_ref().filter(|_| want.differs(name));
        let (added, removed) = network::moves(wanted, live.attributes.get(name));
        ((!added.is_empty()).then_some(added), (!removed.is_empty()).then_some(removed))
    };
    let (add_subnets, remove_subnets) = moves("subnet_ids", &arguments.subnet_ids);
    let (add_groups, remove_groups) = moves("security_group_ids", &arguments.security_group_ids);
    let (add_tables, remove_tables) = moves("route_table_ids", &arguments.route_table_ids);
    let call = client
        .ec2(&place.region, Attempts::Once)
        .modify_vpc_endpoint()
        .vpc_endpoint_id(&live.id)
        .set_add_subnet_ids(add_subnets)
        .set_remove_subnet_ids(remove_subnets)
        .set_add_security_group_ids(add_groups)
        .set_remove_security_group_ids(remove_groups)
        .set_add_route_table_ids(add_tables)
        .set_remove_route_table_ids(remove_tables)
        .set_private_dns_enabled(arguments.private_dns_enabled.filter(|_| want.differs("private_dns_enabled")))
        .set_policy_document(arguments.policy().filter(|_| want.differs("policy_document")))
        .set_reset_policy(resets.then_some(true))
        .set_ip_address_type(
            arguments.ip_address_type.as_deref().filter(|_| want.differs("ip_address_type")).map(IpAddressType::from),
        )
        .set_dns_options(arguments.dns().filter(|_| want.differs("dns_options")));
    let does = format!("changes {}", changed.join(", "));
    Some(Call::new(OPERATION, RetryClass::None, does, async move {
        call.send().await.map_err(|error| failure(OPERATION, error))?;
        Ok(Sent::default())
    }))
}

/// AWS answers `pending` here and `Pending` there.
fn state(found: &VpcEndpoint) -> String {
    found.state().map(|state| state.as_str().to_lowercase()).unwrap_or_default()
}

fn failed(found: &VpcEndpoint) -> Failure {
    let said = found.last_error().and_then(|error| error.message()).or(found.failure_reason());
    let message = format!("the endpoint is {}: {}", state(found), said.unwrap_or("AWS does not say why"));
    let mut failure = Failure::new(FailureKind::Refused, "ec2:CreateVpcEndpoint", message);
    failure.code = found.last_error().and_then(|error| error.code()).map(str::to_owned);
    failure
}

/// By filter: unlike a list of ids, it leaves out what does not exist.
async fn endpoints(client: &Client, place: &Place, by: &str, values: &[String]) -> Result<Vec<VpcEndpoint>, Failure> {
    let mut found = Vec::new();
    for some in values.chunks(FILTERED) {
        let call = reads(client, place).describe_vpc_endpoints().filters(filter(by, some));
        let answer = call.into_paginator().items().send().try_collect().await;
        let some: Vec<VpcEndpoint> = answer.map_err(|error| failure("ec2:DescribeVpcEndpoints", error))?;
        found.extend(some);
    }
    Ok(found)
}

fn live(place: &Place, id: &str, found: &VpcEndpoint) -> Live {
    let groups: Vec<String> = found.groups().iter().filter_map(|group| group.group_id.clone()).collect();
    let record = found.dns_options().and_then(|options| options.dns_record_ip_type());
    let dns = record.map(|kind| object([("dns_record_ip_type", kind.as_str().into())]));
    let entry = |entry: &aws_sdk_ec2::types::DnsEntry| {
        let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
        object([("dns_name", text(entry.dns_name())), ("hosted_zone_id", text(entry.hosted_zone_id()))])
    };
    let mut live = Live::new(id)
        .with("vpc_id", found.vpc_id().unwrap_or_default())
        .with("service_name", found.service_name().unwrap_or_default())
        .with("vpc_endpoint_type", found.vpc_endpoint_type().map(|kind| kind.as_str().to_owned()))
        .with("subnet_ids", found.subnet_ids().to_vec())
        .with("security_group_ids", groups)
        .with("route_table_ids", found.route_table_ids().to_vec())
        .with("private_dns_enabled", found.private_dns_enabled().unwrap_or(false))
        .with("policy_document", found.policy_document().map_or(Value::Null, document))
        .with("ip_address_type", found.ip_address_type().map(|kind| kind.as_str().to_owned()))
        .with("dns_options", dns.unwrap_or(Value::Null))
        .with("vpc_endpoint_id", id)
        .with("vpc_endpoint_arn", arn(place, "vpc-endpoint", id))
        .with("dns_entries", Value::List(found.dns_entries().iter().map(entry).collect()))
        .with("network_interface_ids", found.network_interface_ids().to_vec())
        .tagged(pairs(found.tags()));
    live.health = match state(found).as_str() {
        "available" | "pendingacceptance" => Health::Ready,
        "failed" | "rejected" | "expired" => Health::Failed(state(found)),
        other => Health::Busy(other.to_owned()),
    };
    live
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorder::{Recorder, want};

    #[test]
    fn the_open_policy_has_several_forms() {
        let open = |text: &str| is_open(&document(text));
        assert!(open(r#"{"Statement":[{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}]}"#));
        assert!(open(
            r#"{"Version":"2008-10-17","Statement":{"Action":["*"],"Effect":"Allow","Principal":"*","Resource":"*"}}"#
        ));
        assert!(is_open(&Value::Null));
        assert!(!open(r#"{"Statement":[{"Action":"*","Effect":"Deny","Principal":"*","Resource":"*"}]}"#));
        assert!(!open(r#"{"Statement":[{"Action":"s3:GetObject","Effect":"Allow","Principal":"*","Resource":"*"}]}"#));
        let two = r#"{"Action":"*","Effect":"Allow","Principal":"*","Resource":"*"}"#;
        assert!(!open(&format!(r#"{{"Statement":[{two},{two}]}}"#)));
    }

    fn ids(ids: &[&str]) -> Value {
        Value::List(ids.iter().copied().map(Value::from).collect())
    }

    /// What is sent for an interface in two subnets, with a policy of its own.
    fn sent(arguments: &[(&str, Value)], differing: &[&str], cleared: &[&str]) -> Vec<String> {
        let cloud = Recorder::new();
        let always = [("vpc_id", Value::from("vpc-1")), ("service_name", "com.amazonaws.us-east-2.sqs".into())];
        let mut want = want::<Arguments>(&[&always[..], arguments].concat(), differing);
        want.cleared.extend(cleared.iter().copied().map(str::to_owned));
        let policy = document(r#"{"Statement":[{"Action":"sqs:*","Effect":"Allow","Principal":"*","Resource":"*"}]}"#);
        let live = crate::recorder::live(
            "vpce-1",
            &[("subnet_ids", ids(&["subnet-1", "subnet-2"])), ("policy_document", policy)],
        );
        let mut lines = cloud.sent(Ec2VpcEndpoint::next(&cloud.client, &cloud.place, &want, &live));
        lines.retain(|line| line != "ec2:ModifyVpcEndpoint" && line != "VpcEndpointId=vpce-1");
        lines
    }

    #[test]
    fn a_subnet_takes_the_place_of_another_in_one_call() {
        let lines = sent(&[("subnet_ids", ids(&["subnet-2", "subnet-3"]))], &["subnet_ids"], &[]);
        assert_eq!(lines, ["AddSubnetId.1=subnet-3", "RemoveSubnetId.1=subnet-1"]);
    }

    #[test]
    fn a_policy_that_is_no_longer_written_is_reset() {
        assert_eq!(sent(&[], &[], &["policy_document"]), ["ResetPolicy=true"]);
    }

    #[test]
    fn what_is_written_and_equal_is_not_sent() {
        let arguments = [("private_dns_enabled", true.into()), ("ip_address_type", "dualstack".into())];
        assert_eq!(sent(&arguments, &["ip_address_type"], &[]), ["IpAddressType=dualstack"]);
    }
}
