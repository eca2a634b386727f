//! A table: what DynamoDB keeps of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::backups::Recovery;
use super::encryption::Encryption;
use super::policies::ResourcePolicy;
use super::schedule::Due;
use super::ttl::TimeToLive;

/// A DynamoDB table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Table {
    pub name: String,
    /// A recreated table has another one.
    pub id: String,
    pub arn: String,
    pub created: Timestamp,
    pub status: Status,
    /// What happens later, soonest first.
    pub schedule: Vec<Due>,
    /// Deleted for good; removed by the next tick.
    #[serde(default)]
    pub gone: bool,
    /// Types (`S`, `N`, `B`) of the key attributes of the table and its indexes.
    pub attributes: BTreeMap<String, String>,
    pub keys: Vec<KeyElement>,
    pub local_indexes: Vec<LocalIndex>,
    pub global_indexes: Vec<GlobalIndex>,
    pub billing: Billing,
    pub capacity: Capacity,
    pub class: Class,
    pub stream: Option<String>,
    /// Of the newest stream, also when it is off again.
    pub stream_label: Option<String>,
    pub encryption: Option<Encryption>,
    /// Changes of the encryption, for its budget.
    pub encrypted: Vec<Timestamp>,
    pub protected: bool,
    pub protection_changed: Option<Timestamp>,
    pub ttl: TimeToLive,
    pub recovery: Option<Recovery>,
    /// When the table became usable for backups.
    pub active_since: Option<Timestamp>,
    pub tags: BTreeMap<String, String>,
    pub tags_locked_until: Option<Timestamp>,
    pub policy: Option<ResourcePolicy>,
    /// By the text of their keys.
    pub items: BTreeMap<String, Map<String, Value>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    Creating,
    Updating,
    Active,
    Deleting,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct KeyElement {
    pub attribute_name: String,
    /// `HASH` or `RANGE`.
    pub key_type: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Projection {
    pub projection_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub non_key_attributes: Option<Vec<String>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LocalIndex {
    pub index_name: String,
    pub key_schema: Vec<KeyElement>,
    pub projection: Projection,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GlobalIndex {
    pub name: String,
    pub keys: Vec<KeyElement>,
    pub projection: Projection,
    pub status: Status,
    /// Being filled from the table; only while it is created.
    pub backfilling: bool,
    pub capacity: Capacity,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Mode {
    Provisioned,
    PayPerRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Billing {
    pub mode: Mode,
    /// When the table last became on-demand; never for one that always was provisioned.
    pub on_demand_since: Option<Timestamp>,
    /// Whether a switch has been made before: the first takes minutes, later ones seconds.
    pub switched: bool,
}

/// Reads and writes of a table or a global index.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Capacity {
    /// Zero for on-demand.
    pub provisioned: Units,
    pub increased: Option<Timestamp>,
    /// All decreases, for the budget and `NumberOfDecreasesToday`.
    pub decreased: Vec<Timestamp>,
    pub on_demand: OnDemand,
    pub warm: Units,
    /// A raise of the warm throughput that is on its way.
    pub warming: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Units {
    pub read: i64,
    pub write: i64,
}

/// Upper limits of on-demand capacity; none means unlimited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OnDemand {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_read_request_units: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_write_request_units: Option<i64>,
}

/// The table class; none means never named, which is `STANDARD`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Class {
    pub name: Option<String>,
    pub changed: Vec<Timestamp>,
}

impl Table {
    pub(super) fn global_index(&mut self, name: &str) -> Option<&mut GlobalIndex> {
        self.global_indexes.iter_mut().find(|index| index.name == name)
    }

    /// Removes definitions that no key uses any more.
    pub(super) fn prune_attributes(&mut self) {
        let globals = self.global_indexes.iter().flat_map(|index| &index.keys);
        let locals = self.local_indexes.iter().flat_map(|index| &index.key_schema);
        let used: Vec<_> =
            self.keys.iter().chain(globals).chain(locals).map(|key| key.attribute_name.clone()).collect();
        self.attributes.retain(|name, _| used.contains(name));
    }
}
