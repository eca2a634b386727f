//! Parameters made and overwritten.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::parameter::{Parameter, Version};
use super::refusals::{exists, invalid};
use super::tags;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// So many versions are kept.
const VERSIONS: usize = 100;
/// Bytes of a value in the standard tier.
const STANDARD: usize = 4096;
/// Bytes of a value in the advanced tier.
const ADVANCED: usize = 8192;
/// Standard parameters of an account in a region.
const PARAMETERS: usize = 10_000;
/// Levels of a name.
const LEVELS: usize = 15;

pub(super) fn put(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let name = input["Name"].as_str().unwrap_or_default().to_owned();
    let overwrite = input["Overwrite"] == true;
    valid_name(caller, &name)?;
    if overwrite && input["Tags"].as_array().is_some_and(|tags| !tags.is_empty()) {
        return Err(invalid(
            "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove \
             overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or \
             RemoveTagsFromResource.",
        ));
    }
    let now = world.now();
    let ssm = &mut world.region(caller).ssm;
    let before = ssm.parameters.get(&name);
    if (before.is_some() && !overwrite) || ssm.resting.contains_key(&name) {
        return Err(exists());
    }
    let mut version = wanted(input, before.and_then(Parameter::current).map(|(_, version)| version))?;
    version.modified = now;
    if before.is_none() && ssm.parameters.len() >= PARAMETERS {
        return Err(Refusal::new("ParameterLimitExceeded", "You have exceeded the number of parameters."));
    }
    let mut held = match before {
        Some(before) => before.clone(),
        None => Parameter { name: name.clone(), tags: BTreeMap::new(), versions: BTreeMap::new() },
    };
    tags::add(&mut held.tags, &input["Tags"])?;
    let number = held.current().map_or(1, |(number, _)| number + 1);
    make_room(&mut held)?;
    let tier = version.tier.clone();
    held.versions.insert(number, version);
    ssm.parameters.insert(name, held);
    Ok(json!({ "Version": number, "Tier": tier }))
}

/// The version that a call asks for; what it leaves out stays as it was.
fn wanted(input: &Value, before: Option<&Version>) -> Result<Version, Refusal> {
    let text = |member: &str| input[member].as_str().map(str::to_owned);
    let kept = |member: &str, kept: fn(&Version) -> Option<String>| {
        text(member).or_else(|| before.and_then(kept)).filter(|text| !text.is_empty())
    };
    let kind = text("Type").or_else(|| before.map(|before| before.kind.clone()));
    let kind = kind.ok_or_else(|| invalid("A parameter type is required when you create a parameter."))?;
    if before.is_some_and(|before| before.kind != kind) {
        let message = "You can't change the type of a parameter: delete it and create one with the new type.";
        return Err(Refusal::new("HierarchyTypeMismatchException", message));
    }
    let secure = kind == "SecureString";
    let key = kept("KeyId", |before| before.key.clone());
    if key.is_some() && !secure {
        return Err(invalid("KeyId is required for SecureString type parameter only."));
    }
    let value = text("Value").unwrap_or_default();
    let policies = kept("Policies", |before| before.policies.clone());
    let version = Version {
        tier: tier(input["Tier"].as_str(), &value, policies.is_some(), before)?,
        data_type: kept("DataType", |before| Some(before.data_type.clone())).unwrap_or_else(|| "text".to_owned()),
        description: kept("Description", |before| before.description.clone()),
        pattern: kept("AllowedPattern", |before| before.pattern.clone()),
        key: secure.then(|| key.unwrap_or_else(|| "alias/aws/ssm".to_owned())),
        parameter_value: value,
        policies,
        kind,
        modified: jiff::Timestamp::UNIX_EPOCH,
        labels: BTreeSet::new(),
    };
    valid_value(&version)?;
    Ok(version)
}

