//! The rules that AWS gives every new group and that let everything out: one for IPv4, one for IPv6 where the VPC has it.

use aws_sdk_ec2::types::{IpPermission, IpRange, Ipv6Range, SecurityGroupRule};
use model::{Live, Value, observed::ownership};
use provider::{Call, Failure, Place, RetryClass, Sent, Want};

use super::{
    common::{FILTERED, deleted, filter, reads, refused},
    security_group::Arguments,
};
use crate::{client::Client, failure::failure};

/// All addresses of IPv4.
const EVERYTHING: &str = "0.0.0.0/0";
/// All addresses of IPv6.
const EVERYTHING_V6: &str = "::/0";
/// Where the rules of AWS's own let everything out to, for the call that takes them away; no attribute of the type.
const OPEN_TO: &str = "open_to";

/// Takes the rules away from a new group, or brings the one of IPv4 back where it is to be kept. What somebody adds later stays
/// until the TOML says that it goes.
pub(super) fn next<'a>(
    client: &'a Client,
    place: &'a Place,
    want: &'a Want<Arguments>,
    live: &'a Live,
) -> Option<Call<'a>> {
    let is_open = live.attributes.get("keep_default_egress") == Some(&Value::Flag(true));
    let ec2 = reads(client, place);
    match want.arguments.keep_default_egress {
        Some(true) if want.differs("keep_default_egress") => {
            let permission = everything(&[EVERYTHING]);
            let call = ec2.authorize_security_group_egress().group_id(&live.id).ip_permissions(permission);
            let does = "lets everything out";
            Some(Call::new("ec2:AuthorizeSecurityGroupEgress", RetryClass::NaturalName, does, async move {
                call.send().await.map_err(|error| refused("ec2:AuthorizeSecurityGroupEgress", error))?;
                Ok(Sent::default())
            }))
        }
        Some(true) => None,
        Some(false) | None if is_open && (want.making || want.differs("keep_default_egress")) => {
            let blocks = live.attributes.get(OPEN_TO).and_then(Value::as_list).unwrap_or_default();
            let permission = everything(&blocks.iter().filter_map(Value::as_text).collect::<Vec<_>>());
            let call = ec2.revoke_security_group_egress().group_id(&live.id).ip_permissions(permission);
            let does = "removes the rule that lets everything out";
            Some(Call::new("ec2:RevokeSecurityGroupEgress", RetryClass::Upsert, does, async move {
                deleted("ec2:RevokeSecurityGroupEgress", call.send().await)?;
                Ok(Sent::default())
            }))
        }
        _ => None,
    }
}

/// The rules of these groups that let everything out.
pub(super) async fn open_rules(
    client: &Client,
    place: &Place,
    ids: &[String],
) -> Result<Vec<SecurityGroupRule>, Failure> {
    let mut found = Vec::new();
    for some in ids.chunks(FILTERED) {
        let call = reads(client, place).describe_security_group_rules().filters(filter("group-id", some));
        let answer = call.into_paginator().items().send().try_collect().await;
        let rules: Vec<SecurityGroupRule> = answer.map_err(|error| failure("ec2:DescribeSecurityGroupRules", error))?;
        found.extend(rules.into_iter().filter(lets_everything_out));
    }
    Ok(found)
}

/// All that leaves to these blocks of addresses, in the words of one call.
fn everything(blocks: &[&str]) -> IpPermission {
    let (v6, v4): (Vec<&str>, Vec<&str>) = blocks.iter().partition(|block| block.contains(':'));
    let v4: Vec<IpRange> = v4.into_iter().map(|block| IpRange::builder().cidr_ip(block).build()).collect();
    let v6: Vec<Ipv6Range> = v6.into_iter().map(|block| Ipv6Range::builder().cidr_ipv6(block).build()).collect();
    IpPermission::builder()
        .ip_protocol("-1")
        .set_ip_ranges(Some(v4).filter(|ranges| !ranges.is_empty()))
        .set_ipv6_ranges(Some(v6).filter(|ranges| !ranges.is_empty()))
        .build()
}

