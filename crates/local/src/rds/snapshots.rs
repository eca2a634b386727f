//! Snapshots made by hand and on deletion.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::given::{required, text};
use super::instance::Instance;
use super::page::{page, passes};
use super::refusals::{no_snapshot, snapshot_exists, state};
use super::{Rds, arn, classes, instances, schedule, tags, validate};
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// Snapshots made by hand, per account and region.
const QUOTA: usize = 100;

/// The data of an instance at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    pub id: String,
    pub status: String,
    pub made_at: Timestamp,
    pub ready_at: Timestamp,
    /// What it was made of, as it was then.
    pub instance: String,
    pub resource_id: String,
    pub instance_created_at: Timestamp,
    pub engine: String,
    pub version: String,
    pub storage: i64,
    pub storage_type: String,
    pub port: i64,
    pub zone: String,
    pub vpc: String,
    pub user: String,
    pub option_group: String,
    pub key: Option<String>,
    pub iam_authentication: bool,
}

/// The identifier of a new snapshot, in lower case, when it is free.
pub(super) fn free(rds: &Rds, given: &str, member: &str) -> Result<String, Refusal> {
    let id = validate::identifier(given, member, 255)?;
    if rds.snapshots.contains_key(&id) {
        return Err(snapshot_exists(&id));
    }
    match rds.snapshots.len() < QUOTA {
        true => Ok(id),
        false => {
            Err(Refusal::new("SnapshotQuotaExceeded", format!("You have reached the quota of {QUOTA} snapshots.")))
        }
    }
}

/// Makes a snapshot; it is ready after a while.
pub(super) fn take(world: &mut World, caller: &Caller, id: &str, of: &Instance) {
    let made_at = world.now();
    let rds = &mut world.region(caller).rds;
    let vpc = rds.subnet_groups.get(&of.settings.subnet_group).map(|group| group.vpc.clone());
    let made = Snapshot {
        id: id.to_owned(),
        status: "creating".to_owned(),
        made_at,
        ready_at: made_at + SignedDuration::from_secs(schedule::SNAPSHOT),
        instance: of.id.clone(),
        resource_id: of.resource_id.clone(),
        instance_created_at: of.created_at,
        engine: of.engine.clone(),
        version: of.settings.version.clone(),
        storage: of.settings.storage,
        storage_type: of.settings.storage_type.clone(),
        port: of.settings.port,
        zone: of.zone.clone(),
        vpc: vpc.unwrap_or_default(),
        user: of.user.clone(),
        option_group: of.option_group(),
        key: of.key.clone(),
        iam_authentication: of.settings.iam_authentication,
    };
    if of.settings.copies_tags {
        let copied = rds.tags.get(&arn(caller, "db", &of.id)).cloned().unwrap_or_default();
        rds.tags.insert(arn(caller, "snapshot", id), copied);
    }
    rds.snapshots.insert(id.to_owned(), made);
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let given = tags::given(input)?;
    let instance = instances::named(world, caller, input)?.clone();
    let rds = &mut world.region(caller).rds;
    let id = free(rds, required(input, "DBSnapshotIdentifier")?, "DBSnapshotIdentifier")?;
    if !instance.is(&["available", "storage-optimization"]) {
        let message = format!(
            "Cannot create a snapshot because the database instance {} is not currently in the available state.",
            instance.id
        );
        return Err(state(message));
    }
    rds.tags.insert(arn(caller, "snapshot", &id), given);
    take(world, caller, &id, &instance);
    let now = world.now();
    if let Some(instance) = world.region(caller).rds.instances.get_mut(&instance.id) {
        instance.status = "backing-up".to_owned();
        instance.plan_in(now, schedule::BACKUP, schedule::Step::Available);
    }
    Ok(json!({ "DBSnapshot": shown(world, caller, &id) }))
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let rds = &world.region(caller).rds;
    let asked = text(input, "DBSnapshotIdentifier").map(str::to_lowercase);
    let of = text(input, "DBInstanceIdentifier").map(str::to_lowercase);
    let kind = text(input, "SnapshotType");
    let fits = |snapshot: &&Snapshot| {
        asked.as_ref().is_none_or(|id| *id == snapshot.id)
            && of.as_ref().is_none_or(|id| *id == snapshot.instance)
            && text(input, "DbiResourceId").is_none_or(|id| id == snapshot.resource_id)
            && kind.is_none_or(|kind| kind == "manual")
    };
    let mut found = Vec::new();
    for snapshot in rds.snapshots.values().filter(fits) {
        if passes(input, |filter| values(snapshot, filter))? {
            found.push((snapshot.id.clone(), snapshot.view(caller, rds)));
        }
    }
    match asked {
        Some(id) if found.is_empty() => Err(no_snapshot(&id)),
        _ => page(input, "DBSnapshots", found),
    }
}

