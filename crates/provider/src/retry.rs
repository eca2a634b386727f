//! When a call may be sent again: data beside each verb.

use serde::{Deserialize, Serialize};

/// What sending the same mutating call twice does (`semantics.md` 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryClass {
    /// Takes our own stable token: the same call again gives the same object.
    Token,
    /// The same call again changes nothing.
    Upsert,
    /// The second call fails because the name is taken.
    NaturalName,
    /// The second call makes a second object, or is unsafe in another way.
    None,
}

impl RetryClass {
    /// Whether the SDK may repeat it after a timeout or a 5xx.
    pub fn is_repeatable(self) -> bool {
        matches!(self, Self::Token | Self::Upsert)
    }
}

/// The part of a resource's life that an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryPhase {
    Create,
    Update,
    Delete,
}

/// One refusal that passes by itself (`aws-behaviour.md` 24).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    pub code: &'static str,
    /// A part of the message, lower case; empty: any.
    pub fragment: &'static str,
    pub phases: &'static [RetryPhase],
    /// Seconds.
    pub window: u64,
    /// Only when something it depends on was made or changed within the last five minutes.
    pub fresh_only: bool,
    /// What the person reads: "waiting for IAM".
    pub waiting_for: &'static str,
}

impl Retry {
    pub fn matches(&self, phase: RetryPhase, code: Option<&str>, message: &str) -> bool {
        self.phases.contains(&phase) && code == Some(self.code) && message.to_lowercase().contains(self.fragment)
    }
}
