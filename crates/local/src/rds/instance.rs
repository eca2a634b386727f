//! A database instance.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::network::Interface;
use super::schedule::Due;
use super::settings::Settings;
use super::{Rds, arn, tags};
use crate::world::Caller;

/// One instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Instance {
    pub id: String,
    /// `db-…`: it stays when the identifier changes.
    pub resource_id: String,
    pub status: String,
    pub engine: String,
    pub database: Option<String>,
    pub user: String,
    /// Never answered.
    pub master_password: String,
    pub created_at: Timestamp,
    pub settings: Settings,
    /// Settings to come, by their name in `PendingModifiedValues`.
    pub pending: BTreeMap<String, Value>,
    pub zone: String,
    /// Of a second instance, with several zones.
    pub second_zone: Option<String>,
    pub interface: Interface,
    /// The ARN of the key of encrypted storage.
    pub key: Option<String>,
    /// What its parameters wait for: `in-sync`, `applying`, `pending-reboot`.
    pub parameters: String,
    /// Security groups that are being attached.
    pub joining: BTreeSet<String>,
    /// Whether it has been reachable.
    pub has_endpoint: bool,
    pub storage_changed_at: Option<Timestamp>,
    pub schedule: Vec<Due>,
}

impl Instance {
    pub(super) fn is(&self, statuses: &[&str]) -> bool {
        statuses.contains(&self.status.as_str())
    }

    pub(super) fn uses_parameter_group(&self, name: &str) -> bool {
        let pending = self.pending.get("DBParameterGroupName").and_then(Value::as_str);
        self.settings.parameter_group == name || pending == Some(name)
    }

    pub(super) fn view(&self, caller: &Caller, rds: &Rds) -> Value {
        let mut shown = self.identity(caller, rds);
        for part in [self.placement(caller, rds), self.upkeep(), self.watching(caller)] {
            shown.extend(part);
        }
        Value::Object(shown.into_iter().filter(|(_, value)| !value.is_null()).collect())
    }

    fn identity(&self, caller: &Caller, rds: &Rds) -> Map<String, Value> {
        let settings = &self.settings;
        members(json!({
            "DBInstanceIdentifier": self.id,
            "DbiResourceId": self.resource_id,
            "DBInstanceArn": arn(caller, "db", &self.id),
            "DBInstanceClass": settings.class,
            "Engine": self.engine,
            "EngineVersion": settings.version,
            "EngineLifecycleSupport": "open-source-rds-extended-support",
            "LicenseModel": settings.license,
            "DBInstanceStatus": self.status,
            "InstanceCreateTime": self.has_endpoint.then(|| self.created_at.to_string()),
            "MasterUsername": self.user,
            "DBName": self.database,
            "AllocatedStorage": settings.storage,
            "MaxAllocatedStorage": settings.max_storage,
            "StorageType": settings.storage_type,
            "Iops": settings.iops,
            "StorageThroughput": settings.throughput.unwrap_or_default(),
            "StorageEncrypted": self.key.is_some(),
            "KmsKeyId": self.key,
            "PendingModifiedValues": self.shown_pending(),
            "TagList": tags::listed(rds.tags.get(&arn(caller, "db", &self.id))),
        }))
    }

    fn placement(&self, caller: &Caller, rds: &Rds) -> Map<String, Value> {
        let settings = &self.settings;
        let endpoint =
            json!({ "Address": self.address(caller), "Port": settings.port, "HostedZoneId": zone_of(caller) });
        let groups = settings.security_groups.iter().map(|id| {
            let status = if self.joining.contains(id) { "adding" } else { "active" };
            json!({ "VpcSecurityGroupId": id, "Status": status })
        });
        members(json!({
            "Endpoint": self.has_endpoint.then_some(endpoint),
            "DbInstancePort": 0,
            "AvailabilityZone": self.has_endpoint.then_some(&self.zone),
            "SecondaryAvailabilityZone": self.second_zone,
            "MultiAZ": settings.multi_az,
            "PubliclyAccessible": settings.public,
            "NetworkType": settings.network_type,
            "DBSecurityGroups": [],
            "VpcSecurityGroups": groups.collect::<Vec<_>>(),
            "DBSubnetGroup": rds.subnet_groups.get(&settings.subnet_group).map(|group| group.view(caller)),
            "DBParameterGroups": [{
                "DBParameterGroupName": settings.parameter_group,
                "ParameterApplyStatus": self.parameters,
            }],
            "OptionGroupMemberships": [{ "OptionGroupName": self.option_group(), "Status": "in-sync" }],
            "ReadReplicaDBInstanceIdentifiers": [],
        }))
    }

