//! What botocore's model of `iam` says of each member. Written by `cargo xtask gen`; do not edit.

use model::schema::Member;

/// `AttachRolePolicyRequest`
pub mod attach_role_policy_request {
    use super::Member;
    pub const ROLE_NAME: Member = Member {
        wire: "RoleName",
        required: true,
        min: Some(1),
        max: Some(64),
        pattern: Some("[\\w+=,.@-]+"),
        values: &[],
    };
    pub const POLICY_ARN: Member =
        Member { wire: "PolicyArn", required: true, min: Some(20), max: Some(2048), pattern: None, values: &[] };
}

/// `CreatePolicyRequest`
pub mod create_policy_request {
    use super::Member;
    pub const POLICY_NAME: Member = Member {
        wire: "PolicyName",
        required: true,
        min: Some(1),
        max: Some(128),
        pattern: Some("[\\w+=,.@-]+"),
        values: &[],
    };
    pub const PATH: Member = Member {
        wire: "Path",
        required: false,
        min: Some(1),
        max: Some(512),
        pattern: Some("((/[A-Za-z0-9\\.,\\+@=_-]+)*)/"),
        values: &[],
    };
    pub const POLICY_DOCUMENT: Member = Member {
        wire: "PolicyDocument",
        required: true,
        min: Some(1),
        max: Some(131072),
        pattern: Some("[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"),
        values: &[],
    };
    pub const DESCRIPTION: Member =
        Member { wire: "Description", required: false, min: None, max: Some(1000), pattern: None, values: &[] };
    pub const TAGS: Member =
        Member { wire: "Tags", required: false, min: None, max: Some(50), pattern: None, values: &[] };
}

/// `CreateRoleRequest`
pub mod create_role_request {
    use super::Member;
    pub const PATH: Member = Member {
        wire: "Path",
        required: false,
        min: Some(1),
        max: Some(512),
        pattern: Some("(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)"),
        values: &[],
    };
    pub const ROLE_NAME: Member = Member {
        wire: "RoleName",
        required: true,
        min: Some(1),
        max: Some(64),
        pattern: Some("[\\w+=,.@-]+"),
        values: &[],
    };
    pub const ASSUME_ROLE_POLICY_DOCUMENT: Member = Member {
        wire: "AssumeRolePolicyDocument",
        required: true,
        min: Some(1),
        max: Some(131072),
        pattern: Some("[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"),
        values: &[],
    };
    pub const DESCRIPTION: Member = Member {
        wire: "Description",
        required: false,
        min: None,
        max: Some(1000),
        pattern: Some("[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*"),
        values: &[],
    };
    pub const MAX_SESSION_DURATION: Member = Member {
        wire: "MaxSessionDuration",
        required: false,
        min: Some(3600),
        max: Some(43200),
        pattern: None,
        values: &[],
    };
    pub const PERMISSIONS_BOUNDARY: Member = Member {
        wire: "PermissionsBoundary",
        required: false,
        min: Some(20),
        max: Some(2048),
        pattern: None,
        values: &[],
    };
    pub const TAGS: Member =
        Member { wire: "Tags", required: false, min: None, max: Some(50), pattern: None, values: &[] };
}

/// `PutRolePolicyRequest`
pub mod put_role_policy_request {
    use super::Member;
    pub const ROLE_NAME: Member = Member {
        wire: "RoleName",
        required: true,
        min: Some(1),
        max: Some(64),
        pattern: Some("[\\w+=,.@-]+"),
        values: &[],
    };
    pub const POLICY_NAME: Member = Member {
        wire: "PolicyName",
        required: true,
        min: Some(1),
        max: Some(128),
        pattern: Some("[\\w+=,.@-]+"),
        values: &[],
    };
    pub const POLICY_DOCUMENT: Member = Member {
        wire: "PolicyDocument",
        required: true,
        min: Some(1),
        max: Some(131072),
        pattern: Some("[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+"),
        values: &[],
    };
}

/// `Tag`
pub mod tag {
    use super::Member;
    pub const KEY: Member = Member {
        wire: "Key",
        required: true,
        min: Some(1),
        max: Some(128),
        pattern: Some("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+"),
        values: &[],
    };
    pub const VALUE: Member = Member {
        wire: "Value",
        required: true,
        min: Some(0),
        max: Some(256),
        pattern: Some("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*"),
        values: &[],
    };
}
