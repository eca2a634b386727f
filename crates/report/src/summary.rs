//! The last words of a run.

use std::{collections::BTreeMap, time::Duration};

use model::{Address, state::RecordedOutput};

use crate::{FailureText, Style, Verb};

/// What an apply or destroy came to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    pub environment: String,
    pub destroy: bool,
    /// Finished steps; a replacement counts once, under [`Verb::CreateNew`].
    pub done: BTreeMap<Verb, usize>,
    pub failed: Vec<(Address, Verb, FailureText)>,
    /// Not started, each with what it waited for.
    pub skipped: Vec<(Address, Address)>,
    /// Stopped by a signal before everything was started.
    pub interrupted: bool,
    pub elapsed: Duration,
    pub outputs: BTreeMap<String, RecordedOutput>,
    /// The next command, when there is one to give.
    pub next: Option<String>,
}

/// "Applied: 3 created, 1 updated in 4 min 12 s.", failures with the next command, outputs.
pub fn summary(_summary: &Summary, _style: Style, _width: usize) -> String {
    String::new()
}

/// The same as one JSON object.
pub fn summary_json(_summary: &Summary) -> String {
    String::new()
}
