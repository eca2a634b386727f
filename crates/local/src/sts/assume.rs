//! Temporary credentials.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::Session;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

pub(super) fn session_token(world: &mut World, caller: &Caller, key: &str, input: &Value) -> Value {
    let session = super::session(world, caller, key);
    json!({ "Credentials": give_out(world, caller, session, duration(input, 43_200)) })
}

/// Whoever is in the account may assume what trusts it: who calls is not told from its signature here.
pub(super) fn role(world: &mut World, caller: &Caller, key: &str, input: &Value) -> Answer {
    let (arn, name) = (text(input, "RoleArn"), text(input, "RoleSessionName"));
    let who = super::session(world, caller, key).arn;
    let denied = || denied(&who, "AssumeRole", arn);
    let role = Assumable::of(world, caller, arn).ok_or_else(denied)?;
    let trusted =
        |principal: &Value| texts(&principal["AWS"]).into_iter().any(|trusted| is_account(trusted, &caller.account));
    if !role.trusts("sts:AssumeRole", trusted) {
        return Err(denied());
    }
    role.longest(input)?;
    let (session, user) = role.session(name);
    let credentials = give_out(world, &role.owner, session, duration(input, 3600));
    Ok(json!({ "Credentials": credentials, "AssumedRoleUser": user, "PackedPolicySize": 0 }))
}

/// The token is not verified, but its issuer must be a federated principal of the role's trust policy.
pub(super) fn with_web_identity(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let (arn, name) = (text(input, "RoleArn"), text(input, "RoleSessionName"));
    let claims = claims(text(input, "WebIdentityToken"))?;
    let issuer = claims["iss"].as_str().unwrap_or_default().trim_start_matches("https://").to_owned();
    let role = Assumable::of(world, caller, arn);
    let federated =
        |principal: &Value| texts(&principal["Federated"]).into_iter().any(|trusted| trusted.ends_with(&issuer));
    let role = role.filter(|role| role.trusts("sts:AssumeRoleWithWebIdentity", federated));
    let role = role.ok_or_else(|| {
        Refusal::new("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity").status(403)
    })?;
    role.longest(input)?;
    let (session, user) = role.session(name);
    let credentials = give_out(world, &role.owner, session, duration(input, 3600));
    Ok(json!({
        "Credentials": credentials,
        "SubjectFromWebIdentityToken": claims["sub"],
        "AssumedRoleUser": user,
        "PackedPolicySize": 0,
        "Provider": issuer,
        "Audience": claims["aud"],
    }))
}

/// The claims of a JSON web token.
fn claims(token: &str) -> Result<Value, Refusal> {
    let body = token.split('.').nth(1).and_then(|body| URL_SAFE_NO_PAD.decode(body.trim_end_matches('=')).ok());
    let claims = body.and_then(|body| serde_json::from_slice(&body).ok());
    claims.ok_or_else(|| {
        Refusal::new(
            "InvalidIdentityToken",
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)",
        )
    })
}

/// A role that exists and has reached STS, with its trust policy.
struct Assumable {
    name: String,
    id: String,
    /// Seconds.
    longest: i64,
    trust: Value,
    owner: Caller,
}

impl Assumable {
    fn of(world: &World, caller: &Caller, arn: &str) -> Option<Self> {
        let account = arn.split(':').nth(4)?;
        let role = world.accounts.get(account)?.iam.role_by_arn(arn)?;
        if role.created + world.settings.role_propagation > world.now() {
            return None;
        }
        Some(Self {
            name: role.name.clone(),
            id: role.id.clone(),
            longest: role.max_session,
            trust: serde_json::from_str(&role.trust).ok()?,
            owner: Caller { account: account.to_owned(), ..caller.clone() },
        })
    }

    /// Conditions count as met where they allow and as unmet where they deny.
    fn trusts(&self, action: &str, principal: impl Fn(&Value) -> bool) -> bool {
        let statements = match &self.trust["Statement"] {
            Value::Array(statements) => statements.as_slice(),
            statement => std::slice::from_ref(statement),
        };
        let meant = |statement: &&Value| {
            let acts = texts(&statement["Action"]).into_iter().any(|allowed| crate::glob::fits(allowed, action));
            acts && (statement["Principal"] == "*" || principal(&statement["Principal"]))
        };
        let mut effects =
            statements.iter().filter(meant).filter(|met| met["Effect"] == "Allow" || met["Condition"].is_null());
        effects.clone().any(|met| met["Effect"] == "Allow") && effects.all(|met| met["Effect"] != "Deny")
    }

    fn longest(&self, input: &Value) -> Result<(), Refusal> {
        match input["DurationSeconds"].as_i64() {
            Some(asked) if asked > self.longest => {
                let message = "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
                Err(Refusal::new("ValidationError", message))
            }
            _ => Ok(()),
        }
    }

    fn session(&self, session: &str) -> (Session, Value) {
        let Caller { partition, account, .. } = &self.owner;
        let arn = format!("arn:{partition}:sts::{account}:assumed-role/{}/{session}", self.name);
        let user_id = format!("{}:{session}", self.id);
        let user = json!({ "AssumedRoleId": user_id, "Arn": arn });
        (Session { arn, user_id }, user)
    }
}

fn is_account(principal: &str, account: &str) -> bool {
    principal == "*" || principal == account || principal.split(':').nth(4) == Some(account)
}

fn denied(who: &str, action: &str, resource: &str) -> Refusal {
    let message = format!("User: {who} is not authorized to perform: sts:{action} on resource: {resource}");
    Refusal::new("AccessDenied", message).status(403)
}

/// New credentials that this cloud knows again.
fn give_out(world: &mut World, owner: &Caller, session: Session, duration: SignedDuration) -> Value {
    let key = format!("ASIA{}", world.hex(16).to_ascii_uppercase());
    let (secret, token) = (STANDARD.encode(world.hex(30)), STANDARD.encode(world.hex(64)));
    let expiration = world.now() + duration;
    world.account(owner).sts.sessions.insert(key.clone(), session);
    json!({ "AccessKeyId": key, "SecretAccessKey": secret, "SessionToken": token, "Expiration": expiration })
}

fn duration(input: &Value, default: i64) -> SignedDuration {
    SignedDuration::from_secs(input["DurationSeconds"].as_i64().unwrap_or(default))
}

fn text<'a>(input: &'a Value, member: &str) -> &'a str {
    input[member].as_str().unwrap_or_default()
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        value => value.as_str().into_iter().collect(),
    }
}
