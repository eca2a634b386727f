//! `rds_instance` (`aws-behaviour.md` 7.1).

mod check;
mod read;
mod schema;
mod update;

use std::collections::BTreeMap;

use aws_sdk_rds::types::DbInstance;
use model::{Live, Schema, Value};
use provider::{
    Blocker, Call, Failure, FailureKind, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want,
    retry::RetryPhase,
};
use serde::Deserialize;

pub use schema::SCHEMA;

use super::common::{again, found, reads, sdk_tags};
use crate::{
    calls::{made_by, upsert},
    client::{Attempts, Client},
    failure::failure,
};
use update::{IMMEDIATELY, Update, identifier};

const GONE: &[&str] = &["DBInstanceNotFound", "DBInstanceNotFoundFault"];

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    db_instance_identifier: Option<String>,
    db_instance_class: Option<String>,
    engine: String,
    engine_version: Option<String>,
    allow_major_version_upgrade: Option<bool>,
    allocated_storage: Option<i32>,
    max_allocated_storage: Option<i32>,
    storage_type: Option<String>,
    iops: Option<i32>,
    storage_throughput: Option<i32>,
    storage_encrypted: Option<bool>,
    kms_key_id: Option<String>,
    db_name: Option<String>,
    master_username: String,
    master_user_password: String,
    port: Option<i32>,
    db_subnet_group_name: Option<String>,
    vpc_security_group_ids: Option<Vec<String>>,
    publicly_accessible: Option<bool>,
    availability_zone: Option<String>,
    multi_az: Option<bool>,
    db_parameter_group_name: Option<String>,
    ca_certificate_identifier: Option<String>,
    backup_retention_period: Option<i32>,
    preferred_backup_window: Option<String>,
    preferred_maintenance_window: Option<String>,
    auto_minor_version_upgrade: Option<bool>,
    copy_tags_to_snapshot: Option<bool>,
    enable_iam_database_authentication: Option<bool>,
    enable_cloudwatch_logs_exports: Option<Vec<String>>,
    enable_performance_insights: Option<bool>,
    performance_insights_retention_period: Option<i32>,
    monitoring_interval: Option<i32>,
    monitoring_role_arn: Option<String>,
    deletion_protection: Option<bool>,
    apply_immediately: Option<bool>,
}

/// The verbs of `rds_instance`.
pub struct RdsInstance;

const fn retry(
    code: &'static str,
    fragment: &'static str,
    phases: &'static [RetryPhase],
    window: u64,
    waiting_for: &'static str,
) -> Retry {
    Retry { code, fragment, phases, window, fresh_only: false, waiting_for }
}

const MADE: &[RetryPhase] = &[RetryPhase::Create];
const CHANGED: &[RetryPhase] = &[RetryPhase::Update];
const SENT: &[RetryPhase] = &[RetryPhase::Create, RetryPhase::Update];
const LATER: &[RetryPhase] = &[RetryPhase::Update, RetryPhase::Delete];
/// What a refusal in a state that passes is waited for.
const AVAILABLE: &str = "the database to be available";

