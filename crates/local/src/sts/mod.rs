//! AWS STS of the local cloud.

mod assume;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// What this service has given out.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Sts {
    /// The temporary credentials by access key id.
    pub sessions: BTreeMap<String, Session>,
}

/// Whose temporary credentials.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Session {
    /// For example `arn:aws:sts::123456789012:assumed-role/deploy/ci`.
    pub arn: String,
    /// For example `AROA…:ci`.
    pub user_id: String,
}

/// Answers one call whose input the model has already accepted; `key` is the caller's access key id.
pub fn call(world: &mut World, caller: &Caller, key: &str, operation: &str, input: &Value) -> Answer {
    match operation {
        "GetCallerIdentity" => Ok(identity(world, caller, key)),
        "GetSessionToken" => Ok(assume::session_token(world, caller, key, input)),
        "AssumeRole" => assume::role(world, caller, key, input),
        "AssumeRoleWithWebIdentity" => assume::with_web_identity(world, caller, input),
        _ => Err(Refusal::new("InvalidAction", format!("{operation} is not served here"))),
    }
}

fn identity(world: &World, caller: &Caller, key: &str) -> Value {
    let session = session(world, caller, key);
    json!({ "UserId": session.user_id, "Account": caller.account, "Arn": session.arn })
}

/// Who calls: a session that was given out here, else the account's root user.
fn session(world: &World, caller: &Caller, key: &str) -> Session {
    let held = world.accounts.get(&caller.account).and_then(|account| account.sts.sessions.get(key));
    held.cloned().unwrap_or_else(|| Session {
        arn: format!("arn:{}:iam::{}:root", caller.partition, caller.account),
        user_id: caller.account.clone(),
    })
}
