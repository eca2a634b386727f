//! The refusals of RDS. Texts that AWS is known to send are quoted from public reports; the others follow their style.

use crate::refusal::Refusal;

/// `InvalidParameterValue`.
pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidParameterValue", message)
}

/// `InvalidParameterCombination`.
pub(super) fn combination(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidParameterCombination", message)
}

/// `InvalidDBInstanceState`.
pub(super) fn state(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidDBInstanceState", message)
}

pub(super) fn no_instance(id: &str) -> Refusal {
    Refusal::new("DBInstanceNotFound", format!("DBInstance {id} not found.")).status(404)
}

pub(super) fn no_snapshot(id: &str) -> Refusal {
    Refusal::new("DBSnapshotNotFound", format!("DBSnapshot {id} not found.")).status(404)
}

pub(super) fn snapshot_exists(id: &str) -> Refusal {
    let message = format!("Cannot create the snapshot because a snapshot with the identifier {id} already exists.");
    Refusal::new("DBSnapshotAlreadyExists", message)
}

pub(super) fn no_subnet_group(name: &str) -> Refusal {
    Refusal::new("DBSubnetGroupNotFoundFault", format!("DB subnet group '{name}' does not exist.")).status(404)
}

pub(super) fn no_parameter_group(name: &str) -> Refusal {
    Refusal::new("DBParameterGroupNotFound", format!("DBParameterGroup not found: {name}")).status(404)
}