impl Resource for RdsInstance {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("rds:CreateDBInstance", RetryClass::NaturalName);
    const DELETE: &'static str = "rds:DeleteDBInstance";
    const RETRIES: &'static [Retry] = &[
        retry("InvalidParameterValue", "invalid or does not include the required permissions", SENT, 300, "IAM"),
        retry("InvalidParameterValue", "enhanced_monitoring", SENT, 120, "IAM"),
        retry("ValidationError", "couldn't fetch the role from instance profile", MADE, 120, "IAM"),
        retry("InvalidDBInstanceState", "your request later", CHANGED, 5400, AVAILABLE),
        retry("InvalidDBInstanceState", "not in available state", LATER, 5400, AVAILABLE),
        retry("InvalidDBInstanceState", "not currently in the available state", LATER, 5400, AVAILABLE),
        retry(
            "InvalidParameterCombination",
            "previous storage change is being optimized",
            CHANGED,
            5400,
            "RDS to optimise the storage",
        ),
    ];
    /// A change shows itself after some seconds, up to a minute.
    const CONSISTENCY_WINDOW: u64 = 60;

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let wanted = &want.arguments;
        let create = client.rds(&place.region, Attempts::Once).create_db_instance();
        let create = create
            .set_db_instance_identifier(wanted.db_instance_identifier.clone())
            .set_db_instance_class(wanted.db_instance_class.clone())
            .engine(&wanted.engine)
            .set_engine_version(wanted.engine_version.clone())
            .set_allocated_storage(wanted.allocated_storage)
            .set_max_allocated_storage(wanted.max_allocated_storage)
            .set_storage_type(wanted.storage_type.clone())
            .set_iops(wanted.iops)
            .set_storage_throughput(wanted.storage_throughput)
            .set_storage_encrypted(wanted.storage_encrypted)
            .set_kms_key_id(wanted.kms_key_id.clone())
            .set_db_name(wanted.db_name.clone())
            .master_username(&wanted.master_username)
            .master_user_password(&wanted.master_user_password)
            .set_port(wanted.port)
            .set_db_subnet_group_name(wanted.db_subnet_group_name.clone())
            .set_vpc_security_group_ids(wanted.vpc_security_group_ids.clone())
            .set_publicly_accessible(wanted.publicly_accessible)
            .set_availability_zone(wanted.availability_zone.clone())
            .set_multi_az(wanted.multi_az)
            .set_db_parameter_group_name(wanted.db_parameter_group_name.clone())
            .set_ca_certificate_identifier(wanted.ca_certificate_identifier.clone())
            .set_backup_retention_period(wanted.backup_retention_period)
            .set_preferred_backup_window(wanted.preferred_backup_window.clone())
            .set_preferred_maintenance_window(wanted.preferred_maintenance_window.clone())
            .set_auto_minor_version_upgrade(wanted.auto_minor_version_upgrade)
            .set_copy_tags_to_snapshot(wanted.copy_tags_to_snapshot)
            .set_enable_iam_database_authentication(wanted.enable_iam_database_authentication)
            .set_enable_cloudwatch_logs_exports(wanted.enable_cloudwatch_logs_exports.clone())
            .set_enable_performance_insights(wanted.enable_performance_insights)
            .set_performance_insights_retention_period(wanted.performance_insights_retention_period)
            .set_monitoring_interval(wanted.monitoring_interval)
            .set_monitoring_role_arn(wanted.monitoring_role_arn.clone())
            .set_deletion_protection(wanted.deletion_protection)
            .set_tags(Some(sdk_tags(&want.tags)));
        let answer = create.send().await.map_err(|error| failure(Self::CREATE.0, error))?;
        let made = answer.db_instance.and_then(|made| made.dbi_resource_id.or(made.db_instance_identifier));
        made.map(Sent::id).ok_or_else(|| Failure::new(FailureKind::Bug, Self::CREATE.0, "the answer holds no id"))
    }

    fn next<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        Update { client, place, want, live }.next()
    }

    async fn settle(
        client: &Client,
        place: &Place,
        id: &str,
        operation: Option<&str>,
        goal: Goal,
    ) -> Result<Settled, Failure> {
        let instance = read::one(client, place, id).await?;
        Ok(match (goal, instance) {
            (Goal::Gone, None) => Settled::Ready,
            (Goal::Gone, Some(instance)) => again(15, instance.db_instance_status().unwrap_or("deleting")),
            (Goal::Present, None) => again(5, "not visible yet"),
            (Goal::Present, Some(instance)) => judged(&instance, operation),
        })
    }

    async fn read(client: &Client, place: &Place, ids: &[String]) -> Result<Vec<Option<Live>>, Failure> {
        let found = read::describe(client, place, ids).await?;
        Ok(found.into_iter().map(|one| one.as_ref().map(read::live)).collect())
    }

    async fn delete(
        client: &Client,
        place: &Place,
        id: &str,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<Sent, Failure> {
        let Some(instance) = read::one(client, place, id).await? else { return Ok(Sent::id(id)) };
        let delete = reads(client, place).delete_db_instance();
        let delete = delete
            .set_db_instance_identifier(instance.db_instance_identifier)
            .skip_final_snapshot(skips(arguments))
            .set_final_db_snapshot_identifier(snapshot(arguments).map(str::to_owned))
            .set_delete_automated_backups(arguments.get("delete_automated_backups").and_then(as_flag));
        match found(Self::DELETE, GONE, delete.send()).await {
            Err(failure) if failure.message.to_lowercase().contains("already being deleted") => Ok(Sent::id(id)),
            answer => answer.map(|_| Sent::id(id)),
        }
    }

    /// Lifts the protection, where `--allow-unprotect` asked for it.
    fn dismantle<'a>(
        client: &'a Client,
        place: &'a Place,
        live: &'a Live,
        arguments: &'a BTreeMap<String, Value>,
    ) -> Option<Call<'a>> {
        let lifts = arguments.get("deletion_protection") == Some(&Value::Flag(false));
        let call = reads(client, place).modify_db_instance().db_instance_identifier(identifier(live));
        let call = call.deletion_protection(false);
        (lifts && is_protected(live))
            .then(|| upsert("rds:ModifyDBInstance", "switches deletion protection off", call.send()))
    }

    async fn blockers(
        client: &Client,
        place: &Place,
        live: &Live,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<Vec<Blocker>, Failure> {
        let protection = is_protected(live).then(|| Blocker {
            what: "deletion protection is on".to_owned(),
            toml: Some("deletion_protection = false".to_owned()),
            flag: Some("--allow-unprotect".to_owned()),
            ..Blocker::default()
        });
        let last = last_snapshot(client, place, live, arguments).await?;
        Ok(protection.into_iter().chain(last).collect())
    }

    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        let Some(name) = named(&intent.identity) else { return Ok(None) };
        let found = read::one(client, place, name).await?;
        Ok(made_by(found.as_ref().map(read::live), intent))
    }

    async fn namesake(
        client: &Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let Some(name) = named(identity) else { return Ok(None) };
        Ok(read::one(client, place, name).await?.map(|found| read::live(&found).id))
    }
}

