//! Temporary credentials.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Session;
use crate::iam;
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
    let role = Role::of(world, caller, arn).ok_or_else(denied)?;
    let trusted = |principal: &Value| {
        ["AWS"]
            .iter()
            .any(|kind| texts(&principal[kind]).into_iter().any(|trusted| is_account(trusted, &caller.account)))
    };
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
    let role = Role::of(world, caller, arn);
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

/// A role as IAM describes it.
struct Role {
    name: String,
    id: String,
    longest: i64,
    trust: Value,
    owner: Caller,
}

impl Role {
    fn of(world: &mut World, caller: &Caller, arn: &str) -> Option<Self> {
        let (_, path) = arn.split_once(":role/")?;
        let account = arn.split(':').nth(4)?;
        let owner = Caller { account: account.to_owned(), ..caller.clone() };
        // Looking must not make an account.
        world.accounts.get(account)?;
        let found = iam::call(world, &owner, "GetRole", &json!({ "RoleName": path.rsplit('/').next()? })).ok()?;
        let role = &found["Role"];
        let since = role["CreateDate"].as_str()?.parse::<Timestamp>().ok()?;
        if role["Arn"] != arn || world.now() < since + world.settings.role_propagation {
            return None;
        }
        Some(Self {
            name: role["RoleName"].as_str()?.to_owned(),
            id: role["RoleId"].as_str()?.to_owned(),
            longest: role["MaxSessionDuration"].as_i64().unwrap_or(3600),
            trust: document(role["AssumeRolePolicyDocument"].as_str()?)?,
            owner,
        })
    }

    fn trusts(&self, action: &str, principal: impl Fn(&Value) -> bool) -> bool {
        let statements = match &self.trust["Statement"] {
            Value::Array(statements) => statements.iter().collect(),
            statement => vec![statement],
        };
        statements.into_iter().any(|statement| {
            let acts = texts(&statement["Action"]).into_iter().any(|allowed| crate::glob::fits(allowed, action));
            let anybody = statement["Principal"] == "*";
            statement["Effect"] == "Allow" && acts && (anybody || principal(&statement["Principal"]))
        })
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
        let arn =
            format!("arn:{}:sts::{}:assumed-role/{}/{session}", self.owner.partition, self.owner.account, self.name);
        let user_id = format!("{}:{session}", self.id);
        let user = json!({ "AssumedRoleId": user_id, "Arn": arn });
        (Session { arn, user_id }, user)
    }
}

/// IAM gives documents back percent-encoded.
fn document(text: &str) -> Option<Value> {
    // A form decoder also turns plus signs into spaces, so they are kept from it.
    let encoded = format!("d={}", text.replace('+', "%2B").replace('&', "%26"));
    let (_, decoded) = form_urlencoded::parse(encoded.as_bytes()).next()?;
    serde_json::from_str(&decoded).ok()
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
