//! What botocore's model of `secretsmanager` says of each member. Written by `cargo xtask gen`; do not edit.

use model::schema::Member;

/// `CreateSecretRequest`
pub mod create_secret_request {
    use super::Member;
    pub const NAME: Member =
        Member { wire: "Name", required: true, min: Some(1), max: Some(512), pattern: None, values: &[] };
    pub const CLIENT_REQUEST_TOKEN: Member = Member {
        wire: "ClientRequestToken",
        required: false,
        min: Some(32),
        max: Some(64),
        pattern: None,
        values: &[],
    };
    pub const DESCRIPTION: Member =
        Member { wire: "Description", required: false, min: None, max: Some(2048), pattern: None, values: &[] };
    pub const KMS_KEY_ID: Member =
        Member { wire: "KmsKeyId", required: false, min: Some(0), max: Some(2048), pattern: None, values: &[] };
    pub const SECRET_BINARY: Member =
        Member { wire: "SecretBinary", required: false, min: Some(1), max: Some(65536), pattern: None, values: &[] };
    pub const SECRET_STRING: Member =
        Member { wire: "SecretString", required: false, min: Some(1), max: Some(65536), pattern: None, values: &[] };
    pub const TAGS: Member = Member { wire: "Tags", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const ADD_REPLICA_REGIONS: Member =
        Member { wire: "AddReplicaRegions", required: false, min: Some(1), max: None, pattern: None, values: &[] };
    pub const FORCE_OVERWRITE_REPLICA_SECRET: Member = Member {
        wire: "ForceOverwriteReplicaSecret",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &[],
    };
    pub const TYPE: Member =
        Member { wire: "Type", required: false, min: Some(0), max: Some(256), pattern: None, values: &[] };
    pub const CROSS_ACCOUNT_PRIMARY_ARN: Member = Member {
        wire: "CrossAccountPrimaryARN",
        required: false,
        min: Some(20),
        max: Some(2048),
        pattern: None,
        values: &[],
    };
}

/// `DeleteSecretRequest`
pub mod delete_secret_request {
    use super::Member;
    pub const SECRET_ID: Member =
        Member { wire: "SecretId", required: true, min: Some(1), max: Some(2048), pattern: None, values: &[] };
    pub const RECOVERY_WINDOW_IN_DAYS: Member =
        Member { wire: "RecoveryWindowInDays", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const FORCE_DELETE_WITHOUT_RECOVERY: Member = Member {
        wire: "ForceDeleteWithoutRecovery",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &[],
    };
}

/// `PutResourcePolicyRequest`
pub mod put_resource_policy_request {
    use super::Member;
    pub const SECRET_ID: Member =
        Member { wire: "SecretId", required: true, min: Some(1), max: Some(2048), pattern: None, values: &[] };
    pub const RESOURCE_POLICY: Member =
        Member { wire: "ResourcePolicy", required: true, min: Some(1), max: Some(20480), pattern: None, values: &[] };
    pub const POLICY_NAME: Member = Member {
        wire: "PolicyName",
        required: false,
        min: Some(1),
        max: Some(64),
        pattern: Some("[0-9A-Za-z\\-\\_]+"),
        values: &[],
    };
    pub const BLOCK_PUBLIC_POLICY: Member =
        Member { wire: "BlockPublicPolicy", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `ReplicaRegionType`
pub mod replica_region_type {
    use super::Member;
    pub const REGION: Member = Member {
        wire: "Region",
        required: false,
        min: Some(1),
        max: Some(128),
        pattern: Some("^([a-z]+-)+\\d+$"),
        values: &[],
    };
    pub const KMS_KEY_ID: Member =
        Member { wire: "KmsKeyId", required: false, min: Some(0), max: Some(2048), pattern: None, values: &[] };
}

/// `Tag`
pub mod tag {
    use super::Member;
    pub const KEY: Member =
        Member { wire: "Key", required: false, min: Some(1), max: Some(128), pattern: None, values: &[] };
    pub const VALUE: Member =
        Member { wire: "Value", required: false, min: Some(0), max: Some(256), pattern: None, values: &[] };
}
