//! What lives.

use std::collections::BTreeMap;

use aws_sdk_rds::types::{DbInstance, Filter, PendingModifiedValues};
use model::{Live, Value};
use provider::{Failure, Place};

use super::{
    super::common::{pairs, reads},
    status::health,
};
use crate::{client::Client, failure::failure};

/// Identifiers in one call.
const AT_ONCE: usize = 100;

/// AWS's own id and not an identifier, which has no capitals.
fn is_resource_id(id: &str) -> bool {
    id.strip_prefix("db-").is_some_and(|rest| rest.len() > 15 && rest.bytes().all(|byte| !byte.is_ascii_lowercase()))
}

/// The instances of these ids, which may be resource ids or identifiers.
pub(super) async fn describe(
    client: &Client,
    place: &Place,
    ids: &[String],
) -> Result<Vec<Option<DbInstance>>, Failure> {
    let (resources, names): (Vec<&String>, Vec<&String>) = ids.iter().partition(|id| is_resource_id(id));
    let resources: Vec<String> = resources.into_iter().cloned().collect();
    let names: Vec<String> = names.into_iter().map(|name| name.to_lowercase()).collect();
    let mut found = Vec::new();
    for (filter, wanted) in [("dbi-resource-id", resources), ("db-instance-id", names)] {
        for chunk in wanted.chunks(AT_ONCE) {
            found.extend(filtered(client, place, filter, chunk).await?);
        }
    }
    let called = |id: &str, one: &DbInstance| {
        one.dbi_resource_id() == Some(id) || one.db_instance_identifier() == Some(&id.to_lowercase())
    };
    Ok(ids.iter().map(|id| found.iter().find(|one| called(id, one)).cloned()).collect())
}

async fn filtered(client: &Client, place: &Place, name: &str, wanted: &[String]) -> Result<Vec<DbInstance>, Failure> {
    let filter = Filter::builder().name(name).set_values(Some(wanted.to_vec())).build();
    let pages = reads(client, place).describe_db_instances().filters(filter).into_paginator().items().send();
    pages.try_collect().await.map_err(|error| failure("rds:DescribeDBInstances", error))
}

/// The instance of one id.
pub(super) async fn one(client: &Client, place: &Place, id: &str) -> Result<Option<DbInstance>, Failure> {
    Ok(describe(client, place, &[id.to_owned()]).await?.into_iter().flatten().next())
}

/// As the schema has it; what is put off to the maintenance window counts as done.
pub(super) fn live(found: &DbInstance) -> Live {
    let text = |text: Option<&str>| text.map(str::to_owned);
    let whole = |number: Option<i32>| number.map(i64::from);
    let id = found.dbi_resource_id().or(found.db_instance_identifier()).unwrap_or_default();
    let groups = found.vpc_security_groups().iter().filter(|group| group.status() != Some("removing"));
    let groups: Vec<String> = groups.filter_map(|group| text(group.vpc_security_group_id())).collect();
    let parameters = found.db_parameter_groups().first();
    let endpoint = found.endpoint();
    let mut live = Live::new(id)
        .with("db_instance_identifier", text(found.db_instance_identifier()))
        .with("db_instance_class", text(found.db_instance_class()))
        .with("engine", text(found.engine()))
        .with("engine_version", text(found.engine_version()))
        .with("allocated_storage", whole(found.allocated_storage()))
        .with("max_allocated_storage", whole(found.max_allocated_storage()))
        .with("storage_type", text(found.storage_type()))
        .with("iops", whole(found.iops()))
        .with("storage_throughput", whole(found.storage_throughput().filter(|speed| *speed > 0)))
        .with("storage_encrypted", found.storage_encrypted().unwrap_or(false))
        .with("kms_key_id", text(found.kms_key_id()))
        .with("db_name", text(found.db_name()))
        .with("master_username", text(found.master_username()))
        .with("db_subnet_group_name", text(found.db_subnet_group().and_then(|group| group.db_subnet_group_name())))
        .with("vpc_security_group_ids", groups)
        .with("publicly_accessible", found.publicly_accessible().unwrap_or(false))
        .with("availability_zone", text(found.availability_zone()))
        .with("multi_az", found.multi_az().unwrap_or(false))
        .with("db_parameter_group_name", text(parameters.and_then(|group| group.db_parameter_group_name())))
        .with("parameter_apply_status", text(parameters.and_then(|group| group.parameter_apply_status())))
        .with("ca_certificate_identifier", text(found.ca_certificate_identifier()))
        .with("dbi_resource_id", text(found.dbi_resource_id()))
        .with("db_instance_arn", text(found.db_instance_arn()))
        .with("endpoint_address", text(endpoint.and_then(|endpoint| endpoint.address())))
        .with("endpoint_port", whole(endpoint.and_then(|endpoint| endpoint.port())))
        .with("endpoint_hosted_zone_id", text(endpoint.and_then(|endpoint| endpoint.hosted_zone_id())))
        .with("port", whole(endpoint.and_then(|endpoint| endpoint.port())));
    live = upkeep(live, found).tagged(pairs(found.tag_list().to_vec()));
    if let Some(pending) = found.pending_modified_values() {
        live.attributes.extend(to_come(pending));
    }
    live.health = health(found.db_instance_status().unwrap_or_default());
    live
}

