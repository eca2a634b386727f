//! Trust policies: who may assume a role. IAM checks them in other words than identity policies.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::document;
use super::principal;
use super::refusals::{malformed, quota};
use super::text::size;
use crate::refusal::Refusal;
use crate::world::{Caller, World};

/// Default quota, in characters without white space; AWS raises it to 8192 on request.
const TRUST_SIZE: usize = 2048;

const STATEMENT_FIELDS: [&str; 7] = ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Condition"];

/// A trust policy that IAM has accepted.
pub(super) struct Trusted {
    /// Minified, with account ids written as ARNs.
    pub(super) document: String,
    /// The unique ids of the principals that it names, by ARN.
    pub(super) ids: BTreeMap<String, String>,
}

/// Accepts a trust policy as sent, or refuses it as IAM does.
pub(super) fn accept(world: &World, caller: &Caller, text: &str) -> Result<Trusted, Refusal> {
    if size(text) > TRUST_SIZE {
        return Err(quota("ACLSizePerRole", TRUST_SIZE));
    }
    let mut policy: Value = serde_json::from_str(text).map_err(|_| malformed("This policy contains invalid Json"))?;
    let fields = policy.as_object().ok_or_else(|| malformed("This policy contains invalid Json"))?;
    if let Some(unknown) = fields.keys().find(|key| !["Version", "Id", "Statement"].contains(&key.as_str())) {
        return Err(malformed(format!("Unknown field {unknown}")));
    }
    for statement in statements(&policy)? {
        check_statement(statement)?;
    }
    // What the words above do not cover: wrong types, an unknown version or effect.
    document::parse(text)?;
    let mut ids = BTreeMap::new();
    each_principal(&mut policy, &mut |kind, name| principal::accept(world, caller, kind, name, &mut ids))?;
    Ok(Trusted { document: policy.to_string(), ids })
}

/// The trust policy with some principals written as others.
pub(super) fn with_principals(document: &str, renamed: &BTreeMap<String, String>) -> String {
    let Ok(mut policy) = serde_json::from_str(document) else {
        return document.to_owned();
    };
    let outcome =
        each_principal(&mut policy, &mut |_, name| Ok(renamed.get(name).cloned().unwrap_or_else(|| name.to_owned())));
    debug_assert!(outcome.is_ok(), "an accepted document has principals of known form");
    policy.to_string()
}

fn statements(policy: &Value) -> Result<Vec<&Map<String, Value>>, Refusal> {
    let empty = || malformed("Could not parse the policy: Statement is empty!");
    let found = match policy.get("Statement").ok_or_else(empty)? {
        Value::Array(items) => items.iter().map(Value::as_object).collect::<Option<Vec<_>>>(),
        Value::Object(one) => Some(vec![one]),
        _ => None,
    };
    found.filter(|statements| !statements.is_empty()).ok_or_else(empty)
}

fn check_statement(statement: &Map<String, Value>) -> Result<(), Refusal> {
    if statement.contains_key("Resource") || statement.contains_key("NotResource") {
        return Err(malformed("Has prohibited field Resource"));
    }
    if let Some(unknown) = statement.keys().find(|key| !STATEMENT_FIELDS.contains(&key.as_str())) {
        return Err(malformed(format!("Unknown field {unknown}")));
    }
    let has = |names: [&str; 2]| names.iter().any(|name| statement.contains_key(*name));
    for (required, other) in [("Effect", "Effect"), ("Principal", "NotPrincipal"), ("Action", "NotAction")] {
        if !has([required, other]) {
            return Err(malformed(format!("Missing required field {required} cannot be empty!")));
        }
    }
    check_actions(&statement.get("Action").cloned().unwrap_or_default())
}

fn check_actions(action: &Value) -> Result<(), Refusal> {
    const ALLOWED: [&str; 6] = [
        "sts:assumerole",
        "sts:assumerolewithsaml",
        "sts:assumerolewithwebidentity",
        "sts:tagsession",
        "sts:setsourceidentity",
        "sts:setcontext",
    ];
    let listed = match action {
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    let allowed = |action: &Value| action.as_str().is_none_or(|name| ALLOWED.contains(&name.to_lowercase().as_str()));
    if listed.iter().all(allowed) {
        return Ok(());
    }
    Err(malformed("AssumeRole policy may only specify STS AssumeRole actions."))
}

/// Runs over each principal with its kind (`AWS`, `Service`, …) and writes back what `change` gives.
fn each_principal(
    policy: &mut Value,
    change: &mut dyn FnMut(&str, &str) -> Result<String, Refusal>,
) -> Result<(), Refusal> {
    let statements = match policy.get_mut("Statement") {
        Some(Value::Array(items)) => items.iter_mut().collect(),
        Some(one) => vec![one],
        None => vec![],
    };
    for statement in statements {
        for field in ["Principal", "NotPrincipal"] {
            match statement.get_mut(field) {
                Some(Value::Object(kinds)) => {
                    for (kind, names) in kinds.iter_mut() {
                        each_name(kind, names, change)?;
                    }
                }
                Some(all) if all != "*" => {
                    return Err(malformed(format!("Invalid principal in policy: {all}")));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn each_name(
    kind: &str,
    names: &mut Value,
    change: &mut dyn FnMut(&str, &str) -> Result<String, Refusal>,
) -> Result<(), Refusal> {
    let names = match names {
        Value::Array(items) => items.iter_mut().collect(),
        one => vec![one],
    };
    for name in names {
        let text = name.as_str().ok_or_else(|| malformed("Syntax errors in policy."))?;
        *name = Value::String(change(kind, text)?);
    }
    Ok(())
}