    fn upkeep(&self) -> Map<String, Value> {
        let settings = &self.settings;
        members(json!({
            "BackupRetentionPeriod": settings.backup_retention,
            "PreferredBackupWindow": settings.backup_window,
            "PreferredMaintenanceWindow": settings.maintenance_window,
            "AutoMinorVersionUpgrade": settings.minor_upgrades,
            "CopyTagsToSnapshot": settings.copies_tags,
            "DeletionProtection": settings.protected,
            "CACertificateIdentifier": settings.certificate,
            "BackupTarget": "region",
            "DedicatedLogVolume": false,
            "CustomerOwnedIpEnabled": false,
            "ActivityStreamStatus": "stopped",
            "IsStorageConfigUpgradeAvailable": false,
        }))
    }

    fn watching(&self, caller: &Caller) -> Map<String, Value> {
        let settings = &self.settings;
        let exports = Some(&settings.log_exports).filter(|exports| !exports.is_empty());
        let stream = format!(
            "arn:{}:logs:{}:{}:log-group:RDSOSMetrics:log-stream:{}",
            caller.partition, caller.region, caller.account, self.resource_id
        );
        members(json!({
            "MonitoringInterval": settings.monitoring_interval,
            "MonitoringRoleArn": settings.monitoring_role,
            "EnhancedMonitoringResourceArn": (settings.monitoring_interval > 0).then_some(stream),
            "PerformanceInsightsEnabled": settings.insights,
            "PerformanceInsightsRetentionPeriod": settings.insights.then_some(settings.insights_retention.unwrap_or(7)),
            "EnabledCloudwatchLogsExports": exports,
            "IAMDatabaseAuthenticationEnabled": settings.iam_authentication,
            "DatabaseInsightsMode": "standard",
            "AssociatedRoles": [],
            "DomainMemberships": [],
        }))
    }

    /// The password stands there as stars; which parameter group an upgrade brings is not shown.
    fn shown_pending(&self) -> Value {
        let shown = self.pending.iter().filter(|(member, _)| member.as_str() != "DBParameterGroupName");
        let hidden =
            |member: &str, value: &Value| if member == "MasterUserPassword" { "****".into() } else { value.clone() };
        Value::Object(shown.map(|(member, value)| (member.clone(), hidden(member, value))).collect())
    }

    pub(super) fn option_group(&self) -> String {
        let major = self.settings.version.rsplit_once('.').map_or("", |(major, _)| major);
        format!("default:{}-{}", self.engine, major.replace('.', "-"))
    }

    /// The name that clients connect to: its middle is the same for all instances of an account in a region.
    fn address(&self, caller: &Caller) -> String {
        let digest = Sha256::digest(format!("{}:{}", caller.account, caller.region));
        let middle: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        let suffix = if caller.partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" };
        format!("{}.c{}.{}.rds.{suffix}", self.id, &middle[..11], caller.region)
    }
}

/// The hosted zone of RDS's names.
fn zone_of(caller: &Caller) -> String {
    const KNOWN: &[(&str, &str)] = &[
        ("eu-central-1", "Z1RLNUO7B9Q6NB"),
        ("eu-west-1", "Z29XKXDKYMONMX"),
        ("us-east-1", "Z2R2ITUGPM61AM"),
        ("us-east-2", "Z2XHWR1WZ565X2"),
        ("us-west-2", "Z1PVIF0B656C1W"),
    ];
    let known = KNOWN.iter().find(|(region, _)| *region == caller.region).map(|(_, zone)| (*zone).to_owned());
    known.unwrap_or_else(|| {
        let digest = Sha256::digest(&caller.region);
        format!("Z{}", digest.iter().take(6).map(|byte| format!("{byte:02X}")).collect::<String>())
    })
}

fn members(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
