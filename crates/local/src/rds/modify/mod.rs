//! Changing an instance: some things at once, the others with `ApplyImmediately` or in the next maintenance window.

mod pending;
mod timing;

use serde_json::{Value, json};

use super::given::{flag, text, texts, whole};
use super::instance::Instance;
use super::refusals::{combination, state};
use super::schedule::{self, Step};
use super::{engines, instances, network, parameter_groups, subnet_groups, validate, window};
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};
use pending::{differs, pending};

/// What comes into force at once, whatever `ApplyImmediately` says.
const AT_ONCE: &[&str] = &[
    "AutoMinorVersionUpgrade",
    "CopyTagsToSnapshot",
    "DeletionProtection",
    "EnablePerformanceInsights",
    "MaxAllocatedStorage",
    "MonitoringInterval",
    "MonitoringRoleArn",
    "NetworkType",
    "PerformanceInsightsRetentionPeriod",
    "PreferredBackupWindow",
    "PreferredMaintenanceWindow",
    "PubliclyAccessible",
];

pub(super) fn modify(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let mut instance = instances::named(world, caller, input)?.clone();
    if !instance.is(&["available", "storage-optimization", "storage-full"]) {
        return Err(state("Database instance is not in available state."));
    }
    let version = engines::resolve(&instance.engine, Some(&instance.settings.version))?;
    validate::plain(world, caller, &monitored(&instance, input), version.major)?;
    let wanted = pending(world, caller, &instance, input, version.major)?;
    let groups = groups(world, caller, &instance, input)?;
    let status = apply_at_once(&mut instance, input)?;
    let now = world.now();
    if let Some(groups) = groups {
        instance.joining =
            groups.iter().filter(|id| !instance.settings.security_groups.contains(id)).cloned().collect();
        instance.settings.security_groups = groups;
        instance.plan_in(now, schedule::GROUPS, Step::GroupsJoined);
    }
    let upgrades = wanted.iter().any(|(member, _)| *member == "EngineVersion");
    if let Some(name) = parameter_group(world, caller, &instance, input, &wanted)? {
        if upgrades {
            instance.pending.insert("DBParameterGroupName".to_owned(), name.into());
        } else if name != instance.settings.parameter_group {
            instance.settings.parameter_group = name;
            instance.parameters = "applying".to_owned();
            instance.plan_in(now, schedule::GROUPS, Step::ParametersWait);
        }
    }
    for (member, value) in wanted {
        match differs(&instance, member, &value) {
            true => drop(instance.pending.insert(member.to_owned(), value)),
            false => drop(instance.pending.remove(member)),
        }
    }
    timing::plan(&mut instance, now, flag(input, "ApplyImmediately") == Some(true), status);
    let id = instance.id.clone();
    world.region(caller).rds.instances.insert(id.clone(), instance);
    Ok(json!({ "DBInstance": instances::shown(world, caller, &id) }))
}

/// The input with the role that monitors already, where it names none.
fn monitored(instance: &Instance, input: &Value) -> Value {
    let mut input = input.clone();
    if input["MonitoringRoleArn"].is_null() && input["MonitoringInterval"].is_i64() {
        input["MonitoringRoleArn"] = instance.settings.monitoring_role.clone().into();
    }
    input
}

fn groups(
    world: &mut World,
    caller: &Caller,
    instance: &Instance,
    input: &Value,
) -> Result<Option<Vec<String>>, Refusal> {
    let Some(given) = texts(input, "VpcSecurityGroupIds") else { return Ok(None) };
    let group = subnet_groups::chosen(world, caller, Some(&instance.settings.subnet_group))?;
    let groups = network::security_groups(world, caller, &group.vpc, Some(given))?;
    Ok(Some(groups).filter(|groups| *groups != instance.settings.security_groups))
}

/// The parameter group after the change; an upgrade to another family needs one of that family.
fn parameter_group(
    world: &mut World,
    caller: &Caller,
    instance: &Instance,
    input: &Value,
    wanted: &[(&'static str, Value)],
) -> Result<Option<String>, Refusal> {
    let to = wanted.iter().find(|(member, _)| *member == "EngineVersion").and_then(|(_, value)| value.as_str());
    let family = |version: &str| engines::resolve(&instance.engine, Some(version)).map(|found| found.major.family);
    let (old, new) = (family(&instance.settings.version)?, family(to.unwrap_or(&instance.settings.version))?);
    let (given, current) = (text(input, "DBParameterGroupName"), &instance.settings.parameter_group);
    if given.is_none() && old == new {
        return Ok(None);
    }
    if given.is_none() && !parameter_groups::is_default(current) {
        return Err(combination(format!(
            "The current DB instance parameter group {current} is custom. You must explicitly specify a new DB instance parameter group, either default or custom, for the engine version upgrade."
        )));
    }
    parameter_groups::chosen(world, caller, given, new).map(Some)
}

/// Sets what waits for nothing; the status that the instance has for a while because of it.
fn apply_at_once(instance: &mut Instance, input: &Value) -> Result<Option<&'static str>, Refusal> {
    let before = instance.settings.clone();
    let settings = &mut instance.settings;
    for member in AT_ONCE.iter().filter(|member| !input[**member].is_null()) {
        settings.set(member, &input[*member]);
    }
    if whole(input, "MonitoringInterval") == Some(0) {
        settings.monitoring_role = None;
    }
    let (backup, maintenance) = window::checked(&settings.backup_window, &settings.maintenance_window)?;
    (settings.backup_window, settings.maintenance_window) = (backup, maintenance);
    settings.export_logs(&input["CloudwatchLogsExportConfiguration"]);
    let after = &instance.settings;
    Ok(if before.log_exports != after.log_exports {
        Some("configuring-log-exports")
    } else if before.monitoring_interval != after.monitoring_interval {
        Some("configuring-enhanced-monitoring")
    } else if before.public != after.public || before.insights != after.insights {
        Some("modifying")
    } else {
        None
    })
}
