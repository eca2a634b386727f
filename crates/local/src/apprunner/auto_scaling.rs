//! Auto scaling configurations.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

use super::answer::{invalid, page, text, time};
use super::revisions::{self, DEFAULT_NAME, Head, Revision, active, latest};
use super::{AppRunner, arn, tags};

/// One revision of an auto scaling configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AutoScaling {
    pub head: Head,
    pub max_concurrency: i64,
    pub min_size: i64,
    pub max_size: i64,
}

impl Revision for AutoScaling {
    const KIND: &'static str = "autoscalingconfiguration";
    const WORDS: &'static str = "auto scaling configuration";
    const REVISIONS: usize = 5;
    fn head(&self) -> &Head {
        &self.head
    }
}

/// Makes `DefaultConfiguration` revision 1 when the region is first used. Its id is the same in every account.
pub(super) fn ensure_default(world: &mut World, caller: &Caller) {
    let now = world.now();
    let state = &mut world.region(caller).apprunner;
    if !state.default_auto_scaling.is_empty() {
        return;
    }
    let arn = arn::of(caller, &format!("{}/{DEFAULT_NAME}/1/{:032}", AutoScaling::KIND, 1));
    let head = Head { arn: arn.clone(), name: DEFAULT_NAME.to_owned(), revision: 1, created_at: now, deleted_at: None };
    state.auto_scaling.insert(arn.clone(), AutoScaling { head, max_concurrency: 100, min_size: 1, max_size: 25 });
    state.default_auto_scaling = arn;
}

/// The whole ARN of the configuration that a service asks for; the account's default when it names none.
pub(super) fn for_service(world: &mut World, caller: &Caller, given: Option<&str>) -> Result<String, Refusal> {
    let state = &world.region(caller).apprunner;
    let Some(given) = given else {
        return Ok(state.default_auto_scaling.clone());
    };
    let found = revisions::find(caller, &state.auto_scaling, given).ok().filter(|found| active(*found));
    found.map(|found| found.head.arn.clone()).ok_or_else(|| revisions::not_valid::<AutoScaling>(given))
}

/// What a service shows of its configuration.
pub(super) fn summary(state: &AppRunner, given: &str) -> Value {
    state.auto_scaling.get(given).map_or(json!({ "AutoScalingConfigurationArn": given }), |found| {
        json!({
            "AutoScalingConfigurationArn": found.head.arn,
            "AutoScalingConfigurationName": found.head.name,
            "AutoScalingConfigurationRevision": found.head.revision,
        })
    })
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let name = text(input, "AutoScalingConfigurationName")?;
    let number = |member: &str, default: i64| input[member].as_i64().unwrap_or(default);
    let (min_size, max_size) = (number("MinSize", 1), number("MaxSize", 25));
    if max_size > 25 {
        return Err(invalid(format!("MaxSize {max_size} is over the quota of 25 instances per service.")));
    }
    if min_size > max_size {
        return Err(invalid(format!("MinSize {min_size} can't be greater than MaxSize {max_size}.")));
    }
    let id = arn::fresh_id(world);
    let created_at = world.now();
    let (arn, revision) = revisions::next(caller, &world.region(caller).apprunner.auto_scaling, name, &id)?;
    tags::attach(world, caller, &arn, &input["Tags"])?;
    let head = Head { arn: arn.clone(), name: name.to_owned(), revision, created_at, deleted_at: None };
    let made = AutoScaling { head, max_concurrency: number("MaxConcurrency", 100), min_size, max_size };
    let state = &mut world.region(caller).apprunner;
    state.auto_scaling.insert(arn.clone(), made);
    Ok(described(state, &arn))
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let state = &world.region(caller).apprunner;
    let found = revisions::find(caller, &state.auto_scaling, text(input, "AutoScalingConfigurationArn")?)?;
    Ok(described(state, &found.head.arn))
}

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let state = &world.region(caller).apprunner;
    let latest_only = input["LatestOnly"].as_bool().unwrap_or(true);
    let shown = revisions::listed(&state.auto_scaling, input["AutoScalingConfigurationName"].as_str(), latest_only);
    let summaries = shown.into_iter().map(|each| {
        let mut whole = view(state, each);
        for detail in ["Latest", "MaxConcurrency", "MinSize", "MaxSize"] {
            whole.as_object_mut().map(|members| members.remove(detail));
        }
        whole
    });
    page(input, "AutoScalingConfigurationSummaryList", summaries.collect())
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let now = world.now();
    let given = text(input, "AutoScalingConfigurationArn")?;
    let state = &mut world.region(caller).apprunner;
    let found = revisions::find(caller, &state.auto_scaling, given)?;
    if !active(found) {
        // The text is AWS's.
        return Err(invalid(format!("The auto scaling configuration you specified has been deleted. ARN: {given}")));
    }
    let shown = found.head.arn.clone();
    let doomed = match input["DeleteAllRevisions"].as_bool() {
        Some(true) => all_of(caller, state, given)?,
        _ => vec![shown.clone()],
    };
    for arn in &doomed {
        deletable(state, arn, now)?;
    }
    for arn in &doomed {
        state.auto_scaling.get_mut(arn).map(|each| each.head.deleted_at.insert(now));
        state.tags.remove(arn);
    }
    Ok(described(state, &shown))
}

