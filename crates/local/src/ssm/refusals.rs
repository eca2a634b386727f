//! The words in which Systems Manager refuses.

use crate::refusal::Refusal;

/// Systems Manager says no more than this.
pub(super) fn no_parameter() -> Refusal {
    Refusal::new("ParameterNotFound", "")
}

pub(super) fn exists() -> Refusal {
    let message =
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.";
    Refusal::new("ParameterAlreadyExists", message)
}

pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationException", message)
}

pub(super) fn bad_token() -> Refusal {
    Refusal::new("InvalidNextToken", "The specified token isn't valid.")
}
