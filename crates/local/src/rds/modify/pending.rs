//! The values to come: what an instance may change to.

use serde_json::Value;

use super::super::catalogue::Major;
use super::super::given::{flag, required, text};
use super::super::instance::Instance;
use super::super::refusals::combination;
use super::super::schedule::{self, is_storage};
use super::super::{engines, subnet_groups, validate};
use crate::refusal::Refusal;
use crate::world::{Caller, World};

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

/// The values to come that differ from those in force; what is set back to these is pending no more.
pub(super) fn pending(
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
pub(super) fn differs(instance: &Instance, name: &str, value: &Value) -> bool {
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
