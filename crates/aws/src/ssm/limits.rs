//! What botocore's model of `ssm` says of each member. Written by `cargo xtask gen`; do not edit.

use model::schema::Member;

/// `PutParameterRequest`
pub mod put_parameter_request {
    use super::Member;
    pub const NAME: Member =
        Member { wire: "Name", required: true, min: Some(1), max: Some(2048), pattern: None, values: &[] };
    pub const DESCRIPTION: Member =
        Member { wire: "Description", required: false, min: Some(0), max: Some(1024), pattern: None, values: &[] };
    pub const VALUE: Member =
        Member { wire: "Value", required: true, min: None, max: None, pattern: None, values: &[] };
    pub const TYPE: Member = Member {
        wire: "Type",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &["String", "StringList", "SecureString"],
    };
    pub const KEY_ID: Member = Member {
        wire: "KeyId",
        required: false,
        min: Some(1),
        max: Some(256),
        pattern: Some("^([a-zA-Z0-9:/_-]+)$"),
        values: &[],
    };
    pub const OVERWRITE: Member =
        Member { wire: "Overwrite", required: false, min: None, max: None, pattern: None, values: &[] };
    pub const ALLOWED_PATTERN: Member =
        Member { wire: "AllowedPattern", required: false, min: Some(0), max: Some(1024), pattern: None, values: &[] };
    pub const TAGS: Member =
        Member { wire: "Tags", required: false, min: None, max: Some(1000), pattern: None, values: &[] };
    pub const TIER: Member = Member {
        wire: "Tier",
        required: false,
        min: None,
        max: None,
        pattern: None,
        values: &["Standard", "Advanced", "Intelligent-Tiering"],
    };
    pub const POLICIES: Member =
        Member { wire: "Policies", required: false, min: Some(1), max: Some(4096), pattern: None, values: &[] };
    pub const DATA_TYPE: Member =
        Member { wire: "DataType", required: false, min: Some(0), max: Some(128), pattern: None, values: &[] };
}

/// `Tag`
pub mod tag {
    use super::Member;
    pub const KEY: Member = Member {
        wire: "Key",
        required: true,
        min: Some(1),
        max: Some(128),
        pattern: Some("^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$"),
        values: &[],
    };
    pub const VALUE: Member = Member {
        wire: "Value",
        required: true,
        min: Some(0),
        max: Some(256),
        pattern: Some("^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$"),
        values: &[],
    };
}
