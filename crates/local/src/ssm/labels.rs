//! Labels of versions.

use serde_json::{Value, json};

use super::parameter::name_in;
use super::refusals::no_parameter;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// Labels of one version.
const MOST: usize = 10;

pub(super) fn label(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let parameters = &mut world.region(caller).ssm.parameters;
    let name = name_in(parameters, caller, input["Name"].as_str().unwrap_or_default());
    let held = parameters.get_mut(&name).ok_or_else(no_parameter)?;
    let current = held.current().map(|(number, _)| number).unwrap_or_default();
    let number = input["ParameterVersion"].as_u64().unwrap_or(current);
    let wanted = input["Labels"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let (good, bad): (Vec<&str>, Vec<&str>) = wanted.partition(|label| is_label(label));
    let Some(version) = held.versions.get(&number) else {
        let message = format!("Systems Manager could not find version {number} of {name}.");
        return Err(Refusal::new("ParameterVersionNotFound", message));
    };
    let new = good.iter().filter(|label| !version.labels.contains(**label)).count();
    if version.labels.len() + new > MOST {
        let message =
            "An error occurred (ParameterVersionLabelLimitExceeded): A parameter version can have at most 10 labels.";
        return Err(Refusal::new("ParameterVersionLabelLimitExceeded", message));
    }
    for (candidate, version) in &mut held.versions {
        version.labels.retain(|label| !good.contains(&label.as_str()));
        if *candidate == number {
            version.labels.extend(good.iter().map(|label| (*label).to_owned()));
        }
    }
    Ok(json!({ "InvalidLabels": bad, "ParameterVersion": number }))
}

fn is_label(label: &str) -> bool {
    let lower = label.to_lowercase();
    let known = label.chars().all(|character| character.is_ascii_alphanumeric() || "_.-".contains(character));
    known
        && !label.starts_with(|first: char| first.is_ascii_digit())
        && !lower.starts_with("aws")
        && !lower.starts_with("ssm")
}
