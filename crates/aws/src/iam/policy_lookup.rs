//! `data.iam_policy`: a managed policy of AWS or of the account.

use std::collections::BTreeMap;

use aws_sdk_iam::types::PolicyScopeType;
use model::{
    Attribute, Kind, Value,
    schema::{DataSchema, Finding},
};
use provider::{DataSource, Failure, FailureKind, Place};

use super::common::{decoded, reads};
use crate::{client::Client, failure::failure};

pub static SCHEMA: DataSchema = DataSchema {
    name: "iam_policy",
    doc: "A managed policy, AWS's own or the account's, by ARN or name.",
    attributes: &[
        Attribute::optional("arn", Kind::Text).doc("Its ARN."),
        Attribute::optional("policy_name", Kind::Text).doc("Its name; AWS's own policies are found too."),
        Attribute::computed("path", Kind::Text).doc("Its path."),
        Attribute::computed("description", Kind::Text).doc("What it is for."),
        Attribute::computed("default_version_id", Kind::Text).doc("The version in force."),
        Attribute::computed("policy_document", Kind::Document).doc("What it allows and denies."),
    ],
    local: None,
    check,
};

fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    if arguments.contains_key("arn") != arguments.contains_key("policy_name") {
        return Vec::new();
    }
    vec![Finding {
        path: String::new(),
        summary: "attributes do not go together",
        detail: "a policy is named by `arn` or by `policy_name`".to_owned(),
        hint: Some("write exactly one of them".to_owned()),
        warning: false,
    }]
}

/// The read of `data.iam_policy`.
pub struct IamPolicyLookup;

impl DataSource for IamPolicyLookup {
    const SCHEMA: &'static DataSchema = &SCHEMA;
    type Client = Client;

    async fn read(
        client: &Client,
        place: &Place,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<BTreeMap<String, Value>, Failure> {
        let text = |name: &str| arguments.get(name).and_then(Value::as_text);
        let arn = match (text("arn"), text("policy_name")) {
            (Some(arn), _) => arn.to_owned(),
            (None, name) => by_name(client, place, name.unwrap_or_default()).await?,
        };
        let iam = reads(client, place);
        let policy = iam.get_policy().policy_arn(&arn).send().await;
        let policy = policy.map_err(|error| failure("iam:GetPolicy", error))?.policy;
        let Some(policy) = policy else {
            return Err(Failure::new(FailureKind::Bug, "iam:GetPolicy", "the answer holds no policy"));
        };
        let version = policy.default_version_id().unwrap_or_default();
        let document = iam.get_policy_version().policy_arn(&arn).version_id(version).send().await;
        let document = document.map_err(|error| failure("iam:GetPolicyVersion", error))?.policy_version;
        Ok(BTreeMap::from([
            ("arn".to_owned(), arn.into()),
            ("policy_name".to_owned(), policy.policy_name().unwrap_or_default().into()),
            ("path".to_owned(), policy.path().map(str::to_owned).into()),
            ("description".to_owned(), policy.description().map(str::to_owned).into()),
            ("default_version_id".to_owned(), version.into()),
            (
                "policy_document".to_owned(),
                document.as_ref().and_then(|version| version.document()).map(decoded).into(),
            ),
        ]))
    }
}

async fn by_name(client: &Client, place: &Place, name: &str) -> Result<String, Failure> {
    const OPERATION: &str = "iam:ListPolicies";
    let pages = reads(client, place).list_policies().scope(PolicyScopeType::All).max_items(1000).into_paginator();
    let mut policies = pages.items().send();
    while let Some(policy) = policies.next().await {
        let policy = policy.map_err(|error| failure(OPERATION, error))?;
        if let (Some(found), Some(arn)) = (policy.policy_name(), policy.arn())
            && found.eq_ignore_ascii_case(name)
        {
            return Ok(arn.to_owned());
        }
    }
    Err(Failure::new(FailureKind::NotFound, OPERATION, format!("there is no policy {name}")))
}
