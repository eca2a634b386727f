//! The parameters of a group: which calls bring them to what is written, and how each is applied.

use std::collections::BTreeMap;

use aws_sdk_rds::types::{ApplyMethod, Parameter};
use model::{Live, Value};
use provider::{Call, Failure, Place, RetryClass, Sent, Want};
use serde::Deserialize;

use super::{super::common::reads, Arguments};
use crate::{calls::count, client::Client, failure::failure};

/// Parameters in one call.
const AT_ONCE: usize = 20;

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Written {
    parameter_name: String,
    parameter_value: String,
    apply_method: Option<String>,
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
pub(super) struct Change<'a> {
    pub(super) client: &'a Client,
    pub(super) place: &'a Place,
    pub(super) group: &'a str,
    pub(super) family: &'a str,
}

impl<'a> Change<'a> {
    /// The next call, or nothing when all is as written.
    pub(super) fn next(&self, want: &Want<Arguments>, live: &Live) -> Option<Call<'a>> {
        self.set(missing(&want.arguments.parameters, live)).or_else(|| self.reset(dropped(want, live)))
    }

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
    let parameter = |one: &Written| {
        let builder = Parameter::builder().parameter_name(&one.parameter_name).parameter_value(&one.parameter_value);
        builder.apply_method(method(one, &kinds)).build()
    };
    Ok(parameters.iter().map(parameter).collect())
}

/// As written; else at once where the engine can. What it does not list waits for a reboot, which AWS takes for all.
fn method(one: &Written, kinds: &BTreeMap<String, String>) -> ApplyMethod {
    match &one.apply_method {
        Some(written) => ApplyMethod::from(written.as_str()),
        None if kinds.get(&one.parameter_name).is_some_and(|kind| kind == "dynamic") => ApplyMethod::Immediate,
        None => ApplyMethod::PendingReboot,
    }
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

#[cfg(test)]
mod tests {
    use model::Value;

    use super::*;
    use crate::recorder::{live, want};

    fn written(name: &str, value: &str) -> Value {
        Value::Map(BTreeMap::from([
            ("parameter_name".to_owned(), name.into()),
            ("parameter_value".to_owned(), value.into()),
        ]))
    }

    fn wanted(parameters: Vec<Value>) -> Want<Arguments> {
        let text = ["db_parameter_group_name", "db_parameter_group_family", "description"];
        let mut arguments: Vec<(&str, Value)> = text.map(|name| (name, Value::from("orders"))).to_vec();
        arguments.push(("parameters", Value::List(parameters)));
        want(&arguments, &[])
    }

    fn called(parameters: &[Written]) -> Vec<&str> {
        parameters.iter().map(|one| one.parameter_name.as_str()).collect()
    }

    #[test]
    fn without_a_method_the_engine_decides() {
        let kinds =
            BTreeMap::from([("a", "dynamic"), ("b", "static")].map(|(name, kind)| (name.to_owned(), kind.to_owned())));
        let one = |name: &str, method: Option<&str>| Written {
            parameter_name: name.to_owned(),
            parameter_value: String::new(),
            apply_method: method.map(str::to_owned),
        };
        assert_eq!(method(&one("a", None), &kinds), ApplyMethod::Immediate);
        assert_eq!(method(&one("a", Some("pending-reboot")), &kinds), ApplyMethod::PendingReboot);
        assert_eq!(method(&one("b", None), &kinds), ApplyMethod::PendingReboot);
        assert_eq!(method(&one("unheard-of", None), &kinds), ApplyMethod::PendingReboot);
    }

    #[test]
    fn what_differs_is_sent_twenty_at_a_time() {
        let names: Vec<String> = (10..35).map(|number| format!("p{number}")).collect();
        let want = wanted(names.iter().map(|name| written(name, "1")).collect());
        let live = live("orders", &[("parameters", Value::List(vec![written("p10", "1"), written("p11", "0")]))]);
        let next = missing(&want.arguments.parameters, &live);
        let expected: Vec<&str> = names[1..21].iter().map(String::as_str).collect();
        assert_eq!(called(&next), expected);
    }

    #[test]
    fn what_was_ours_is_reset_and_no_other() {
        let mut want = wanted(vec![written("kept", "1")]);
        let ours = ["gone", "kept", "left"].map(str::to_owned);
        want.dropped.insert("parameters".to_owned(), ours.into());
        let held = ["kept", "left", "theirs"].map(|name| written(name, "1"));
        let live = live("orders", &[("parameters", Value::List(held.to_vec()))]);
        assert_eq!(called(&dropped(&want, &live)), ["left"]);
    }
}
