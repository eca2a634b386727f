//! `rds_parameter_group` (`aws-behaviour.md` 7.3).

use std::collections::BTreeMap;

use aws_sdk_rds::types::{ApplyMethod, DbParameterGroup, Parameter};
use model::{
    Attribute, Kind, Live, Schema, Value,
    schema::{Compare, DefaultTimeouts, Finding, Prediction},
};
use provider::{
    Blocker, Call, Failure, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want,
    retry::RetryPhase,
};
use serde::Deserialize;

use super::{
    common::{finding, found, is_identifier, reads, sdk_tags, tag_call, tags, text, users},
    limits,
};
use crate::{
    calls::{consistent, count, eight_at_a_time, made_by},
    client::{Attempts, Client},
    failure::failure,
    values::{arn, object},
};

pub static SCHEMA: Schema = Schema {
    name: "rds_parameter_group",
    doc: "Settings of a database engine, for instances that name the group. Static parameters come into force when an instance is rebooted.",
    attributes: &[
        Attribute::required("db_parameter_group_name", Kind::Text)
            .member(&limits::create_db_parameter_group_message::DB_PARAMETER_GROUP_NAME)
            .replaces()
            .compare(Compare::CaseInsensitive)
            .doc("The name; AWS keeps it in lower case."),
        Attribute::name_prefix("db_parameter_group_name_prefix", "db_parameter_group_name")
            .member(&limits::create_db_parameter_group_message::DB_PARAMETER_GROUP_NAME),
        Attribute::required("db_parameter_group_family", Kind::Text)
            .member(&limits::create_db_parameter_group_message::DB_PARAMETER_GROUP_FAMILY)
            .replaces()
            .doc("Engine and major version: `postgres16`, `mysql8.4`."),
        Attribute::required("description", Kind::Text)
            .member(&limits::create_db_parameter_group_message::DESCRIPTION)
            .replaces()
            .doc("What it is for. AWS cannot change it."),
        Attribute::optional("parameters", Kind::List(&Kind::Object(PARAMETER)))
            .per_key("parameter_name")
            .doc("The parameters that are ours; the others keep the values they have."),
        Attribute::optional("tags", Kind::Map(&Kind::Text))
            .member(&limits::create_db_parameter_group_message::TAGS)
            .per_key("")
            .doc("Tags."),
        Attribute::computed("db_parameter_group_arn", Kind::Text).predicted(group_arn).doc("The ARN."),
    ],
    natural_name: &["db_parameter_group_name"],
    import_id: "the group's name",
    predict_id: Some(name_of),
    revisions: false,
    global: false,
    taggable: true,
    loses: None,
    timeouts: DefaultTimeouts { create: 60, update: 300, delete: 300 },
    check,
};

const PARAMETER: &[Attribute] = &[
    Attribute::required("parameter_name", Kind::Text).doc("The name, in lower case."),
    Attribute::required("parameter_value", Kind::Text).doc("The value as AWS writes it: `0` and `1` for off and on."),
    Attribute::optional("apply_method", Kind::Text).write_only().doc(
        "`immediate` or `pending-reboot`. Without it dynamic parameters change at once and static ones with a reboot.",
    ),
];

const GONE: &[&str] = &["DBParameterGroupNotFound"];
/// Parameters in one call.
const AT_ONCE: usize = 20;

fn name_of(prediction: &Prediction<'_>) -> Option<String> {
    prediction.text("db_parameter_group_name").map(str::to_lowercase)
}

fn group_arn(prediction: &Prediction<'_>) -> Option<Value> {
    arn(prediction, "rds", &format!("pg:{}", name_of(prediction)?)).map(Value::Text)
}

fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let mut mistakes: Vec<Finding> = Vec::new();
    let name = arguments.get("db_parameter_group_name").and_then(Value::as_text).unwrap_or("fits");
    if name.to_lowercase().starts_with("default.") {
        let detail = "groups that start with `default.` are AWS's own and cannot be changed";
        mistakes.push(finding("db_parameter_group_name", detail, "choose another name"));
    } else if !is_identifier(&name.replace('.', "x"), 255) {
        let detail = "a parameter group's name begins with a letter, has letters, digits and single hyphens, and ends with no hyphen";
        mistakes.push(finding("db_parameter_group_name", detail, "write a name like `orders-postgres16`"));
    }
    let parameters = arguments.get("parameters").and_then(Value::as_list).into_iter().flatten();
    for (at, parameter) in parameters.enumerate().filter_map(|(at, value)| Some((at, value.as_map()?))) {
        let member = |name: &str| parameter.get(name).and_then(Value::as_text);
        if let Some(name) = member("parameter_name").filter(|name| **name != name.to_lowercase()) {
            let detail = format!("AWS keeps the names of parameters in lower case, and `{name}` is not");
            let path = format!("parameters[{at}].parameter_name");
            mistakes.push(finding(&path, detail, &format!("write `{}`", name.to_lowercase())));
        }
        if member("apply_method").is_some_and(|method| !["immediate", "pending-reboot"].contains(&method)) {
            let path = format!("parameters[{at}].apply_method");
            mistakes.push(finding(
                &path,
                "a parameter is applied at once or with a reboot",
                "write `immediate` or `pending-reboot`",
            ));
        }
    }
    mistakes
}

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    db_parameter_group_name: String,
    db_parameter_group_family: String,
    description: String,
    #[serde(default)]
    parameters: Vec<Written>,
}

#[derive(Debug, Clone, Deserialize)]
struct Written {
    parameter_name: String,
    parameter_value: String,
    apply_method: Option<String>,
}

/// The verbs of `rds_parameter_group`.
pub struct RdsParameterGroup;

impl Resource for RdsParameterGroup {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("rds:CreateDBParameterGroup", RetryClass::NaturalName);
    const DELETE: &'static str = "rds:DeleteDBParameterGroup";
    const RETRIES: &'static [Retry] =
        &[retry("has pending changes", RetryPhase::Update, 180), retry("still members", RetryPhase::Delete, 300)];

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let arguments = &want.arguments;
        client
            .rds(&place.region, Attempts::Once)
            .create_db_parameter_group()
            .db_parameter_group_name(&arguments.db_parameter_group_name)
            .db_parameter_group_family(&arguments.db_parameter_group_family)
            .description(&arguments.description)
            .set_tags(Some(sdk_tags(&want.tags)))
            .send()
            .await
            .map_err(|error| failure(Self::CREATE.0, error))?;
        Ok(Sent::id(arguments.db_parameter_group_name.to_lowercase()))
    }

    fn next<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        let family = want.arguments.db_parameter_group_family.as_str();
        let change = Change { client, place, group: &live.id, family };
        change
            .set(missing(&want.arguments.parameters, live))
            .or_else(|| change.reset(dropped(want, live)))
            .or_else(|| tag_call(client, place, want, live, text(live, "db_parameter_group_arn")))
    }

    async fn settle(
        client: &Client,
        place: &Place,
        id: &str,
        _operation: Option<&str>,
        goal: Goal,
    ) -> Result<Settled, Failure> {
        Ok(consistent(describe(client, place, id).await?.is_some(), goal, 2))
    }

    async fn read(client: &Client, place: &Place, ids: &[String]) -> Result<Vec<Option<Live>>, Failure> {
        eight_at_a_time(ids.iter().map(|id| live(client, place, id)).collect()).await
    }

    async fn delete(
        client: &Client,
        place: &Place,
        id: &str,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Sent, Failure> {
        let call = reads(client, place).delete_db_parameter_group().db_parameter_group_name(id).send();
        found(Self::DELETE, GONE, call).await?;
        Ok(Sent::id(id))
    }

    async fn blockers(
        client: &Client,
        place: &Place,
        live: &Live,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Vec<Blocker>, Failure> {
        users(client, place, |instance| {
            instance.db_parameter_groups().iter().any(|group| group.db_parameter_group_name() == Some(&live.id))
        })
        .await
    }

    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        match Self::namesake(client, place, &intent.identity).await? {
            Some(name) => Ok(made_by(live(client, place, &name).await?, intent)),
            None => Ok(None),
        }
    }

    async fn namesake(
        client: &Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let Some(name) = identity.get("db_parameter_group_name").and_then(Value::as_text) else { return Ok(None) };
        Ok(describe(client, place, name).await?.and_then(|group| group.db_parameter_group_name))
    }
}

