//! What the provider says exists.

pub mod ownership;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Address, Value};

/// What shape a live resource is in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    #[default]
    Ready,
    /// An operation runs; the service's own word for it.
    Busy(String),
    /// The service says that creating it failed: it can only be replaced.
    Failed(String),
}

/// One live resource.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Live {
    pub id: String,
    /// Arguments and computed attributes in the schema's names. Absent: the service says nothing about it.
    /// `tags` holds the user's tags alone.
    pub attributes: BTreeMap<String, Value>,
    /// Ownership tags alone, by their keys.
    pub ownership: BTreeMap<String, String>,
    pub health: Health,
}

impl Live {
    /// A ready one with this id.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), ..Self::default() }
    }

    /// The same with one attribute more; `Value::Null` is kept as "absent on AWS".
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.attributes.insert(name.to_owned(), value.into());
        self
    }

    /// The same with its tags, split into the user's and ours. `aws:` tags are never ours and left out.
    #[must_use]
    pub fn tagged(mut self, tags: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut own = BTreeMap::new();
        for (key, value) in tags {
            if key.starts_with(ownership::PREFIX) {
                self.ownership.insert(key, value);
            } else if !key.starts_with("aws:") {
                own.insert(key, Value::Text(value));
            }
        }
        self.attributes.insert("tags".to_owned(), Value::Map(own));
        self
    }
}

/// One live resource that carries the tags of an environment, where it was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub type_name: String,
    pub region: String,
    pub live: Live,
}

impl Found {
    /// One of its ownership tags.
    pub fn tag(&self, key: &str) -> Option<&str> {
        self.live.ownership.get(key).map(String::as_str)
    }
}

/// The answers of one round of reads.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Observed {
    /// What stands in state or is to be imported: the live resource, or nothing when it is gone.
    pub resources: BTreeMap<Address, Option<Live>>,
    /// What exists already under the natural name of something that is to be created.
    pub namesakes: BTreeMap<Address, Live>,
    /// Data that refers to resources and could be read.
    pub data: BTreeMap<Address, Value>,
}