fn upkeep(live: Live, found: &DbInstance) -> Live {
    let text = |text: Option<&str>| text.map(str::to_owned);
    let whole = |number: Option<i32>| number.map(i64::from);
    let insights = found.performance_insights_enabled().unwrap_or(false);
    live.with("backup_retention_period", whole(found.backup_retention_period()))
        .with("preferred_backup_window", text(found.preferred_backup_window()))
        .with("preferred_maintenance_window", text(found.preferred_maintenance_window()))
        .with("auto_minor_version_upgrade", found.auto_minor_version_upgrade().unwrap_or(true))
        .with("copy_tags_to_snapshot", found.copy_tags_to_snapshot().unwrap_or(false))
        .with("enable_iam_database_authentication", found.iam_database_authentication_enabled().unwrap_or(false))
        .with("enable_cloudwatch_logs_exports", found.enabled_cloudwatch_logs_exports().to_vec())
        .with("enable_performance_insights", insights)
        .with("performance_insights_retention_period", whole(found.performance_insights_retention_period()))
        .with("monitoring_interval", whole(found.monitoring_interval()).unwrap_or(0))
        .with("monitoring_role_arn", text(found.monitoring_role_arn()))
        .with("deletion_protection", found.deletion_protection().unwrap_or(false))
}

/// The values that wait, in the schema's names. The password among them is hidden by AWS and left out.
pub(super) fn to_come(pending: &PendingModifiedValues) -> BTreeMap<String, Value> {
    let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
    let whole = |number: Option<i32>| number.map_or(Value::Null, |number| Value::from(i64::from(number)));
    let flag = |flag: Option<bool>| flag.map_or(Value::Null, Value::from);
    let all = [
        ("db_instance_identifier", text(pending.db_instance_identifier())),
        ("db_instance_class", text(pending.db_instance_class())),
        ("engine_version", text(pending.engine_version())),
        ("allocated_storage", whole(pending.allocated_storage())),
        ("storage_type", text(pending.storage_type())),
        ("iops", whole(pending.iops())),
        ("storage_throughput", whole(pending.storage_throughput())),
        ("port", whole(pending.port())),
        ("db_subnet_group_name", text(pending.db_subnet_group_name())),
        ("multi_az", flag(pending.multi_az())),
        ("backup_retention_period", whole(pending.backup_retention_period())),
        ("ca_certificate_identifier", text(pending.ca_certificate_identifier())),
        ("enable_iam_database_authentication", flag(pending.iam_database_authentication_enabled())),
    ];
    let given = all.into_iter().filter(|(_, value)| !value.is_null());
    given.map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use aws_sdk_rds::types::VpcSecurityGroupMembership;

    use super::*;

    #[test]
    fn a_resource_id_is_no_identifier() {
        assert!(is_resource_id("db-ABCDEFGHIJKLMNOPQRSTUVWX26"));
        assert!(!is_resource_id("db-orders"));
        assert!(!is_resource_id("db-ORDERS"));
        assert!(!is_resource_id("orders"));
    }

    #[test]
    fn what_waits_counts_as_done() {
        let pending = PendingModifiedValues::builder().db_instance_class("db.t3.small").multi_az(true).build();
        let is = DbInstance::builder().db_instance_class("db.t3.micro").engine_version("16.4");
        let live = live(&is.pending_modified_values(pending).build());
        let value = |name: &str| live.attributes[name].clone();
        let expected = (Value::from("db.t3.small"), Value::from(true), Value::from("16.4"));
        assert_eq!((value("db_instance_class"), value("multi_az"), value("engine_version")), expected);
    }

    #[test]
    fn a_group_on_its_way_out_is_out() {
        let group = |id: &str, status: &str| {
            VpcSecurityGroupMembership::builder().vpc_security_group_id(id).status(status).build()
        };
        let is = DbInstance::builder().vpc_security_groups(group("sg-1", "removing"));
        let live = live(&is.vpc_security_groups(group("sg-2", "adding")).build());
        assert_eq!(live.attributes["vpc_security_group_ids"], Value::List(vec!["sg-2".into()]));
    }
}
