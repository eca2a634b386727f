//! Changing an instance: some things at once, the others with `ApplyImmediately` or in the next maintenance window.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::catalogue::Major;
use super::given::{flag, required, text, texts, whole};
use super::instance::Instance;
use super::refusals::{combination, state};
use super::schedule::{self, Step, is_storage};
use super::{engines, instances, network, parameter_groups, subnet_groups, validate, window};
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

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

/// What becomes pending, with its name there.
const PENDING: &[(&str, &str)] = &[
    ("AllocatedStorage", "AllocatedStorage"),
    ("BackupRetentionPeriod", "BackupRetentionPeriod"),
    ("CACertificateIdentifier", "CACertificateIdentifier"),
    ("DBInstanceClass", "DBInstanceClass"),
    ("DBPortNumber", "Port"),
    ("DBSubnetGroupName", "DBSubnetGroupName"),
    ("EnableIAMDatabaseAuthentication", "IAMDatabaseAuthenticationEnabled"),
    ("EngineVersion", "EngineVersion"),
    ("Iops", "Iops"),
    ("LicenseModel", "LicenseModel"),
    ("MasterUserPassword", "MasterUserPassword"),
    ("MultiAZ", "MultiAZ"),
    ("NewDBInstanceIdentifier", "DBInstanceIdentifier"),
    ("StorageThroughput", "StorageThroughput"),
    ("StorageType", "StorageType"),
];

/// Pending values that do not wait for the maintenance window.
const SOON: &[&str] = &["MasterUserPassword", "Port"];

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
    plan(&mut instance, now, flag(input, "ApplyImmediately") == Some(true), status);
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

/// The values to come that differ from those in force; what is set back to these is pending no more.
fn pending(
    world: &mut World,
    caller: &Caller,
    instance: &Instance,
    input: &Value,
    major: &'static Major,
) -> Result<Vec<(&'static str, Value)>, Refusal> {
    let mut found = Vec::new();
    for (member, name) in PENDING {
        let mut value = input[*member].clone();
        if value.is_null() {
            continue;
        }
        match *member {
            "EngineVersion" => value = upgrade(instance, input, major)?.into(),
            "AllocatedStorage" => value = grown(instance, value.as_i64().unwrap_or_default())?.into(),
            "DBSubnetGroupName" => value = moved(world, caller, instance, input)?.into(),
            "NewDBInstanceIdentifier" => value = renamed(world, caller, instance, input)?.into(),
            _ => {}
        }
        if differs(instance, name, &value) || instance.pending.contains_key(*name) {
            found.push((*name, value));
        }
    }
    check_storage(world, instance, &found)?;
    Ok(found)
}

/// Whether a value to come is another one than that in force.
fn differs(instance: &Instance, name: &str, value: &Value) -> bool {
    let mut after = instance.settings.clone();
    after.set(name, value);
    match name {
        "MasterUserPassword" => true,
        "DBInstanceIdentifier" => value.as_str() != Some(&instance.id),
        _ => after != instance.settings,
    }
}

fn upgrade(instance: &Instance, input: &Value, major: &Major) -> Result<String, Refusal> {
    let (from, written) = (&instance.settings.version, required(input, "EngineVersion")?);
    let engine = &instance.engine;
    let wanted = engines::resolve(engine, Some(written))?;
    // The major part alone means the version that is there, where that is one of it.
    if written == major.version || wanted.text() == *from {
        return Ok(from.clone());
    }
    let here = engines::resolve(engine, Some(from))?;
    if !here.targets().iter().any(|target| target.text() == wanted.text()) {
        return Err(combination(format!("Cannot upgrade {engine} from {from} to {written}")));
    }
    if wanted.major.family != major.family && flag(input, "AllowMajorVersionUpgrade") != Some(true) {
        let message = "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.";
        return Err(combination(message));
    }
    Ok(wanted.text())
}

/// Storage grows by a tenth at least; a smaller step is rounded up.
fn grown(instance: &Instance, wanted: i64) -> Result<i64, Refusal> {
    let now = instance.settings.storage;
    if wanted < now {
        let message = format!(
            "Requested storage {wanted} GiB is less than the current storage {now} GiB; storage can only grow."
        );
        return Err(combination(message));
    }
    Ok(if wanted == now { now } else { wanted.max((now * 11 + 9) / 10) })
}

fn moved(world: &mut World, caller: &Caller, instance: &Instance, input: &Value) -> Result<String, Refusal> {
    let old = subnet_groups::chosen(world, caller, Some(&instance.settings.subnet_group))?;
    let new = subnet_groups::chosen(world, caller, text(input, "DBSubnetGroupName"))?;
    if new.name != old.name && new.vpc == old.vpc {
        let message = format!("The specified DB instance is already in the target DB subnet group's VPC {}.", new.vpc);
        return Err(Refusal::new("InvalidVPCNetworkStateFault", message));
    }
    if new.name != old.name {
        return Err(combination("The local cloud has one VPC for each instance."));
    }
    Ok(new.name)
}

