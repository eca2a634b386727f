//! Reads of values.

use serde_json::{Value, json};

use super::filter::{self, Filter};
use super::parameter::{arn, name_in};
use super::refusals::{bad_token, invalid, no_parameter};
use super::{Parameter, Version, public};
use crate::paging::page;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

pub(super) fn one(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let name = input["Name"].as_str().unwrap_or_default();
    Ok(json!({ "Parameter": found(world, caller, name, input["WithDecryption"] == true)? }))
}

/// Up to ten; those that are not there stand among the invalid ones.
pub(super) fn named(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let decrypted = input["WithDecryption"] == true;
    let (mut parameters, mut missing) = (Vec::new(), Vec::new());
    for name in input["Names"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        match found(world, caller, name, decrypted) {
            Ok(view) => parameters.push(view),
            Err(_) => missing.push(name.to_owned()),
        }
    }
    Ok(json!({ "Parameters": parameters, "InvalidParameters": missing }))
}

/// The parameter that `name`, `name:version`, `name:label` or an ARN stands for.
fn found(world: &mut World, caller: &Caller, asked: &str, decrypted: bool) -> Answer {
    if let Some(view) = public::view(caller, asked) {
        return Ok(view);
    }
    let parameters = &world.region(caller).ssm.parameters;
    let (id, selector) = match asked.rsplit_once(':') {
        Some((id, selector)) if !id.is_empty() && !selector.contains('/') => (id, Some(selector)),
        _ => (asked, None),
    };
    let name = name_in(parameters, caller, id);
    let held = parameters.get(&name).ok_or_else(no_parameter)?;
    let (number, version) = selected(held, selector)?;
    let mut view = version.view(&arn(caller, &name), &name, number, decrypted);
    view["Selector"] = selector.map(|selector| format!(":{selector}")).into();
    Ok(view)
}

fn selected<'a>(held: &'a Parameter, selector: Option<&str>) -> Result<(u64, &'a Version), Refusal> {
    let Some(selector) = selector else { return held.current().ok_or_else(no_parameter) };
    let number = selector.parse::<u64>().ok();
    let fits = |(candidate, version): &(&u64, &Version)| match number {
        Some(number) => **candidate == number,
        None => version.labels.contains(selector),
    };
    let found = held.versions.iter().find(fits).map(|(number, version)| (*number, version));
    found.ok_or_else(|| {
        let message = format!("Systems Manager could not find version {selector} of {}.", held.name);
        Refusal::new("ParameterVersionNotFound", message)
    })
}

pub(super) fn by_path(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let path = input["Path"].as_str().unwrap_or_default();
    if !path.starts_with('/') {
        return Err(invalid(
            "The parameter path must begin with a slash '/'. It can consist of sub-paths divided by slash symbol; each \
             sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_",
        ));
    }
    let recursive = input["Recursive"] == true;
    let decrypted = input["WithDecryption"] == true;
    let filters = Filter::all(input)?;
    let held = world.region(caller).ssm.parameters.values();
    let held = held.filter(|held| filter::under(path, &held.name, recursive));
    let held = held.filter(|held| filters.iter().all(|filter| filter.meets(held)));
    let mut views: Vec<Value> = held
        .filter_map(|held| Some((held, held.current()?)))
        .map(|(held, (number, version))| version.view(&arn(caller, &held.name), &held.name, number, decrypted))
        .collect();
    views.extend(public::under(caller, path, recursive));
    let limit = input["MaxResults"].as_u64().unwrap_or(10) as usize;
    let (parameters, next) = page(views, input["NextToken"].as_str(), limit).ok_or_else(bad_token)?;
    Ok(json!({ "Parameters": parameters, "NextToken": next }))
}

/// Whether the parameter can be had that a service refers to by ARN.
pub(crate) fn is_there(world: &mut World, caller: &Caller, arn: &str) -> bool {
    found(world, caller, arn, true).is_ok()
}
