//! What came of carrying out a plan.

use model::{Action, Address, Diagnostic, SecretSource, Value, plan::Phase};
use provider::{Failure, FailureKind};
use serde::{Deserialize, Serialize};
use store::{Blame, StoreError};

/// What a run has done. The state itself is in the ledger, written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// In the order in which they ended.
    pub done: Vec<Done>,
    pub failed: Vec<Failed>,
    pub skipped: Vec<Skipped>,
    /// Begun and not finished, or not begun because the run was stopped.
    pub left: Vec<(Address, Phase)>,
    pub stopped: Option<Stopped>,
    /// Outputs that could not be computed; they keep their last value.
    pub outputs: Vec<(String, Problem)>,
}

/// A step that was done.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    pub address: Address,
    pub phase: Phase,
    pub action: Action,
    /// Milliseconds.
    pub elapsed: u64,
}

/// A step that failed.
#[derive(Debug, Clone, PartialEq)]
pub struct Failed {
    pub address: Address,
    pub phase: Phase,
    pub action: Action,
    pub problem: Problem,
}

/// A step that was not begun, because one it needs failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    pub address: Address,
    pub phase: Phase,
    pub action: Action,
    /// The resource that failed.
    pub because: Address,
}

/// Why nothing new was started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stopped {
    Interrupted,
    /// The credentials are missing, wrong or have expired.
    Credentials(Box<Failure>),
    /// Something failed and the run was to stop then.
    Failed,
    /// The journal or the state cannot be written.
    Store(String),
    /// Another run has taken the lock over.
    Fenced(String),
}

/// Why a step failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// A call failed, or the service reports that what it did failed.
    Call(Failure),
    /// A call has no answer and its effect could not be found out: the next run resolves it.
    Unknown(Failure),
    /// It took longer than its timeout.
    TimedOut { doing: String, word: String, seconds: u64 },
    /// A value came out other than the plan showed it.
    Differs { attribute: String, planned: Value, found: Value },
    /// A secret is no longer the one the plan was made with.
    SecretChanged { attribute: String, sources: Vec<SecretSource> },
    /// A secret cannot be had.
    SecretMissing { attribute: String, reason: String },
    /// An expression cannot be evaluated.
    Expression(Vec<Diagnostic>),
    /// The resource to be changed is not there any more.
    Vanished { id: String },
    /// The service answers a call, and what lives stays as it was.
    Ignored { call: String, attributes: Vec<String> },
    /// The type asks for call after call and never comes to an end.
    Endless { calls: Vec<String> },
    /// The journal or the state cannot be written.
    Store { message: String, hints: Vec<String> },
    /// The journal and the state are another run's now.
    Fenced { message: String, hints: Vec<String> },
}

impl Problem {
    /// Whose turn it is.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Call(failure) | Self::Unknown(failure) if failure.kind == FailureKind::Bug => Blame::Bug,
            Self::Endless { .. } => Blame::Bug,
            Self::Fenced { .. } => Blame::Locked,
            Self::Expression(_) | Self::SecretChanged { .. } | Self::SecretMissing { .. } => Blame::User,
            _ => Blame::World,
        }
    }

    /// One sentence.
    pub fn summary(&self) -> String {
        match self {
            Self::Call(failure) => failure.to_string(),
            Self::Unknown(failure) => format!("{failure}; whether it had its effect is not known yet"),
            Self::TimedOut { doing, word, seconds } => format!("{doing} took longer than {seconds} s (last: {word})"),
            Self::Differs { attribute, .. } => format!("`{attribute}` came out other than the plan showed it"),
            Self::SecretChanged { attribute, sources } => {
                format!("the secret in `{attribute}` is not the one the plan was made with ({})", names(sources))
            }
            Self::SecretMissing { attribute, reason } => {
                format!("the secret in `{attribute}` cannot be read: {reason}")
            }
            Self::Expression(diagnostics) => {
                let details: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.detail.as_str()).collect();
                format!("an expression cannot be evaluated: {}", details.join("; "))
            }
            Self::Vanished { id } => format!("`{id}` is not there any more"),
            Self::Ignored { call, attributes } => {
                let kept: Vec<String> = attributes.iter().map(|name| format!("`{name}`")).collect();
                let kept = if kept.is_empty() { "everything".to_owned() } else { kept.join(", ") };
                format!("AWS took {call} and kept {kept} as it was")
            }
            Self::Endless { calls } => format!("there is no end of calls to send: {}", calls.join(", ")),
            Self::Store { message, .. } | Self::Fenced { message, .. } => message.clone(),
        }
    }

    /// What to do next.
    pub fn hints(&self) -> Vec<String> {
        let one = |hint: &str| vec![hint.to_owned()];
        match self {
            Self::Call(failure) => failure.causes.clone(),
            Self::Unknown(_) => one("run `groma apply` again: it finds out first what became of the call"),
            Self::TimedOut { .. } => {
                one("run `groma apply` again to go on waiting, or raise the resource's `timeouts`")
            }
            Self::Differs { .. } | Self::Vanished { .. } | Self::SecretChanged { .. } => {
                one("run `groma plan` again: what it was based on has changed")
            }
            Self::SecretMissing { .. } => one("give the secret's value to this run"),
            Self::Expression(diagnostics) => {
                diagnostics.iter().flat_map(|diagnostic| diagnostic.hints.iter().cloned()).collect()
            }
            Self::Ignored { .. } => one(
                "AWS does not do this for the resource as it is: write what `groma drift` shows, or name the attribute in `lifecycle.ignore_changes`",
            ),
            Self::Endless { .. } => one("this is a mistake in groma; please report it with the calls named above"),
            Self::Store { hints, .. } | Self::Fenced { hints, .. } => hints.clone(),
        }
    }
}

fn names(sources: &[SecretSource]) -> String {
    let names: Vec<String> = sources.iter().map(ToString::to_string).collect();
    names.join(", ")
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::Call(failure)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
        let (message, hints) = (format!("{error}{cause}"), error.hints());
        match error {
            StoreError::Fenced { .. } => Self::Fenced { message, hints },
            _ => Self::Store { message, hints },
        }
    }
}

impl Outcome {
    /// Whether everything in the plan was done.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty()
            && self.skipped.is_empty()
            && self.left.is_empty()
            && self.stopped.is_none()
            && self.outputs.is_empty()
    }

    /// Whose turn it is; nothing when all is done.
    pub fn blame(&self) -> Option<Blame> {
        let problems = self.failed.iter().map(|failed| &failed.problem).chain(self.outputs.iter().map(|(_, p)| p));
        let stopped = self.stopped.as_ref().map(|stopped| match stopped {
            Stopped::Fenced(_) => Blame::Locked,
            _ => Blame::World,
        });
        problems.map(Problem::blame).chain(stopped).max()
    }
}