fn named(identity: &BTreeMap<String, Value>) -> Option<&str> {
    identity.get("db_instance_identifier").and_then(Value::as_text)
}

fn as_flag(value: &Value) -> Option<bool> {
    match value {
        Value::Flag(flag) => Some(*flag),
        _ => None,
    }
}

fn is_protected(live: &Live) -> bool {
    live.attributes.get("deletion_protection") == Some(&Value::Flag(true))
}

fn skips(arguments: &BTreeMap<String, Value>) -> bool {
    arguments.get("skip_final_snapshot") == Some(&Value::Flag(true))
}

/// The last snapshot that is to be made; a flag that skips it wins.
fn snapshot(arguments: &BTreeMap<String, Value>) -> Option<&str> {
    let written = arguments.get("final_db_snapshot_identifier").and_then(Value::as_text);
    written.filter(|_| !skips(arguments))
}

/// What AWS wants to know of the last snapshot before it deletes.
async fn last_snapshot(
    client: &Client,
    place: &Place,
    live: &Live,
    arguments: &BTreeMap<String, Value>,
) -> Result<Option<Blocker>, Failure> {
    const NONE: &str = "no final snapshot is made";
    let skipped = |what: String| Blocker {
        what,
        toml: Some("skip_final_snapshot = true".to_owned()),
        flag: Some("--skip-final-snapshot".to_owned()),
        lost: Some(NONE.to_owned()),
        ..Blocker::default()
    };
    if skips(arguments) {
        return Ok(Some(Blocker { cleared: true, ..skipped(NONE.to_owned()) }));
    }
    let named = |name: String| Some(format!("final_db_snapshot_identifier = \"{name}\""));
    let Some(name) = snapshot(arguments) else {
        let also = named(format!("{}-final", identifier(live)));
        return Ok(Some(Blocker { also, ..skipped("no final snapshot is named".to_owned()) }));
    };
    let call = reads(client, place).describe_db_snapshots().db_snapshot_identifier(name).send();
    let gone = &["DBSnapshotNotFound", "DBSnapshotNotFoundFault"];
    let taken = found("rds:DescribeDBSnapshots", gone, call).await?;
    let taken = taken.is_some_and(|taken| !taken.db_snapshots().is_empty());
    let what = format!("a snapshot has the name of the final one, `{name}`, already");
    Ok(taken.then(|| Blocker { also: named(format!("{name}-2")), ..skipped(what) }))
}

/// One look at an instance that should be there.
fn judged(instance: &DbInstance, operation: Option<&str>) -> Settled {
    let status = instance.db_instance_status().unwrap_or_default();
    if read::has_failed(status) {
        let message = format!("the instance is {status}");
        let failure = Failure::new(FailureKind::Refused, "rds:DescribeDBInstances", message);
        // What was reachable once holds data and is never given up.
        let tainted = status == "failed" && instance.endpoint().is_none();
        return Settled::Failed { failure: Box::new(explained(failure, status)), tainted };
    }
    if !read::is_ready(status) {
        return again(if status == "creating" { 30 } else { 15 }, status);
    }
    match read::waits(instance, operation != Some(IMMEDIATELY)) {
        Some(what) => again(15, &format!("{status}, waiting for {what}")),
        None => Settled::Ready,
    }
}

fn explained(failure: Failure, status: &str) -> Failure {
    match status {
        "stopped" => failure.cause("somebody has stopped it: `aws rds start-db-instance` starts it again"),
        "incompatible-parameters" => failure
            .cause("a parameter does not go with this version or class: correct its parameter group and reboot it"),
        "incompatible-network" => failure.cause("its subnets have no free address, or a subnet or group has gone"),
        "insufficient-capacity" => {
            failure.cause("AWS has no such class left in these zones: take another class or other subnets")
        }
        _ => failure,
    }
}
