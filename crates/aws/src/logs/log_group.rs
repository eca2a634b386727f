//! `cloudwatch_log_group` (`aws-behaviour.md` 8.3).

use std::collections::BTreeMap;

use aws_sdk_cloudwatchlogs::types::{LogGroup, LogGroupClass};
use model::{
    Attribute, Kind, Live, Schema, Value,
    schema::{DefaultTimeouts, Finding, Prediction, Preset, Unset},
};
use provider::{
    Blocker, Call, Failure, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want,
    retry::RetryPhase,
};
use serde::Deserialize;

use super::limits;
use crate::{
    calls::{absent, consistent, count, eight_at_a_time, lifts_protection, made_by, remove, upsert},
    client::{Attempts, Client},
    failure::failure,
    values::arn,
};

pub static SCHEMA: Schema = Schema {
    name: "cloudwatch_log_group",
    doc: "A log group of CloudWatch Logs.",
    attributes: &[
        Attribute::required("log_group_name", Kind::Text)
            .member(&limits::create_log_group_request::LOG_GROUP_NAME)
            .replaces()
            .doc("The name, often a path like `/aws/…`."),
        Attribute::name_prefix("log_group_name_prefix", "log_group_name")
            .member(&limits::create_log_group_request::LOG_GROUP_NAME),
        Attribute::optional("log_group_class", Kind::Text)
            .member(&limits::create_log_group_request::LOG_GROUP_CLASS)
            .replaces()
            .doc("`STANDARD` (AWS's default), `INFREQUENT_ACCESS` or `DELIVERY`."),
        Attribute::optional("retention_in_days", Kind::Number)
            .member(&limits::put_retention_policy_request::RETENTION_IN_DAYS)
            .on_unset(Unset::Clear)
            .doc("Days after which events expire; without it they never do."),
        Attribute::optional("kms_key_id", Kind::Text)
            .member(&limits::create_log_group_request::KMS_KEY_ID)
            .on_unset(Unset::Clear)
            .doc("The ARN of the key that encrypts new events."),
        Attribute::optional("deletion_protection_enabled", Kind::Flag)
            .member(&limits::create_log_group_request::DELETION_PROTECTION_ENABLED)
            .on_unset(Unset::Default(Preset::Flag(false)))
            .doc("Refuses the group's deletion while it is on. AWS's default: `false`."),
        Attribute::optional("tags", Kind::Map(&Kind::Text))
            .member(&limits::create_log_group_request::TAGS)
            .per_key("")
            .doc("Tags."),
        Attribute::computed("arn", Kind::Text).predicted(log_group_arn).doc("The ARN, without `:*` at its end."),
        Attribute::computed("creation_time", Kind::Number).doc("When it was created, milliseconds since 1970."),
    ],
    natural_name: &["log_group_name"],
    import_id: "the log group's name",
    predict_id: Some(|prediction| prediction.text("log_group_name").map(str::to_owned)),
    revisions: false,
    global: false,
    taggable: true,
    loses: Some("every log event in the group"),
    timeouts: DefaultTimeouts { create: 60, update: 60, delete: 60 },
    check,
};

/// The only values CloudWatch Logs takes.
const RETENTIONS: &[i64] =
    &[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

fn log_group_arn(prediction: &Prediction<'_>) -> Option<Value> {
    let name = prediction.text("log_group_name")?;
    arn(prediction, "logs", &format!("log-group:{name}")).map(Value::Text)
}

fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let finding = |path: &str, detail: String, hint: Option<String>| Finding {
        path: path.to_owned(),
        summary: "value not allowed",
        detail,
        hint,
        warning: false,
    };
    let mut found = Vec::new();
    let days = arguments.get("retention_in_days").and_then(Value::as_i64);
    if let Some((detail, hint)) = days.and_then(retention_mistake) {
        found.push(finding("retention_in_days", detail, Some(hint)));
    }
    if arguments.get("log_group_name").and_then(Value::as_text).is_some_and(|name| name.starts_with("aws/")) {
        let detail = "names that start with `aws/` are reserved".to_owned();
        found.push(finding("log_group_name", detail, Some("start it with `/`".to_owned())));
    }
    let class = arguments.get("log_group_class").and_then(Value::as_text);
    if class == Some("DELIVERY") && arguments.contains_key("retention_in_days") {
        let detail = "the class `DELIVERY` keeps events for two days and takes no retention".to_owned();
        found.push(finding("retention_in_days", detail, Some("leave it out".to_owned())));
    }
    found
}

