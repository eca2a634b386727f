//! What a run tells while it works. Whoever listens decides how it looks.

use model::{Action, Address, plan::Phase};
use serde::{Deserialize, Serialize};

use crate::{Problem, Stopped};

/// Something that happened. Times are milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The first call of a step is about to be sent.
    Started {
        address: Address,
        phase: Phase,
        action: Action,
    },
    /// A mutating call is sent: `ecr:PutLifecyclePolicy`, "sets the lifecycle policy".
    Call {
        address: Address,
        operation: String,
        does: String,
    },
    /// Nothing can be done but wait: the service's own word, or "waiting for IAM". `elapsed`: since the wait began.
    Waiting {
        address: Address,
        word: String,
        elapsed: u64,
    },
    /// A line of the resource's own logs.
    Log {
        address: Address,
        source: String,
        message: String,
    },
    Done {
        address: Address,
        phase: Phase,
        action: Action,
        id: Option<String>,
        elapsed: u64,
    },
    Failed {
        address: Address,
        phase: Phase,
        action: Action,
        problem: Box<Problem>,
        elapsed: u64,
    },
    /// Not started, because this one failed.
    Skipped {
        address: Address,
        phase: Phase,
        action: Action,
        because: Address,
    },
    /// Begun and not finished; the next run goes on.
    Left {
        address: Address,
        phase: Phase,
        action: Action,
        left: Left,
    },
    /// Nothing new is started from now on.
    Stopping {
        because: Stopped,
    },
    /// A call of an earlier run whose answer was lost is looked for.
    Resolving {
        address: Address,
        operation: String,
    },
    Resolved {
        address: Address,
        operation: String,
        resolution: Resolution,
    },
}

/// How far a step is that was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    /// Nothing was sent.
    Untouched,
    /// Calls or waits are missing.
    Unfinished,
}

/// What became of a call without an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    /// The create had made this; it is recorded and will be finished.
    Made { id: String },
    /// The create had made nothing.
    NotMade,
    /// The update may have had its effect; the resource will be compared and finished.
    Doubtful,
    /// The delete had its effect; the resource is out of the state.
    Gone,
    /// The delete had no effect; the resource is still there.
    StillThere,
}
