//! Creating an instance.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::engines::Version;
use super::given::{flag, required, text, texts, whole};
use super::instance::Instance;
use super::network::{self, Interface};
use super::refusals::{combination, invalid};
use super::schedule::{self, Step};
use super::settings::Settings;
use super::subnet_groups::SubnetGroup;
use super::{arn, classes, engines, instances, parameter_groups, subnet_groups, tags, validate, window};
use crate::iam;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// Instances per account and region.
const QUOTA: usize = 40;
const BACKUP_WINDOW: &str = "07:10-07:40";
const MAINTENANCE_WINDOW: &str = "wed:04:20-wed:04:50";
const CERTIFICATE: &str = "rds-ca-rsa2048-g1";

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let id = validate::identifier(required(input, "DBInstanceIdentifier")?, "DBInstanceIdentifier", 63)?;
    let engine = required(input, "Engine")?;
    let version = engines::resolve(engine, text(input, "EngineVersion"))?;
    validate::plain(world, caller, input, version.major)?;
    let tags = tags::given(input)?;
    free(world, caller, &id)?;
    let (user, password) = credentials(input, engine)?;
    text(input, "DBName").map_or(Ok(()), |name| validate::database(name, engine))?;
    let group = subnet_groups::chosen(world, caller, text(input, "DBSubnetGroupName"))?;
    let settings = settings(world, caller, input, version, &group)?;
    let (zone, second_zone, subnet) = zones(input, &group)?;
    let created_at = world.now();
    let interface =
        Interface { id: format!("eni-0{}", world.hex(16)), subnet, security_groups: Vec::new(), created_at };
    let mut instance = Instance {
        id: id.clone(),
        resource_id: format!("db-{}", world.hex(26).to_uppercase()),
        status: "creating".to_owned(),
        engine: engine.to_owned(),
        database: text(input, "DBName").map(str::to_owned),
        user,
        master_password: password,
        created_at,
        settings,
        pending: BTreeMap::new(),
        zone,
        second_zone,
        interface,
        key: key(world, caller, input)?,
        parameters: "in-sync".to_owned(),
        joining: BTreeSet::new(),
        has_endpoint: false,
        storage_changed_at: None,
        schedule: Vec::new(),
    };
    begin(&mut instance);
    iam::ensure_service_linked_role(world, caller, "rds.amazonaws.com");
    let rds = &mut world.region(caller).rds;
    rds.tags.insert(arn(caller, "db", &id), tags);
    rds.instances.insert(id.clone(), instance);
    Ok(json!({ "DBInstance": instances::shown(world, caller, &id) }))
}

/// Whether the name is free and one more may be made.
fn free(world: &mut World, caller: &Caller, id: &str) -> Result<(), Refusal> {
    let instances = &world.region(caller).rds.instances;
    if instances.contains_key(id) {
        return Err(Refusal::new("DBInstanceAlreadyExists", "DB instance already exists"));
    }
    match instances.len() < QUOTA {
        true => Ok(()),
        false => Err(Refusal::new("InstanceQuotaExceeded", format!("DB Instance quota exceeded: {QUOTA}"))),
    }
}

fn credentials(input: &Value, engine: &str) -> Result<(String, String), Refusal> {
    let user = text(input, "MasterUsername")
        .ok_or_else(|| invalid("The parameter MasterUsername must be provided and must not be blank."))?;
    let password = text(input, "MasterUserPassword")
        .ok_or_else(|| invalid("The parameter MasterUserPassword must be provided and must not be blank."))?;
    validate::user(user, engine)?;
    Ok((user.to_owned(), password.to_owned()))
}

