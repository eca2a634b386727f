//! What botocore's model of `ecr` says of each member. Written by `cargo xtask gen`; do not edit.

use model::schema::Member;

/// `CreateRepositoryRequest`
pub mod create_repository_request {
    use super::Member;
    pub const REGISTRY_ID: Member =
        Member { wire: "registryId", required: false, min: None, max: None, pattern: Some("[0-9]{12}"), values: &[] };
    pub const REPOSITORY_NAME: Member = Member {
        wire: "repositoryName",
        required: true,
        min: Some(2),
        max: Some(256),
        pattern: Some("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*"),
        values: &[],
    };
    pub const TAGS: Member = Member { wire: "tags", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const IMAGE_TAG_MUTABILITY: Member = Member {
        wire: "imageTagMutability",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &["MUTABLE", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION", "MUTABLE_WITH_EXCLUSION"],
    };
    pub const IMAGE_TAG_MUTABILITY_EXCLUSION_FILTERS: Member = Member {
        wire: "imageTagMutabilityExclusionFilters",
        required: false,
        min: Some(1),
        max: Some(5),
        pattern: None,
        values: &[],
    };
    pub const IMAGE_SCANNING_CONFIGURATION: Member = Member {
        wire: "imageScanningConfiguration",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &[],
    };
    pub const ENCRYPTION_CONFIGURATION: Member =
        Member { wire: "encryptionConfiguration", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `EncryptionConfiguration`
pub mod encryption_configuration {
    use super::Member;
    pub const ENCRYPTION_TYPE: Member = Member {
        wire: "encryptionType",
        required: true,
        min: None,
        max: None,
        pattern: None,
        values: &["AES256", "KMS", "KMS_DSSE"],
    };
    pub const KMS_KEY: Member =
        Member { wire: "kmsKey", required: false, min: Some(1), max: Some(2048), pattern: None, values: &[] };
}

/// `ImageScanningConfiguration`
pub mod image_scanning_configuration {
    use super::Member;
    pub const SCAN_ON_PUSH: Member =
        Member { wire: "scanOnPush", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `ImageTagMutabilityExclusionFilter`
pub mod image_tag_mutability_exclusion_filter {
    use super::Member;
    pub const FILTER_TYPE: Member =
        Member { wire: "filterType", required: true, min: None, max: None, pattern: None, values: &["WILDCARD"] };
    pub const FILTER: Member = Member {
        wire: "filter",
        required: true,
        min: Some(1),
        max: Some(128),
        pattern: Some("^[0-9a-zA-Z._*-]{1,128}$"),
        values: &[],
    };
}

/// `PutLifecyclePolicyRequest`
pub mod put_lifecycle_policy_request {
    use super::Member;
    pub const REGISTRY_ID: Member =
        Member { wire: "registryId", required: false, min: None, max: None, pattern: Some("[0-9]{12}"), values: &[] };
    pub const REPOSITORY_NAME: Member = Member {
        wire: "repositoryName",
        required: true,
        min: Some(2),
        max: Some(256),
        pattern: Some("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*"),
        values: &[],
    };
    pub const LIFECYCLE_POLICY_TEXT: Member = Member {
        wire: "lifecyclePolicyText",
        required: true,
        min: Some(100),
        max: Some(30720),
        pattern: None,
        values: &[],
    };
}

/// `SetRepositoryPolicyRequest`
pub mod set_repository_policy_request {
    use super::Member;
    pub const REGISTRY_ID: Member =
        Member { wire: "registryId", required: false, min: None, max: None, pattern: Some("[0-9]{12}"), values: &[] };
    pub const REPOSITORY_NAME: Member = Member {
        wire: "repositoryName",
        required: true,
        min: Some(2),
        max: Some(256),
        pattern: Some("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(\\/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*"),
        values: &[],
    };
    pub const POLICY_TEXT: Member =
        Member { wire: "policyText", required: true, min: Some(0), max: Some(10240), pattern: None, values: &[] };
    pub const FORCE: Member =
        Member { wire: "force", required: false, min: None, max: None, pattern: None, values: &[] };
}

/// `Tag`
pub mod tag {
    use super::Member;
    pub const KEY: Member = Member { wire: "Key", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const VALUE: Member =
        Member { wire: "Value", required: true, min: None, max: None, pattern: None, values: &[] };
}
