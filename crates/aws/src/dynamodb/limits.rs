//! What botocore's model of `dynamodb` says of each member. Written by `cargo xtask gen`; do not edit.

use model::schema::Member;

/// `AttributeDefinition`
pub mod attribute_definition {
    use super::Member;
    pub const ATTRIBUTE_NAME: Member =
        Member { wire: "AttributeName", required: true, min: Some(1), max: Some(255), pattern: None, values: &[] };
    pub const ATTRIBUTE_TYPE: Member =
        Member { wire: "AttributeType", required: true, min: None, max: None, pattern: None, values: &["S", "N", "B"] };
}

/// `CreateTableInput`
pub mod create_table_input {
    use super::Member;
    pub const ATTRIBUTE_DEFINITIONS: Member =
        Member { wire: "AttributeDefinitions", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const TABLE_NAME: Member =
        Member { wire: "TableName", required: true, min: Some(1), max: Some(1024), pattern: None, values: &[] };
    pub const KEY_SCHEMA: Member =
        Member { wire: "KeySchema", required: false, min: Some(1), max: None, pattern: None, values: &[] };
    pub const LOCAL_SECONDARY_INDEXES: Member =
        Member { wire: "LocalSecondaryIndexes", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const GLOBAL_SECONDARY_INDEXES: Member =
        Member { wire: "GlobalSecondaryIndexes", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const BILLING_MODE: Member = Member {
        wire: "BillingMode",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &["PROVISIONED", "PAY_PER_REQUEST"],
    };
    pub const PROVISIONED_THROUGHPUT: Member =
        Member { wire: "ProvisionedThroughput", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const STREAM_SPECIFICATION: Member =
        Member { wire: "StreamSpecification", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const SSE_SPECIFICATION: Member =
        Member { wire: "SSESpecification", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const TAGS: Member = Member { wire: "Tags", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const TABLE_CLASS: Member = Member {
        wire: "TableClass",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &["STANDARD", "STANDARD_INFREQUENT_ACCESS"],
    };
    pub const DELETION_PROTECTION_ENABLED: Member =
        Member { wire: "DeletionProtectionEnabled", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const WARM_THROUGHPUT: Member =
        Member { wire: "WarmThroughput", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const RESOURCE_POLICY: Member =
        Member { wire: "ResourcePolicy", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const ON_DEMAND_THROUGHPUT: Member =
        Member { wire: "OnDemandThroughput", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const GLOBAL_TABLE_SOURCE_ARN: Member = Member {
        wire: "GlobalTableSourceArn",
        required: false,
        min: Some(1),
        max: Some(1024),
        pattern: None,
        values: &[],
    };
    pub const GLOBAL_TABLE_SETTINGS_REPLICATION_MODE: Member = Member {
        wire: "GlobalTableSettingsReplicationMode",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &["ENABLED", "DISABLED", "ENABLED_WITH_OVERRIDES"],
    };
    pub const VECTOR_INDEXES: Member =
        Member { wire: "VectorIndexes", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `GlobalSecondaryIndex`
pub mod global_secondary_index {
    use super::Member;
    pub const INDEX_NAME: Member = Member {
        wire: "IndexName",
        required: true,
        min: Some(3),
        max: Some(255),
        pattern: Some("[a-zA-Z0-9_.-]+"),
        values: &[],
    };
    pub const KEY_SCHEMA: Member =
        Member { wire: "KeySchema", required: true, min: Some(1), max: None, pattern: None, values: &[] };
    pub const PROJECTION: Member =
        Member { wire: "Projection", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const PROVISIONED_THROUGHPUT: Member =
        Member { wire: "ProvisionedThroughput", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const ON_DEMAND_THROUGHPUT: Member =
        Member { wire: "OnDemandThroughput", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const WARM_THROUGHPUT: Member =
        Member { wire: "WarmThroughput", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `KeySchemaElement`
pub mod key_schema_element {
    use super::Member;
    pub const ATTRIBUTE_NAME: Member =
        Member { wire: "AttributeName", required: true, min: Some(1), max: Some(255), pattern: None, values: &[] };
    pub const KEY_TYPE: Member =
        Member { wire: "KeyType", required: true, min: None, max: None, pattern: None, values: &["HASH", "RANGE"] };
}

/// `LocalSecondaryIndex`
pub mod local_secondary_index {
    use super::Member;
    pub const INDEX_NAME: Member = Member {
        wire: "IndexName",
        required: true,
        min: Some(3),
        max: Some(255),
        pattern: Some("[a-zA-Z0-9_.-]+"),
        values: &[],
    };
    pub const KEY_SCHEMA: Member =
        Member { wire: "KeySchema", required: true, min: Some(1), max: None, pattern: None, values: &[] };
    pub const PROJECTION: Member =
        Member { wire: "Projection", required: true, min: None, max: None, pattern: None, values: &[] };
}

/// `OnDemandThroughput`
pub mod on_demand_throughput {
    use super::Member;
    pub const MAX_READ_REQUEST_UNITS: Member =
        Member { wire: "MaxReadRequestUnits", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const MAX_WRITE_REQUEST_UNITS: Member =
        Member { wire: "MaxWriteRequestUnits", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `PointInTimeRecoverySpecification`
pub mod point_in_time_recovery_specification {
    use super::Member;
    pub const POINT_IN_TIME_RECOVERY_ENABLED: Member =
        Member { wire: "PointInTimeRecoveryEnabled", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const RECOVERY_PERIOD_IN_DAYS: Member = Member {
        wire: "RecoveryPeriodInDays",
        required: false,
        min: Some(1),
        max: Some(35),
        pattern: None,
        values: &[],
    };
}

/// `Projection`
pub mod projection {
    use super::Member;
    pub const PROJECTION_TYPE: Member = Member {
        wire: "ProjectionType",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &["ALL", "KEYS_ONLY", "INCLUDE"],
    };
    pub const NON_KEY_ATTRIBUTES: Member =
        Member { wire: "NonKeyAttributes", required: false, min: Some(1), max: Some(20), pattern: None, values: &[] };
}

/// `ProvisionedThroughput`
pub mod provisioned_throughput {
    use super::Member;
    pub const READ_CAPACITY_UNITS: Member =
        Member { wire: "ReadCapacityUnits", required: true, min: Some(1), max: None, pattern: None, values: &[] };
    pub const WRITE_CAPACITY_UNITS: Member =
        Member { wire: "WriteCapacityUnits", required: true, min: Some(1), max: None, pattern: None, values: &[] };
}

/// `SSESpecification`
pub mod sse_specification {
    use super::Member;
    pub const ENABLED: Member =
        Member { wire: "Enabled", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const SSE_TYPE: Member =
        Member { wire: "SSEType", required: false, min: None, max: None, pattern: None, values: &["AES256", "KMS"] };
    pub const KMS_MASTER_KEY_ID: Member =
        Member { wire: "KMSMasterKeyId", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `SearchSchemaElement`
pub mod search_schema_element {
    use super::Member;
    pub const ATTRIBUTE_NAME: Member =
        Member { wire: "AttributeName", required: true, min: None, max: Some(65535), pattern: None, values: &[] };
    pub const SEARCH_SCHEMA_ELEMENT_TYPE: Member = Member {
        wire: "SearchSchemaElementType",
        required: true,
        min: None,
        max: None,
        pattern: None,
        values: &["HASH", "INLINE_FILTER"],
    };
}

/// `StreamSpecification`
pub mod stream_specification {
    use super::Member;
    pub const STREAM_ENABLED: Member =
        Member { wire: "StreamEnabled", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const STREAM_VIEW_TYPE: Member = Member {
        wire: "StreamViewType",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"],
    };
}

/// `Tag`
pub mod tag {
    use super::Member;
    pub const KEY: Member =
        Member { wire: "Key", required: true, min: Some(1), max: Some(128), pattern: None, values: &[] };
    pub const VALUE: Member =
        Member { wire: "Value", required: true, min: Some(0), max: Some(256), pattern: None, values: &[] };
}

/// `TimeToLiveSpecification`
pub mod time_to_live_specification {
    use super::Member;
    pub const ENABLED: Member =
        Member { wire: "Enabled", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const ATTRIBUTE_NAME: Member =
        Member { wire: "AttributeName", required: true, min: Some(1), max: Some(255), pattern: None, values: &[] };
}

/// `UpdateContinuousBackupsInput`
pub mod update_continuous_backups_input {
    use super::Member;
    pub const TABLE_NAME: Member =
        Member { wire: "TableName", required: true, min: Some(1), max: Some(1024), pattern: None, values: &[] };
    pub const POINT_IN_TIME_RECOVERY_SPECIFICATION: Member = Member {
        wire: "PointInTimeRecoverySpecification",
        required: true,
        min: None,
        max: None,
        pattern: None,
        values: &[],
    };
}

/// `UpdateTimeToLiveInput`
pub mod update_time_to_live_input {
    use super::Member;
    pub const TABLE_NAME: Member =
        Member { wire: "TableName", required: true, min: Some(1), max: Some(1024), pattern: None, values: &[] };
    pub const TIME_TO_LIVE_SPECIFICATION: Member =
        Member { wire: "TimeToLiveSpecification", required: true, min: None, max: None, pattern: None, values: &[] };
}

/// `VectorAttributeDefinition`
pub mod vector_attribute_definition {
    use super::Member;
    pub const ATTRIBUTE_NAME: Member =
        Member { wire: "AttributeName", required: true, min: Some(1), max: Some(255), pattern: None, values: &[] };
}

/// `VectorIndex`
pub mod vector_index {
    use super::Member;
    pub const INDEX_NAME: Member = Member {
        wire: "IndexName",
        required: true,
        min: Some(3),
        max: Some(255),
        pattern: Some("[a-zA-Z0-9_.-]+"),
        values: &[],
    };
    pub const VECTOR_ATTRIBUTE: Member =
        Member { wire: "VectorAttribute", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const SEARCH_SCHEMA: Member =
        Member { wire: "SearchSchema", required: false, min: Some(1), max: None, pattern: None, values: &[] };
    pub const PROJECTION: Member =
        Member { wire: "Projection", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const DIMENSIONS: Member =
        Member { wire: "Dimensions", required: true, min: Some(1), max: None, pattern: None, values: &[] };
    pub const DISTANCE_FUNCTION: Member = Member {
        wire: "DistanceFunction",
        required: true,
        min: None,
        max: None,
        pattern: None,
        values: &["COSINE", "DOT_PRODUCT", "EUCLIDEAN"],
    };
}

/// `WarmThroughput`
pub mod warm_throughput {
    use super::Member;
    pub const READ_UNITS_PER_SECOND: Member =
        Member { wire: "ReadUnitsPerSecond", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const WRITE_UNITS_PER_SECOND: Member =
        Member { wire: "WriteUnitsPerSecond", required: false, min: None, max: None, pattern: None, values: &[] };
}