fn values(snapshot: &Snapshot, filter: &str) -> Option<Vec<String>> {
    let value = match filter {
        "db-instance-id" => &snapshot.instance,
        "db-snapshot-id" => &snapshot.id,
        "dbi-resource-id" => &snapshot.resource_id,
        "engine" => &snapshot.engine,
        "snapshot-type" => return Some(vec!["manual".to_owned()]),
        _ => return None,
    };
    Some(vec![value.clone()])
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let id = required(input, "DBSnapshotIdentifier")?.to_lowercase();
    let mut shown = shown(world, caller, &id);
    let rds = &mut world.region(caller).rds;
    let snapshot = rds.snapshots.get(&id).ok_or_else(|| no_snapshot(&id))?;
    if snapshot.status != "available" {
        let message = format!("Cannot delete the snapshot because it is not currently in the available state: {id}");
        return Err(Refusal::new("InvalidDBSnapshotState", message));
    }
    rds.snapshots.remove(&id);
    rds.tags.remove(&arn(caller, "snapshot", &id));
    shown["Status"] = "deleted".into();
    Ok(json!({ "DBSnapshot": shown }))
}

fn shown(world: &mut World, caller: &Caller, id: &str) -> Value {
    let rds = &world.region(caller).rds;
    rds.snapshots.get(id).map_or(Value::Null, |snapshot| snapshot.view(caller, rds))
}

impl Snapshot {
    fn view(&self, caller: &Caller, rds: &Rds) -> Value {
        let ready = self.status == "available";
        json!({
            "DBSnapshotIdentifier": self.id,
            "DBSnapshotArn": arn(caller, "snapshot", &self.id),
            "DBInstanceIdentifier": self.instance,
            "DbiResourceId": self.resource_id,
            "SnapshotCreateTime": ready.then(|| self.made_at.to_string()),
            "OriginalSnapshotCreateTime": ready.then(|| self.made_at.to_string()),
            "InstanceCreateTime": self.instance_created_at.to_string(),
            "Engine": self.engine,
            "EngineVersion": self.version,
            "LicenseModel": classes::license(&self.engine),
            "AllocatedStorage": self.storage,
            "StorageType": self.storage_type,
            "Status": self.status,
            "PercentProgress": if ready { 100 } else { 0 },
            "Port": self.port,
            "AvailabilityZone": self.zone,
            "VpcId": self.vpc,
            "MasterUsername": self.user,
            "SnapshotType": "manual",
            "SnapshotTarget": "region",
            "OptionGroupName": self.option_group,
            "Encrypted": self.key.is_some(),
            "KmsKeyId": self.key,
            "IAMDatabaseAuthenticationEnabled": self.iam_authentication,
            "DedicatedLogVolume": false,
            "TagList": tags::listed(rds.tags.get(&arn(caller, "snapshot", &self.id))),
        })
    }
}

/// Nothing can be saved of an instance that is not made yet.
pub(super) fn refuse_unready(instance: &Instance) -> Result<(), Refusal> {
    if instance.status != "creating" {
        return Ok(());
    }
    Err(state(format!(
        "Cannot create a snapshot because the database instance {} is not currently in the available state.",
        instance.id
    )))
}
