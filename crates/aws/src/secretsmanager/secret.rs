//! `secretsmanager_secret` (`aws-behaviour.md` 8.1 and 8.2).

use std::collections::BTreeMap;

use aws_sdk_secretsmanager::{operation::describe_secret::DescribeSecretOutput, types::Tag};
use model::{
    Attribute, Fingerprinter, Kind, Live, Schema, Secret, Value,
    observed::ownership::{ENVIRONMENT, LINEAGE},
    schema::{Compare, DefaultTimeouts, Finding, Unset},
};
use provider::{
    Blocker, Call, Failure, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want,
    retry::RetryPhase,
};
use serde::Deserialize;

use super::{
    limits,
    reads::{Content, Known, all, contents, describe, known, service},
};
use crate::{
    calls::{absent, consistent, count, eight_at_a_time, made_by, remove, upsert},
    client::{Attempts, Client},
    failure::failure,
    values::{Document, document, time},
};

/// The key that AWS uses where none is named; it reports none then.
const OWN_KEY: &str = "alias/aws/secretsmanager";
/// Days until a deleted secret is gone, where nothing else is written.
const WINDOW: i64 = 30;

pub static SCHEMA: Schema = Schema {
    name: "secretsmanager_secret",
    doc: "A secret of Secrets Manager with its value. The value is never written down: neither in the state nor in plans.",
    attributes: &[
        Attribute::required("name", Kind::Text)
            .member(&limits::create_secret_request::NAME)
            .replaces()
            .doc("The name. It is not free again until a deleted secret's recovery window is over."),
        Attribute::name_prefix("name_prefix", "name").member(&limits::create_secret_request::NAME),
        Attribute::optional("description", Kind::Text)
            .member(&limits::create_secret_request::DESCRIPTION)
            .compare(Compare::Same(same_text))
            .on_unset(Unset::Clear)
            .doc("What it is for."),
        Attribute::optional("kms_key_id", Kind::Text)
            .member(&limits::create_secret_request::KMS_KEY_ID)
            .compare(Compare::Same(same_key))
            .on_unset(Unset::Clear)
            .doc("The key that encrypts it, by ARN, id or alias. AWS's default: `aws/secretsmanager`."),
        Attribute::optional("secret_string", Kind::Text)
            .member(&limits::create_secret_request::SECRET_STRING)
            .generates()
            .doc("The value: from the environment, a file, another secret, a generator, or composed of such. Without it the secret's value is not groma's."),
        Attribute::optional("resource_policy", Kind::Document)
            .member(&limits::put_resource_policy_request::RESOURCE_POLICY)
            .compare(Compare::Policy)
            .on_unset(Unset::Clear)
            .doc("Who else may use it, as a table or JSON text."),
        Attribute::optional("tags", Kind::Map(&Kind::Text))
            .member(&limits::create_secret_request::TAGS)
            .per_key("")
            .doc("Tags."),
        Attribute::optional("recovery_window_in_days", Kind::Number)
            .deletion()
            .doc("Days in which a deleted secret can be restored, 7 to 30; its name is taken until then. AWS's default: 30."),
        Attribute::optional("force_delete_without_recovery", Kind::Flag)
            .deletion()
            .doc("Deletes it at once; nothing brings it back."),
        Attribute::computed("arn", Kind::Text).doc("The ARN, with six characters that AWS chooses."),
        Attribute::computed("created_date", Kind::Text).doc("When it was created, RFC 3339."),
    ],
    natural_name: &["name"],
    import_id: "the secret's ARN",
    predict_id: None,
    revisions: false,
    global: false,
    taggable: true,
    loses: Some("the secret's value"),
    timeouts: DefaultTimeouts { create: 180, update: 60, delete: 120 },
    check,
};

/// Nothing and an empty text are the same.
fn same_text(want: &Value, live: &Value) -> bool {
    want.as_text().unwrap_or_default() == live.as_text().unwrap_or_default()
}

/// No key and the service's own are the same.
fn same_key(want: &Value, live: &Value) -> bool {
    let key = |value: &Value| value.as_text().filter(|key| !key.ends_with(OWN_KEY)).map(str::to_owned);
    key(want) == key(live)
}

fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let finding = |path: &str, summary: &'static str, detail: &str, hint: &str| Finding {
        path: path.to_owned(),
        summary,
        detail: detail.to_owned(),
        hint: Some(hint.to_owned()),
        warning: false,
    };
    let mut found = Vec::new();
    let known = |character: char| character.is_ascii_alphanumeric() || "/_+=.@-".contains(character);
    for name in ["name", "name_prefix"] {
        if arguments.get(name).and_then(Value::as_text).is_some_and(|text| !text.chars().all(known)) {
            let detail = "a secret's name is made of letters, digits and `/_+=.@-`";
            found.push(finding(name, "wrong form", detail, "for example `app/postgres-url`"));
        }
    }
    found.extend(arguments.get("name").and_then(Value::as_text).and_then(like_an_arn));
    let window = arguments.get("recovery_window_in_days").and_then(Value::as_i64);
    if window.is_some_and(|days| !(7..=30).contains(&days)) {
        let hint = "for a deletion at once write `force_delete_without_recovery = true` instead";
        let detail = "a deleted secret can be restored for 7 to 30 days";
        found.push(finding("recovery_window_in_days", "number out of range", detail, hint));
    }
    if window.is_some() && arguments.get("force_delete_without_recovery") == Some(&Value::Flag(true)) {
        let detail = "a forced deletion has no recovery window";
        let path = "recovery_window_in_days";
        found.push(finding(path, "attributes do not go together", detail, "leave one out"));
    }
    found
}

/// AWS ends the ARN with a hyphen and six characters, and takes a part of an ARN for a name.
fn like_an_arn(name: &str) -> Option<Finding> {
    let (rest, end) = name.rsplit_once('-')?;
    (end.len() == 6).then(|| Finding {
        path: "name".to_owned(),
        summary: "name like an ARN",
        detail: format!("`{name}` ends with a hyphen and six characters, as ARNs of secrets do: AWS may take it for the ARN of `{rest}`"),
        hint: Some(format!("choose another end, for example `{rest}/{end}`")),
        warning: true,
    })
}

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    name: String,
    description: Option<String>,
    kms_key_id: Option<String>,
    secret_string: Option<String>,
    resource_policy: Option<Document>,
}

/// A deletion at once takes some seconds; the name is free after it.
const TAKEN: Retry = Retry {
    code: "InvalidRequestException",
    fragment: "scheduled for deletion",
    phases: &[RetryPhase::Create],
    window: 120,
    fresh_only: false,
    waiting_for: "Secrets Manager to free the name",
};

/// The verbs of `secretsmanager_secret`.
pub struct SecretsmanagerSecret;

