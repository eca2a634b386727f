//! The parameters of a group.

use serde_json::{Value, json};

use super::catalogue::{self, Parameter};
use super::given::{flag, required, text};
use super::page::page;
use super::parameter_groups::{ParameterGroup, Set, is_default};
use super::refusals::{combination, invalid, no_parameter_group};
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// Parameters that one call may change.
const AT_ONCE: usize = 20;

pub(super) fn modify(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let group = changeable(world, caller, input)?;
    let mut changed = group.clone();
    for given in few(input)? {
        let parameter = known(&group.family, given)?;
        let value = text(given, "ParameterValue")
            .ok_or_else(|| invalid(format!("A value must be given for the parameter {}", parameter.name)))?;
        let method = method(parameter, given)?;
        check(parameter, value)?;
        changed.set.insert(parameter.name.to_owned(), Set { value: value.to_owned(), method });
    }
    Ok(keep(world, caller, &group, changed))
}

pub(super) fn reset(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let group = changeable(world, caller, input)?;
    let mut changed = group.clone();
    if flag(input, "ResetAllParameters") == Some(true) {
        changed.set.clear();
    } else {
        for given in few(input)? {
            let parameter = known(&group.family, given)?;
            method(parameter, given)?;
            changed.set.remove(parameter.name);
        }
    }
    Ok(keep(world, caller, &group, changed))
}

/// Keeps the group; its instances follow at once with dynamic parameters, and after a reboot with static ones.
fn keep(world: &mut World, caller: &Caller, old: &ParameterGroup, changed: ParameterGroup) -> Value {
    let family = catalogue::parameters(&changed.family).unwrap_or_default();
    let differs = |name: &str| old.set.get(name).map(|set| &set.value) != changed.set.get(name).map(|set| &set.value);
    let reboots = |set: Option<&Set>| set.is_some_and(|set| set.method == "pending-reboot");
    let waits = family.iter().any(|parameter| {
        let name = parameter.name;
        differs(name) && (!parameter.dynamic || reboots(changed.set.get(name)))
    });
    let name = changed.name.clone();
    let rds = &mut world.region(caller).rds;
    for instance in rds.instances.values_mut().filter(|instance| waits && instance.settings.parameter_group == name) {
        instance.parameters = "pending-reboot".to_owned();
    }
    rds.parameter_groups.insert(name.clone(), changed);
    json!({ "DBParameterGroupName": name })
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let name = required(input, "DBParameterGroupName")?.to_lowercase();
    let group = world.region(caller).rds.parameter_groups.get(&name).cloned();
    // The defaults can be read before anybody has used them.
    let family = name.strip_prefix("default.").unwrap_or_default();
    let unused = || {
        catalogue::parameters(family).map(|_| ParameterGroup { family: family.to_owned(), ..ParameterGroup::default() })
    };
    let group = group.or_else(unused).ok_or_else(|| no_parameter_group(&name))?;
    let source = text(input, "Source");
    let all = catalogue::parameters(&group.family).unwrap_or_default();
    let views = all.iter().map(|parameter| (parameter.name.to_owned(), view(parameter, group.set.get(parameter.name))));
    let listed = views.filter(|(_, shown)| source.is_none_or(|source| shown["Source"] == source));
    page(input, "Parameters", listed.collect())
}

pub(super) fn defaults(_caller: &Caller, input: &Value) -> Answer {
    let family = required(input, "DBParameterGroupFamily")?;
    let all = catalogue::parameters(family)
        .ok_or_else(|| invalid(format!("ParameterGroupFamily {family} is not a valid parameter group family")))?;
    let views = all.iter().map(|parameter| (parameter.name.to_owned(), view(parameter, None)));
    let page = page(input, "Parameters", views.collect())?;
    Ok(json!({ "EngineDefaults": {
        "DBParameterGroupFamily": family,
        "Marker": page["Marker"],
        "Parameters": page["Parameters"],
    } }))
}