/// Every active revision; the ARN has to end with the name.
fn all_of(caller: &Caller, state: &AppRunner, given: &str) -> Result<Vec<String>, Refusal> {
    match arn::parse(caller, given) {
        Some(parts) if parts.rest.is_empty() => {
            let all = revisions::of_name(&state.auto_scaling, parts.name);
            Ok(all.into_iter().map(|each| each.head.arn.clone()).collect())
        }
        _ => {
            Err(invalid("When DeleteAllRevisions is true, the auto scaling configuration ARN must end with its name."))
        }
    }
}

fn deletable(state: &AppRunner, arn: &str, now: Timestamp) -> Result<(), Refusal> {
    if state.default_auto_scaling == arn {
        return Err(invalid("You can't delete the default auto scaling configuration."));
    }
    match users(state, arn).is_empty()
        && !state.services.values().any(|service| service.lately_used(now, |one| one.auto_scaling_arn == arn))
    {
        true => Ok(()),
        // The text is AWS's.
        false => Err(invalid(
            "You can't delete the auto scaling configuration. It's used by one or more services. \
             To delete it, update the services to use other auto scaling configurations.",
        )),
    }
}

pub(super) fn make_default(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let given = text(input, "AutoScalingConfigurationArn")?;
    let state = &mut world.region(caller).apprunner;
    let found = revisions::find(caller, &state.auto_scaling, given)?;
    if !active(found) {
        return Err(invalid(format!("The auto scaling configuration you specified has been deleted. ARN: {given}")));
    }
    state.default_auto_scaling = found.head.arn.clone();
    let arn = state.default_auto_scaling.clone();
    Ok(described(state, &arn))
}

pub(super) fn services(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let state = &world.region(caller).apprunner;
    let found = revisions::find(caller, &state.auto_scaling, text(input, "AutoScalingConfigurationArn")?)?;
    page(input, "ServiceArnList", users(state, &found.head.arn).into_iter().map(Value::String).collect())
}

/// The ARNs of the live services that use this revision.
fn users(state: &AppRunner, arn: &str) -> Vec<String> {
    let mut users: Vec<_> =
        state.services.values().filter(|service| service.uses(|one| one.auto_scaling_arn == arn)).collect();
    users.sort_by_key(|service| (service.created_at, &service.arn));
    users.into_iter().map(|service| service.arn.clone()).collect()
}

fn described(state: &AppRunner, arn: &str) -> Value {
    json!({ "AutoScalingConfiguration": state.auto_scaling.get(arn).map(|found| view(state, found)) })
}

/// App Runner answers this status in lower case, unlike its model.
fn view(state: &AppRunner, found: &AutoScaling) -> Value {
    json!({
        "AutoScalingConfigurationArn": found.head.arn,
        "AutoScalingConfigurationName": found.head.name,
        "AutoScalingConfigurationRevision": found.head.revision,
        "Latest": active(found) && latest(&state.auto_scaling, found),
        "Status": if active(found) { "active" } else { "inactive" },
        "MaxConcurrency": found.max_concurrency,
        "MinSize": found.min_size,
        "MaxSize": found.max_size,
        "CreatedAt": time(found.head.created_at),
        "DeletedAt": found.head.deleted_at.map(time),
        "HasAssociatedService": !users(state, &found.head.arn).is_empty(),
        "IsDefault": state.default_auto_scaling == found.head.arn,
    })
}
