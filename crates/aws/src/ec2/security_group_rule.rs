//! `ec2_security_group_rule` (`aws-behaviour.md` 5.7): one rule is one resource.

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{
    IpPermission, IpRange, Ipv6Range, PrefixListId, ResourceType, SecurityGroupRule, SecurityGroupRuleRequest,
    SecurityGroupRuleUpdate, UserIdGroupPair,
};
use model::{
    Attribute, Kind, Live, Schema, Value,
    observed::ownership,
    schema::{Compare, DefaultTimeouts, Unset},
};
use provider::{
    Call, Failure, FailureKind, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want,
};
use serde::Deserialize;

use super::{
    addresses::{same_v4, same_v6},
    common::{FILTERED, deleted, filter, not_yet, pairs, reads, refused, tag_call, tagged},
    limits::security_group_rule_request as member,
    rule_checks::{check, protocol, same_port, same_protocol},
};
use crate::{
    calls::{consistent, made_by},
    client::{Attempts, Client},
    failure::failure,
};

/// The members that one call changes.
const CHANGEABLE: &[&str] = &[
    "ip_protocol",
    "from_port",
    "to_port",
    "cidr_ipv4",
    "cidr_ipv6",
    "prefix_list_id",
    "referenced_group_id",
    "description",
];

pub static SCHEMA: Schema = Schema {
    name: "ec2_security_group_rule",
    doc: "One rule of a security group. A rule that the group has already is taken over.",
    attributes: &[
        Attribute::required("group_id", Kind::Text).replaces().doc("The group whose rule it is."),
        Attribute::optional("is_egress", Kind::Flag)
            .replaces()
            .on_unset(Unset::Default(model::schema::Preset::Flag(false)))
            .doc("Whether it is about what leaves. Without it: about what comes in."),
        Attribute::required("ip_protocol", Kind::Text)
            .member(&member::IP_PROTOCOL)
            .compare(Compare::Same(same_protocol))
            .doc("`tcp`, `udp`, `icmp`, `icmpv6`, a number, or `-1` for everything."),
        Attribute::optional("from_port", Kind::Number)
            .member(&member::FROM_PORT)
            .compare(Compare::Same(same_port))
            .doc("The first port; for ICMP the type."),
        Attribute::optional("to_port", Kind::Number)
            .member(&member::TO_PORT)
            .compare(Compare::Same(same_port))
            .doc("The last port; for ICMP the code."),
        Attribute::optional("cidr_ipv4", Kind::Text)
            .member(&member::CIDR_IPV4)
            .compare(Compare::Same(same_v4))
            .replaces_if(other_kind)
            .doc("The other side: addresses, `10.0.0.0/16`. Exactly one of the four is written."),
        Attribute::optional("cidr_ipv6", Kind::Text)
            .member(&member::CIDR_IPV6)
            .compare(Compare::Same(same_v6))
            .replaces_if(other_kind)
            .doc("The other side: addresses of IPv6."),
        Attribute::optional("prefix_list_id", Kind::Text)
            .member(&member::PREFIX_LIST_ID)
            .replaces_if(other_kind)
            .doc("The other side: a prefix list, `pl-…`. It counts as many rules as it may have entries."),
        Attribute::optional("referenced_group_id", Kind::Text)
            .member(&member::REFERENCED_GROUP_ID)
            .replaces_if(other_kind)
            .doc("The other side: whatever holds this group."),
        Attribute::optional("description", Kind::Text)
            .member(&member::DESCRIPTION)
            .on_unset(Unset::Clear)
            .doc("What it is for."),
        Attribute::optional("tags", Kind::Map(&Kind::Text)).per_key("").doc("Tags."),
        Attribute::computed("security_group_rule_id", Kind::Text).doc("The id, `sgr-…`."),
        Attribute::computed("security_group_rule_arn", Kind::Text).doc("The ARN."),
    ],
    natural_name: &[],
    import_id: "the rule's id, `sgr-…`",
    predict_id: None,
    revisions: false,
    global: false,
    taggable: true,
    loses: None,
    timeouts: DefaultTimeouts { create: 300, update: 300, delete: 300 },
    check,
};