/// What is wrong with a number of days, and what to write.
pub(crate) fn retention_mistake(days: i64) -> Option<(String, String)> {
    if RETENTIONS.contains(&days) {
        return None;
    }
    let nearest = RETENTIONS.iter().min_by_key(|allowed| (**allowed - days).abs()).copied().unwrap_or_default();
    Some((
        format!("CloudWatch Logs keeps events for certain numbers of days only, and {days} is none of them"),
        format!("the nearest is {nearest}; all are {}", join(RETENTIONS)),
    ))
}

fn join(numbers: &[i64]) -> String {
    numbers.iter().map(i64::to_string).collect::<Vec<_>>().join(", ")
}

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    log_group_name: String,
    log_group_class: Option<String>,
    retention_in_days: Option<i32>,
    kms_key_id: Option<String>,
    deletion_protection_enabled: Option<bool>,
}

/// The verbs of `cloudwatch_log_group`.
pub struct CloudwatchLogGroup;

impl Resource for CloudwatchLogGroup {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("logs:CreateLogGroup", RetryClass::NaturalName);
    const DELETE: &'static str = "logs:DeleteLogGroup";
    const RETRIES: &'static [Retry] = &[
        Retry {
            code: "OperationAbortedException",
            fragment: "try again",
            phases: &[RetryPhase::Create, RetryPhase::Update, RetryPhase::Delete],
            window: 60,
            fresh_only: false,
            waiting_for: "CloudWatch Logs",
        },
        Retry {
            code: "AccessDeniedException",
            fragment: "no identity-based policy allows the logs:putretentionpolicy action",
            phases: &[RetryPhase::Create, RetryPhase::Update],
            window: 120,
            fresh_only: true,
            waiting_for: "IAM",
        },
    ];

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let arguments = &want.arguments;
        client
            .logs(&place.region, Attempts::Once)
            .create_log_group()
            .log_group_name(&arguments.log_group_name)
            .set_log_group_class(arguments.log_group_class.as_deref().map(LogGroupClass::from))
            .set_kms_key_id(arguments.kms_key_id.clone())
            .set_deletion_protection_enabled(arguments.deletion_protection_enabled)
            .set_tags(Some(want.tags.clone().into_iter().collect()))
            .send()
            .await
            .map_err(|error| failure(Self::CREATE.0, error))?;
        Ok(Sent::id(&arguments.log_group_name))
    }

    fn next<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        let update = Update { client, place, want, live };
        update
            .deletion_protection()
            .or_else(|| update.retention())
            .or_else(|| update.key())
            .or_else(|| update.set_tags())
            .or_else(|| update.remove_tags())
    }

    async fn settle(
        client: &Client,
        place: &Place,
        id: &str,
        _operation: Option<&str>,
        goal: Goal,
    ) -> Result<Settled, Failure> {
        let found = describe(client, place, id).await?.is_some();
        Ok(consistent(found, goal, 2))
    }

    async fn read(client: &Client, place: &Place, ids: &[String]) -> Result<Vec<Option<Live>>, Failure> {
        let found = describe_many(client, place, ids).await?;
        let found = &found;
        let reads = ids.iter().map(|id| async move {
            match found.get(id) {
                Some(group) => live(client, place, id, group).await,
                None => Ok(None),
            }
        });
        eight_at_a_time(reads.collect()).await
    }

    async fn delete(
        client: &Client,
        place: &Place,
        id: &str,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Sent, Failure> {
        let call = client.logs(&place.region, Attempts::Repeat).delete_log_group().log_group_name(id);
        absent(call.send().await.map_err(|error| failure(Self::DELETE, error)))?;
        Ok(Sent::id(id))
    }

    /// Lifts the protection, where `--allow-unprotect` asked for it.
    fn dismantle<'a>(
        client: &'a Client,
        place: &'a Place,
        live: &'a Live,
        arguments: &'a BTreeMap<String, Value>,
    ) -> Option<Call<'a>> {
        let logs = client.logs(&place.region, Attempts::Repeat);
        let call = logs.put_log_group_deletion_protection().log_group_identifier(&live.id);
        let call = call.deletion_protection_enabled(false);
        (is_protected(live) && lifts_protection(arguments))
            .then(|| upsert("logs:PutLogGroupDeletionProtection", "switches deletion protection off", call.send()))
    }

    async fn blockers(
        _client: &Client,
        _place: &Place,
        live: &Live,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Vec<Blocker>, Failure> {
        Ok(is_protected(live)
            .then(|| Blocker {
                what: "deletion protection is on".to_owned(),
                toml: Some("deletion_protection_enabled = false".to_owned()),
                flag: Some("--allow-unprotect".to_owned()),
                ..Blocker::default()
            })
            .into_iter()
            .collect())
    }

    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        let Some(name) = intent.identity.get("log_group_name").and_then(Value::as_text) else { return Ok(None) };
        let found = Self::read(client, place, &[name.to_owned()]).await?.into_iter().flatten().next();
        Ok(made_by(found, intent))
    }

    async fn list(client: &Client, place: &Place, _environment: &str) -> Result<Vec<String>, Failure> {
        Ok(all(client, place).await?.into_iter().filter_map(|group| group.log_group_name).collect())
    }

    async fn namesake(
        client: &Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let Some(name) = identity.get("log_group_name").and_then(Value::as_text) else { return Ok(None) };
        Ok(describe(client, place, name).await?.and_then(|group| group.log_group_name))
    }
}

