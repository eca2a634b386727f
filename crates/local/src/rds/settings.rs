//! What can be changed of an instance.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::given::texts;

/// The settings in force; those still to come are pending beside them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub class: String,
    /// GiB.
    pub storage: i64,
    /// The end of storage's own growth, GiB.
    pub max_storage: Option<i64>,
    pub storage_type: String,
    pub iops: Option<i64>,
    /// MiB/s.
    pub throughput: Option<i64>,
    pub multi_az: bool,
    pub version: String,
    pub port: i64,
    /// Days.
    pub backup_retention: i64,
    pub backup_window: String,
    pub maintenance_window: String,
    pub minor_upgrades: bool,
    pub copies_tags: bool,
    pub protected: bool,
    pub iam_authentication: bool,
    pub public: bool,
    /// Seconds; 0: none.
    pub monitoring_interval: i64,
    pub monitoring_role: Option<String>,
    pub insights: bool,
    /// Days.
    pub insights_retention: Option<i64>,
    pub log_exports: Vec<String>,
    pub certificate: String,
    pub parameter_group: String,
    pub security_groups: Vec<String>,
    pub subnet_group: String,
    pub license: String,
    pub network_type: String,
}

impl Settings {
    /// Sets one member by its name in `PendingModifiedValues` or in the request; other names are not settings.
    pub(super) fn set(&mut self, member: &str, value: &Value) {
        let text = || value.as_str().unwrap_or_default().to_owned();
        let whole = || value.as_i64().unwrap_or_default();
        let flag = || value.as_bool().unwrap_or_default();
        match member {
            "DBInstanceClass" => self.class = text(),
            "AllocatedStorage" => self.storage = whole(),
            // At or below what is there it switches the growth off.
            "MaxAllocatedStorage" => self.max_storage = Some(whole()).filter(|end| *end > self.storage),
            "StorageType" => self.storage_type = text(),
            "Iops" => self.iops = value.as_i64(),
            "StorageThroughput" => self.throughput = value.as_i64(),
            "MultiAZ" => self.multi_az = flag(),
            "EngineVersion" => self.version = text(),
            "Port" => self.port = whole(),
            "BackupRetentionPeriod" => self.backup_retention = whole(),
            "PreferredBackupWindow" => self.backup_window = text(),
            "PreferredMaintenanceWindow" => self.maintenance_window = text(),
            "AutoMinorVersionUpgrade" => self.minor_upgrades = flag(),
            "CopyTagsToSnapshot" => self.copies_tags = flag(),
            "DeletionProtection" => self.protected = flag(),
            "IAMDatabaseAuthenticationEnabled" => self.iam_authentication = flag(),
            "PubliclyAccessible" => self.public = flag(),
            "MonitoringInterval" => self.monitoring_interval = whole(),
            "MonitoringRoleArn" => self.monitoring_role = value.as_str().map(str::to_owned),
            "EnablePerformanceInsights" => self.insights = flag(),
            "PerformanceInsightsRetentionPeriod" => self.insights_retention = value.as_i64(),
            "CACertificateIdentifier" => self.certificate = text(),
            "DBParameterGroupName" => self.parameter_group = text(),
            "DBSubnetGroupName" => self.subnet_group = text(),
            "LicenseModel" => self.license = text(),
            "NetworkType" => self.network_type = text(),
            _ => {}
        }
    }

    /// Adds and removes log types as `CloudwatchLogsExportConfiguration` says.
    pub(super) fn export_logs(&mut self, change: &Value) {
        let gone = texts(change, "DisableLogTypes").unwrap_or_default();
        self.log_exports.retain(|kind| !gone.contains(kind));
        self.log_exports.extend(texts(change, "EnableLogTypes").unwrap_or_default());
        self.log_exports.sort();
        self.log_exports.dedup();
    }
}
