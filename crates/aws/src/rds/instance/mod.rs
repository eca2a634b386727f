//! `rds_instance` (`aws-behaviour.md` 7.1).

mod arguments;
mod check;
mod compare;
mod deletion;
mod read;
mod schema;
mod status;
mod update;

use std::collections::BTreeMap;

use model::{Live, Schema, Value, observed::ownership};
use provider::{
    Blocker, Call, Failure, FailureKind, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want,
    retry::RetryPhase,
};

pub use arguments::Arguments;
pub use schema::SCHEMA;

use super::common::{again, found, instances, reads};
use crate::{
    calls::{made_by, upsert},
    client::{Attempts, Client},
    failure::failure,
};
use update::{Update, identifier};

const GONE: &[&str] = &["DBInstanceNotFound", "DBInstanceNotFoundFault"];

/// The verbs of `rds_instance`.
pub struct RdsInstance;

const fn retry(
    code: &'static str,
    fragment: &'static str,
    phases: &'static [RetryPhase],
    window: u64,
    waiting_for: &'static str,
) -> Retry {
    Retry { code, fragment, phases, window, fresh_only: false, waiting_for }
}

const MADE: &[RetryPhase] = &[RetryPhase::Create];
const CHANGED: &[RetryPhase] = &[RetryPhase::Update];
const SENT: &[RetryPhase] = &[RetryPhase::Create, RetryPhase::Update];
const LATER: &[RetryPhase] = &[RetryPhase::Update, RetryPhase::Delete];
/// What a refusal in a state that passes is waited for.
const AVAILABLE: &str = "the database to be available";

impl Resource for RdsInstance {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("rds:CreateDBInstance", RetryClass::NaturalName);
    const DELETE: &'static str = "rds:DeleteDBInstance";
    const RETRIES: &'static [Retry] = &[
        retry("InvalidParameterValue", "invalid or does not include the required permissions", SENT, 300, "IAM"),
        retry("InvalidParameterValue", "enhanced_monitoring", SENT, 120, "IAM"),
        retry("ValidationError", "couldn't fetch the role from instance profile", MADE, 120, "IAM"),
        retry("InvalidDBInstanceState", "your request later", CHANGED, 5400, AVAILABLE),
        retry("InvalidDBInstanceState", "not in available state", LATER, 5400, AVAILABLE),
        retry("InvalidDBInstanceState", "not currently in the available state", LATER, 5400, AVAILABLE),
        retry(
            "InvalidParameterCombination",
            "previous storage change is being optimized",
            CHANGED,
            5400,
            "RDS to optimise the storage",
        ),
    ];
    /// A change shows itself after some seconds, up to a minute.
    const CONSISTENCY_WINDOW: u64 = 60;

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let create = client.rds(&place.region, Attempts::Once).create_db_instance();
        let create = want.arguments.of_create(create, &want.tags);
        let answer = create.send().await.map_err(|error| failure(Self::CREATE.0, error))?;
        let made = answer.db_instance.and_then(|made| made.dbi_resource_id.or(made.db_instance_identifier));
        made.map(Sent::id).ok_or_else(|| Failure::new(FailureKind::Bug, Self::CREATE.0, "the answer holds no id"))
    }

    fn next<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        Update { client, place, want, live }.next()
    }

    async fn settle(
        client: &Client,
        place: &Place,
        id: &str,
        operation: Option<&str>,
        goal: Goal,
    ) -> Result<Settled, Failure> {
        let instance = read::one(client, place, id).await?;
        Ok(match (goal, instance) {
            (Goal::Gone, None) => Settled::Ready,
            (Goal::Gone, Some(instance)) => again(15, instance.db_instance_status().unwrap_or("deleting")),
            (Goal::Present, None) => again(5, "not visible yet"),
            (Goal::Present, Some(instance)) => status::judged(&instance, operation),
        })
    }

    async fn read(client: &Client, place: &Place, ids: &[String]) -> Result<Vec<Option<Live>>, Failure> {
        let found = read::describe(client, place, ids).await?;
        Ok(found.into_iter().map(|one| one.as_ref().map(read::live)).collect())
    }

    async fn delete(
        client: &Client,
        place: &Place,
        id: &str,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<Sent, Failure> {
        let Some(instance) = read::one(client, place, id).await? else { return Ok(Sent::id(id)) };
        let delete = reads(client, place).delete_db_instance();
        let delete = delete.set_db_instance_identifier(instance.db_instance_identifier);
        let delete = deletion::request(delete, arguments);
        match found(Self::DELETE, GONE, delete.send()).await {
            Err(failure) if failure.message.to_lowercase().contains("already being deleted") => Ok(Sent::id(id)),
            answer => answer.map(|_| Sent::id(id)),
        }
    }

    /// Lifts the protection, where `--allow-unprotect` asked for it.
    fn dismantle<'a>(
        client: &'a Client,
        place: &'a Place,
        live: &'a Live,
        arguments: &'a BTreeMap<String, Value>,
    ) -> Option<Call<'a>> {
        let lifts = arguments.get("deletion_protection") == Some(&Value::Flag(false));
        let call = reads(client, place).modify_db_instance().db_instance_identifier(identifier(live));
        let call = call.deletion_protection(false);
        (lifts && deletion::is_protected(live))
            .then(|| upsert("rds:ModifyDBInstance", "switches deletion protection off", call.send()))
    }

    async fn blockers(
        client: &Client,
        place: &Place,
        live: &Live,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<Vec<Blocker>, Failure> {
        deletion::blockers(client, place, live, arguments).await
    }

    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        let Some(name) = named(&intent.identity) else { return Ok(None) };
        let found = read::one(client, place, name).await?;
        Ok(made_by(found.as_ref().map(read::live), intent))
    }

    async fn list(client: &Client, place: &Place, environment: &str) -> Result<Vec<String>, Failure> {
        let all = instances(client, place).await?;
        let ours = all
            .iter()
            .map(read::live)
            .filter(|live| live.ownership.get(ownership::ENVIRONMENT).is_some_and(|made_for| made_for == environment));
        Ok(ours.map(|live| live.id).collect())
    }

    async fn namesake(
        client: &Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let Some(name) = named(identity) else { return Ok(None) };
        Ok(read::one(client, place, name).await?.map(|found| read::live(&found).id))
    }
}

fn named(identity: &BTreeMap<String, Value>) -> Option<&str> {
    identity.get("db_instance_identifier").and_then(Value::as_text)
}
