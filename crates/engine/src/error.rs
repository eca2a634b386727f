//! Why a run ended before anything was changed.

use model::Diagnostic;
use provider::{Failure, FailureKind};
use store::{Blame, Holder, StoreError};

/// Why there is no plan, or why it was not begun.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Mistakes in TOML, or refusals of the planner: all at once.
    #[error("{} mistakes", .0.len())]
    Diagnostics(Vec<Diagnostic>),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A call that everything else needs.
    #[error("{doing}")]
    Call { doing: String, failure: Box<Failure> },
    /// Reads that failed, each with what it was about.
    #[error("cannot read what exists: {} reads failed", .0.len())]
    Unread(Vec<(String, Failure)>),
    /// A call of an earlier run whose effect could not be found out.
    #[error("cannot find out what became of earlier calls")]
    Unresolved(Vec<(String, Failure)>),
    /// The run does not fit the state or the environment: another account, region, plan.
    #[error("{summary}")]
    Mismatch { summary: String, hint: String },
    /// Secrets that this run needs and was not given.
    #[error("secrets are missing")]
    SecretsMissing(Vec<(String, String)>),
    /// The planner has made a plan that its own rules forbid.
    #[error("the plan is not sound")]
    Unsound(Vec<String>),
}

impl Error {
    /// Whose turn it is.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Diagnostics(_) | Self::Mismatch { .. } | Self::SecretsMissing(_) => Blame::User,
            Self::Store(error) => error.blame(),
            Self::Call { failure, .. } if failure.kind == FailureKind::Bug => Blame::Bug,
            Self::Unsound(_) => Blame::Bug,
            Self::Call { .. } | Self::Unread(_) | Self::Unresolved(_) => Blame::World,
        }
    }

    /// What to do next.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Diagnostics(_) => Vec::new(),
            Self::Store(error) => error.hints(),
            Self::Call { failure, .. } => failure.causes.clone(),
            Self::Unread(failed) | Self::Unresolved(failed) => {
                let mut hints: Vec<String> = failed.iter().flat_map(|(_, failure)| failure.causes.clone()).collect();
                hints.dedup();
                hints
            }
            Self::Mismatch { hint, .. } => vec![hint.clone()],
            Self::Unsound(_) => {
                vec![
                    "this is a mistake in groma; please report it with the lines above; nothing was changed".to_owned(),
                ]
            }
            Self::SecretsMissing(_) => vec!["give the values to this run, then run it again".to_owned()],
        }
    }

    pub(crate) fn mismatch(summary: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Mismatch { summary: summary.into(), hint: hint.into() }
    }
}

/// Somebody else's run, as one sentence for readers.
pub(crate) fn busy(holder: &Holder) -> String {
    format!("{holder} is running: this view may be old")
}
