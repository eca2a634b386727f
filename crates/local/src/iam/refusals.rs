//! IAM's refusals: its codes carry no `Exception` suffix on the wire.

use crate::refusal::Refusal;

pub(super) fn no_such_entity(message: impl Into<String>) -> Refusal {
    Refusal::new("NoSuchEntity", message).status(404)
}

pub(super) fn no_role(name: &str) -> Refusal {
    no_such_entity(format!("The role with name {name} cannot be found."))
}

pub(super) fn no_policy(arn: &str) -> Refusal {
    no_such_entity(format!("Policy {arn} was not found."))
}

pub(super) fn not_attachable(arn: &str) -> Refusal {
    no_such_entity(format!("Policy {arn} does not exist or is not attachable."))
}

pub(super) fn already_exists(message: impl Into<String>) -> Refusal {
    Refusal::new("EntityAlreadyExists", message).status(409)
}

pub(super) fn delete_conflict(message: &str) -> Refusal {
    Refusal::new("DeleteConflict", message).status(409)
}

/// A quota by the name that AWS gives it, for example `PoliciesPerRole`.
pub(super) fn quota(name: &str, limit: usize) -> Refusal {
    limit_exceeded(format!("Cannot exceed quota for {name}: {limit}"))
}

pub(super) fn limit_exceeded(message: impl Into<String>) -> Refusal {
    Refusal::new("LimitExceeded", message).status(409)
}

pub(super) fn malformed(message: impl Into<String>) -> Refusal {
    Refusal::new("MalformedPolicyDocument", message)
}

pub(super) fn invalid_input(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidInput", message)
}

pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationError", message)
}

/// A service-linked role belongs to its service.
pub(super) fn protected(name: &str) -> Refusal {
    Refusal::new(
        "UnmodifiableEntity",
        format!("Cannot perform the operation on the protected role '{name}' - this role is only modifiable by AWS"),
    )
}
