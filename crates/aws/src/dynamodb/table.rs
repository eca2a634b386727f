//! `dynamodb_table`: its verbs (`aws-behaviour.md` 3).

use std::{collections::BTreeMap, time::Duration};

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, ContinuousBackupsDescription, GlobalSecondaryIndex, KeySchemaElement, KeyType,
    LocalSecondaryIndex, OnDemandThroughput, Projection, ProjectionType, ProvisionedThroughput, ScalarAttributeType,
    SseSpecification, SseStatus, SseType, StreamSpecification, StreamViewType, TableClass, TableDescription,
    TableStatus, Tag, TimeToLiveDescription, TimeToLiveStatus,
};
use model::{Live, Schema, Value, observed::Health};
use provider::{
    Blocker, Call, Failure, FailureKind, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want,
    retry::RetryPhase,
};
use serde::Deserialize;

pub use super::schema::SCHEMA;
use super::update::Update;
use crate::{
    calls::{absent, eight_at_a_time, lifts_protection, made_by, upsert},
    client::{Attempts, Client},
    failure::failure,
    values::{object, time},
};

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    pub(super) table_name: String,
    pub(super) attribute_definitions: Vec<Definition>,
    pub(super) key_schema: Vec<Key>,
    pub(super) billing_mode: Option<String>,
    pub(super) provisioned_throughput: Option<Throughput>,
    pub(super) on_demand_throughput: Option<OnDemand>,
    #[serde(default)]
    pub(super) global_secondary_indexes: Vec<Index>,
    #[serde(default)]
    pub(super) local_secondary_indexes: Vec<Index>,
    pub(super) stream_specification: Option<Stream>,
    pub(super) sse_specification: Option<Encryption>,
    pub(super) table_class: Option<String>,
    pub(super) deletion_protection_enabled: Option<bool>,
    pub(super) time_to_live_specification: Option<TimeToLive>,
    pub(super) point_in_time_recovery_specification: Option<Recovery>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Definition {
    attribute_name: String,
    attribute_type: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Key {
    attribute_name: String,
    key_type: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Throughput {
    read_capacity_units: i64,
    write_capacity_units: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct OnDemand {
    max_read_request_units: Option<i64>,
    max_write_request_units: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Index {
    pub(super) index_name: String,
    key_schema: Vec<Key>,
    projection: Projected,
    pub(super) provisioned_throughput: Option<Throughput>,
    pub(super) on_demand_throughput: Option<OnDemand>,
}

#[derive(Debug, Deserialize)]
struct Projected {
    projection_type: String,
    non_key_attributes: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Stream {
    pub(super) stream_enabled: bool,
    pub(super) stream_view_type: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Encryption {
    enabled: Option<bool>,
    sse_type: Option<String>,
    kms_master_key_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct TimeToLive {
    pub(super) enabled: bool,
    pub(super) attribute_name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Recovery {
    pub(super) point_in_time_recovery_enabled: bool,
    pub(super) recovery_period_in_days: Option<i32>,
}

impl Arguments {
    pub(super) fn definitions(&self) -> Vec<AttributeDefinition> {
        let definition = |written: &Definition| {
            AttributeDefinition::builder()
                .attribute_name(&written.attribute_name)
                .attribute_type(ScalarAttributeType::from(written.attribute_type.as_str()))
                .build()
        };
        self.attribute_definitions.iter().map(definition).collect::<Result<_, _>>().expect("name and type are set")
    }
}

pub(super) fn keys(written: &[Key]) -> Vec<KeySchemaElement> {
    let key = |key: &Key| {
        let element = KeySchemaElement::builder().attribute_name(&key.attribute_name);
        element.key_type(KeyType::from(key.key_type.as_str())).build()
    };
    written.iter().map(key).collect::<Result<_, _>>().expect("name and type are set")
}

impl Throughput {
    pub(super) fn sdk(&self) -> ProvisionedThroughput {
        ProvisionedThroughput::builder()
            .read_capacity_units(self.read_capacity_units)
            .write_capacity_units(self.write_capacity_units)
            .build()
            .expect("both are set")
    }
}

impl OnDemand {
    pub(super) fn sdk(&self) -> OnDemandThroughput {
        OnDemandThroughput::builder()
            .set_max_read_request_units(self.max_read_request_units)
            .set_max_write_request_units(self.max_write_request_units)
            .build()
    }
}

impl Index {
    pub(super) fn keys(&self) -> Vec<KeySchemaElement> {
        keys(&self.key_schema)
    }

    pub(super) fn projection(&self) -> Projection {
        Projection::builder()
            .projection_type(ProjectionType::from(self.projection.projection_type.as_str()))
            .set_non_key_attributes(self.projection.non_key_attributes.clone())
            .build()
    }

    fn global(&self) -> GlobalSecondaryIndex {
        GlobalSecondaryIndex::builder()
            .index_name(&self.index_name)
            .set_key_schema(Some(self.keys()))
            .projection(self.projection())
            .set_provisioned_throughput(self.provisioned_throughput.as_ref().map(Throughput::sdk))
            .set_on_demand_throughput(self.on_demand_throughput.as_ref().map(OnDemand::sdk))
            .build()
            .expect("name and key are set")
    }

    fn local(&self) -> LocalSecondaryIndex {
        LocalSecondaryIndex::builder()
            .index_name(&self.index_name)
            .set_key_schema(Some(self.keys()))
            .projection(self.projection())
            .build()
            .expect("name and key are set")
    }
}

impl Stream {
    pub(super) fn sdk(&self) -> StreamSpecification {
        StreamSpecification::builder()
            .stream_enabled(self.stream_enabled)
            .set_stream_view_type(self.stream_view_type.as_deref().map(StreamViewType::from))
            .build()
            .expect("whether it is enabled is set")
    }
}

impl Encryption {
    pub(super) fn sdk(&self) -> SseSpecification {
        SseSpecification::builder()
            .set_enabled(self.enabled)
            .set_sse_type(self.sse_type.as_deref().map(SseType::from))
            .set_kms_master_key_id(self.kms_master_key_id.clone())
            .build()
    }
}

/// The verbs of `dynamodb_table`.
pub struct DynamodbTable;

const ALL: &[RetryPhase] = &[RetryPhase::Create, RetryPhase::Update, RetryPhase::Delete];

const fn retry(code: &'static str, fragment: &'static str, window: u64) -> Retry {
    Retry { code, fragment, phases: ALL, window, fresh_only: false, waiting_for: "DynamoDB" }
}

impl Resource for DynamodbTable {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("dynamodb:CreateTable", RetryClass::NaturalName);
    const DELETE: &'static str = "dynamodb:DeleteTable";
    const RETRIES: &'static [Retry] = &[
        retry("LimitExceededException", "simultaneously", 1800),
        retry("LimitExceededException", "only 1 online index", 1200),
        retry("LimitExceededException", "tags are being updated", 10),
        retry("ContinuousBackupsUnavailableException", "backups are being enabled", 1200),
        retry("TableNotFoundException", "", 60),
        retry("ThrottlingException", "please try again after", 30),
        retry("ValidationException", "time to live has been modified multiple times", 3600),
        retry("ResourceInUseException", "cannot delete table while", 1800),
        retry("ResourceInUseException", "attempt to change a resource which is still in use", 1800),
        retry("ResourceInUseException", "tags are being updated", 10),
    ];

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let arguments = &want.arguments;
        let global = &arguments.global_secondary_indexes;
        let local = &arguments.local_secondary_indexes;
        client
            .dynamodb(&place.region, Attempts::Once)
            .create_table()
            .table_name(&arguments.table_name)
            .set_attribute_definitions(Some(arguments.definitions()))
            .set_key_schema(Some(keys(&arguments.key_schema)))
            .set_billing_mode(arguments.billing_mode.as_deref().map(BillingMode::from))
            .set_provisioned_throughput(arguments.provisioned_throughput.as_ref().map(Throughput::sdk))
            .set_on_demand_throughput(arguments.on_demand_throughput.as_ref().map(OnDemand::sdk))
            .set_global_secondary_indexes((!global.is_empty()).then(|| global.iter().map(Index::global).collect()))
            .set_local_secondary_indexes((!local.is_empty()).then(|| local.iter().map(Index::local).collect()))
            .set_stream_specification(arguments.stream_specification.as_ref().map(Stream::sdk))
            .set_sse_specification(arguments.sse_specification.as_ref().map(Encryption::sdk))
            .set_table_class(arguments.table_class.as_deref().map(TableClass::from))
            .set_deletion_protection_enabled(arguments.deletion_protection_enabled)
            .set_tags(Some(tags(&want.tags)))
            .send()
            .await
            .map_err(|error| failure(Self::CREATE.0, error))?;
        Ok(Sent::id(&arguments.table_name))
    }

    fn next<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        Update { dynamodb: client.dynamodb(&place.region, Attempts::Once), want, live }.next()
    }

    async fn settle(
        client: &Client,
        place: &Place,
        id: &str,
        _operation: Option<&str>,
        goal: Goal,
    ) -> Result<Settled, Failure> {
        let Some(table) = describe(client, place, id).await? else {
            return Ok(if goal == Goal::Gone { Settled::Ready } else { again(2, "consistency") });
        };
        Ok(match (goal, health(&table)) {
            (Goal::Present, Health::Ready) => Settled::Ready,
            (Goal::Gone, Health::Ready) => again(2, "deletion"),
            (_, Health::Busy(what)) => again(if what.contains("index") { 10 } else { 2 }, &what),
            (_, Health::Failed(what)) => Settled::Failed {
                failure: Box::new(Failure::new(FailureKind::Refused, "dynamodb:DescribeTable", what)),
                tainted: false,
            },
        })
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
        let answer = client.dynamodb(&place.region, Attempts::Repeat).delete_table().table_name(id).send().await;
        absent(answer.map_err(|error| failure(Self::DELETE, error)))?;
        Ok(Sent::id(id))
    }

    /// Lifts the protection, where `--allow-unprotect` asked for it.
    fn dismantle<'a>(
        client: &'a Client,
        place: &'a Place,
        live: &'a Live,
        arguments: &'a BTreeMap<String, Value>,
    ) -> Option<Call<'a>> {
        let lift = lifts_protection(arguments);
        let call = client.dynamodb(&place.region, Attempts::Repeat).update_table().table_name(&live.id);
        let call = call.deletion_protection_enabled(false);
        (lift && is_protected(live))
            .then(|| upsert("dynamodb:UpdateTable", "switches deletion protection off", call.send()))
    }

    async fn blockers(
        _client: &Client,
        _place: &Place,
        live: &Live,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Vec<Blocker>, Failure> {
        let blocker = is_protected(live).then(|| Blocker {
            what: "deletion protection is on".to_owned(),
            toml: Some("deletion_protection_enabled = false".to_owned()),
            flag: Some("--allow-unprotect".to_owned()),
            ..Blocker::default()
        });
        Ok(blocker.into_iter().collect())
    }

    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        let Some(name) = intent.identity.get("table_name").and_then(Value::as_text) else { return Ok(None) };
        Ok(made_by(live(client, place, name).await?, intent))
    }

    async fn list(client: &Client, place: &Place, _environment: &str) -> Result<Vec<String>, Failure> {
        let pages = client.dynamodb(&place.region, Attempts::Repeat).list_tables().into_paginator().items().send();
        pages.try_collect().await.map_err(|error| failure("dynamodb:ListTables", error))
    }

    async fn namesake(
        client: &Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let Some(name) = identity.get("table_name").and_then(Value::as_text) else { return Ok(None) };
        Ok(describe(client, place, name).await?.and_then(|table| table.table_name))
    }
}

fn again(seconds: u64, what: &str) -> Settled {
    Settled::Again(Duration::from_secs(seconds), what.to_owned())
}

fn is_protected(live: &Live) -> bool {
    live.attributes.get("deletion_protection_enabled") == Some(&Value::Flag(true))
}

async fn describe(client: &Client, place: &Place, name: &str) -> Result<Option<TableDescription>, Failure> {
    let answer = client.dynamodb(&place.region, Attempts::Repeat).describe_table().table_name(name).send().await;
    Ok(absent(answer.map_err(|error| failure("dynamodb:DescribeTable", error)))?.and_then(|answer| answer.table))
}

/// ACTIVE is not idle: indexes and encryption have states of their own.
fn health(table: &TableDescription) -> Health {
    match table.table_status() {
        Some(TableStatus::Active) | None => {}
        Some(failed @ (TableStatus::InaccessibleEncryptionCredentials | TableStatus::Archived)) => {
            return Health::Failed(format!("the table is {}", failed.as_str()));
        }
        Some(busy) => return Health::Busy(format!("the table is {}", busy.as_str())),
    }
    let busy = table.global_secondary_indexes().iter().find_map(|index| {
        let status = index.index_status().filter(|status| status.as_str() != "ACTIVE")?;
        Some(format!("index {} is {}", index.index_name().unwrap_or_default(), status.as_str()))
    });
    let encrypting = table.sse_description().and_then(|sse| sse.status()) == Some(&SseStatus::Updating);
    match busy {
        Some(what) => Health::Busy(what),
        None if encrypting => Health::Busy("encryption is UPDATING".to_owned()),
        None => Health::Ready,
    }
}

async fn live(client: &Client, place: &Place, id: &str) -> Result<Option<Live>, Failure> {
    let Some(table) = describe(client, place, id).await? else { return Ok(None) };
    let dynamodb = client.dynamodb(&place.region, Attempts::Repeat);
    let arn = table.table_arn().unwrap_or_default();
    let (ttl, backups, tags) = futures::join!(
        dynamodb.describe_time_to_live().table_name(id).send(),
        dynamodb.describe_continuous_backups().table_name(id).send(),
        all_tags(client, place, arn),
    );
    let ttl = absent(ttl.map_err(|error| failure("dynamodb:DescribeTimeToLive", error)))?;
    let backups = absent(backups.map_err(|error| failure("dynamodb:DescribeContinuousBackups", error)))?;
    let tags = absent(tags)?;
    let mut live = described(id, &table)
        .with(
            "time_to_live_specification",
            ttl.and_then(|ttl| ttl.time_to_live_description).map(|ttl| time_to_live(&ttl)),
        )
        .with(
            "point_in_time_recovery_specification",
            backups.and_then(|backups| backups.continuous_backups_description).map(|backups| recovery(&backups)),
        )
        .tagged(tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)));
    live.health = health(&table);
    Ok(Some(live))
}

/// The SDK has no paginator for this one.
async fn all_tags(client: &Client, place: &Place, arn: &str) -> Result<Vec<Tag>, Failure> {
    let list = client.dynamodb(&place.region, Attempts::Repeat).list_tags_of_resource().resource_arn(arn);
    let (mut found, mut next) = (Vec::new(), None);
    loop {
        let page = list.clone().set_next_token(next).send().await;
        let page = page.map_err(|error| failure("dynamodb:ListTagsOfResource", error))?;
        found.extend(page.tags.unwrap_or_default());
        match page.next_token {
            Some(token) => next = Some(token),
            None => return Ok(found),
        }
    }
}

/// What DescribeTable says, with the defaults it leaves out.
fn described(id: &str, table: &TableDescription) -> Live {
    let on_demand = table.billing_mode_summary().and_then(|summary| summary.billing_mode());
    let on_demand = on_demand == Some(&BillingMode::PayPerRequest);
    let definitions = table.attribute_definitions().iter().map(|definition| {
        object([
            ("attribute_name", definition.attribute_name().into()),
            ("attribute_type", definition.attribute_type().as_str().into()),
        ])
    });
    let global = table.global_secondary_indexes().iter().map(|index| {
        let provisioned = index.provisioned_throughput().filter(|_| !on_demand);
        object([
            ("index_name", index.index_name().map(str::to_owned).into()),
            ("key_schema", key_values(index.key_schema())),
            ("projection", index.projection().map(projection_value).into()),
            (
                "provisioned_throughput",
                provisioned
                    .map(|units| throughput_value(units.read_capacity_units(), units.write_capacity_units()))
                    .into(),
            ),
            ("on_demand_throughput", index.on_demand_throughput().map(on_demand_value).into()),
        ])
    });
    let local = table.local_secondary_indexes().iter().map(|index| {
        object([
            ("index_name", index.index_name().map(str::to_owned).into()),
            ("key_schema", key_values(index.key_schema())),
            ("projection", index.projection().map(projection_value).into()),
        ])
    });
    let class = table.table_class_summary().and_then(|summary| summary.table_class());
    let provisioned = table.provisioned_throughput().filter(|_| !on_demand);
    Live::new(id)
        .with("table_name", id)
        .with("attribute_definitions", definitions.collect::<Vec<_>>())
        .with("key_schema", key_values(table.key_schema()))
        .with("billing_mode", if on_demand { "PAY_PER_REQUEST" } else { "PROVISIONED" })
        .with(
            "provisioned_throughput",
            provisioned.map(|units| throughput_value(units.read_capacity_units(), units.write_capacity_units())),
        )
        .with("on_demand_throughput", table.on_demand_throughput().map(on_demand_value))
        .with("global_secondary_indexes", global.collect::<Vec<_>>())
        .with("local_secondary_indexes", local.collect::<Vec<_>>())
        .with("stream_specification", stream_value(table))
        .with("sse_specification", encryption_value(table))
        .with("table_class", class.map_or("STANDARD", TableClass::as_str))
        .with("deletion_protection_enabled", table.deletion_protection_enabled().unwrap_or(false))
        .with("table_arn", table.table_arn().map(str::to_owned))
        .with("table_id", table.table_id().map(str::to_owned))
        .with("latest_stream_arn", table.latest_stream_arn().map(str::to_owned))
        .with("creation_date_time", table.creation_date_time().map(time))
}

fn key_values(keys: &[KeySchemaElement]) -> Value {
    let key = |key: &KeySchemaElement| {
        object([("attribute_name", key.attribute_name().into()), ("key_type", key.key_type().as_str().into())])
    };
    Value::List(keys.iter().map(key).collect())
}

fn projection_value(projection: &Projection) -> Value {
    let listed = projection.non_key_attributes();
    object([
        ("projection_type", projection.projection_type().map(|kind| kind.as_str().to_owned()).into()),
        ("non_key_attributes", (!listed.is_empty()).then(|| Value::from(listed.to_vec())).into()),
    ])
}

fn throughput_value(read: Option<i64>, write: Option<i64>) -> Value {
    object([("read_capacity_units", read.into()), ("write_capacity_units", write.into())])
}

/// No limit is answered as an absent member; the API says -1.
fn on_demand_value(limits: &OnDemandThroughput) -> Value {
    object([
        ("max_read_request_units", limits.max_read_request_units().unwrap_or(-1).into()),
        ("max_write_request_units", limits.max_write_request_units().unwrap_or(-1).into()),
    ])
}

fn stream_value(table: &TableDescription) -> Value {
    let Some(stream) = table.stream_specification() else { return object([("stream_enabled", false.into())]) };
    object([
        ("stream_enabled", stream.stream_enabled().into()),
        ("stream_view_type", stream.stream_view_type().map(|kind| kind.as_str().to_owned()).into()),
    ])
}

/// An absent description means AWS's own key.
fn encryption_value(table: &TableDescription) -> Value {
    let Some(sse) = table.sse_description() else { return object([("enabled", false.into())]) };
    let enabled = matches!(sse.status(), Some(SseStatus::Enabled | SseStatus::Enabling | SseStatus::Updating));
    object([
        ("enabled", enabled.into()),
        ("sse_type", sse.sse_type().map(|kind| kind.as_str().to_owned()).into()),
        ("kms_master_key_id", sse.kms_master_key_arn().map(str::to_owned).into()),
    ])
}

fn time_to_live(description: &TimeToLiveDescription) -> Value {
    let on = matches!(description.time_to_live_status(), Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling));
    object([
        ("enabled", on.into()),
        ("attribute_name", description.attribute_name().filter(|_| on).map(str::to_owned).into()),
    ])
}

/// The member of the description that says it: `ContinuousBackupsStatus` is always ENABLED.
fn recovery(description: &ContinuousBackupsDescription) -> Value {
    let recovery = description.point_in_time_recovery_description();
    let on = recovery.and_then(|recovery| recovery.point_in_time_recovery_status());
    let on = on.is_some_and(|status| status.as_str() == "ENABLED");
    let days = recovery.and_then(|recovery| recovery.recovery_period_in_days()).filter(|_| on);
    object([("point_in_time_recovery_enabled", on.into()), ("recovery_period_in_days", days.map(i64::from).into())])
}

pub(super) fn tags(tags: &BTreeMap<String, String>) -> Vec<Tag> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    tags.iter().map(tag).collect::<Result<_, _>>().expect("key and value are set")
}
