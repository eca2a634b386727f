//! The words in which CloudWatch Logs refuses.

use crate::refusal::Refusal;

pub(super) fn no_group() -> Refusal {
    Refusal::new("ResourceNotFoundException", "The specified log group does not exist.")
}

pub(super) fn no_stream() -> Refusal {
    Refusal::new("ResourceNotFoundException", "The specified log stream does not exist.")
}

pub(super) fn exists(what: &str) -> Refusal {
    Refusal::new("ResourceAlreadyExistsException", format!("The specified {what} already exists"))
}

pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidParameterException", message)
}
