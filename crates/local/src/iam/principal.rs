//! Principals of a trust policy: IAM looks each of them up.

use std::collections::BTreeMap;

use super::refusals::malformed;
use crate::refusal::Refusal;
use crate::world::{Caller, World};

/// Accepts a principal of a kind and gives it as IAM keeps it; notes the unique id of a role.
pub(super) fn accept(
    world: &World,
    caller: &Caller,
    kind: &str,
    name: &str,
    ids: &mut BTreeMap<String, String>,
) -> Result<String, Refusal> {
    let kept = match kind {
        "AWS" => aws(world, caller, name, ids),
        "Service" => is_service(name).then(|| name.to_owned()),
        "Federated" => is_federation(name).then(|| name.to_owned()),
        "CanonicalUser" => Some(name.to_owned()),
        _ => None,
    };
    kept.ok_or_else(|| malformed(format!("Invalid principal in policy: \"{}\":\"{name}\"", kind.to_uppercase())))
}

fn aws(world: &World, caller: &Caller, name: &str, ids: &mut BTreeMap<String, String>) -> Option<String> {
    if name == "*" {
        return Some(name.to_owned());
    }
    if is_account(name) {
        return Some(format!("arn:{}:iam::{name}:root", caller.partition));
    }
    if name.starts_with("AROA") {
        return knows_id(world, name).then(|| name.to_owned());
    }
    let parts: Vec<&str> = name.splitn(6, ':').collect();
    let &["arn", partition, service, "", account, resource] = parts.as_slice() else {
        return None;
    };
    if partition != caller.partition || !is_account(account) {
        return None;
    }
    match (service, resource.split_once('/')) {
        ("iam", None) if resource == "root" => Some(name.to_owned()),
        ("iam", Some(("role", _))) => {
            let id = role_id(world, account, name)?;
            ids.extend(id.map(|id| (name.to_owned(), id)));
            Some(name.to_owned())
        }
        // There are no users here; those of an account that this world does not hold cannot be judged.
        ("iam", Some(("user", _))) if !world.accounts.contains_key(account) => Some(name.to_owned()),
        ("sts", Some(("assumed-role" | "federated-user", _))) => Some(name.to_owned()),
        _ => None,
    }
}

/// The unique id of a role, which must exist where this world holds its account.
#[expect(clippy::option_option, reason = "missing and unknowable are different answers")]
fn role_id(world: &World, account: &str, arn: &str) -> Option<Option<String>> {
    match world.accounts.get(account) {
        Some(account) => account.iam.role_by_arn(arn).map(|role| Some(role.id.clone())),
        None => Some(None),
    }
}

fn knows_id(world: &World, id: &str) -> bool {
    world.accounts.values().any(|account| account.iam.roles.values().any(|role| role.id == id))
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A service principal; those of App Runner are known one by one, so that a misspelt one is refused as AWS refuses it.
fn is_service(name: &str) -> bool {
    const APP_RUNNER: [&str; 4] = [
        "apprunner.amazonaws.com",
        "build.apprunner.amazonaws.com",
        "tasks.apprunner.amazonaws.com",
        "networking.apprunner.amazonaws.com",
    ];
    let dns = [".amazonaws.com", ".amazonaws.com.cn", ".amazon.com", ".aws.internal"];
    if name.ends_with("apprunner.amazonaws.com") {
        return APP_RUNNER.contains(&name);
    }
    dns.iter().any(|suffix| name.strip_suffix(suffix).is_some_and(|service| !service.is_empty()))
}

fn is_federation(name: &str) -> bool {
    name.starts_with("arn:")
        || ["accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"]
            .contains(&name)
}
