//! How a call fails, with everything a person needs to hear.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a failure means for the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The resource does not exist.
    NotFound,
    /// The natural name is taken.
    Exists,
    /// Too many calls; certainly no effect.
    Throttled,
    /// The call may or may not have had its effect: timeout, cut connection, 5xx.
    Unanswered,
    /// The service refuses; no effect.
    Refused,
    /// The credentials may not do this; no effect.
    Denied,
    /// The credentials are missing, expired or wrong; no effect.
    Credentials,
    /// Nothing could be sent; no effect.
    Unreachable,
    /// groma's own mistake: an argument that validation should have refused, an answer without an id.
    Bug,
}

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub kind: FailureKind,
    /// Service and operation: `ecr:CreateRepository`.
    pub operation: String,
    /// AWS's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// AWS's words, scrubbed of this run's secrets.
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The end of the service's own logs, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub log: Vec<String>,
    /// Likely causes with what to do, most likely first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<String>,
}

impl Failure {
    pub fn new(kind: FailureKind, operation: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            kind,
            operation: operation.into(),
            code: None,
            message: message.into(),
            request_id: None,
            log: Vec::new(),
            causes: Vec::new(),
        }
    }

    pub fn is_not_found(&self) -> bool {
        self.kind == FailureKind::NotFound
    }

    #[must_use]
    pub fn cause(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.operation)?;
        if let Some(code) = &self.code {
            write!(f, " answered {code}")?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(id) = &self.request_id {
            write!(f, " (request {id})")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
