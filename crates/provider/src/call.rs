//! One mutating call: known before it is sent, so that it can be journalled.

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::{Failure, RetryClass};

/// Our own stable token of a create: passed to AWS where it takes one, and written as the tag `groma:create`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Token(pub String);

/// What a call brought back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The id of the resource; creates must give it.
    pub id: Option<String>,
    /// The service's operation that must be judged (App Runner's `OperationId`).
    pub operation: Option<String>,
}

impl Sent {
    pub fn id(id: impl Into<String>) -> Self {
        Self { id: Some(id.into()), operation: None }
    }

    #[must_use]
    pub fn operation(mut self, operation: Option<impl Into<String>>) -> Self {
        self.operation = operation.map(Into::into);
        self
    }
}

/// The next call still to send. What it says of itself is journalled; `send` is called after that.
pub struct Call<'a> {
    /// Service and operation: `ecr:PutLifecyclePolicy`.
    pub operation: &'static str,
    pub class: RetryClass,
    /// What it does, for progress: "sets the lifecycle policy". Never a value that may be secret.
    pub does: String,
    pub send: BoxFuture<'a, Result<Sent, Failure>>,
}

impl<'a> Call<'a> {
    /// `send` is not polled before the call is journalled.
    pub fn new(
        operation: &'static str,
        class: RetryClass,
        does: impl Into<String>,
        send: impl Future<Output = Result<Sent, Failure>> + Send + 'a,
    ) -> Self {
        Self { operation, class, does: does.into(), send: Box::pin(send) }
    }
}

impl std::fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.operation, self.does)
    }
}