impl Resource for SecretsmanagerSecret {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("secretsmanager:CreateSecret", RetryClass::NaturalName);
    const DELETE: &'static str = "secretsmanager:DeleteSecret";
    const RETRIES: &'static [Retry] = &[
        TAKEN,
        Retry { fragment: "was deleted", ..TAKEN },
        Retry {
            code: "MalformedPolicyDocumentException",
            fragment: "unsupported principal",
            phases: &[RetryPhase::Create, RetryPhase::Update],
            window: 120,
            fresh_only: true,
            waiting_for: "IAM",
        },
    ];

    type Client = Client;
    type Arguments = Arguments;

    /// Makes it without its value, which is a call of its own; or restores the one of this environment that waits for its
    /// deletion under this name.
    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, token: &Token) -> Result<Sent, Failure> {
        let arguments = &want.arguments;
        let waiting = describe(client, place, &arguments.name).await?.filter(|found| found.deleted_date().is_some());
        if let Some(found) = waiting
            && let Some(restored) = restore(client, place, want, &found).await?
        {
            return Ok(restored);
        }
        let answer = client
            .secretsmanager(&place.region, Attempts::Once)
            .create_secret()
            .name(&arguments.name)
            .client_request_token(&token.0)
            .set_description(arguments.description.clone().filter(|text| !text.is_empty()))
            .set_kms_key_id(arguments.kms_key_id.clone())
            .set_tags(Some(tags(&want.tags)))
            .send()
            .await
            .map_err(|error| taken(failure(Self::CREATE.0, error), &arguments.name))?;
        Ok(Sent::id(answer.arn.unwrap_or_default()))
    }

    fn next<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        let update = Update { client, place, want, live };
        update
            .settings()
            .or_else(|| update.set_tags())
            .or_else(|| update.remove_tags())
            .or_else(|| update.policy())
            .or_else(|| update.value())
    }

    async fn settle(
        client: &Client,
        place: &Place,
        id: &str,
        _operation: Option<&str>,
        goal: Goal,
    ) -> Result<Settled, Failure> {
        let found = describe(client, place, id).await?.is_some_and(|found| found.deleted_date().is_none());
        Ok(consistent(found, goal, 2))
    }

    async fn read(client: &Client, place: &Place, ids: &[String]) -> Result<Vec<Option<Live>>, Failure> {
        let known = known(client, place, ids).await?;
        let valued = known.values().filter(|known| known.version.is_some());
        let arns: Vec<String> = valued.map(|known| known.arn.clone()).collect();
        let contents = contents(client, place, &arns).await?;
        let (known, contents) = (&known, &contents);
        let reads = ids.iter().map(|id| async move {
            match known.get(id) {
                Some(known) if known.version.is_none() => live(client, place, known, Some(&Content::None)).await,
                Some(known) => live(client, place, known, contents.get(&known.arn)).await,
                None => Ok(None),
            }
        });
        eight_at_a_time(reads.collect()).await
    }

    async fn delete(
        client: &Client,
        place: &Place,
        id: &str,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<Sent, Failure> {
        let call = service(client, place).delete_secret().secret_id(id);
        let call = match is_forced(arguments) {
            true => call.force_delete_without_recovery(true),
            false => call.recovery_window_in_days(window(arguments)),
        };
        match absent(call.send().await.map_err(|error| failure(Self::DELETE, error))) {
            // It waits for its deletion already.
            Err(refused) if refused.message.contains("marked for deletion") => Ok(Sent::id(id)),
            Err(refused) if refused.message.contains("was deleted") => Ok(Sent::id(id)),
            Err(failure) => Err(failure),
            Ok(_) => Ok(Sent::id(id)),
        }
    }

    /// Nothing stops the deletion; but the window keeps the name, and a flag takes it away.
    async fn blockers(
        _client: &Client,
        _place: &Place,
        _live: &Live,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<Vec<Blocker>, Failure> {
        if is_forced(arguments) {
            return Ok(Vec::new());
        }
        Ok(vec![Blocker {
            what: format!("a recovery window of {} days, in which its name stays taken", window(arguments)),
            lost: Some("at once, and nothing brings it back".to_owned()),
            toml: Some("force_delete_without_recovery = true".to_owned()),
            flag: Some("--force-delete-secrets".to_owned()),
            cleared: true,
            ..Blocker::default()
        }])
    }

    /// Says that a secret of this name waits for its deletion, so that nobody is surprised by its return.
    async fn examine(
        client: &Client,
        place: &Place,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<Vec<Finding>, Failure> {
        let Some(name) = arguments.get("name").and_then(Value::as_text) else { return Ok(Vec::new()) };
        let found = describe(client, place, name).await?;
        let due = found.as_ref().and_then(DescribeSecretOutput::deleted_date).map(time);
        let Some(Value::Text(due)) = due else { return Ok(Vec::new()) };
        let day = due.split('T').next().unwrap_or(&due);
        let detail = match found.as_ref().and_then(maker) {
            Some(environment) => format!(
                "`{name}` is to be gone on {day}; it was made by the environment `{environment}`, which brings it back and updates it"
            ),
            None => format!(
                "`{name}` is to be gone on {day}; groma did not make it and does not bring it back, so that the name stays taken until then"
            ),
        };
        Ok(vec![Finding {
            path: "name".to_owned(),
            summary: "a secret of this name waits for its deletion",
            detail,
            hint: found.as_ref().is_none_or(|found| maker(found).is_none()).then(|| free(name)),
            warning: true,
        }])
    }

    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        let Some(name) = intent.identity.get("name").and_then(Value::as_text) else { return Ok(None) };
        let found = known(client, place, &[name.to_owned()]).await?.into_values().next();
        let found = found.map(|found| Live::new(found.arn).tagged(found.tags));
        // One that was restored has the tags of its first life.
        let restored = found.as_ref().filter(|live| live.ownership.get(LINEAGE) == Some(&intent.lineage));
        Ok(restored.map(|live| live.id.clone()).or_else(|| made_by(found, intent)))
    }

    async fn list(client: &Client, place: &Place, environment: &str) -> Result<Vec<String>, Failure> {
        let ours = all(client, place).await?.into_iter().map(|known| Live::new(known.arn).tagged(known.tags));
        let ours = ours.filter(|live| live.ownership.get(ENVIRONMENT).is_some_and(|made_for| made_for == environment));
        Ok(ours.map(|live| live.id).collect())
    }

    async fn namesake(
        client: &Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let Some(name) = identity.get("name").and_then(Value::as_text) else { return Ok(None) };
        Ok(known(client, place, &[name.to_owned()]).await?.into_values().next().map(|found| found.arn))
    }
}

fn is_forced(arguments: &BTreeMap<String, Value>) -> bool {
    arguments.get("force_delete_without_recovery").and_then(Value::as_flag) == Some(true)
}

fn window(arguments: &BTreeMap<String, Value>) -> i64 {
    arguments.get("recovery_window_in_days").and_then(Value::as_i64).unwrap_or(WINDOW)
}

/// The environment that made a secret.
fn maker(found: &DescribeSecretOutput) -> Option<&str> {
    tag(found, ENVIRONMENT)
}

fn tag<'f>(found: &'f DescribeSecretOutput, key: &str) -> Option<&'f str> {
    found.tags().iter().find(|tag| tag.key() == Some(key)).and_then(Tag::value)
}