/// AWS changes the other side of a rule, but not into another kind.
fn other_kind(live: &Value, _wanted: &Value) -> bool {
    live.is_null()
}

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    group_id: String,
    is_egress: Option<bool>,
    ip_protocol: String,
    from_port: Option<i32>,
    to_port: Option<i32>,
    cidr_ipv4: Option<String>,
    cidr_ipv6: Option<String>,
    prefix_list_id: Option<String>,
    referenced_group_id: Option<String>,
    description: Option<String>,
}

impl Arguments {
    fn leaves(&self) -> bool {
        self.is_egress == Some(true)
    }

    fn permission(&self) -> IpPermission {
        let description = self.description.clone();
        let v4 = |cidr: &String| IpRange::builder().cidr_ip(cidr).set_description(description.clone()).build();
        let v6 = |cidr: &String| Ipv6Range::builder().cidr_ipv6(cidr).set_description(description.clone()).build();
        let group = |id: &String| UserIdGroupPair::builder().group_id(id).set_description(description.clone()).build();
        let list =
            |id: &String| PrefixListId::builder().prefix_list_id(id).set_description(description.clone()).build();
        IpPermission::builder()
            .ip_protocol(&self.ip_protocol)
            .set_from_port(self.from_port)
            .set_to_port(self.to_port)
            .set_ip_ranges(self.cidr_ipv4.as_ref().map(|cidr| vec![v4(cidr)]))
            .set_ipv6_ranges(self.cidr_ipv6.as_ref().map(|cidr| vec![v6(cidr)]))
            .set_user_id_group_pairs(self.referenced_group_id.as_ref().map(|id| vec![group(id)]))
            .set_prefix_list_ids(self.prefix_list_id.as_ref().map(|id| vec![list(id)]))
            .build()
    }

    fn request(&self) -> SecurityGroupRuleRequest {
        SecurityGroupRuleRequest::builder()
            .ip_protocol(&self.ip_protocol)
            .set_from_port(self.from_port)
            .set_to_port(self.to_port)
            .set_cidr_ipv4(self.cidr_ipv4.clone())
            .set_cidr_ipv6(self.cidr_ipv6.clone())
            .set_prefix_list_id(self.prefix_list_id.clone())
            .set_referenced_group_id(self.referenced_group_id.clone())
            .set_description(self.description.clone())
            .build()
    }

    /// Whether a rule of the group lets the same through.
    fn equals(&self, rule: &SecurityGroupRule) -> bool {
        let port = |port: Option<i32>| port.filter(|port| *port != -1);
        let ports = (port(self.from_port), port(self.to_port)) == (port(rule.from_port()), port(rule.to_port()));
        let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
        let other = rule.referenced_group_info().and_then(|group| group.group_id());
        rule.is_egress() == Some(self.leaves())
            && rule.ip_protocol() == Some(protocol(&self.ip_protocol).as_str())
            && ports
            && same_v4(&text(self.cidr_ipv4.as_deref()), &text(rule.cidr_ipv4()))
            && same_v6(&text(self.cidr_ipv6.as_deref()), &text(rule.cidr_ipv6()))
            && self.prefix_list_id.as_deref() == rule.prefix_list_id()
            && self.referenced_group_id.as_deref() == other
    }
}

/// The verbs of `ec2_security_group_rule`.
pub struct Ec2SecurityGroupRule;

