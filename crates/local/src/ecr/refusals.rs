//! ECR's refusals, in ECR's words.

use serde_json::Value;

use crate::refusal::Refusal;
use crate::world::Caller;

/// `Invalid parameter at 'x' failed to satisfy constraint: 'y'`.
pub(super) fn invalid(parameter: &str, constraint: impl std::fmt::Display) -> Refusal {
    let message = format!("Invalid parameter at '{parameter}' failed to satisfy constraint: '{constraint}'");
    Refusal::new("InvalidParameterException", message)
}

pub(super) fn no_repository(caller: &Caller, name: &str) -> Refusal {
    let message =
        format!("The repository with name '{name}' does not exist in the registry with id '{}'", caller.account);
    Refusal::new("RepositoryNotFoundException", message)
}

pub(super) fn exists(caller: &Caller, name: &str) -> Refusal {
    let message =
        format!("The repository with name '{name}' already exists in the registry with id '{}'", caller.account);
    Refusal::new("RepositoryAlreadyExistsException", message)
}

pub(super) fn not_empty(caller: &Caller, name: &str) -> Refusal {
    let message = format!(
        "The repository with name '{name}' in registry with id '{}' cannot be deleted because it still contains images",
        caller.account
    );
    Refusal::new("RepositoryNotEmptyException", message)
}

/// `what` is `Lifecycle policy` or `Repository policy`.
pub(super) fn no_policy(caller: &Caller, code: &str, what: &str, name: &str) -> Refusal {
    let account = &caller.account;
    Refusal::new(
        code,
        format!("{what} does not exist for the repository with name '{name}' in the registry with id '{account}'"),
    )
}

pub(super) fn no_image(caller: &Caller, repository: &str, digest: Option<&str>, tag: Option<&str>) -> Refusal {
    let message = format!(
        "The image with imageId {{imageDigest:'{}', imageTag:'{}'}} does not exist within the repository with name \
         '{repository}' in the registry with id '{}'",
        digest.unwrap_or("null"),
        tag.unwrap_or("null"),
        caller.account
    );
    Refusal::new("ImageNotFoundException", message)
}

pub(super) fn image_exists(caller: &Caller, repository: &str, digest: &str, tag: Option<&str>) -> Refusal {
    let message = format!(
        "Image with digest '{digest}' and tag '{}' already exists in the repository with name '{repository}' in registry \
         with id '{}'",
        tag.unwrap_or("null"),
        caller.account
    );
    Refusal::new("ImageAlreadyExistsException", message)
}

pub(super) fn tag_immutable(repository: &str, tag: &str) -> Refusal {
    let message = format!(
        "The image tag '{tag}' already exists in the '{repository}' repository and cannot be overwritten because the tag \
         is immutable."
    );
    Refusal::new("ImageTagAlreadyExistsException", message)
}

/// Nobody else's registry lets the caller in: no repository policy is evaluated across accounts here.
pub(super) fn other_registry(caller: &Caller, operation: &str, registry: &str, repository: &Value) -> Refusal {
    let owner = Caller { account: registry.to_owned(), ..caller.clone() };
    let resource = repository.as_str().map_or_else(|| "*".to_owned(), |name| super::arn(&owner, name));
    let message = format!(
        "User: arn:{}:iam::{}:root is not authorized to perform: ecr:{operation} on resource: {resource} because no \
         resource-based policy allows the ecr:{operation} action",
        caller.partition, caller.account
    );
    Refusal::new("AccessDeniedException", message)
}
