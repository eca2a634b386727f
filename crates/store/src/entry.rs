//! What stands in a journal: what is about to be sent, what came back, what the state becomes.

use std::collections::BTreeMap;

use model::{Address, Live, Recorded, Value};
use serde::{Deserialize, Serialize};

/// One line of a journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Counts on over the whole life of a state.
    pub n: u64,
    #[serde(flatten)]
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A mutating call is about to be sent.
    Intent(Box<Intent>),
    /// It came back.
    Result(Answer),
    /// The state changes: each address gets this record, or leaves the state.
    Record(BTreeMap<Address, Option<Recorded>>),
    /// What runs before changed moments ago, in seconds since the Unix epoch.
    Changed(BTreeMap<Address, u64>),
}

/// What a call does to its resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    Create,
    Update,
    /// Prepares a delete.
    Dismantle,
    Delete,
    /// Clears up after a delete.
    Sweep,
}

/// A mutating call before it is sent. It never holds a secret, only fingerprints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    /// Its own number in the journal; set by the ledger.
    #[serde(default)]
    pub n: u64,
    /// Seconds since the Unix epoch.
    pub at: u64,
    pub address: Address,
    #[serde(rename = "type")]
    pub type_name: String,
    pub region: String,
    pub verb: Verb,
    /// Service and operation: `ecr:CreateRepository`.
    pub operation: String,
    /// What it is sent to; nothing for a create.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The token of a create.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// For a create: the natural name and parents.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub identity: BTreeMap<String, Value>,
    /// HMAC of all arguments, hex.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub digest: String,
    /// For a create: what the state records as soon as it is known to have been made, without its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Box<Recorded>>,
    /// For a create: the id of the old object that stays alive as a deposed one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposes: Option<String>,
    /// For a delete: whether another object is made in its place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replaces: bool,
    /// For a delete: what lived, so that its sweep can be finished later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lived: Option<Box<Live>>,
}

/// What came back for an intent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The number of the intent.
    pub of: u64,
    pub outcome: Outcome,
    /// The id of what was created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The service's operation that must be judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The service's code for a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It had its effect.
    Done,
    /// It certainly had none.
    NoEffect,
    /// Nobody knows, and reading the resource will tell.
    Unknown,
}

impl Answer {
    pub fn done(of: u64, id: Option<String>, operation: Option<String>) -> Self {
        Self { of, outcome: Outcome::Done, id, operation, code: None }
    }

    pub fn no_effect(of: u64, code: Option<String>) -> Self {
        Self { of, outcome: Outcome::NoEffect, id: None, operation: None, code }
    }

    pub fn unknown(of: u64) -> Self {
        Self { of, outcome: Outcome::Unknown, id: None, operation: None, code: None }
    }
}