fn is_protected(live: &Live) -> bool {
    live.attributes.get("deletion_protection_enabled") == Some(&Value::Flag(true))
}

/// The group of exactly this name. A search by prefix finds longer names too, the exact one first.
async fn describe(client: &Client, place: &Place, name: &str) -> Result<Option<LogGroup>, Failure> {
    let search = client.logs(&place.region, Attempts::Repeat).describe_log_groups().log_group_name_prefix(name);
    let answer = search.limit(1).send().await.map_err(|error| failure("logs:DescribeLogGroups", error))?;
    Ok(answer.log_groups.unwrap_or_default().into_iter().find(|group| group.log_group_name() == Some(name)))
}

/// The groups that exist, by name; a few one by one, many through the whole list.
async fn describe_many(
    client: &Client,
    place: &Place,
    names: &[String],
) -> Result<BTreeMap<String, LogGroup>, Failure> {
    let found: Vec<LogGroup> = if names.len() <= 3 {
        let reads = names.iter().map(|name| describe(client, place, name));
        eight_at_a_time(reads.collect()).await?.into_iter().flatten().collect()
    } else {
        all(client, place).await?
    };
    Ok(found.into_iter().filter_map(|group| Some((group.log_group_name.clone()?, group))).collect())
}

async fn all(client: &Client, place: &Place) -> Result<Vec<LogGroup>, Failure> {
    let pages = client.logs(&place.region, Attempts::Repeat).describe_log_groups().into_paginator().items();
    pages.send().try_collect().await.map_err(|error| failure("logs:DescribeLogGroups", error))
}

