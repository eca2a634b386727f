//! What botocore's model of `logs` says of each member. Written by `cargo xtask gen`; do not edit.

use model::schema::Member;

/// `CreateLogGroupRequest`
pub mod create_log_group_request {
    use super::Member;
    pub const LOG_GROUP_NAME: Member = Member {
        wire: "logGroupName",
        required: true,
        min: Some(1),
        max: Some(512),
        pattern: Some("[\\.\\-_/#A-Za-z0-9]+"),
        values: &[],
    };
    pub const KMS_KEY_ID: Member =
        Member { wire: "kmsKeyId", required: false, min: None, max: Some(256), pattern: None, values: &[] };
    pub const TAGS: Member =
        Member { wire: "tags", required: false, min: Some(1), max: Some(50), pattern: None, values: &[] };
    pub const LOG_GROUP_CLASS: Member = Member {
        wire: "logGroupClass",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &["STANDARD", "INFREQUENT_ACCESS", "DELIVERY", "ESSENTIALS"],
    };
    pub const DELETION_PROTECTION_ENABLED: Member =
        Member { wire: "deletionProtectionEnabled", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `PutRetentionPolicyRequest`
pub mod put_retention_policy_request {
    use super::Member;
    pub const LOG_GROUP_NAME: Member = Member {
        wire: "logGroupName",
        required: true,
        min: Some(1),
        max: Some(512),
        pattern: Some("[\\.\\-_/#A-Za-z0-9]+"),
        values: &[],
    };
    pub const RETENTION_IN_DAYS: Member =
        Member { wire: "retentionInDays", required: true, min: None, max: None, pattern: None, values: &[] };
}
