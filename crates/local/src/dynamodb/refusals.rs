//! DynamoDB's refusals: all with HTTP status 400, one code for many causes, told apart by their words.

use super::table::{Status, Table};
use crate::refusal::Refusal;

pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationException", message)
}

pub(super) fn parameter(what: impl AsRef<str>) -> Refusal {
    invalid(format!("One or more parameter values were invalid: {}", what.as_ref()))
}

pub(super) fn alone(field: &str) -> Refusal {
    parameter(format!("{field} must be the only operation in the request"))
}

pub(super) fn no_table(name: &str) -> Refusal {
    Refusal::new("ResourceNotFoundException", format!("Requested resource not found: Table: {name} not found"))
}

pub(super) fn no_resource(arn: &str) -> Refusal {
    // The missing letter is AWS's.
    Refusal::new("ResourceNotFoundException", format!("Requested resource not found: ResourcArn: {arn} not found"))
}

pub(super) fn in_use(why: &str, table: &str) -> Refusal {
    Refusal::new(
        "ResourceInUseException",
        format!("Attempt to change a resource which is still in use: {why}: {table}"),
    )
}

pub(super) fn limit(message: impl Into<String>) -> Refusal {
    Refusal::new("LimitExceededException", message)
}

/// What AWS answers, every time, to an empty throughput block.
pub(super) fn internal() -> Refusal {
    Refusal::new("InternalServerError", "Internal server error").status(500)
}

impl Table {
    /// Refuses a change of a table that is not active.
    pub(super) fn refuse_busy(&self) -> Result<(), Refusal> {
        let why = match self.status {
            Status::Active => return Ok(()),
            Status::Creating => "Table is being created",
            Status::Updating => "Table is being updated",
            Status::Deleting => "Table is being deleted",
        };
        Err(in_use(why, &self.name))
    }
}