fn tier(wanted: Option<&str>, value: &str, policies: bool, before: Option<&Version>) -> Result<String, Refusal> {
    let advanced = before.is_some_and(|before| before.tier == "Advanced");
    let needs = value.len() > STANDARD || policies;
    let tier = match wanted {
        Some("Intelligent-Tiering") if needs || advanced => "Advanced",
        Some("Intelligent-Tiering") => "Standard",
        Some(tier) => tier,
        None if advanced => "Advanced",
        None => "Standard",
    };
    if tier == "Standard" && advanced {
        return Err(invalid(
            "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the \
             advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter \
             and recreate it as a standard parameter.",
        ));
    }
    if tier == "Standard" && policies {
        return Err(invalid("Parameter policies are supported for parameters in the advanced tier only."));
    }
    let most = if tier == "Standard" { STANDARD } else { ADVANCED };
    if value.len() > most {
        return Err(invalid(format!(
            "{tier} tier parameters support a maximum parameter value of {most} characters. To create a larger parameter \
             value, upgrade the parameter to use the advanced-parameter tier. For more information, see \
             https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html"
        )));
    }
    Ok(tier.to_owned())
}

fn valid_value(version: &Version) -> Result<(), Refusal> {
    let value = &version.parameter_value;
    if value.is_empty() {
        return Err(invalid(
            "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length \
             greater than or equal to 1",
        ));
    }
    match version.data_type.as_str() {
        "text" | "aws:ssm:integration" => {}
        "aws:ec2:image" if version.kind == "String" && value.starts_with("ami-") => {}
        "aws:ec2:image" => {
            return Err(invalid("The value of a parameter of data type aws:ec2:image must be an AMI id."));
        }
        other => {
            return Err(invalid(format!(
                "The following data type is not supported: {other} (Data type names are all lowercase.)"
            )));
        }
    }
    let Some(pattern) = &version.pattern else { return Ok(()) };
    let wrong = || {
        Refusal::new("InvalidAllowedPatternException", "The request does not meet the regular expression requirement.")
    };
    let expression = regex::Regex::new(&format!("^(?:{pattern})$")).map_err(|_| wrong())?;
    if expression.is_match(value) {
        return Ok(());
    }
    let message = format!("Parameter value, cannot be validated against allowedPattern: {pattern}");
    Err(Refusal::new("ParameterPatternMismatchException", message))
}

fn valid_name(caller: &Caller, name: &str) -> Result<(), Refusal> {
    let first = name.trim_start_matches('/').split('/').next().unwrap_or_default().to_lowercase();
    if first == "aws" && name.starts_with('/') {
        return Err(Refusal::new("AccessDeniedException", format!("No access to reserved parameter name: {name}.")));
    }
    let known = name.chars().all(|character| character.is_ascii_alphanumeric() || "_.-/".contains(character));
    let empty = name.trim_start_matches('/').split('/').any(str::is_empty);
    if first.starts_with("aws") || first.starts_with("ssm") || !known || empty {
        return Err(invalid(
            "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). If formed as a path, it can \
             consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and \
             the following 3 symbols .-_",
        ));
    }
    if name.contains('/') && !name.starts_with('/') {
        return Err(invalid("Parameter name must be a fully qualified name."));
    }
    if name.trim_start_matches('/').split('/').count() > LEVELS {
        let message = format!("Parameter hierarchies can have at most {LEVELS} levels.");
        return Err(Refusal::new("HierarchyLevelLimitExceededException", message));
    }
    match super::parameter::arn(caller, name).len() > 1011 {
        true => Err(invalid("The name of a parameter, its ARN included, can have at most 1011 characters.")),
        false => Ok(()),
    }
}

/// Removes the oldest version where there are as many as are kept; one with a label stays.
fn make_room(held: &mut Parameter) -> Result<(), Refusal> {
    if held.versions.len() < VERSIONS {
        return Ok(());
    }
    match held.versions.first_key_value() {
        Some((number, oldest)) if !oldest.labels.is_empty() => Err(Refusal::new(
            "ParameterMaxVersionLimitExceeded",
            format!("The oldest version of the parameter, {number}, has a label: move it before you add a version."),
        )),
        _ => {
            held.versions.pop_first();
            Ok(())
        }
    }
}
