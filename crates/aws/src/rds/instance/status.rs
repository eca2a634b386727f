//! What the state of an instance means: ready, on its way, or stuck.

use aws_sdk_rds::types::DbInstance;
use model::observed::Health;
use provider::{Failure, FailureKind, Settled};

use super::{super::common::again, read::to_come, update::IMMEDIATELY};

/// One look at an instance that should be there.
pub(super) fn judged(instance: &DbInstance, operation: Option<&str>) -> Settled {
    let status = instance.db_instance_status().unwrap_or_default();
    if has_failed(status) {
        let message = format!("the instance is {status}");
        let failure = Failure::new(FailureKind::Refused, "rds:DescribeDBInstances", message);
        // What was reachable once holds data and is never given up.
        let tainted = status == "failed" && instance.endpoint().is_none();
        return Settled::Failed { failure: Box::new(explained(failure, status)), tainted };
    }
    if !is_ready(status) {
        return again(if status == "creating" { 30 } else { 15 }, status);
    }
    match waits(instance, operation != Some(IMMEDIATELY)) {
        Some(what) => again(15, &format!("{status}, waiting for {what}")),
        None => Settled::Ready,
    }
}

fn explained(failure: Failure, status: &str) -> Failure {
    match status {
        "stopped" => failure.cause("somebody has stopped it: `aws rds start-db-instance` starts it again"),
        "incompatible-parameters" => failure
            .cause("a parameter does not go with this version or class: correct its parameter group and reboot it"),
        "incompatible-network" => failure.cause("its subnets have no free address, or a subnet or group has gone"),
        "insufficient-capacity" => {
            failure.cause("AWS has no such class left in these zones: take another class or other subnets")
        }
        _ => failure,
    }
}

/// Whether it can be changed.
fn is_ready(status: &str) -> bool {
    ["available", "storage-optimization", "storage-full"].contains(&status)
}

/// Whether it has stopped on the way and stays so.
fn has_failed(status: &str) -> bool {
    let starts = ["failed", "incompatible-", "inaccessible-encryption-credentials", "insufficient-capacity"];
    status == "restore-error" || status == "stopped" || starts.iter().any(|start| status.starts_with(start))
}

/// Never failed: that would mean to replace it, and a database in trouble still holds its data.
pub(super) fn health(status: &str) -> Health {
    if is_ready(status) || has_failed(status) { Health::Ready } else { Health::Busy(status.to_owned()) }
}

/// What still waits, by its name; with `soon_alone` only what waits for no maintenance window.
fn waits(found: &DbInstance, soon_alone: bool) -> Option<String> {
    let Some(pending) = found.pending_modified_values() else { return joining(found) };
    if pending.master_user_password().is_some() {
        return Some("the new password".to_owned());
    }
    let mut names: Vec<String> = to_come(pending).into_keys().collect();
    names.retain(|name| !soon_alone || name == "port");
    if names.is_empty() { joining(found) } else { Some(names.join(", ")) }
}

/// Groups that are on their way.
fn joining(found: &DbInstance) -> Option<String> {
    let moving = |status: Option<&str>| status.is_some_and(|status| ["adding", "removing"].contains(&status));
    if found.vpc_security_groups().iter().any(|group| moving(group.status())) {
        return Some("security groups".to_owned());
    }
    let applying = |status: Option<&str>| status == Some("applying");
    let parameters = found.db_parameter_groups().iter().any(|group| applying(group.parameter_apply_status()));
    parameters.then(|| "the parameter group".to_owned())
}

#[cfg(test)]
mod tests {
    use aws_sdk_rds::types::{
        Endpoint, PendingModifiedValues, VpcSecurityGroupMembership, builders::DbInstanceBuilder,
    };

    use super::*;

    fn is(status: &str) -> DbInstanceBuilder {
        DbInstance::builder().db_instance_status(status)
    }

    #[track_caller]
    fn check(instance: DbInstanceBuilder, operation: Option<&str>, expected: &str) {
        let said = match judged(&instance.build(), operation) {
            Settled::Ready => "ready".to_owned(),
            Settled::Again(after, what) => format!("{} s: {what}", after.as_secs()),
            Settled::Failed { failure, tainted } => format!("{}, tainted: {tainted}", failure.message),
        };
        assert_eq!(said, expected);
    }

    #[test]
    fn an_instance_is_ready_when_it_can_be_changed() {
        check(is("available"), None, "ready");
        check(is("storage-optimization"), None, "ready");
        check(is("creating"), None, "30 s: creating");
        check(is("backing-up"), None, "15 s: backing-up");
    }

    #[test]
    fn only_what_never_worked_is_tainted() {
        check(is("failed"), None, "the instance is failed, tainted: true");
        let worked = is("failed").endpoint(Endpoint::builder().address("orders.example").build());
        check(worked, None, "the instance is failed, tainted: false");
        check(is("incompatible-network"), None, "the instance is incompatible-network, tainted: false");
        check(is("stopped"), None, "the instance is stopped, tainted: false");
    }

    #[test]
    fn what_waits_for_the_maintenance_window_counts_when_it_was_to_be_at_once() {
        let class = PendingModifiedValues::builder().db_instance_class("db.t3.small").build();
        let waiting = is("available").pending_modified_values(class);
        check(waiting.clone(), None, "ready");
        check(waiting, Some(IMMEDIATELY), "15 s: available, waiting for db_instance_class");
    }

    #[test]
    fn ports_passwords_and_groups_wait_for_no_window() {
        let port = PendingModifiedValues::builder().port(5433).db_instance_class("db.t3.small").build();
        check(is("available").pending_modified_values(port), None, "15 s: available, waiting for port");
        let password = PendingModifiedValues::builder().master_user_password("****").build();
        check(is("available").pending_modified_values(password), None, "15 s: available, waiting for the new password");
        let group = VpcSecurityGroupMembership::builder().vpc_security_group_id("sg-1").status("adding").build();
        check(is("available").vpc_security_groups(group), None, "15 s: available, waiting for security groups");
    }
}