const fn retry(fragment: &'static str, phase: RetryPhase, window: u64) -> Retry {
    let phases: &[RetryPhase] = match phase {
        RetryPhase::Create => &[RetryPhase::Create],
        RetryPhase::Update => &[RetryPhase::Create, RetryPhase::Update],
        RetryPhase::Delete => &[RetryPhase::Delete],
    };
    Retry {
        code: "InvalidDBParameterGroupState",
        fragment,
        phases,
        window,
        fresh_only: false,
        waiting_for: "RDS to apply parameters",
    }
}

/// The parameters set by hand on what lives, by name.
fn held(live: &Live) -> BTreeMap<&str, &str> {
    let listed = live.attributes.get("parameters").and_then(Value::as_list).into_iter().flatten();
    let entries = listed.filter_map(|parameter| {
        let member = |name: &str| parameter.as_map()?.get(name)?.as_text();
        Some((member("parameter_name")?, member("parameter_value")?))
    });
    entries.collect()
}

/// The next few that are written and not there.
fn missing(wanted: &[Written], live: &Live) -> Vec<Written> {
    let held = held(live);
    let differs = |one: &&Written| held.get(one.parameter_name.as_str()) != Some(&one.parameter_value.as_str());
    wanted.iter().filter(differs).take(AT_ONCE).cloned().collect()
}

/// The next few that were ours, are no longer written and still there.
fn dropped(want: &Want<Arguments>, live: &Live) -> Vec<Written> {
    let held = held(live);
    let written = |name: &str| want.arguments.parameters.iter().any(|one| one.parameter_name == name);
    let names = want.dropped.get("parameters").into_iter().flatten();
    let left = names.filter(|name| held.contains_key(name.as_str()) && !written(name)).take(AT_ONCE);
    let reset =
        |name: &String| Written { parameter_name: name.clone(), parameter_value: String::new(), apply_method: None };
    left.map(reset).collect()
}

/// The calls on the parameters of one group.
struct Change<'a> {
    client: &'a Client,
    place: &'a Place,
    group: &'a str,
    family: &'a str,
}

impl<'a> Change<'a> {
    fn set(&self, wanted: Vec<Written>) -> Option<Call<'a>> {
        let (client, place, group, family) = (self.client, self.place, self.group, self.family);
        let operation = "rds:ModifyDBParameterGroup";
        let does = format!("sets {}", names(&wanted));
        (!wanted.is_empty()).then(|| {
            Call::new(operation, RetryClass::Upsert, does, async move {
                let parameters = with_methods(client, place, family, wanted).await?;
                let call = reads(client, place).modify_db_parameter_group().db_parameter_group_name(group);
                let call = call.set_parameters(Some(parameters)).send();
                call.await.map_err(|error| failure(operation, error))?;
                Ok(Sent::default())
            })
        })
    }

    fn reset(&self, dropped: Vec<Written>) -> Option<Call<'a>> {
        let (client, place, group, family) = (self.client, self.place, self.group, self.family);
        let operation = "rds:ResetDBParameterGroup";
        let does = format!("resets {}", names(&dropped));
        (!dropped.is_empty()).then(|| {
            Call::new(operation, RetryClass::Upsert, does, async move {
                let mut parameters = with_methods(client, place, family, dropped).await?;
                parameters.iter_mut().for_each(|parameter| parameter.parameter_value = None);
                let call = reads(client, place).reset_db_parameter_group().db_parameter_group_name(group);
                let call = call.reset_all_parameters(false).set_parameters(Some(parameters)).send();
                call.await.map_err(|error| failure(operation, error))?;
                Ok(Sent::default())
            })
        })
    }
}

