//! A log group, its streams and their events.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::refusals::{no_group, no_stream};
use super::retention;
use crate::refusal::Refusal;
use crate::world::{Caller, World};

/// A log group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Group {
    pub name: String,
    /// Without the `:*` that the API's older field carries.
    pub arn: String,
    pub created: Timestamp,
    /// Days; none keeps events for ever.
    pub retention: Option<i64>,
    pub key: Option<String>,
    /// `STANDARD`, `INFREQUENT_ACCESS`, `DELIVERY`.
    pub class: String,
    pub protected: bool,
    pub tags: BTreeMap<String, String>,
    pub streams: BTreeMap<String, Stream>,
}

/// A log stream.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Stream {
    pub created: Timestamp,
    /// By time.
    pub events: Vec<Event>,
    /// Milliseconds since 1970.
    pub last_ingestion: Option<i64>,
}

/// A line of a log; times in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    pub timestamp: i64,
    pub message: String,
    pub ingestion_time: i64,
}

impl Group {
    pub(super) fn new(caller: &Caller, name: &str, created: Timestamp) -> Self {
        let Caller { account, region, partition } = caller;
        Self {
            name: name.to_owned(),
            arn: format!("arn:{partition}:logs:{region}:{account}:log-group:{name}"),
            created,
            retention: None,
            key: None,
            class: "STANDARD".to_owned(),
            protected: false,
            tags: BTreeMap::new(),
            streams: BTreeMap::new(),
        }
    }

    pub(super) fn view(&self) -> Value {
        json!({
            "logGroupName": self.name,
            "creationTime": self.created.as_millisecond(),
            "retentionInDays": self.retention,
            "metricFilterCount": 0,
            "arn": format!("{}:*", self.arn),
            "storedBytes": self.streams.values().map(Stream::bytes).sum::<usize>(),
            "kmsKeyId": self.key,
            "logGroupClass": self.class,
            "logGroupArn": self.arn,
            "deletionProtectionEnabled": self.protected,
        })
    }

    pub(super) fn stream(&mut self, name: &str) -> Result<&mut Stream, Refusal> {
        self.streams.get_mut(name).ok_or_else(no_stream)
    }

    /// Removes the events that the retention no longer covers.
    pub(super) fn expire(&mut self, now: i64) {
        let Some(days) = self.retention else { return };
        let oldest = now - days * retention::DAY;
        self.streams.values_mut().for_each(|stream| stream.events.retain(|event| event.timestamp >= oldest));
    }
}

impl Stream {
    pub(super) fn new(created: Timestamp) -> Self {
        Self { created, events: Vec::new(), last_ingestion: None }
    }

    /// Adds an event at its place in time, after those of the same time.
    pub(super) fn add(&mut self, event: Event) {
        self.last_ingestion = Some(event.ingestion_time);
        let place = self.events.partition_point(|other| other.timestamp <= event.timestamp);
        self.events.insert(place, event);
    }

    /// As AWS bills: each message and 26 bytes.
    fn bytes(&self) -> usize {
        self.events.iter().map(|event| event.message.len() + 26).sum()
    }
}

/// The group of a name.
pub(super) fn named<'a>(world: &'a mut World, caller: &Caller, name: &str) -> Result<&'a mut Group, Refusal> {
    world.region(caller).logs.groups.get_mut(name).ok_or_else(no_group)
}

/// The group of a name or of an ARN, with or without `:*`.
pub(super) fn identified<'a>(
    world: &'a mut World,
    caller: &Caller,
    identifier: &str,
) -> Result<&'a mut Group, Refusal> {
    let name = name_in(caller, identifier).ok_or_else(no_group)?.to_owned();
    named(world, caller, &name)
}

/// The name in an identifier; none for an ARN of another account or region.
pub(super) fn name_in<'a>(caller: &Caller, identifier: &'a str) -> Option<&'a str> {
    if !identifier.starts_with("arn:") {
        return Some(identifier);
    }
    let prefix = format!("arn:{}:logs:{}:{}:log-group:", caller.partition, caller.region, caller.account);
    let name = identifier.strip_prefix(&prefix)?;
    Some(name.strip_suffix(":*").unwrap_or(name))
}