fn lets_everything_out(rule: &SecurityGroupRule) -> bool {
    rule.is_egress() == Some(true) && rule.ip_protocol() == Some("-1") && everywhere(rule).is_some()
}

/// The block of all addresses that a rule names; where the VPC has IPv6, AWS gives a group a rule for each kind.
fn everywhere(rule: &SecurityGroupRule) -> Option<&str> {
    [rule.cidr_ipv4(), rule.cidr_ipv6()].into_iter().flatten().find(|block| [EVERYTHING, EVERYTHING_V6].contains(block))
}

/// What a group says of these rules: whether it has them, and where they lead for the call that takes them away.
pub(super) fn live(live: Live, id: &str, rules: &[SecurityGroupRule]) -> Live {
    let open = rules.iter().filter(|rule| rule.group_id() == Some(id));
    let is_written = |rule: &&SecurityGroupRule| rule.tags().iter().any(|tag| tag.key() == Some(ownership::ADDRESS));
    let (written, default): (Vec<&SecurityGroupRule>, Vec<&SecurityGroupRule>) = open.partition(is_written);
    let keeps = match default.is_empty() {
        true if !written.is_empty() => Value::Null,
        none => Value::Flag(!none),
    };
    let open_to: Vec<Value> = default.into_iter().filter_map(everywhere).map(Value::from).collect();
    live.with("keep_default_egress", keeps).with(OPEN_TO, Value::List(open_to))
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::types::Tag;

    use super::*;

    fn leaving(block: &str, tags: Option<Vec<Tag>>) -> SecurityGroupRule {
        let rule = SecurityGroupRule::builder().group_id("sg-1").is_egress(true).ip_protocol("-1").set_tags(tags);
        if block.contains(':') { rule.cidr_ipv6(block).build() } else { rule.cidr_ipv4(block).build() }
    }

    fn leaves_to(block: &str) -> SecurityGroupRule {
        leaving(block, None)
    }

    fn written(block: &str) -> SecurityGroupRule {
        let tag = Tag::builder().key(ownership::ADDRESS).value("ec2_security_group_rule.out").build();
        leaving(block, Some(vec![tag]))
    }

    /// What the group says of its default egress, and where its rule lets everything out to.
    #[track_caller]
    fn check(rules: &[SecurityGroupRule], keeps: Value, open_to: &[&str]) {
        let rules: Vec<SecurityGroupRule> = rules.iter().filter(|rule| lets_everything_out(rule)).cloned().collect();
        let live = live(Live::new("sg-1"), "sg-1", &rules);
        let open_to = Value::List(open_to.iter().copied().map(Value::from).collect());
        assert_eq!((&live.attributes["keep_default_egress"], &live.attributes[OPEN_TO]), (&keeps, &open_to));
    }

    #[test]
    fn the_default_egress_has_a_rule_for_each_kind_of_address() {
        check(&[], false.into(), &[]);
        check(&[leaves_to(EVERYTHING)], true.into(), &[EVERYTHING]);
        check(&[leaves_to(EVERYTHING), leaves_to("::/0")], true.into(), &[EVERYTHING, "::/0"]);
        check(&[leaves_to("10.0.0.0/8")], false.into(), &[]);
    }

    #[test]
    fn what_is_written_as_a_rule_is_not_the_default() {
        check(&[written(EVERYTHING)], Value::Null, &[]);
        check(&[written(EVERYTHING), leaves_to("::/0")], true.into(), &["::/0"]);
    }

    #[test]
    fn one_call_names_both_kinds() {
        let permission = everything(&[EVERYTHING, "::/0"]);
        assert_eq!(permission.ip_ranges()[0].cidr_ip(), Some(EVERYTHING));
        assert_eq!(permission.ipv6_ranges()[0].cidr_ipv6(), Some("::/0"));
        assert!(everything(&["::/0"]).ip_ranges.is_none());
    }
}
