//! Calls in, whole answers out.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::*;
use crate::iam;

struct Tokens {
    world: World,
    caller: Caller,
}

impl Tokens {
    fn new() -> Self {
        let world = World::new(0, "2026-01-01T00:00:00Z".parse().unwrap());
        Self { world, caller: Caller::new("123456789012", "us-east-2") }
    }

    fn call(&mut self, key: &str, operation: &str, input: Value) -> Value {
        let answer = call(&mut self.world, &self.caller, key, operation, &input);
        answer.unwrap_or_else(|refusal| json!(format!("{} {}: {}", refusal.status, refusal.code, refusal.message)))
    }

    fn role(&mut self, principal: Value, action: &str) -> Value {
        let trust = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": principal, "Action": action }] });
        let input = json!({ "RoleName": "deploy", "AssumeRolePolicyDocument": trust.to_string() });
        iam::call(&mut self.world, &self.caller, "CreateRole", &input).unwrap()["Role"].clone()
    }
}

const DEPLOY: &str = "arn:aws:iam::123456789012:role/deploy";
const ASSUMED: &str = "arn:aws:sts::123456789012:assumed-role/deploy/ci";

#[test]
fn an_account_key_is_its_root() {
    let expected =
        json!({ "UserId": "123456789012", "Account": "123456789012", "Arn": "arn:aws:iam::123456789012:root" });
    assert_eq!(Tokens::new().call("123456789012", "GetCallerIdentity", json!({})), expected);
}

#[test]
fn a_trusted_account_assumes_the_role_and_is_known_by_its_key() {
    let mut tokens = Tokens::new();
    let role = tokens.role(json!({ "AWS": "arn:aws:iam::123456789012:root" }), "sts:AssumeRole");
    let assumed = tokens.call("", "AssumeRole", json!({ "RoleArn": DEPLOY, "RoleSessionName": "ci" }));
    let user_id = format!("{}:ci", role["RoleId"].as_str().unwrap());
    assert_eq!(assumed["AssumedRoleUser"], json!({ "AssumedRoleId": user_id, "Arn": ASSUMED }));
    assert_eq!(assumed["Credentials"]["Expiration"], "2026-01-01T01:00:00Z");
    let key = assumed["Credentials"]["AccessKeyId"].as_str().unwrap();
    let expected = json!({ "UserId": user_id, "Account": "123456789012", "Arn": ASSUMED });
    assert_eq!(tokens.call(key, "GetCallerIdentity", json!({})), expected);
}

#[test]
fn a_role_that_trusts_others_or_is_missing_or_is_too_new_is_denied() {
    let denied = format!(
        "403 AccessDenied: User: arn:aws:iam::123456789012:root is not authorized to perform: sts:AssumeRole on resource: {DEPLOY}"
    );
    let assume =
        |tokens: &mut Tokens| tokens.call("", "AssumeRole", json!({ "RoleArn": DEPLOY, "RoleSessionName": "ci" }));
    let mut tokens = Tokens::new();
    assert_eq!(assume(&mut tokens), json!(denied));
    tokens.role(json!({ "Service": "tasks.apprunner.amazonaws.com" }), "sts:AssumeRole");
    assert_eq!(assume(&mut tokens), json!(denied));
    let mut tokens = Tokens::new();
    tokens.world.settings.role_propagation = jiff::SignedDuration::from_secs(10);
    tokens.role(json!({ "AWS": "123456789012" }), "sts:AssumeRole");
    assert_eq!(assume(&mut tokens), json!(denied));
    tokens.world.advance(jiff::SignedDuration::from_secs(10));
    assert_eq!(assume(&mut tokens)["AssumedRoleUser"]["Arn"], ASSUMED);
}

#[test]
fn a_session_is_no_longer_than_the_role_allows() {
    let mut tokens = Tokens::new();
    tokens.role(json!({ "AWS": "123456789012" }), "sts:AssumeRole");
    let input = json!({ "RoleArn": DEPLOY, "RoleSessionName": "ci", "DurationSeconds": 7200 });
    let expected =
        "400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
    assert_eq!(tokens.call("", "AssumeRole", input), json!(expected));
}

#[test]
fn a_web_identity_is_told_by_its_issuer() {
    let mut tokens = Tokens::new();
    let provider = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
    tokens.role(json!({ "Federated": provider }), "sts:AssumeRoleWithWebIdentity");
    let token = |issuer: &str| {
        let claims = json!({ "iss": issuer, "sub": "repo:a/b", "aud": "sts.amazonaws.com" });
        format!("e30.{}.x", URL_SAFE_NO_PAD.encode(claims.to_string()))
    };
    let mut assume = |issuer: &str| {
        tokens.call(
            "",
            "AssumeRoleWithWebIdentity",
            json!({ "RoleArn": DEPLOY, "RoleSessionName": "ci", "WebIdentityToken": token(issuer) }),
        )
    };
    let assumed = assume("https://token.actions.githubusercontent.com");
    assert_eq!(
        json!([assumed["AssumedRoleUser"]["Arn"], assumed["Provider"], assumed["Audience"]]),
        json!([ASSUMED, "token.actions.githubusercontent.com", "sts.amazonaws.com"])
    );
    assert_eq!(
        assume("https://elsewhere.example"),
        json!("403 AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity")
    );
}