fn settings(
    world: &mut World,
    caller: &Caller,
    input: &Value,
    version: Version,
    group: &SubnetGroup,
) -> Result<Settings, Refusal> {
    let engine = version.major.engine;
    let owned = |member: &str, default: &str| text(input, member).unwrap_or(default).to_owned();
    let provisioned = input["Iops"].is_i64();
    let storage_type = owned("StorageType", if provisioned { "io1" } else { "gp3" });
    let storage = whole(input, "AllocatedStorage")
        .ok_or_else(|| invalid("The parameter AllocatedStorage must be provided and must not be blank."))?;
    let (iops, throughput) = (whole(input, "Iops"), whole(input, "StorageThroughput"));
    validate::storage(engine, &storage_type, storage, iops, throughput)?;
    let (backup_window, maintenance_window) = window::checked(
        text(input, "PreferredBackupWindow").unwrap_or(BACKUP_WINDOW),
        text(input, "PreferredMaintenanceWindow").unwrap_or(MAINTENANCE_WINDOW),
    )?;
    let general = storage_type == "gp3";
    let mut log_exports = texts(input, "EnableCloudwatchLogsExports").unwrap_or_default();
    log_exports.sort();
    Ok(Settings {
        class: required(input, "DBInstanceClass")?.to_owned(),
        storage,
        max_storage: growth(input, storage)?,
        iops: iops.or(general.then_some(3000)),
        throughput: throughput.or(general.then_some(125)),
        storage_type,
        multi_az: flag(input, "MultiAZ").unwrap_or(false),
        version: version.text(),
        port: whole(input, "Port").unwrap_or(if engine == "mysql" { 3306 } else { 5432 }),
        backup_retention: whole(input, "BackupRetentionPeriod").unwrap_or(1),
        backup_window,
        maintenance_window,
        minor_upgrades: flag(input, "AutoMinorVersionUpgrade").unwrap_or(true),
        copies_tags: flag(input, "CopyTagsToSnapshot").unwrap_or(false),
        protected: flag(input, "DeletionProtection").unwrap_or(false),
        iam_authentication: flag(input, "EnableIAMDatabaseAuthentication").unwrap_or(false),
        // The default VPC has a way to the internet, and so the default is yes there.
        public: flag(input, "PubliclyAccessible").unwrap_or(text(input, "DBSubnetGroupName").is_none()),
        monitoring_interval: whole(input, "MonitoringInterval").unwrap_or(0),
        monitoring_role: text(input, "MonitoringRoleArn").map(str::to_owned),
        insights: flag(input, "EnablePerformanceInsights").unwrap_or(false),
        insights_retention: whole(input, "PerformanceInsightsRetentionPeriod"),
        log_exports,
        certificate: owned("CACertificateIdentifier", CERTIFICATE),
        parameter_group: parameter_groups::chosen(
            world,
            caller,
            text(input, "DBParameterGroupName"),
            version.major.family,
        )?,
        security_groups: network::security_groups(world, caller, &group.vpc, texts(input, "VpcSecurityGroupIds"))?,
        subnet_group: group.name.clone(),
        license: owned("LicenseModel", classes::license(engine)),
        network_type: owned("NetworkType", "IPV4"),
    })
}

fn growth(input: &Value, storage: i64) -> Result<Option<i64>, Refusal> {
    match whole(input, "MaxAllocatedStorage") {
        Some(end) if end < storage => {
            let message = "Invalid max storage size for engine: the maximum storage threshold must be greater than the allocated storage.";
            Err(combination(message))
        }
        end => Ok(end.filter(|end| *end > storage)),
    }
}

/// The zone, the second zone with several, and the subnet that the interface stands in.
fn zones(input: &Value, group: &SubnetGroup) -> Result<(String, Option<String>, String), Refusal> {
    let wanted = text(input, "AvailabilityZone");
    let several = flag(input, "MultiAZ") == Some(true);
    if several && wanted.is_some() {
        return Err(combination("Requesting a specific availability zone is not valid for Multi-AZ instances."));
    }
    let found = group.subnets.iter().find(|(_, zone)| wanted.is_none_or(|wanted| wanted == zone.as_str()));
    let (subnet, zone) = found.ok_or_else(|| {
        let message = format!("The DB subnet group {} has no subnet in {}", group.name, wanted.unwrap_or_default());
        Refusal::new("InvalidVPCNetworkStateFault", message)
    })?;
    let second = group.subnets.values().find(|other| *other != zone).filter(|_| several).cloned();
    Ok((zone.clone(), second, subnet.clone()))
}

/// The key of the storage; without one named the account's own for RDS, made on first use.
fn key(world: &mut World, caller: &Caller, input: &Value) -> Result<Option<String>, Refusal> {
    let named = text(input, "KmsKeyId");
    if flag(input, "StorageEncrypted") != Some(true) {
        return match named {
            Some(_) => Err(combination("A KMS key can be specified for encrypted storage only.")),
            None => Ok(None),
        };
    }
    if let Some(arn) = named.filter(|named| named.starts_with("arn:")) {
        return Ok(Some(arn.to_owned()));
    }
    let own = world.region(caller).rds.own_key.clone();
    let own = if own.is_empty() { world.uuid() } else { own };
    let id = named.unwrap_or(&own).to_owned();
    world.region(caller).rds.own_key = own;
    Ok(Some(format!("arn:{}:kms:{}:{}:key/{id}", caller.partition, caller.region, caller.account)))
}

/// It is made, backed up for the first time where backups are kept, and then there.
fn begin(instance: &mut Instance) {
    let at = |seconds: i64| instance.created_at + jiff::SignedDuration::from_secs(seconds);
    let twice = if instance.settings.multi_az { schedule::SECOND_ZONE } else { 0 };
    let (up, backed_up) = (at(schedule::CREATE + twice), at(schedule::CREATE + schedule::BACKUP + twice));
    instance.plan(up, Step::Endpoint);
    if instance.settings.backup_retention > 0 {
        instance.plan(up, Step::Status("backing-up".to_owned()));
        instance.plan(backed_up, Step::Available);
    } else {
        instance.plan(up, Step::Available);
    }
}