fn renamed(world: &mut World, caller: &Caller, instance: &Instance, input: &Value) -> Result<String, Refusal> {
    let new = validate::identifier(required(input, "NewDBInstanceIdentifier")?, "NewDBInstanceIdentifier", 63)?;
    let instances = &world.region(caller).rds.instances;
    let taken = |other: &Instance| {
        other.id == new || other.pending.get("DBInstanceIdentifier").and_then(Value::as_str) == Some(new.as_str())
    };
    match instances.values().any(|other| other.resource_id != instance.resource_id && taken(other)) {
        true => Err(Refusal::new("DBInstanceAlreadyExists", "DB instance already exists")),
        false => Ok(new),
    }
}

/// Size, type and speed as they would be; and the rest after an earlier change.
fn check_storage(world: &World, instance: &Instance, wanted: &[(&'static str, Value)]) -> Result<(), Refusal> {
    if !wanted.iter().any(|(member, _)| is_storage(member)) {
        return Ok(());
    }
    let rests = |at: jiff::Timestamp| world.now().duration_since(at).as_secs() < schedule::STORAGE_RESTS;
    if instance.storage_changed_at.is_some_and(rests) {
        let message = "You can't currently modify the storage of this DB instance because the previous storage change is being optimized.";
        return Err(combination(message));
    }
    let mut after = instance.settings.clone();
    let others = instance.pending.iter().map(|(member, value)| (member.as_str(), value));
    for (member, value) in others.chain(wanted.iter().map(|(member, value)| (*member, value))) {
        after.set(member, value);
    }
    validate::storage(&instance.engine, &after.storage_type, after.storage, after.iops, after.throughput)
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

/// Plans when the pending values come into force, and the states until then.
fn plan(instance: &mut Instance, now: jiff::Timestamp, immediately: bool, status: Option<&str>) {
    let mut due: BTreeSet<String> = instance.pending.keys().cloned().collect();
    let mut later: Vec<String> = Vec::new();
    if !immediately {
        let soon = |member: &String| SOON.contains(&member.as_str());
        later = due.iter().filter(|member| !soon(member)).cloned().collect();
        due.retain(soon);
    }
    instance.schedule.retain(|planned| !matches!(planned.step, Step::Apply(_)));
    let status = word(&due).or(status.map(str::to_owned));
    if let Some(status) = status {
        let takes = seconds(&due);
        instance.schedule.retain(|planned| !matches!(planned.step, Step::Status(_) | Step::Available));
        instance.plan_in(now, schedule::BEFORE_CHANGE, Step::Status(status));
        let end = schedule::BEFORE_CHANGE + takes;
        let due: Vec<String> = due.into_iter().collect();
        let grows = due.iter().any(|member| is_storage(member));
        instance.plan_in(now, end, Step::Apply(due));
        if grows {
            instance.plan_in(now, end, Step::Status("storage-optimization".to_owned()));
            instance.plan_in(now, end + schedule::OPTIMIZE, Step::Available);
        } else {
            instance.plan_in(now, end, Step::Available);
        }
    }
    if !later.is_empty() {
        let at = window::next_maintenance(&instance.settings.maintenance_window, now);
        let end = at + jiff::SignedDuration::from_secs(schedule::UPGRADE);
        instance.plan(at, Step::Status("modifying".to_owned()));
        instance.plan(end, Step::Apply(later));
        instance.plan(end, Step::Available);
    }
}

/// The status while these values are brought into force.
fn word(due: &BTreeSet<String>) -> Option<String> {
    let has = |member: &str| due.contains(member);
    let word = match due.len() {
        0 => return None,
        1 if has("MasterUserPassword") => "resetting-master-credentials",
        1 if has("DBInstanceIdentifier") => "renaming",
        1 if has("IAMDatabaseAuthenticationEnabled") => "configuring-iam-database-auth",
        _ if has("EngineVersion") => "upgrading",
        _ => "modifying",
    };
    Some(word.to_owned())
}

fn seconds(due: &BTreeSet<String>) -> i64 {
    let has = |member: &str| due.contains(member);
    match due.len() {
        0 => schedule::CONFIGURE,
        1 if has("MasterUserPassword") => schedule::PASSWORD,
        _ if has("EngineVersion") => schedule::UPGRADE,
        _ if has("MultiAZ") => schedule::CHANGE + schedule::SECOND_ZONE,
        _ => schedule::CHANGE,
    }
}
