//! The contract between the engine and a cloud: what a resource type can do, and how calls fail.

pub mod call;
pub mod clock;
pub mod data;
pub mod erased;
pub mod failure;
pub mod resource;
pub mod retry;
pub mod sim;

pub use call::{Call, Sent, Token};
pub use clock::Clock;
pub use data::{AnyData, DataSource};
pub use erased::AnyResource;
pub use failure::{Failure, FailureKind};
pub use resource::{Blocker, Gate, Goal, Intent, LogLine, Place, Proposal, Resource, Settled, Want};
pub use retry::{Retry, RetryClass};

use std::collections::BTreeMap;

use futures::future::BoxFuture;
use model::{Schemas, Secret, SecretSource};

/// Who the credentials belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Twelve digits.
    pub account: String,
    pub arn: String,
    pub partition: String,
}

/// The way to a cloud.
pub trait Provider: Send + Sync {
    /// Every type it knows.
    fn schemas(&self) -> &Schemas;

    /// The verbs of a resource type.
    fn resource(&self, type_name: &str) -> Option<&dyn AnyResource>;

    /// The read of a data type.
    fn data(&self, type_name: &str) -> Option<&dyn AnyData>;

    /// Asks the cloud who we are.
    fn identity(&self) -> BoxFuture<'_, Result<Identity, Failure>>;
}

/// Gives the values of secrets.
pub trait Secrets: Send + Sync {
    /// Reads the given sources; those that are not to be had are left out, with the reason.
    fn read<'a>(&'a self, sources: &'a [SecretSource])
    -> BoxFuture<'a, BTreeMap<SecretSource, Result<Secret, String>>>;
}
