//! The grammar of policy documents, and what IAM says about documents that break it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::refusals::{malformed, quota};
use super::text::size;
use crate::refusal::Refusal;

/// Default size of a managed policy, in characters without white space.
const MANAGED_SIZE: usize = 6144;

/// A policy document.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Document {
    version: Option<DocumentVersion>,
    #[serde(rename = "Id")]
    _id: Option<String>,
    #[serde(rename = "Statement")]
    pub(super) statements: Many<Statement>,
}

#[derive(Debug, PartialEq, Deserialize)]
enum DocumentVersion {
    #[serde(rename = "2008-10-17")]
    Old,
    #[serde(rename = "2012-10-17")]
    Current,
}

/// One statement. Which fields may stand in it depends on the kind of policy.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Statement {
    pub(super) sid: Option<String>,
    pub(super) effect: Effect,
    pub(super) principal: Option<Value>,
    pub(super) not_principal: Option<Value>,
    pub(super) action: Option<Many<String>>,
    pub(super) not_action: Option<Many<String>>,
    pub(super) resource: Option<Many<String>>,
    pub(super) not_resource: Option<Many<String>>,
    pub(super) condition: Option<BTreeMap<String, BTreeMap<String, Many<Scalar>>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub(super) enum Effect {
    Allow,
    Deny,
}

/// A single value or a list of them: the grammar allows both everywhere.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Many<T> {
    List(Vec<T>),
    One(T),
}

/// A value of a condition. Only that it is a scalar matters here: conditions are not evaluated.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Scalar {
    Text(#[expect(dead_code, reason = "only the shape is checked")] String),
    Flag(#[expect(dead_code, reason = "only the shape is checked")] bool),
    Number(#[expect(dead_code, reason = "only the shape is checked")] serde_json::Number),
}

impl<T> Many<T> {
    pub(super) fn as_slice(&self) -> &[T] {
        match self {
            Self::List(items) => items,
            Self::One(item) => std::slice::from_ref(item),
        }
    }
}

/// Parses a document of any kind of policy.
pub(super) fn parse(text: &str) -> Result<Document, Refusal> {
    let document: Document = serde_json::from_str(text).map_err(|_| malformed("Syntax errors in policy."))?;
    if document.statements.as_slice().is_empty() {
        return Err(malformed("Syntax errors in policy."));
    }
    Ok(document)
}

/// Refuses what IAM refuses of an inline policy; its version may be old or absent.
pub(super) fn check_inline(text: &str) -> Result<(), Refusal> {
    check_identity(&parse(text)?)
}

/// Refuses what IAM refuses of a managed policy.
pub(super) fn check_managed(text: &str) -> Result<(), Refusal> {
    if size(text) > MANAGED_SIZE {
        return Err(quota("PolicySize", MANAGED_SIZE));
    }
    let document = parse(text)?;
    if document.version != Some(DocumentVersion::Current) {
        return Err(malformed("Policy document must be version 2012-10-17 or greater."));
    }
    check_identity(&document)
}

fn check_identity(document: &Document) -> Result<(), Refusal> {
    let mut sids = BTreeSet::new();
    for statement in document.statements.as_slice() {
        if statement.principal.is_some() || statement.not_principal.is_some() {
            return Err(malformed("Policy document should not specify a principal."));
        }
        check_sid(statement.sid.as_deref().unwrap_or_default(), &mut sids)?;
        check_actions(one_of(&statement.action, &statement.not_action)?)?;
        check_resources(one_of(&statement.resource, &statement.not_resource)?)?;
    }
    Ok(())
}

/// The written one of a field and its negation; both together are a syntax error.
fn one_of<'a>(plain: &'a Option<Many<String>>, negated: &'a Option<Many<String>>) -> Result<&'a [String], Refusal> {
    match (plain, negated) {
        (Some(_), Some(_)) => Err(malformed("Syntax errors in policy.")),
        (Some(values), None) | (None, Some(values)) => Ok(values.as_slice()),
        (None, None) => Ok(&[]),
    }
}

fn check_sid<'a>(sid: &'a str, seen: &mut BTreeSet<&'a str>) -> Result<(), Refusal> {
    if !sid.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(malformed(
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
        ));
    }
    if !sid.is_empty() && !seen.insert(sid) {
        return Err(malformed("Statement IDs (SID) in a single policy must be unique."));
    }
    Ok(())
}

fn check_actions(actions: &[String]) -> Result<(), Refusal> {
    if actions.is_empty() {
        return Err(malformed("Policy statement must contain actions."));
    }
    actions.iter().try_for_each(|action| check_action(action))
}

fn check_action(action: &str) -> Result<(), Refusal> {
    if action == "*" {
        return Ok(());
    }
    let Some((vendor, name)) = action.split_once(':') else {
        return Err(malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."));
    };
    if name.contains(':') {
        return Err(malformed("Actions/Condition can contain only one colon."));
    }
    if !vendor.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.') {
        return Err(malformed(format!("Vendor {vendor} is not valid")));
    }
    Ok(())
}

fn check_resources(resources: &[String]) -> Result<(), Refusal> {
    if resources.is_empty() {
        return Err(malformed("Policy statement must contain resources."));
    }
    resources.iter().try_for_each(|resource| check_resource(resource))
}

fn check_resource(resource: &str) -> Result<(), Refusal> {
    if resource == "*" {
        return Ok(());
    }
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    if parts.len() < 2 || parts[0] != "arn" {
        return Err(malformed(format!("Resource {resource} must be in ARN format or \"*\".")));
    }
    if parts[1] != "*" && !parts[1].starts_with("aws") {
        let rest: Vec<_> = (2..6).map(|at| parts.get(at).copied().unwrap_or("*")).collect();
        return Err(malformed(format!(
            "Partition \"{}\" is not valid for resource \"arn:{}:{}\".",
            parts[1],
            parts[1],
            rest.join(":")
        )));
    }
    match parts.get(2) {
        None | Some(&"") => Err(malformed("Resource vendor must be fully qualified and cannot contain regexes.")),
        Some(&"iam") => check_iam_resource(resource, &parts),
        Some(_) if parts.len() < 6 && !resource.ends_with('*') => Err(malformed("The policy failed legacy parsing")),
        Some(_) => Ok(()),
    }
}

const IAM_RESOURCES: [&str; 13] = [
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
];

fn check_iam_resource(resource: &str, parts: &[&str]) -> Result<(), Refusal> {
    if !parts.get(3).is_some_and(|region| region.is_empty()) {
        return Err(malformed(format!("IAM resource {resource} cannot contain region information.")));
    }
    let path = parts.get(5).copied().unwrap_or_default();
    if path == "*" || path == "root" || IAM_RESOURCES.iter().any(|start| path.starts_with(start)) {
        return Ok(());
    }
    Err(malformed(format!("IAM resource path must either be \"*\" or start with {}.", IAM_RESOURCES.join(", "))))
}
