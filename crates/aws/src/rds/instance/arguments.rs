//! What can be written, and the request that creates an instance of it.

use std::collections::BTreeMap;

use aws_sdk_rds::operation::create_db_instance::builders::CreateDBInstanceFluentBuilder;
use serde::Deserialize;

use super::super::common::sdk_tags;

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    pub(super) db_instance_identifier: Option<String>,
    pub(super) db_instance_class: Option<String>,
    pub(super) engine: String,
    pub(super) engine_version: Option<String>,
    pub(super) allow_major_version_upgrade: Option<bool>,
    pub(super) allocated_storage: Option<i32>,
    pub(super) max_allocated_storage: Option<i32>,
    pub(super) storage_type: Option<String>,
    pub(super) iops: Option<i32>,
    pub(super) storage_throughput: Option<i32>,
    pub(super) storage_encrypted: Option<bool>,
    pub(super) kms_key_id: Option<String>,
    pub(super) db_name: Option<String>,
    pub(super) master_username: String,
    pub(super) master_user_password: String,
    pub(super) port: Option<i32>,
    pub(super) db_subnet_group_name: Option<String>,
    pub(super) vpc_security_group_ids: Option<Vec<String>>,
    pub(super) publicly_accessible: Option<bool>,
    pub(super) availability_zone: Option<String>,
    pub(super) multi_az: Option<bool>,
    pub(super) db_parameter_group_name: Option<String>,
    pub(super) ca_certificate_identifier: Option<String>,
    pub(super) backup_retention_period: Option<i32>,
    pub(super) preferred_backup_window: Option<String>,
    pub(super) preferred_maintenance_window: Option<String>,
    pub(super) auto_minor_version_upgrade: Option<bool>,
    pub(super) copy_tags_to_snapshot: Option<bool>,
    pub(super) enable_iam_database_authentication: Option<bool>,
    pub(super) enable_cloudwatch_logs_exports: Option<Vec<String>>,
    pub(super) enable_performance_insights: Option<bool>,
    pub(super) performance_insights_retention_period: Option<i32>,
    pub(super) monitoring_interval: Option<i32>,
    pub(super) monitoring_role_arn: Option<String>,
    pub(super) deletion_protection: Option<bool>,
    pub(super) apply_immediately: Option<bool>,
}

impl Arguments {
    pub(super) fn of_create(
        &self,
        create: CreateDBInstanceFluentBuilder,
        tags: &BTreeMap<String, String>,
    ) -> CreateDBInstanceFluentBuilder {
        create
            .set_db_instance_identifier(self.db_instance_identifier.clone())
            .set_db_instance_class(self.db_instance_class.clone())
            .engine(&self.engine)
            .set_engine_version(self.engine_version.clone())
            .set_allocated_storage(self.allocated_storage)
            .set_max_allocated_storage(self.max_allocated_storage)
            .set_storage_type(self.storage_type.clone())
            .set_iops(self.iops)
            .set_storage_throughput(self.storage_throughput)
            .set_storage_encrypted(self.storage_encrypted)
            .set_kms_key_id(self.kms_key_id.clone())
            .set_db_name(self.db_name.clone())
            .master_username(&self.master_username)
            .master_user_password(&self.master_user_password)
            .set_port(self.port)
            .set_db_subnet_group_name(self.db_subnet_group_name.clone())
            .set_vpc_security_group_ids(self.vpc_security_group_ids.clone())
            .set_publicly_accessible(self.publicly_accessible)
            .set_availability_zone(self.availability_zone.clone())
            .set_multi_az(self.multi_az)
            .set_db_parameter_group_name(self.db_parameter_group_name.clone())
            .set_ca_certificate_identifier(self.ca_certificate_identifier.clone())
            .set_backup_retention_period(self.backup_retention_period)
            .set_preferred_backup_window(self.preferred_backup_window.clone())
            .set_preferred_maintenance_window(self.preferred_maintenance_window.clone())
            .set_auto_minor_version_upgrade(self.auto_minor_version_upgrade)
            .set_copy_tags_to_snapshot(self.copy_tags_to_snapshot)
            .set_enable_iam_database_authentication(self.enable_iam_database_authentication)
            .set_enable_cloudwatch_logs_exports(self.enable_cloudwatch_logs_exports.clone())
            .set_enable_performance_insights(self.enable_performance_insights)
            .set_performance_insights_retention_period(self.performance_insights_retention_period)
            .set_monitoring_interval(self.monitoring_interval)
            .set_monitoring_role_arn(self.monitoring_role_arn.clone())
            .set_deletion_protection(self.deletion_protection)
            .set_tags(Some(sdk_tags(tags)))
    }
}