impl Resource for Ec2SecurityGroupRule {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("ec2:AuthorizeSecurityGroupIngress", RetryClass::NaturalName);
    const DELETE: &'static str = "ec2:RevokeSecurityGroupIngress";
    const RETRIES: &'static [Retry] = &[not_yet("InvalidGroup.NotFound")];

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let arguments = &want.arguments;
        let ec2 = client.ec2(&place.region, Attempts::Once);
        let tags = tagged(ResourceType::SecurityGroupRule, &want.tags);
        let made = if arguments.leaves() {
            let call = ec2.authorize_security_group_egress().group_id(&arguments.group_id);
            let call = call.ip_permissions(arguments.permission()).set_tag_specifications(tags).send().await;
            call.map(|answer| answer.security_group_rules)
                .map_err(|error| refused("ec2:AuthorizeSecurityGroupEgress", error))
        } else {
            let call = ec2.authorize_security_group_ingress().group_id(&arguments.group_id);
            let call = call.ip_permissions(arguments.permission()).set_tag_specifications(tags).send().await;
            call.map(|answer| answer.security_group_rules)
                .map_err(|error| refused("ec2:AuthorizeSecurityGroupIngress", error))
        };
        match made {
            Ok(rules) => {
                let id = rules.unwrap_or_default().into_iter().find_map(|rule| rule.security_group_rule_id);
                let nothing = || Failure::new(FailureKind::Bug, Self::CREATE.0, "the answer holds no id");
                id.map(Sent::id).ok_or_else(nothing)
            }
            Err(failure) if failure.kind == FailureKind::Exists => adopt(client, place, want, failure).await,
            Err(failure) => Err(failure),
        }
    }

    fn next<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        let differs = CHANGEABLE.iter().any(|name| want.differs(name)) || want.clears("description") && described(live);
        if !differs {
            return tag_call(client, place, want, live);
        }
        let update = SecurityGroupRuleUpdate::builder()
            .security_group_rule_id(&live.id)
            .security_group_rule(want.arguments.request())
            .build();
        let call = reads(client, place).modify_security_group_rules().group_id(&want.arguments.group_id);
        let call = call.security_group_rules(update);
        Some(crate::calls::upsert("ec2:ModifySecurityGroupRules", "changes the rule", call.send()))
    }

    async fn settle(
        client: &Client,
        place: &Place,
        id: &str,
        _operation: Option<&str>,
        goal: Goal,
    ) -> Result<Settled, Failure> {
        let found = rules(client, place, "security-group-rule-id", &[id.to_owned()]).await?;
        Ok(consistent(!found.is_empty(), goal, 2))
    }

    async fn read(client: &Client, place: &Place, ids: &[String]) -> Result<Vec<Option<Live>>, Failure> {
        let found = rules(client, place, "security-group-rule-id", ids).await?;
        let found: BTreeMap<&str, &SecurityGroupRule> =
            found.iter().filter_map(|rule| Some((rule.security_group_rule_id()?, rule))).collect();
        Ok(ids.iter().map(|id| found.get(id.as_str()).map(|rule| live(place, id, rule))).collect())
    }

    /// The call names the group and the direction, which the rule itself knows.
    async fn delete(
        client: &Client,
        place: &Place,
        id: &str,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Sent, Failure> {
        let found = rules(client, place, "security-group-rule-id", &[id.to_owned()]).await?;
        let Some(rule) = found.first() else { return Ok(Sent::id(id)) };
        let group = rule.group_id().unwrap_or_default();
        let ec2 = reads(client, place);
        if rule.is_egress() == Some(true) {
            let call = ec2.revoke_security_group_egress().group_id(group).security_group_rule_ids(id);
            deleted("ec2:RevokeSecurityGroupEgress", call.send().await)?;
        } else {
            let call = ec2.revoke_security_group_ingress().group_id(group).security_group_rule_ids(id);
            deleted("ec2:RevokeSecurityGroupIngress", call.send().await)?;
        }
        Ok(Sent::id(id))
    }

    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        let tag = format!("tag:{}", ownership::CREATE);
        let found = rules(client, place, &tag, std::slice::from_ref(&intent.token.0)).await?;
        let lives = found.iter().filter_map(|rule| Some(live(place, rule.security_group_rule_id()?, rule)));
        Ok(lives.into_iter().find_map(|live| made_by(Some(live), intent)))
    }

    async fn list(client: &Client, place: &Place, environment: &str) -> Result<Vec<String>, Failure> {
        let tag = format!("tag:{}", ownership::ENVIRONMENT);
        let found = rules(client, place, &tag, &[environment.to_owned()]).await?;
        Ok(found.into_iter().filter_map(|rule| rule.security_group_rule_id).collect())
    }

    /// Rules have no names: an equal one is found, and taken over, by the create.
    async fn namesake(_: &Client, _: &Place, _: &BTreeMap<String, Value>) -> Result<Option<String>, Failure> {
        Ok(None)
    }
}

fn described(live: &Live) -> bool {
    live.attributes.get("description").is_some_and(|text| !text.is_null())
}