async fn live(client: &Client, place: &Place, id: &str, found: &LogGroup) -> Result<Option<Live>, Failure> {
    let arn = found.log_group_arn().unwrap_or_default();
    let tags = client.logs(&place.region, Attempts::Repeat).list_tags_for_resource().resource_arn(arn).send().await;
    let Some(tags) = absent(tags.map_err(|error| failure("logs:ListTagsForResource", error)))? else { return Ok(None) };
    Ok(Some(
        Live::new(id)
            .with("log_group_name", id)
            .with("log_group_class", found.log_group_class().map(|class| class.as_str().to_owned()))
            .with("retention_in_days", found.retention_in_days().map(i64::from))
            .with("kms_key_id", found.kms_key_id().map(str::to_owned))
            .with("deletion_protection_enabled", found.deletion_protection_enabled().unwrap_or(false))
            .with("arn", arn)
            .with("creation_time", found.creation_time())
            .tagged(tags.tags.unwrap_or_default()),
    ))
}

/// The updates of one log group, each the call that is still to send or nothing.
struct Update<'a> {
    client: &'a Client,
    place: &'a Place,
    want: &'a Want<Arguments>,
    live: &'a Live,
}

impl<'a> Update<'a> {
    fn logs(&self) -> aws_sdk_cloudwatchlogs::Client {
        self.client.logs(&self.place.region, Attempts::Repeat)
    }

    fn arn(&self) -> &'a str {
        self.live.attributes.get("arn").and_then(Value::as_text).unwrap_or_default()
    }

    /// Whether an attribute is to be cleared and still there.
    fn is_left_over(&self, name: &str) -> bool {
        self.want.clears(name) && self.live.attributes.get(name).is_some_and(|value| !value.is_null())
    }

    fn deletion_protection(&self) -> Option<Call<'a>> {
        let wanted = self.want.arguments.deletion_protection_enabled?;
        if !self.want.differs("deletion_protection_enabled") {
            return None;
        }
        let does = format!("switches deletion protection {}", if wanted { "on" } else { "off" });
        let call = self.logs().put_log_group_deletion_protection().log_group_identifier(self.arn());
        let call = call.deletion_protection_enabled(wanted);
        Some(upsert("logs:PutLogGroupDeletionProtection", does, call.send()))
    }

    fn retention(&self) -> Option<Call<'a>> {
        let name = "retention_in_days";
        if let Some(days) = self.want.arguments.retention_in_days
            && self.want.differs(name)
        {
            let call = self.logs().put_retention_policy().log_group_name(&self.live.id).retention_in_days(days);
            return Some(upsert("logs:PutRetentionPolicy", format!("sets the retention to {days} days"), call.send()));
        }
        let call = self.logs().delete_retention_policy().log_group_name(&self.live.id);
        self.is_left_over(name).then(|| remove("logs:DeleteRetentionPolicy", "removes the retention", call.send()))
    }

    fn key(&self) -> Option<Call<'a>> {
        let name = "kms_key_id";
        if let Some(key) = &self.want.arguments.kms_key_id
            && self.want.differs(name)
        {
            let call = self.logs().associate_kms_key().log_group_name(&self.live.id).kms_key_id(key);
            return Some(upsert("logs:AssociateKmsKey", "sets the encryption key", call.send()));
        }
        let call = self.logs().disassociate_kms_key().log_group_name(&self.live.id);
        self.is_left_over(name).then(|| remove("logs:DisassociateKmsKey", "removes the encryption key", call.send()))
    }

    fn set_tags(&self) -> Option<Call<'a>> {
        let wanted = self.want.tags_to_set(self.live);
        if wanted.is_empty() {
            return None;
        }
        let does = format!("sets {}", count(wanted.len(), "tag"));
        let call = self.logs().tag_resource().resource_arn(self.arn()).set_tags(Some(wanted.into_iter().collect()));
        Some(upsert("logs:TagResource", does, call.send()))
    }

    fn remove_tags(&self) -> Option<Call<'a>> {
        let dropped = self.want.tags_to_remove(self.live);
        if dropped.is_empty() {
            return None;
        }
        let does = format!("removes {}", count(dropped.len(), "tag"));
        let call = self.logs().untag_resource().resource_arn(self.arn()).set_tag_keys(Some(dropped));
        Some(upsert("logs:UntagResource", does, call.send()))
    }
}
