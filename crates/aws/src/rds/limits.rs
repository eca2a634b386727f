//! What botocore's model of `rds` says of each member. Written by `cargo xtask gen`; do not edit.

use model::schema::Member;

/// `AdditionalStorageVolume`
pub mod additional_storage_volume {
    use super::Member;
    pub const VOLUME_NAME: Member =
        Member { wire: "VolumeName", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const ALLOCATED_STORAGE: Member =
        Member { wire: "AllocatedStorage", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const IOPS: Member = Member { wire: "IOPS", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const MAX_ALLOCATED_STORAGE: Member =
        Member { wire: "MaxAllocatedStorage", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const STORAGE_THROUGHPUT: Member =
        Member { wire: "StorageThroughput", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const STORAGE_TYPE: Member =
        Member { wire: "StorageType", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `CreateDBInstanceMessage`
pub mod create_db_instance_message {
    use super::Member;
    pub const DB_NAME: Member =
        Member { wire: "DBName", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const DB_INSTANCE_IDENTIFIER: Member =
        Member { wire: "DBInstanceIdentifier", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const ALLOCATED_STORAGE: Member =
        Member { wire: "AllocatedStorage", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const DB_INSTANCE_CLASS: Member =
        Member { wire: "DBInstanceClass", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const ENGINE: Member =
        Member { wire: "Engine", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const MASTER_USERNAME: Member =
        Member { wire: "MasterUsername", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const MASTER_USER_PASSWORD: Member =
        Member { wire: "MasterUserPassword", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const DB_SECURITY_GROUPS: Member =
        Member { wire: "DBSecurityGroups", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const VPC_SECURITY_GROUP_IDS: Member =
        Member { wire: "VpcSecurityGroupIds", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const AVAILABILITY_ZONE: Member =
        Member { wire: "AvailabilityZone", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const DB_SUBNET_GROUP_NAME: Member =
        Member { wire: "DBSubnetGroupName", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const PREFERRED_MAINTENANCE_WINDOW: Member = Member {
        wire: "PreferredMaintenanceWindow",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &[],
    };
    pub const DB_PARAMETER_GROUP_NAME: Member =
        Member { wire: "DBParameterGroupName", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const BACKUP_RETENTION_PERIOD: Member =
        Member { wire: "BackupRetentionPeriod", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const PREFERRED_BACKUP_WINDOW: Member =
        Member { wire: "PreferredBackupWindow", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const PORT: Member = Member { wire: "Port", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const MULTI_AZ: Member =
        Member { wire: "MultiAZ", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const ENGINE_VERSION: Member =
        Member { wire: "EngineVersion", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const AUTO_MINOR_VERSION_UPGRADE: Member =
        Member { wire: "AutoMinorVersionUpgrade", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const LICENSE_MODEL: Member =
        Member { wire: "LicenseModel", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const IOPS: Member = Member { wire: "Iops", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const STORAGE_THROUGHPUT: Member =
        Member { wire: "StorageThroughput", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const OPTION_GROUP_NAME: Member =
        Member { wire: "OptionGroupName", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const CHARACTER_SET_NAME: Member =
        Member { wire: "CharacterSetName", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const NCHAR_CHARACTER_SET_NAME: Member =
        Member { wire: "NcharCharacterSetName", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const PUBLICLY_ACCESSIBLE: Member =
        Member { wire: "PubliclyAccessible", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const TAGS: Member = Member { wire: "Tags", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const DB_CLUSTER_IDENTIFIER: Member =
        Member { wire: "DBClusterIdentifier", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const STORAGE_TYPE: Member =
        Member { wire: "StorageType", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const TDE_CREDENTIAL_ARN: Member =
        Member { wire: "TdeCredentialArn", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const TDE_CREDENTIAL_PASSWORD: Member =
        Member { wire: "TdeCredentialPassword", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const STORAGE_ENCRYPTED: Member =
        Member { wire: "StorageEncrypted", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const KMS_KEY_ID: Member =
        Member { wire: "KmsKeyId", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const DOMAIN: Member =
        Member { wire: "Domain", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const DOMAIN_FQDN: Member =
        Member { wire: "DomainFqdn", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const DOMAIN_OU: Member =
        Member { wire: "DomainOu", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const DOMAIN_AUTH_SECRET_ARN: Member =
        Member { wire: "DomainAuthSecretArn", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const DOMAIN_DNS_IPS: Member =
        Member { wire: "DomainDnsIps", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const COPY_TAGS_TO_SNAPSHOT: Member =
        Member { wire: "CopyTagsToSnapshot", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const MONITORING_INTERVAL: Member =
        Member { wire: "MonitoringInterval", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const MONITORING_ROLE_ARN: Member =
        Member { wire: "MonitoringRoleArn", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const DOMAIN_IAM_ROLE_NAME: Member =
        Member { wire: "DomainIAMRoleName", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const PROMOTION_TIER: Member =
        Member { wire: "PromotionTier", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const TIMEZONE: Member =
        Member { wire: "Timezone", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const ENABLE_IAM_DATABASE_AUTHENTICATION: Member = Member {
        wire: "EnableIAMDatabaseAuthentication",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &[],
    };
    pub const DATABASE_INSIGHTS_MODE: Member = Member {
        wire: "DatabaseInsightsMode",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &["standard", "advanced"],
    };
    pub const ENABLE_PERFORMANCE_INSIGHTS: Member =
        Member { wire: "EnablePerformanceInsights", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const PERFORMANCE_INSIGHTS_KMS_KEY_ID: Member = Member {
        wire: "PerformanceInsightsKMSKeyId",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &[],
    };
    pub const PERFORMANCE_INSIGHTS_RETENTION_PERIOD: Member = Member {
        wire: "PerformanceInsightsRetentionPeriod",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &[],
    };
    pub const ENABLE_CLOUDWATCH_LOGS_EXPORTS: Member = Member {
        wire: "EnableCloudwatchLogsExports",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &[],
    };
    pub const PROCESSOR_FEATURES: Member =
        Member { wire: "ProcessorFeatures", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const DELETION_PROTECTION: Member =
        Member { wire: "DeletionProtection", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const MAX_ALLOCATED_STORAGE: Member =
        Member { wire: "MaxAllocatedStorage", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const ENABLE_CUSTOMER_OWNED_IP: Member =
        Member { wire: "EnableCustomerOwnedIp", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const NETWORK_TYPE: Member =
        Member { wire: "NetworkType", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const BACKUP_TARGET: Member =
        Member { wire: "BackupTarget", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const CUSTOM_IAM_INSTANCE_PROFILE: Member =
        Member { wire: "CustomIamInstanceProfile", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const DB_SYSTEM_ID: Member =
        Member { wire: "DBSystemId", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const CA_CERTIFICATE_IDENTIFIER: Member =
        Member { wire: "CACertificateIdentifier", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const MANAGE_MASTER_USER_PASSWORD: Member =
        Member { wire: "ManageMasterUserPassword", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const MASTER_USER_SECRET_KMS_KEY_ID: Member =
        Member { wire: "MasterUserSecretKmsKeyId", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const MULTI_TENANT: Member =
        Member { wire: "MultiTenant", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const DEDICATED_LOG_VOLUME: Member =
        Member { wire: "DedicatedLogVolume", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const ENGINE_LIFECYCLE_SUPPORT: Member =
        Member { wire: "EngineLifecycleSupport", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const ADDITIONAL_STORAGE_VOLUMES: Member =
        Member { wire: "AdditionalStorageVolumes", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const TAG_SPECIFICATIONS: Member =
        Member { wire: "TagSpecifications", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const DB_CAPACITY_RESERVATION_IDENTIFIER: Member = Member {
        wire: "DBCapacityReservationIdentifier",
        required: false,
        min: Some(1),
        max: Some(63),
        pattern: Some("[a-z](?:-?[a-z0-9]+){0,15}"),
        values: &[],
    };
    pub const MASTER_USER_AUTHENTICATION_TYPE: Member = Member {
        wire: "MasterUserAuthenticationType",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &["password", "iam-db-auth"],
    };
}

/// `CreateDBParameterGroupMessage`
pub mod create_db_parameter_group_message {
    use super::Member;
    pub const DB_PARAMETER_GROUP_NAME: Member =
        Member { wire: "DBParameterGroupName", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const DB_PARAMETER_GROUP_FAMILY: Member =
        Member { wire: "DBParameterGroupFamily", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const DESCRIPTION: Member =
        Member { wire: "Description", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const TAGS: Member = Member { wire: "Tags", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `CreateDBSubnetGroupMessage`
pub mod create_db_subnet_group_message {
    use super::Member;
    pub const DB_SUBNET_GROUP_NAME: Member =
        Member { wire: "DBSubnetGroupName", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const DB_SUBNET_GROUP_DESCRIPTION: Member =
        Member { wire: "DBSubnetGroupDescription", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const SUBNET_IDS: Member =
        Member { wire: "SubnetIds", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const TAGS: Member = Member { wire: "Tags", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `ProcessorFeature`
pub mod processor_feature {
    use super::Member;
    pub const NAME: Member = Member { wire: "Name", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const VALUE: Member =
        Member { wire: "Value", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `Tag`
pub mod tag {
    use super::Member;
    pub const KEY: Member = Member { wire: "Key", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const VALUE: Member =
        Member { wire: "Value", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `TagSpecification`
pub mod tag_specification {
    use super::Member;
    pub const RESOURCE_TYPE: Member =
        Member { wire: "ResourceType", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const TAGS: Member = Member { wire: "Tags", required: false, min: None, max: None, pattern: None, values: &[] };
}