/// Takes over the rule that stood in the way, unless it is another resource's. Its tags follow.
async fn adopt(client: &Client, place: &Place, want: &Want<Arguments>, failure: Failure) -> Result<Sent, Failure> {
    let found = rules(client, place, "group-id", std::slice::from_ref(&want.arguments.group_id)).await?;
    let Some(rule) = found.iter().find(|rule| want.arguments.equals(rule)) else { return Err(failure) };
    let owner = rule.tags().iter().find(|tag| tag.key() == Some(ownership::ADDRESS)).and_then(|tag| tag.value());
    match (owner, rule.security_group_rule_id()) {
        (None, Some(id)) => Ok(Sent::id(id)),
        (Some(owner), _) if want.tags.get(ownership::ADDRESS).map(String::as_str) != Some(owner) => {
            Err(failure.cause(format!("the rule exists already and belongs to `{owner}`: write it once")))
        }
        (_, Some(id)) => Ok(Sent::id(id)),
        (_, None) => Err(failure),
    }
}

/// By filter: unlike a list of ids, it leaves out what does not exist.
async fn rules(client: &Client, place: &Place, by: &str, values: &[String]) -> Result<Vec<SecurityGroupRule>, Failure> {
    let mut found = Vec::new();
    for some in values.chunks(FILTERED) {
        let call = reads(client, place).describe_security_group_rules().filters(filter(by, some));
        let answer = call.into_paginator().items().send().try_collect().await;
        let rules: Vec<SecurityGroupRule> = answer.map_err(|error| failure("ec2:DescribeSecurityGroupRules", error))?;
        found.extend(rules);
    }
    Ok(found)
}

fn live(place: &Place, id: &str, rule: &SecurityGroupRule) -> Live {
    let text = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    let everything = rule.ip_protocol() == Some("-1");
    let port = |port: Option<i32>| port.filter(|_| !everything).map(i64::from);
    Live::new(id)
        .with("group_id", rule.group_id().unwrap_or_default())
        .with("is_egress", rule.is_egress() == Some(true))
        .with("ip_protocol", rule.ip_protocol().unwrap_or_default())
        .with("from_port", port(rule.from_port()))
        .with("to_port", port(rule.to_port()))
        .with("cidr_ipv4", text(rule.cidr_ipv4()))
        .with("cidr_ipv6", text(rule.cidr_ipv6()))
        .with("prefix_list_id", text(rule.prefix_list_id()))
        .with("referenced_group_id", text(rule.referenced_group_info().and_then(|group| group.group_id())))
        .with("description", text(rule.description()))
        .with("security_group_rule_id", id)
        .with("security_group_rule_arn", super::common::arn(place, "security-group-rule", id))
        .tagged(pairs(rule.tags()))
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::ReferencedSecurityGroup;

    use super::*;
    use crate::recorder::want;

    #[track_caller]
    fn check(written: &[(&str, Value)], there: &SecurityGroupRule, expected: bool) {
        let group = [("group_id", Value::from("sg-1"))];
        let want: Want<Arguments> = want(&[&group[..], written].concat(), &[]);
        assert_eq!(want.arguments.equals(there), expected, "{written:?}");
    }

    #[test]
    fn a_rule_is_what_it_lets_through() {
        let rule = SecurityGroupRule::builder().is_egress(false).ip_protocol("tcp").from_port(443).to_port(443);
        let there = rule.clone().cidr_ipv4("10.1.0.0/16").description("theirs").build();
        let from = |cidr: &str| ("cidr_ipv4", Value::from(cidr));
        let https = |protocol: &str| {
            [("ip_protocol", Value::from(protocol)), ("from_port", 443.into()), ("to_port", 443.into())]
        };
        check(&[&https("tcp")[..], &[from("10.1.0.0/16")]].concat(), &there, true);
        check(&[&https("6")[..], &[from("10.1.2.3/16")]].concat(), &there, true);
        check(&[&https("tcp")[..], &[from("10.1.0.0/17")]].concat(), &there, false);
        check(&[&https("tcp")[..], &[from("10.1.0.0/16"), ("is_egress", true.into())]].concat(), &there, false);
        let other = ReferencedSecurityGroup::builder().group_id("sg-2").build();
        check(&[&https("tcp")[..], &[from("10.1.0.0/16")]].concat(), &rule.referenced_group_info(other).build(), false);
    }

    #[test]
    fn everything_has_no_ports() {
        let there = SecurityGroupRule::builder().is_egress(true).ip_protocol("-1").from_port(-1).to_port(-1);
        let there = there.cidr_ipv6("::/0").build();
        let all = [("is_egress", true.into()), ("ip_protocol", "all".into()), ("cidr_ipv6", "0::0/0".into())];
        check(&all, &there, true);
    }
}
