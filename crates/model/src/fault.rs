//! Faults planted on purpose, so that the tests can show that they would notice.
//!
//! `GROMA_PLANTED_FAULT` names one for a run of a debug build; each stands where such a mistake could be made, as one line
//! that asks [`is_planted`]. A release build answers `false` before it is compiled, and knows the variable not at all.
//! `tests/faults/` holds a judge for each, which must pass without it and fail with it.

use std::sync::OnceLock;

use serde::{
    Deserialize,
    de::{IntoDeserializer, value},
};

/// A mistake that could be made; its name in the environment is in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// A mutating call is sent before its intent is on disk.
    SkippedIntent,
    /// The journal's intents are forgotten when the next run reads it.
    IntentNotFolded,
    /// An unanswered create is sent again though the first may have had its effect.
    LostAnswerRepeated,
    /// A second run goes on beside the one that holds the lock.
    LockIgnored,
    /// A saved plan is carried out on a state that has changed since.
    StalePlanApplied,
    /// Nothing keeps a delete behind the users of what goes.
    DeleteBeforeUser,
    /// What would stop a delete is not asked for before the first call.
    BlockersUnasked,
    /// What could stand beside its successor is deleted first.
    WrongOrderOfReplacement,
    /// What is no longer written stays as it was.
    DroppedOnUnset,
    /// Tags that somebody else has set are taken away.
    ForeignTagTaken,
    /// Sets are compared with their order.
    SetAsList,
    /// An update that App Runner has rolled back counts as done.
    SilentRollback,
    /// Outputs keep the value of an earlier run.
    KeepsStaleOutput,
    /// What is printed keeps its secrets.
    SecretInError,
    /// The planner panics.
    Panic,
}

static PLANTED: OnceLock<Fault> = OnceLock::new();

/// Whether this run is to make this mistake; never in a release build.
pub fn is_planted(fault: Fault) -> bool {
    cfg!(debug_assertions) && PLANTED.get() == Some(&fault)
}

/// Plants a fault for the rest of this process. The first one stays.
///
/// # Errors
/// No fault has this name; the error lists those there are.
pub fn plant(name: &str) -> Result<(), value::Error> {
    let fault = Fault::deserialize(name.into_deserializer())?;
    PLANTED.get_or_init(|| fault);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_planted_by_itself_or_by_a_name_that_is_none() {
        let error = plant("carelessness").expect_err("there is no such fault").to_string();
        assert!(error.contains("`skipped_intent`") && error.contains("`secret_in_error`"), "{error}");
        assert!(!is_planted(Fault::SkippedIntent));
    }
}
