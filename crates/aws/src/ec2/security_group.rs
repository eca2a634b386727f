//! `ec2_security_group` (`aws-behaviour.md` 5.6).

use std::collections::BTreeMap;

use aws_sdk_ec2::types::{ResourceType, SecurityGroup, SecurityGroupRule};
use model::{
    Attribute, Kind, Live, Schema, Value,
    observed::ownership,
    schema::{Compare, DefaultTimeouts, Finding},
};
use provider::{
    Blocker, Call, Failure, FailureKind, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want,
    retry::RetryPhase,
};
use serde::Deserialize;

use super::{
    common::{FILTERED, arn, deleted, filter, mistake, not_yet, pairs, reads, refused, tag_call, tagged, text_mistake},
    default_egress, holders, limits,
};
use crate::{
    calls::{consistent, made_by},
    client::{Attempts, Client},
    failure::failure,
    ids,
};

pub static SCHEMA: Schema = Schema {
    name: "ec2_security_group",
    doc: "A security group. Its rules are resources of their own, `ec2_security_group_rule`.",
    attributes: &[
        Attribute::required("group_name", Kind::Text)
            .member(&limits::create_security_group_request::GROUP_NAME)
            .replaces()
            .doc("The name, unique in the VPC. A group in use cannot be deleted and its name not be taken again, so a group that may have to be replaced wants `group_name_prefix` instead."),
        Attribute::name_prefix("group_name_prefix", "group_name").member(&limits::create_security_group_request::GROUP_NAME),
        Attribute::required("description", Kind::Text)
            .member(&limits::create_security_group_request::DESCRIPTION)
            .replaces()
            .doc("What the group is for. AWS never changes it."),
        Attribute::optional("vpc_id", Kind::Text)
            .member(&limits::create_security_group_request::VPC_ID)
            .replaces()
            .doc("The VPC. AWS's default: the default VPC."),
        Attribute::optional("keep_default_egress", Kind::Flag)
            .compare(Compare::Same(same_egress))
            .doc("Keeps the rule that AWS gives every new group and that lets everything out. Without it the rule is removed after the group is made, and what may leave is written as rules."),
        Attribute::optional("tags", Kind::Map(&Kind::Text))
            .member(&limits::create_security_group_request::TAG_SPECIFICATIONS)
            .per_key("")
            .doc("Tags."),
        Attribute::computed("group_id", Kind::Text).doc("The id, `sg-…`."),
        Attribute::computed("security_group_arn", Kind::Text).doc("The ARN."),
        Attribute::computed("owner_id", Kind::Text)
            .predicted(|prediction| prediction.environment.account.clone().map(Value::Text))
            .doc("The account that holds it."),
    ],
    natural_name: &["group_name", "vpc_id"],
    import_id: "the group's id, `sg-…`",
    predict_id: None,
    revisions: false,
    global: false,
    taggable: true,
    loses: None,
    // App Runner, RDS and endpoints let go of their interfaces long after they are gone.
    timeouts: DefaultTimeouts { create: 300, update: 300, delete: 2700 },
    check,
};

/// Where a rule that was written lets everything out, the group says nothing of its own.
fn same_egress(wanted: &Value, live: &Value) -> bool {
    live.is_null() || wanted == live
}

fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let text = |name: &str| arguments.get(name).and_then(Value::as_text);
    let mut found = Vec::new();
    for path in ["group_name", "group_name_prefix", "description"] {
        found.extend(text(path).and_then(|text| text_mistake(path, text)));
    }
    for path in ["group_name", "group_name_prefix"] {
        let name = text(path).map(str::to_lowercase).unwrap_or_default();
        if name.starts_with("sg-") || (name == "default" && path == "group_name") {
            let detail = format!("`{name}` is reserved: names like ids of groups and `default` belong to AWS");
            found.push(mistake(path, "value not allowed", detail, "choose another name"));
        }
    }
    found.extend(ids::VPC.mistakes("vpc_id", arguments.get("vpc_id")));
    found
}

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    group_name: String,
    description: String,
    vpc_id: Option<String>,
    pub(super) keep_default_egress: Option<bool>,
}

/// The verbs of `ec2_security_group`.
pub struct Ec2SecurityGroup;

const IN_USE_CODES: [&str; 2] = ["DependencyViolation", "InvalidGroup.InUse"];

/// Interfaces whose holders are gone, or going.
const IN_USE: Retry = Retry {
    code: IN_USE_CODES[0],
    fragment: "",
    phases: &[RetryPhase::Delete],
    window: 2700,
    fresh_only: false,
    waiting_for: "interfaces that still hold the group",
};

/// What stands in words before those who hold a group and stay.
const HELD_BY: &str = "it is held by ";

/// Holders that stay. What was removed a moment ago may still be listed.
const HELD: Retry = Retry { fragment: HELD_BY, window: 60, waiting_for: "others to let go of the group", ..IN_USE };