fn view(parameter: &Parameter, set: Option<&Set>) -> Value {
    let default = Some(parameter.default).filter(|default| !default.is_empty());
    let source = match (set, default) {
        (Some(_), _) => "user",
        (None, Some(_)) => "system",
        (None, None) => "engine-default",
    };
    json!({
        "ParameterName": parameter.name,
        "ParameterValue": set.map(|set| set.value.as_str()).or(default),
        "Description": parameter.about,
        "Source": source,
        "ApplyType": if parameter.dynamic { "dynamic" } else { "static" },
        "DataType": parameter.kind,
        "AllowedValues": Some(parameter.allowed).filter(|allowed| !allowed.is_empty()),
        "IsModifiable": parameter.modifiable,
        "ApplyMethod": set.map_or("pending-reboot", |set| set.method.as_str()),
    })
}

fn changeable(world: &mut World, caller: &Caller, input: &Value) -> Result<ParameterGroup, Refusal> {
    let name = required(input, "DBParameterGroupName")?.to_lowercase();
    if is_default(&name) {
        return Err(invalid(format!("The parameter group {name} is a default group and cannot be modified")));
    }
    let group = world.region(caller).rds.parameter_groups.get(&name);
    group.cloned().ok_or_else(|| no_parameter_group(&name))
}

fn few(input: &Value) -> Result<&[Value], Refusal> {
    let given = input["Parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    match given.len() {
        0 => Err(invalid("At least one parameter must be supplied to ModifyDBParameterGroup or ResetDBParameterGroup")),
        1..=AT_ONCE => Ok(given),
        _ => Err(invalid(format!("A maximum of {AT_ONCE} parameters can be modified in a single request"))),
    }
}

fn known(family: &str, given: &Value) -> Result<&'static Parameter, Refusal> {
    let name = text(given, "ParameterName").unwrap_or_default().to_lowercase();
    let all = catalogue::parameters(family).unwrap_or_default();
    let found = all.into_iter().find(|parameter| parameter.name == name);
    let found = found.ok_or_else(|| invalid(format!("Could not find parameter with name: {name}")))?;
    match found.modifiable {
        true => Ok(found),
        false => Err(invalid(format!("The parameter {name} cannot be modified."))),
    }
}

fn method(parameter: &Parameter, given: &Value) -> Result<String, Refusal> {
    let method = text(given, "ApplyMethod")
        .ok_or_else(|| invalid(format!("An ApplyMethod must be given for the parameter {}", parameter.name)))?;
    if method == "immediate" && !parameter.dynamic {
        let message = format!("cannot use immediate apply method for static parameter {}", parameter.name);
        return Err(combination(message));
    }
    Ok(method.to_owned())
}

fn check(parameter: &Parameter, value: &str) -> Result<(), Refusal> {
    let words = || parameter.allowed.split(',');
    let fits = match parameter.kind {
        // Formulas over the instance class are taken as they are.
        _ if parameter.allowed.is_empty() || value.contains('{') => true,
        "integer" | "float" => value.parse::<f64>().is_ok_and(|number| within(parameter.allowed, number)),
        "list" => value.split(',').all(|part| part.is_empty() || words().any(|word| word == part.trim())),
        _ => words().any(|word| word.eq_ignore_ascii_case(value)),
    };
    if fits {
        return Ok(());
    }
    Err(invalid(format!(
        "Invalid parameter value: {value} for: {} allowed values are: {}",
        parameter.name, parameter.allowed
    )))
}

/// Whether a number is in a range `a-b`, whose first number may be negative.
fn within(range: &str, number: f64) -> bool {
    let cut = range.char_indices().skip(1).find(|(_, letter)| *letter == '-').map(|(at, _)| at);
    let Some((low, high)) = cut.map(|at| (&range[..at], &range[at + 1..])) else { return true };
    let bound = |text: &str| text.parse::<f64>().ok();
    bound(low).is_none_or(|low| number >= low) && bound(high).is_none_or(|high| number <= high)
}
