//! What a run works with. Everything is handed in: no clock, key, token or account is found by itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroUsize,
};

use model::{Fingerprinter, Live, Schema, Value};
use provider::{Clock, Identity, Place, Provider, Secrets, Token};
use store::Ledger;
use tokio_util::sync::CancellationToken;

/// The hands of a run that changes things.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub provider: &'a dyn Provider,
    pub secrets: &'a dyn Secrets,
    pub clock: &'a dyn Clock,
    pub ledger: &'a Ledger<'a>,
    pub fingerprinter: &'a Fingerprinter,
    /// A new token for each create; never the same twice.
    pub tokens: &'a (dyn Fn() -> Token + Sync),
    pub identity: &'a Identity,
    /// The planner's comparison: the attributes of what is wanted that differ from what lives.
    pub differing: &'a Differing,
    pub options: Options,
    pub stop: &'a Stop,
}

/// Compares what is wanted with what lives by the rules of the schema; there is one such comparison, and it is the planner's.
pub type Differing = dyn Fn(&Schema, &BTreeMap<String, Value>, &Live) -> BTreeSet<String> + Sync;

/// How a run goes about its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Calls in flight at once.
    pub parallelism: NonZeroUsize,
    /// Calls in flight at once to one service, to begin with; it halves when the service throttles.
    pub per_service: NonZeroUsize,
    pub on_failure: OnFailure,
}

/// What the failure of one resource means for those that do not need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    FinishIndependent,
    Stop,
}

/// The two ways to end a run early.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    /// Start nothing new; record what is in flight; leave waits to the next run.
    pub dispatch: CancellationToken,
    /// Drop everything; the journal covers it.
    pub now: CancellationToken,
}

impl Options {
    /// Ten calls at once, as the command line says it when nothing else is asked for.
    pub fn standard() -> Self {
        let ten = NonZeroUsize::new(10).expect("ten is not zero");
        Self { parallelism: ten, per_service: ten, on_failure: OnFailure::FinishIndependent }
    }
}

impl Context<'_> {
    pub(crate) fn place(&self, region: &str) -> Place {
        place(self.identity, region)
    }
}

/// Where the calls for a region go.
pub(crate) fn place(identity: &Identity, region: &str) -> Place {
    Place { region: region.to_owned(), account: identity.account.clone(), partition: identity.partition.clone() }
}