impl Resource for Ec2SecurityGroup {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("ec2:CreateSecurityGroup", RetryClass::NaturalName);
    const DELETE: &'static str = "ec2:DeleteSecurityGroup";
    const RETRIES: &'static [Retry] = &[
        HELD,
        Retry { code: IN_USE_CODES[1], ..HELD },
        IN_USE,
        Retry { code: IN_USE_CODES[1], ..IN_USE },
        not_yet("InvalidVpcID.NotFound"),
        not_yet("InvalidGroup.NotFound"),
    ];

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let arguments = &want.arguments;
        let answer = client
            .ec2(&place.region, Attempts::Once)
            .create_security_group()
            .group_name(&arguments.group_name)
            .description(&arguments.description)
            .set_vpc_id(arguments.vpc_id.clone())
            .set_tag_specifications(tagged(ResourceType::SecurityGroup, &want.tags))
            .send()
            .await
            .map_err(|error| refused(Self::CREATE.0, error))?;
        let id = answer.group_id.map(Sent::id);
        id.ok_or_else(|| Failure::new(FailureKind::Bug, Self::CREATE.0, "the answer holds no id"))
    }

    fn next<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        default_egress::next(client, place, want, live).or_else(|| tag_call(client, place, want, live))
    }

    async fn settle(
        client: &Client,
        place: &Place,
        id: &str,
        _operation: Option<&str>,
        goal: Goal,
    ) -> Result<Settled, Failure> {
        let found = groups(client, place, "group-id", &[id.to_owned()]).await?;
        Ok(consistent(!found.is_empty(), goal, 2))
    }

    async fn read(client: &Client, place: &Place, ids: &[String]) -> Result<Vec<Option<Live>>, Failure> {
        let groups = groups(client, place, "group-id", ids).await?;
        let rules = default_egress::open_rules(client, place, ids).await?;
        Ok(ids.iter().map(|id| groups.get(id).map(|group| live(place, id, group, &rules))).collect())
    }

    async fn delete(
        client: &Client,
        place: &Place,
        id: &str,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Sent, Failure> {
        match deleted(Self::DELETE, reads(client, place).delete_security_group().group_id(id).send().await) {
            Err(failure) if IN_USE_CODES.contains(&failure.code.as_deref().unwrap_or_default()) => {
                Err(held(client, place, id, failure).await)
            }
            answer => answer.map(|()| Sent::id(id)),
        }
    }

    async fn blockers(
        client: &Client,
        place: &Place,
        live: &Live,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Vec<Blocker>, Failure> {
        holders::blockers(client, place, live).await
    }

    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        let tag = filter(&format!("tag:{}", ownership::CREATE), [&intent.token.0]);
        let found = reads(client, place).describe_security_groups().filters(tag).send().await;
        let found = found.map_err(|error| failure("ec2:DescribeSecurityGroups", error))?.security_groups;
        let id = found.unwrap_or_default().into_iter().find_map(|group| group.group_id);
        let lives = Self::read(client, place, id.as_slice()).await?;
        Ok(made_by(lives.into_iter().flatten().next(), intent))
    }

    async fn list(client: &Client, place: &Place, environment: &str) -> Result<Vec<String>, Failure> {
        let tag = format!("tag:{}", ownership::ENVIRONMENT);
        Ok(groups(client, place, &tag, &[environment.to_owned()]).await?.into_keys().collect())
    }

    async fn namesake(
        client: &Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let text = |name: &str| identity.get(name).and_then(Value::as_text);
        let (Some(name), Some(vpc)) = (text("group_name"), text("vpc_id")) else { return Ok(None) };
        let call = reads(client, place).describe_security_groups().filters(filter("vpc-id", [vpc]));
        let answer = call.into_paginator().items().send().try_collect().await;
        let found: Vec<SecurityGroup> = answer.map_err(|error| failure("ec2:DescribeSecurityGroups", error))?;
        let same = |group: &&SecurityGroup| group.group_name().is_some_and(|other| other.eq_ignore_ascii_case(name));
        Ok(found.iter().find(same).and_then(SecurityGroup::group_id).map(str::to_owned))
    }
}

/// The refusal to delete a group, with those who hold it and are not about to go: there is no use in waiting for them.
async fn held(client: &Client, place: &Place, id: &str, mut failure: Failure) -> Failure {
    let holders = holders::all(client, place, id).await.unwrap_or_default();
    let stay: Vec<_> = holders.into_iter().filter(|holder| !holder.is_going).map(|holder| holder.blocker).collect();
    let ids: Vec<&str> = stay.iter().flat_map(|blocker| &blocker.held_by).map(String::as_str).collect();
    if !ids.is_empty() {
        failure.message = format!("{}; {HELD_BY}{}", failure.message.trim_end_matches('.'), ids.join(", "));
        failure.causes.extend(stay.iter().map(|blocker| blocker.what.clone()));
    }
    failure
}

/// By filter: unlike a list of ids, it leaves out what does not exist.
async fn groups(
    client: &Client,
    place: &Place,
    by: &str,
    values: &[String],
) -> Result<BTreeMap<String, SecurityGroup>, Failure> {
    let mut found = BTreeMap::new();
    for some in values.chunks(FILTERED) {
        let call = reads(client, place).describe_security_groups().filters(filter(by, some));
        let answer = call.into_paginator().items().send().try_collect().await;
        let groups: Vec<SecurityGroup> = answer.map_err(|error| failure("ec2:DescribeSecurityGroups", error))?;
        found.extend(groups.into_iter().filter_map(|group| Some((group.group_id.clone()?, group))));
    }
    Ok(found)
}

fn live(place: &Place, id: &str, group: &SecurityGroup, rules: &[SecurityGroupRule]) -> Live {
    let live = Live::new(id)
        .with("group_name", group.group_name().unwrap_or_default())
        .with("description", group.description().unwrap_or_default())
        .with("vpc_id", group.vpc_id().map(str::to_owned))
        .with("group_id", id)
        .with("security_group_arn", arn(place, "security-group", id))
        .with("owner_id", group.owner_id().map(str::to_owned))
        .tagged(pairs(group.tags()));
    default_egress::live(live, id, rules)
}
