//! `iam_role_policy_attachment` (`aws-behaviour.md` 4.3).

use std::collections::BTreeMap;

use model::{
    Attribute, Kind, Live, Schema, Value,
    schema::{DefaultTimeouts, Prediction, nothing_to_check},
};
use provider::{Call, Failure, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want};
use serde::Deserialize;

use super::{
    common::{RETRIES, attached, reads},
    limits,
};
use crate::{
    calls::{absent, consistent, eight_at_a_time},
    client::Client,
    failure::failure,
};

pub static SCHEMA: Schema = Schema {
    name: "iam_role_policy_attachment",
    doc: "A managed policy attached to a role, apart from the role.",
    attributes: &[
        Attribute::required("role_name", Kind::Text)
            .member(&limits::attach_role_policy_request::ROLE_NAME)
            .replaces()
            .excludes("iam_role", "managed_policy_arns")
            .doc("The role's name."),
        Attribute::required("policy_arn", Kind::Text)
            .member(&limits::attach_role_policy_request::POLICY_ARN)
            .replaces()
            .doc("The policy's ARN."),
    ],
    natural_name: &["role_name", "policy_arn"],
    import_id: "ROLE/POLICY-ARN",
    predict_id: Some(id),
    revisions: false,
    global: true,
    taggable: false,
    loses: None,
    timeouts: DefaultTimeouts { create: 120, update: 120, delete: 120 },
    check: nothing_to_check,
};

fn id(prediction: &Prediction<'_>) -> Option<String> {
    Some(format!("{}/{}", prediction.text("role_name")?, prediction.text("policy_arn")?))
}

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    role_name: String,
    policy_arn: String,
}

/// The verbs of `iam_role_policy_attachment`.
pub struct IamRolePolicyAttachment;

impl Resource for IamRolePolicyAttachment {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("iam:AttachRolePolicy", RetryClass::Upsert);
    const DELETE: &'static str = "iam:DetachRolePolicy";
    const RETRIES: &'static [Retry] = RETRIES;
    const CONSISTENCY_WINDOW: u64 = 120;

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let Arguments { role_name, policy_arn } = &want.arguments;
        let attach = reads(client, place).attach_role_policy().role_name(role_name).policy_arn(policy_arn);
        attach.send().await.map_err(|error| failure(Self::CREATE.0, error))?;
        Ok(Sent::id(format!("{role_name}/{policy_arn}")))
    }

    fn next<'a>(_: &'a Client, _: &'a Place, _: &'a Want<Arguments>, _: &'a Live) -> Option<Call<'a>> {
        None
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
        if let Some((role, policy)) = id.split_once('/') {
            let answer = reads(client, place).detach_role_policy().role_name(role).policy_arn(policy).send().await;
            absent(answer.map_err(|error| failure(Self::DELETE, error)))?;
        }
        Ok(Sent::id(id))
    }

    /// Attaching twice changes nothing, so what is attached is what the intent meant.
    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        Self::namesake(client, place, &intent.identity).await
    }

    async fn namesake(
        client: &Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let name = |attribute: &str| identity.get(attribute).and_then(Value::as_text);
        let (Some(role), Some(policy)) = (name("role_name"), name("policy_arn")) else { return Ok(None) };
        Ok(live(client, place, &format!("{role}/{policy}")).await?.map(|live| live.id))
    }
}

async fn live(client: &Client, place: &Place, id: &str) -> Result<Option<Live>, Failure> {
    let Some((role, policy)) = id.split_once('/') else { return Ok(None) };
    let found = attached(client, place, role).await?.is_some_and(|arns| arns.iter().any(|arn| arn == policy));
    Ok(found.then(|| Live::new(id).with("role_name", role).with("policy_arn", policy)))
}
