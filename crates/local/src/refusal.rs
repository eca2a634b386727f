//! What AWS answers when it refuses a call.

use serde_json::{Map, Value};

/// The result of one operation: the members of its output shape, or a refusal.
pub type Answer = Result<Value, Refusal>;

/// An error answer: AWS's error code and message, as botocore's model of the service knows them.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// The error code on the wire, for example `RepositoryNotFoundException` (IAM: `NoSuchEntity`).
    pub code: String,
    /// The words that AWS uses; clients match fragments of them.
    pub message: String,
    /// The HTTP status; 400 unless the model or AWS says otherwise.
    pub status: u16,
    /// Further members of the modelled error shape, or what the service writes beside its message.
    pub members: Map<String, Value>,
    /// Headers of the answer, in the rest protocols.
    pub headers: Vec<(&'static str, String)>,
}

impl Refusal {
    /// A refusal with HTTP status 400.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), status: 400, members: Map::new(), headers: Vec::new() }
    }

    /// A mistake of the local cloud itself.
    pub(crate) fn internal(what: String) -> Self {
        Self::new("InternalFailure", format!("a mistake of the local cloud: {what}")).status(500)
    }

    /// The same refusal that says more.
    #[must_use]
    pub(crate) fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.members.insert(member.to_owned(), value.into());
        self
    }

    /// The same refusal with a header of its own.
    #[must_use]
    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The same refusal with another HTTP status.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }
}