/// How a name comes free that somebody else's secret keeps.
fn free(name: &str) -> String {
    format!(
        "choose another name; or bring it back with `aws secretsmanager restore-secret --secret-id {name}` and import it"
    )
}

/// The refusal of a name that waits for its deletion.
fn taken(failure: Failure, name: &str) -> Failure {
    let waits = failure.message.to_lowercase().contains(TAKEN.fragment);
    if waits { failure.cause(format!("this environment did not make that secret: {}", free(name))) } else { failure }
}

/// Brings a secret back that this environment made and deleted; nothing when it is somebody else's, or going for good.
async fn restore(
    client: &Client,
    place: &Place,
    want: &Want<Arguments>,
    found: &DescribeSecretOutput,
) -> Result<Option<Sent>, Failure> {
    const OPERATION: &str = "secretsmanager:RestoreSecret";
    let lineage = tag(found, LINEAGE);
    if lineage.is_none() || lineage != want.tags.get(LINEAGE).map(String::as_str) {
        return Ok(None);
    }
    let call = service(client, place).restore_secret().secret_id(found.arn().unwrap_or_default());
    let restored = absent(call.send().await.map_err(|error| failure(OPERATION, error)))?;
    Ok(restored.and_then(|restored| restored.arn).map(Sent::id))
}

async fn live(
    client: &Client,
    place: &Place,
    found: &Known,
    content: Option<&Content>,
) -> Result<Option<Live>, Failure> {
    let policy = service(client, place).get_resource_policy().secret_id(&found.arn).send().await;
    let policy = absent(policy.map_err(|error| failure("secretsmanager:GetResourcePolicy", error)))?;
    let policy = policy.and_then(|answer| answer.resource_policy);
    let live = Live::new(&found.arn)
        .with("name", found.name.as_str())
        .with("description", found.description.clone().filter(|text| !text.is_empty()))
        .with("kms_key_id", found.key.clone())
        .with("resource_policy", policy.as_deref().map(document))
        .with("arn", found.arn.as_str())
        .with("created_date", found.created.map(|created| time(&created)))
        .with(VERSION, found.version.clone())
        .tagged(found.tags.clone());
    Ok(Some(match content {
        Some(Content::Text(text)) => live.with("secret_string", Value::Secret(Secret::new(text.clone(), Vec::new()))),
        Some(Content::None) => live.with("secret_string", Value::Null),
        // What may not be read is compared with what was last applied.
        Some(Content::Hidden) | None => live,
    }))
}

