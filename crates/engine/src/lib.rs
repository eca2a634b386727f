//! The way through, as functions: load, plan, apply, destroy, import, drift.
//!
//! Joins the layers and decides nothing about resources: that is the planner's. Prints nothing: that is the caller's.

mod account;
mod apply;
mod check;
mod error;
mod examine;
mod gates;
mod graph;
mod look;
mod operate;
mod plan;
mod prepare;
mod recover;
mod saved;
mod secrets;
mod sources;
mod stages;
mod validate;

pub use check::Check;
pub use error::Error;
pub use plan::{Scope, Wish};
pub use prepare::Prepared;
pub use recover::{Foreign, How, Proof, Recall, Recalled, RecoverWish, Recovered};
pub use stages::Surroundings;
pub use validate::validate;

use std::collections::BTreeSet;

use config::Loaded;
use executor::Options;
use lang::Files;
use model::{Graph, Plan, Scrubber, State, state::World};
use planner::Lift;
use provider::{Clock, Identity, Provider, Secrets, Token};
use store::{Holder, StateStore};

/// Everything a run works with, handed in: files, cloud, store, clock, secrets, ids.
#[derive(Clone, Copy)]
pub struct Engine<'a> {
    pub loaded: &'a Loaded,
    pub files: &'a dyn Files,
    pub provider: &'a dyn Provider,
    pub store: &'a dyn StateStore,
    pub secrets: &'a dyn Secrets,
    /// Learns every secret that this run meets.
    pub scrubber: &'a Scrubber,
    pub clock: &'a dyn Clock,
    /// A new id each time: tokens of creates, lineages.
    pub tokens: &'a (dyn Fn() -> Token + Sync),
    pub holder: &'a Holder,
    pub world: World,
    pub options: Options,
    /// The version of groma, as it stands in states and plans.
    pub version: &'a str,
}

/// A plan with what it was made from.
#[derive(Debug, Clone)]
pub struct Planned {
    pub plan: Plan,
    /// The state that the plan belongs to.
    pub state: State,
    /// Who the credentials belong to.
    pub identity: Identity,
    /// Calls of an earlier run that have no answer yet; the next apply resolves them.
    pub unfinished: Vec<String>,
    /// Another run that holds the lock now: this view may be old.
    pub busy: Option<Holder>,
}

/// The protections that a run lifts.
pub type Lifts = BTreeSet<Lift>;

/// An expanded environment with the warnings on the way.
#[derive(Debug, Clone, Default)]
pub(crate) struct Desired {
    pub(crate) graph: Graph,
    pub(crate) warnings: Vec<model::Diagnostic>,
}