fn names(parameters: &[Written]) -> String {
    let names: Vec<&str> = parameters.iter().map(|one| one.parameter_name.as_str()).collect();
    format!("{}: {}", count(names.len(), "parameter"), names.join(", "))
}

/// The parameters for a call; where no method is written the engine's own list says which one fits.
async fn with_methods(
    client: &Client,
    place: &Place,
    family: &str,
    parameters: Vec<Written>,
) -> Result<Vec<Parameter>, Failure> {
    let asks = parameters.iter().any(|one| one.apply_method.is_none());
    let kinds = if asks { apply_types(client, place, family).await? } else { BTreeMap::new() };
    let method = |one: &Written| match &one.apply_method {
        Some(written) => ApplyMethod::from(written.as_str()),
        None if kinds.get(&one.parameter_name).is_some_and(|kind| kind == "dynamic") => ApplyMethod::Immediate,
        None => ApplyMethod::PendingReboot,
    };
    let parameter = |one: &Written| {
        let builder = Parameter::builder().parameter_name(&one.parameter_name).parameter_value(&one.parameter_value);
        builder.apply_method(method(one)).build()
    };
    Ok(parameters.iter().map(parameter).collect())
}

/// `dynamic` or `static`, by parameter.
async fn apply_types(client: &Client, place: &Place, family: &str) -> Result<BTreeMap<String, String>, Failure> {
    let defaults = reads(client, place).describe_engine_default_parameters().db_parameter_group_family(family);
    let mut pages = defaults.into_paginator().send();
    let mut kinds = BTreeMap::new();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| failure("rds:DescribeEngineDefaultParameters", error))?;
        let parameters = page.engine_defaults.and_then(|defaults| defaults.parameters).unwrap_or_default();
        kinds.extend(parameters.into_iter().filter_map(|one| Some((one.parameter_name?, one.apply_type?))));
    }
    Ok(kinds)
}

async fn describe(client: &Client, place: &Place, name: &str) -> Result<Option<DbParameterGroup>, Failure> {
    let call = reads(client, place).describe_db_parameter_groups().db_parameter_group_name(name).send();
    let answer = found("rds:DescribeDBParameterGroups", GONE, call).await?;
    Ok(answer.and_then(|answer| answer.db_parameter_groups.unwrap_or_default().into_iter().next()))
}

/// The parameters that somebody has set.
async fn parameters(client: &Client, place: &Place, name: &str) -> Result<Option<Vec<Value>>, Failure> {
    let list = reads(client, place).describe_db_parameters().db_parameter_group_name(name).source("user");
    let (mut parameters, mut marker) = (Vec::new(), None);
    loop {
        let call = list.clone().set_marker(marker).send();
        let Some(page) = found("rds:DescribeDBParameters", GONE, call).await? else { return Ok(None) };
        parameters.extend(page.parameters().iter().map(|one| {
            let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
            let name = text(one.parameter_name());
            object([("parameter_name", name), ("parameter_value", text(one.parameter_value()))])
        }));
        match page.marker {
            Some(next) => marker = Some(next),
            None => return Ok(Some(parameters)),
        }
    }
}

async fn live(client: &Client, place: &Place, name: &str) -> Result<Option<Live>, Failure> {
    let Some(group) = describe(client, place, name).await? else { return Ok(None) };
    let arn = group.db_parameter_group_arn().unwrap_or_default();
    let (parameters, tags) = futures::try_join!(parameters(client, place, name), tags(client, place, arn, GONE))?;
    let (Some(parameters), Some(tags)) = (parameters, tags) else { return Ok(None) };
    Ok(Some(
        Live::new(group.db_parameter_group_name().unwrap_or(name))
            .with("db_parameter_group_name", group.db_parameter_group_name().unwrap_or_default())
            .with("db_parameter_group_family", group.db_parameter_group_family().unwrap_or_default())
            .with("description", group.description().unwrap_or_default())
            .with("parameters", Value::List(parameters))
            .with("db_parameter_group_arn", arn)
            .tagged(tags),
    ))
}