/// The current version, for the token of the next one; no attribute of the type.
const VERSION: &str = "version_id";

fn tags(tags: &BTreeMap<String, String>) -> Vec<Tag> {
    tags.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect()
}

/// The token of a value: the same when the same value is sent again after the same version, so that nothing comes into being
/// twice; another one when an earlier value comes back, which otherwise would stay the earlier version.
fn value_token(value: &Value, version: &str) -> String {
    let fingerprint = match value {
        Value::Secret(secret) => secret.fingerprint.as_ref().map(|fingerprint| fingerprint.0.clone()),
        _ => None,
    };
    Fingerprinter::new(version.as_bytes()).of(&fingerprint.unwrap_or_default()).0
}

/// The updates of one secret, each the call that is still to send or nothing.
struct Update<'a> {
    client: &'a Client,
    place: &'a Place,
    want: &'a Want<Arguments>,
    live: &'a Live,
}

impl<'a> Update<'a> {
    fn service(&self) -> aws_sdk_secretsmanager::Client {
        service(self.client, self.place)
    }

    /// Whether an attribute is to be cleared and still there.
    fn is_left_over(&self, name: &str) -> bool {
        self.want.clears(name) && self.live.attributes.get(name).is_some_and(|value| !value.is_null())
    }

    fn settings(&self) -> Option<Call<'a>> {
        let arguments = &self.want.arguments;
        let description = match self.is_left_over("description") {
            true => Some(String::new()),
            false => arguments.description.clone().filter(|_| self.want.differs("description")),
        };
        let key = match self.is_left_over("kms_key_id") {
            true => Some(OWN_KEY.to_owned()),
            false => arguments.kms_key_id.clone().filter(|_| self.want.differs("kms_key_id")),
        };
        let does = match (&description, &key) {
            (None, None) => return None,
            (Some(_), None) => "sets the description",
            (None, Some(_)) => "sets the encryption key",
            (Some(_), Some(_)) => "sets the description and the encryption key",
        };
        let call = self.service().update_secret().secret_id(&self.live.id);
        let call = call.set_description(description).set_kms_key_id(key);
        Some(upsert("secretsmanager:UpdateSecret", does, call.send()))
    }

    fn value(&self) -> Option<Call<'a>> {
        let text = self.want.arguments.secret_string.as_ref().filter(|_| self.want.differs("secret_string"))?;
        let version = self.live.attributes.get(VERSION).and_then(Value::as_text).unwrap_or_default();
        let value = self.want.values.get("secret_string").unwrap_or(&Value::Null);
        let call = self.service().put_secret_value().secret_id(&self.live.id).secret_string(text);
        let call = call.client_request_token(value_token(value, version));
        Some(Call::new("secretsmanager:PutSecretValue", RetryClass::Token, "sets the value", async move {
            call.send().await.map_err(|error| failure("secretsmanager:PutSecretValue", error))?;
            Ok(Sent::default())
        }))
    }

    fn policy(&self) -> Option<Call<'a>> {
        let name = "resource_policy";
        if let Some(Document(text)) = &self.want.arguments.resource_policy
            && self.want.differs(name)
        {
            let call = self.service().put_resource_policy().secret_id(&self.live.id).resource_policy(text);
            return Some(upsert("secretsmanager:PutResourcePolicy", "sets the resource policy", call.send()));
        }
        let call = self.service().delete_resource_policy().secret_id(&self.live.id);
        let operation = "secretsmanager:DeleteResourcePolicy";
        self.is_left_over(name).then(|| remove(operation, "removes the resource policy", call.send()))
    }

    fn set_tags(&self) -> Option<Call<'a>> {
        let wanted = self.want.tags_to_set(self.live);
        if wanted.is_empty() {
            return None;
        }
        let does = format!("sets {}", count(wanted.len(), "tag"));
        let call = self.service().tag_resource().secret_id(&self.live.id).set_tags(Some(tags(&wanted)));
        Some(upsert("secretsmanager:TagResource", does, call.send()))
    }

    fn remove_tags(&self) -> Option<Call<'a>> {
        let dropped = self.want.tags_to_remove(self.live);
        if dropped.is_empty() {
            return None;
        }
        let does = format!("removes {}", count(dropped.len(), "tag"));
        let call = self.service().untag_resource().secret_id(&self.live.id).set_tag_keys(Some(dropped));
        Some(upsert("secretsmanager:UntagResource", does, call.send()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorder::{Recorder, want};

    fn sealed(text: &str) -> Value {
        Value::Secret(Fingerprinter::new(b"key").seal(Secret::new(text, Vec::new())))
    }

    #[test]
    fn a_value_has_the_same_token_after_the_same_version_alone() {
        let first = value_token(&sealed("one"), "");
        assert_eq!(first, value_token(&sealed("one"), ""));
        assert_ne!(first, value_token(&sealed("one"), &first));
        assert_ne!(first, value_token(&sealed("two"), ""));
        assert!((32..=64).contains(&first.len()));
    }

    #[test]
    fn no_key_is_the_service_s_own() {
        assert!(same_key(&OWN_KEY.into(), &Value::Null));
        assert!(!same_key(&"alias/app".into(), &Value::Null));
    }

    #[track_caller]
    fn check_said(arguments: &[(&str, Value)], expected: &[&str]) {
        let arguments = arguments.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let said = check(&arguments).into_iter().map(|found| format!("{}: {}", found.path, found.detail));
        assert_eq!(said.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_window_has_its_limits() {
        let days = |days: i64| ("recovery_window_in_days", Value::from(days));
        check_said(&[days(7)], &[]);
        check_said(&[days(30)], &[]);
        check_said(&[days(0)], &["recovery_window_in_days: a deleted secret can be restored for 7 to 30 days"]);
        let forced = ("force_delete_without_recovery", true.into());
        check_said(&[days(7), forced], &["recovery_window_in_days: a forced deletion has no recovery window"]);
    }

    #[test]
    fn names_do_not_look_like_arns() {
        check_said(&[("name", "shop/session".into())], &[]);
        check_said(&[("name", "shop/postgres-url".into())], &[]);
        check_said(
            &[("name", "shop/my secret".into())],
            &["name: a secret's name is made of letters, digits and `/_+=.@-`"],
        );
        let words = "name: `shop-secret` ends with a hyphen and six characters, as ARNs of secrets do: AWS may take it for the ARN of `shop`";
        check_said(&[("name", "shop-secret".into())], &[words]);
    }

    /// What a change sends for a secret with a description and a key.
    fn sent(arguments: &[(&str, Value)], differing: &[&str], cleared: &[&str]) -> Vec<String> {
        let cloud = Recorder::new();
        let mut want = want::<Arguments>(&[&[("name", "shop".into())][..], arguments].concat(), differing);
        want.cleared.extend(cleared.iter().copied().map(str::to_owned));
        let live = crate::recorder::live(
            "arn:shop",
            &[("description", "Opens it".into()), ("kms_key_id", "alias/shop".into())],
        );
        cloud.sent(SecretsmanagerSecret::next(&cloud.client, &cloud.place, &want, &live))
    }

    #[test]
    fn what_is_no_longer_written_is_sent_as_its_default() {
        let lines = sent(&[], &[], &["description", "kms_key_id"]);
        let body: serde_json::Value = serde_json::from_str(&lines[1]).expect("a body is JSON");
        assert_eq!(lines[0], "secretsmanager:UpdateSecret");
        assert_eq!((&body["Description"], &body["KmsKeyId"]), (&"".into(), &OWN_KEY.into()));
        assert_eq!(sent(&[("description", "Opens it".into())], &[], &[]), Vec::<String>::new());
    }

    #[test]
    fn a_policy_that_is_not_there_is_not_removed() {
        assert_eq!(sent(&[], &[], &["resource_policy"]), Vec::<String>::new());
    }
}
