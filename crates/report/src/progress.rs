//! What a run says while it works.

use std::time::Duration;

use model::{Action, Address, Place, ReplaceOrder, plan::Phase};

use crate::{Style, Summary};

/// What is done to a resource, one step at a time: a replacement has two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    Create,
    Adopt,
    Import,
    Update,
    Finish,
    /// The new half of a replacement.
    CreateNew,
    /// The old half of a replacement, or what an earlier one left.
    DeleteOld,
    Delete,
    Move,
    Record,
    Forget,
    Read,
}

/// Something that happened; the command line makes it from the executor's events.
#[derive(Debug, Clone, PartialEq)]
pub enum Progress {
    Started {
        address: Address,
        verb: Verb,
    },
    /// One mutating call is on its way: "sets the lifecycle policy".
    Call {
        address: Address,
        does: String,
    },
    /// The service's own word for what is going on.
    Waiting {
        address: Address,
        what: String,
        elapsed: Duration,
    },
    Done {
        address: Address,
        verb: Verb,
        elapsed: Duration,
        id: Option<String>,
    },
    Failed {
        address: Address,
        verb: Verb,
        elapsed: Duration,
        failure: FailureText,
    },
    /// Not started because this one failed or was not done.
    Skipped {
        address: Address,
        verb: Verb,
        because: Address,
    },
    /// Something worth a line that belongs to no resource, or is only a remark about one.
    Note {
        address: Option<Address>,
        text: String,
    },
    Summary(Summary),
}

/// A failed call with everything a person needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FailureText {
    /// Service and operation: `ecr:CreateRepository`.
    pub operation: String,
    /// AWS's code.
    pub code: Option<String>,
    /// AWS's words, without secrets.
    pub message: String,
    pub request_id: Option<String>,
    /// The end of the service's logs, oldest first.
    pub log: Vec<String>,
    /// Likely causes, most likely first.
    pub causes: Vec<String>,
    /// Where the resource is written.
    pub place: Option<Place>,
    /// The next command.
    pub next: Option<String>,
}

impl Verb {
    /// What a step of this phase does for a change with this action.
    pub fn of(action: Action, phase: &Phase) -> Self {
        match (action, phase) {
            (_, Phase::Read) => Self::Read,
            (Action::Delete, Phase::Remove { .. }) => Self::Delete,
            (_, Phase::Remove { .. }) => Self::DeleteOld,
            (Action::Replace(ReplaceOrder::DeleteFirst | ReplaceOrder::CreateFirst), _) => Self::CreateNew,
            (Action::Create, _) => Self::Create,
            (Action::Adopt, _) => Self::Adopt,
            (Action::Import, _) => Self::Import,
            (Action::Update, _) => Self::Update,
            (Action::Finish, _) => Self::Finish,
            (Action::Move, _) => Self::Move,
            (Action::Forget, _) => Self::Forget,
            (Action::Read, _) => Self::Read,
            (Action::Delete, _) => Self::Delete,
            (Action::Keep | Action::Record, _) => Self::Record,
        }
    }
}

/// One event as lines for a terminal, without a newline at the end.
pub fn event_text(_event: &Progress, _style: Style, _width: usize) -> String {
    String::new()
}

/// One event as one line of JSON.
pub fn event_json(_event: &Progress) -> String {
    String::new()
}

/// A failure as a block: what was being done, to what, where, the answer, the logs, the causes, the next command.
pub fn failure_text(_address: &Address, _verb: Verb, _failure: &FailureText, _style: Style, _width: usize) -> String {
    String::new()
}
