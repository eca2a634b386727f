//! The words in which Secrets Manager refuses.

use crate::refusal::Refusal;

pub(super) fn no_secret() -> Refusal {
    Refusal::new("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
}

/// `what` is a staging label or a version id, with the word for it.
pub(super) fn no_value(what: &str) -> Refusal {
    let message = format!("Secrets Manager can't find the specified secret value for {what}");
    Refusal::new("ResourceNotFoundException", message)
}

pub(super) fn exists(message: impl Into<String>) -> Refusal {
    Refusal::new("ResourceExistsException", message)
}

pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidParameterException", message)
}

/// The secret is not in a state that allows the call.
pub(super) fn not_now(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidRequestException", message)
}

pub(super) fn too_many(message: impl Into<String>) -> Refusal {
    Refusal::new("LimitExceededException", message)
}
