//! What a run asks of the planner beside the values it compares.

use std::collections::{BTreeMap, BTreeSet};

use model::{Address, Diagnostic, Fingerprinter, Secret, SecretSource, Sources, state::World};

/// A protection that a named flag lifts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lift {
    AllowUnprotect,
    DeleteImages,
    SkipFinalSnapshot,
    ForceDeleteSecrets,
}

impl Lift {
    /// The flag as it is typed.
    pub fn flag(self) -> &'static str {
        match self {
            Self::AllowUnprotect => "--allow-unprotect",
            Self::DeleteImages => "--delete-images",
            Self::SkipFinalSnapshot => "--skip-final-snapshot",
            Self::ForceDeleteSecrets => "--force-delete-secrets",
        }
    }
}

/// What a run asks for.
#[derive(Clone)]
pub struct Request<'a> {
    /// Resource addresses, blocks (all their instances) or modules (all within); empty: everything.
    pub targets: Vec<String>,
    /// Resources to be replaced though nothing asks for it.
    pub replace: Vec<Address>,
    /// Everything recorded is to be deleted.
    pub destroy: bool,
    /// Only what stands in the way of a destroy is asked for: whoever asks tells the protections of lifecycles himself.
    pub checks: bool,
    /// The values of secrets; a missing one was not given to this run.
    pub secrets: BTreeMap<SecretSource, Secret>,
    /// For `file` and its like.
    pub files: &'a dyn lang::Files,
    /// The texts that spans point into.
    pub sources: &'a Sources,
    /// The version of groma.
    pub made_by: String,
    pub world: World,
    /// Protections that this run lifts.
    pub lifts: BTreeSet<Lift>,
    /// Compares secrets; nothing when its key is lost.
    pub fingerprinter: Option<&'a Fingerprinter>,
    /// SHA-256 of all sources and variables, hex.
    pub sources_digest: String,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("no plan can be made: {} refusals", diagnostics.len())]
pub struct PlanError {
    pub diagnostics: Vec<Diagnostic>,
}
