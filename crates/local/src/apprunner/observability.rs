//! Observability configurations.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

use super::answer::{invalid, page, text, time};
use super::blocks::ServiceObservabilityConfiguration;
use super::revisions::{self, DEFAULT_NAME, Head, Revision, active, latest};
use super::{AppRunner, arn, tags};

/// One revision of an observability configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observability {
    pub head: Head,
    /// `AWSXRAY`, or no tracing.
    pub vendor: Option<String>,
}

impl Revision for Observability {
    const KIND: &'static str = "observabilityconfiguration";
    const WORDS: &'static str = "observability configuration";
    const REVISIONS: usize = 10;
    fn head(&self) -> &Head {
        &self.head
    }
}

/// The block of a service with the whole ARN.
pub(super) fn for_service(
    world: &mut World,
    caller: &Caller,
    block: ServiceObservabilityConfiguration,
) -> Result<ServiceObservabilityConfiguration, Refusal> {
    let all = &world.region(caller).apprunner.observability;
    match (block.observability_enabled, block.observability_configuration_arn) {
        (false, None) => Ok(ServiceObservabilityConfiguration {
            observability_enabled: false,
            observability_configuration_arn: None,
        }),
        (false, Some(_)) => {
            Err(invalid("ObservabilityConfigurationArn can only be specified when ObservabilityEnabled is true."))
        }
        (true, None) => Err(invalid("ObservabilityConfigurationArn is required when ObservabilityEnabled is true.")),
        (true, Some(given)) => {
            let found = revisions::find(caller, all, &given).ok().filter(|found| active(*found));
            let arn = found
                .map(|found| found.head.arn.clone())
                .ok_or_else(|| revisions::not_valid::<Observability>(&given))?;
            Ok(ServiceObservabilityConfiguration {
                observability_enabled: true,
                observability_configuration_arn: Some(arn),
            })
        }
    }
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let name = text(input, "ObservabilityConfigurationName")?;
    if name == DEFAULT_NAME {
        return Err(invalid(format!("The observability configuration name {DEFAULT_NAME} is reserved.")));
    }
    let id = arn::fresh_id(world);
    let created_at = world.now();
    let (arn, revision) = revisions::next(caller, &world.region(caller).apprunner.observability, name, &id)?;
    tags::attach(world, caller, &arn, &input["Tags"])?;
    let head = Head { arn: arn.clone(), name: name.to_owned(), revision, created_at, deleted_at: None };
    let vendor = input["TraceConfiguration"]["Vendor"].as_str().map(str::to_owned);
    let state = &mut world.region(caller).apprunner;
    state.observability.insert(arn.clone(), Observability { head, vendor });
    Ok(described(state, &arn))
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let state = &world.region(caller).apprunner;
    let found = revisions::find(caller, &state.observability, text(input, "ObservabilityConfigurationArn")?)?;
    Ok(described(state, &found.head.arn))
}

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let state = &world.region(caller).apprunner;
    let latest_only = input["LatestOnly"].as_bool().unwrap_or(true);
    let shown = revisions::listed(&state.observability, input["ObservabilityConfigurationName"].as_str(), latest_only);
    let summaries = shown.into_iter().map(|each| {
        json!({
            "ObservabilityConfigurationArn": each.head.arn,
            "ObservabilityConfigurationName": each.head.name,
            "ObservabilityConfigurationRevision": each.head.revision,
        })
    });
    page(input, "ObservabilityConfigurationSummaryList", summaries.collect())
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let now = world.now();
    let given = text(input, "ObservabilityConfigurationArn")?;
    let state = &mut world.region(caller).apprunner;
    let found = revisions::find(caller, &state.observability, given)?;
    if !active(found) {
        return Err(invalid(format!("The observability configuration you specified has been deleted. ARN: {given}")));
    }
    let arn = found.head.arn.clone();
    let used = |one: &super::blocks::Configuration| {
        one.observability.as_ref().is_some_and(|block| block.observability_configuration_arn.as_ref() == Some(&arn))
    };
    if state.services.values().any(|service| service.lately_used(now, used)) {
        return Err(invalid(
            "You can't delete the observability configuration. It's used by one or more services. \
             To delete it, update the services to use other observability configurations.",
        ));
    }
    state.observability.get_mut(&arn).map(|each| each.head.deleted_at.insert(now));
    state.tags.remove(&arn);
    Ok(described(state, &arn))
}

fn described(state: &AppRunner, arn: &str) -> Value {
    json!({ "ObservabilityConfiguration": state.observability.get(arn).map(|found| view(state, found)) })
}

fn view(state: &AppRunner, found: &Observability) -> Value {
    json!({
        "ObservabilityConfigurationArn": found.head.arn,
        "ObservabilityConfigurationName": found.head.name,
        "TraceConfiguration": found.vendor.as_ref().map(|vendor| json!({ "Vendor": vendor })),
        "ObservabilityConfigurationRevision": found.head.revision,
        "Latest": active(found) && latest(&state.observability, found),
        "Status": if active(found) { "ACTIVE" } else { "INACTIVE" },
        "CreatedAt": time(found.head.created_at),
        "DeletedAt": found.head.deleted_at.map(time),
    })
}
