//! What is known of parameters beside their values, and their past.

use serde_json::{Value, json};

use super::filter::Filter;
use super::parameter::{arn, name_in};
use super::refusals::{bad_token, no_parameter};
use crate::paging::page;
use crate::refusal::Answer;
use crate::world::{Caller, World};

pub(super) fn parameters(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let filters = Filter::all(input)?;
    let held = world.region(caller).ssm.parameters.values();
    let held = held.filter(|held| filters.iter().all(|filter| filter.meets(held)));
    let views = held.filter_map(|held| {
        let (number, version) = held.current()?;
        let mut view = version.metadata(caller, &held.name, number);
        view["ARN"] = Value::from(arn(caller, &held.name));
        Some(view)
    });
    let limit = input["MaxResults"].as_u64().unwrap_or(50) as usize;
    let (parameters, next) = page(views.collect(), input["NextToken"].as_str(), limit).ok_or_else(bad_token)?;
    Ok(json!({ "Parameters": parameters, "NextToken": next }))
}

pub(super) fn history(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let parameters = &world.region(caller).ssm.parameters;
    let name = name_in(parameters, caller, input["Name"].as_str().unwrap_or_default());
    let held = parameters.get(&name).ok_or_else(no_parameter)?;
    let views = held.versions.iter().map(|(number, version)| {
        let mut view = version.metadata(caller, &name, *number);
        view["Value"] = Value::from(version.shown(input["WithDecryption"] == true));
        view["Labels"] = json!(version.labels);
        view
    });
    let limit = input["MaxResults"].as_u64().unwrap_or(50) as usize;
    let (parameters, next) = page(views.collect(), input["NextToken"].as_str(), limit).ok_or_else(bad_token)?;
    Ok(json!({ "Parameters": parameters, "NextToken": next }))
}
