//! `iam_role_policy`: an inline policy as a resource of its own (`aws-behaviour.md` 4.2).

use std::collections::BTreeMap;

use model::{
    Attribute, Kind, Live, Schema, Value,
    schema::{Compare, DefaultTimeouts, Prediction, nothing_to_check},
};
use provider::{Call, Failure, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want};
use serde::Deserialize;

use super::{
    common::{RETRIES, inline_policy, reads},
    limits,
};
use crate::{
    calls::{absent, consistent, eight_at_a_time, upsert},
    client::Client,
    failure::failure,
    values::Document,
};

pub static SCHEMA: Schema = Schema {
    name: "iam_role_policy",
    doc: "An inline policy of a role, apart from the role.",
    attributes: &[
        Attribute::required("role_name", Kind::Text)
            .member(&limits::put_role_policy_request::ROLE_NAME)
            .replaces()
            .excludes("iam_role", "inline_policies")
            .doc("The role's name."),
        Attribute::required("policy_name", Kind::Text)
            .member(&limits::put_role_policy_request::POLICY_NAME)
            .replaces()
            .doc("The policy's name within the role."),
        Attribute::required("policy_document", Kind::Document)
            .member(&limits::put_role_policy_request::POLICY_DOCUMENT)
            .compare(Compare::Policy)
            .doc("What the role may do, as a table or JSON text."),
    ],
    natural_name: &["role_name", "policy_name"],
    import_id: "ROLE:POLICY, the two names",
    predict_id: Some(id),
    revisions: false,
    global: true,
    taggable: false,
    loses: None,
    timeouts: DefaultTimeouts { create: 120, update: 120, delete: 120 },
    check: nothing_to_check,
};

fn id(prediction: &Prediction<'_>) -> Option<String> {
    Some(format!("{}:{}", prediction.text("role_name")?, prediction.text("policy_name")?))
}

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    role_name: String,
    policy_name: String,
    policy_document: Document,
}

/// The verbs of `iam_role_policy`.
pub struct IamRolePolicy;

impl Resource for IamRolePolicy {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("iam:PutRolePolicy", RetryClass::Upsert);
    const DELETE: &'static str = "iam:DeleteRolePolicy";
    const RETRIES: &'static [Retry] = RETRIES;
    const CONSISTENCY_WINDOW: u64 = 120;

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let arguments = &want.arguments;
        let put = reads(client, place).put_role_policy().role_name(&arguments.role_name);
        let put = put.policy_name(&arguments.policy_name).policy_document(&arguments.policy_document.0);
        put.send().await.map_err(|error| failure(Self::CREATE.0, error))?;
        Ok(Sent::id(format!("{}:{}", arguments.role_name, arguments.policy_name)))
    }

    fn next<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        if !want.differs("policy_document") {
            return None;
        }
        let (role, policy) = names(&live.id)?;
        let put = reads(client, place).put_role_policy().role_name(role).policy_name(policy);
        let put = put.policy_document(&want.arguments.policy_document.0);
        Some(upsert("iam:PutRolePolicy", "sets the policy", put.send()))
    }

    async fn settle(
        client: &Client,
        place: &Place,
        id: &str,
        _operation: Option<&str>,
        goal: Goal,
    ) -> Result<Settled, Failure> {
        Ok(consistent(live(client, place, id).await?.is_some(), goal, 1))
    }

    async fn read(client: &Client, place: &Place, ids: &[String]) -> Result<Vec<Option<Live>>, Failure> {
        eight_at_a_time(ids.iter().map(|id| live(client, place, id)).collect()).await
    }

    async fn delete(
        client: &Client,
        place: &Place,
        id: &str,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Sent, Failure> {
        if let Some((role, policy)) = names(id) {
            let answer = reads(client, place).delete_role_policy().role_name(role).policy_name(policy).send().await;
            absent(answer.map_err(|error| failure(Self::DELETE, error)))?;
        }
        Ok(Sent::id(id))
    }

    /// A put that is sent again changes nothing, so what has the name is what the intent meant.
    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        Self::namesake(client, place, &intent.identity).await
    }

    async fn namesake(
        client: &Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let name = |attribute: &str| identity.get(attribute).and_then(Value::as_text);
        let (Some(role), Some(policy)) = (name("role_name"), name("policy_name")) else { return Ok(None) };
        Ok(live(client, place, &format!("{role}:{policy}")).await?.map(|live| live.id))
    }
}

/// Role and policy of an id; role names hold no `:`.
fn names(id: &str) -> Option<(&str, &str)> {
    id.split_once(':')
}

async fn live(client: &Client, place: &Place, id: &str) -> Result<Option<Live>, Failure> {
    let Some((role, policy)) = names(id) else { return Ok(None) };
    let document = inline_policy(client, place, role, policy).await?;
    Ok(document.map(|document| {
        Live::new(id).with("role_name", role).with("policy_name", policy).with("policy_document", document)
    }))
}
