//! What an instance is.

use model::{
    Attribute, Kind, Schema, Value,
    schema::{Compare, DefaultTimeouts, Prediction, Preset, Unset},
};

use super::{
    super::limits::create_db_instance_message as limits,
    check::check,
    compare::{enough, same_key, same_version},
};
use crate::values::arn;

const OFF: Unset = Unset::Default(Preset::Flag(false));

pub static SCHEMA: Schema = Schema {
    name: "rds_instance",
    doc: "A database instance of RDS. What AWS puts off to the maintenance window counts as changed: `apply_immediately` brings it into force at once.",
    attributes: &[
        Attribute::required("db_instance_identifier", Kind::Text)
            .member(&limits::DB_INSTANCE_IDENTIFIER)
            .compare(Compare::CaseInsensitive)
            .doc("The name; AWS keeps it in lower case. A change renames the instance, which gives it another endpoint."),
        Attribute::name_prefix("db_instance_identifier_prefix", "db_instance_identifier").member(&limits::DB_INSTANCE_IDENTIFIER),
        Attribute::required("db_instance_class", Kind::Text)
            .member(&limits::DB_INSTANCE_CLASS)
            .doc("The size: `db.t3.micro`."),
        Attribute::required("engine", Kind::Text)
            .member(&limits::ENGINE)
            .replaces()
            .doc("`postgres`, `mysql`, `mariadb` and others."),
        Attribute::optional("engine_version", Kind::Text)
            .member(&limits::ENGINE_VERSION)
            .compare(Compare::Same(same_version))
            .doc("All of the version, or its first part: `16` means any `16.x`. A newer minor version on AWS is no difference, since AWS never goes back."),
        Attribute::optional("allow_major_version_upgrade", Kind::Flag)
            .write_only()
            .doc("Lets a change of `engine_version` go to another major version."),
        Attribute::required("allocated_storage", Kind::Number)
            .member(&limits::ALLOCATED_STORAGE)
            .compare(Compare::Same(enough))
            .doc("Storage in GiB. It only grows, by a tenth at least; more than this on AWS is no difference."),
        Attribute::optional("max_allocated_storage", Kind::Number)
            .member(&limits::MAX_ALLOCATED_STORAGE)
            .on_unset(Unset::Clear)
            .doc("The GiB up to which AWS lets storage grow by itself."),
        Attribute::optional("storage_type", Kind::Text)
            .member(&limits::STORAGE_TYPE)
            .doc("`gp2`, `gp3`, `io1`, `io2`."),
        Attribute::optional("iops", Kind::Number).member(&limits::IOPS).doc("Operations a second, for `io1`, `io2` and large `gp3`."),
        Attribute::optional("storage_throughput", Kind::Number)
            .member(&limits::STORAGE_THROUGHPUT)
            .doc("MiB a second, for large `gp3`."),
        Attribute::optional("storage_encrypted", Kind::Flag)
            .member(&limits::STORAGE_ENCRYPTED)
            .replaces()
            .doc("Encrypts the storage. AWS's default: `false`."),
        Attribute::optional("kms_key_id", Kind::Text)
            .member(&limits::KMS_KEY_ID)
            .compare(Compare::Same(same_key))
            .replaces()
            .doc("The key of the encrypted storage: ARN, id or alias. AWS's default: its own key `aws/rds`."),
        Attribute::optional("db_name", Kind::Text)
            .member(&limits::DB_NAME)
            .replaces()
            .doc("The first database. Without it PostgreSQL has `postgres` alone."),
        Attribute::required("master_username", Kind::Text)
            .member(&limits::MASTER_USERNAME)
            .replaces()
            .doc("The user that AWS makes."),
        Attribute::required("master_user_password", Kind::Text)
            .member(&limits::MASTER_USER_PASSWORD)
            .secret()
            .write_only()
            .doc("The password of that user: 8 characters or more, without `/`, `\"`, `@` and spaces. A change is sent at once."),
        Attribute::optional("port", Kind::Number)
            .member(&limits::PORT)
            .doc("The port. AWS's default: that of the engine. A change restarts the database at once."),
        Attribute::optional("db_subnet_group_name", Kind::Text)
            .member(&limits::DB_SUBNET_GROUP_NAME)
            .compare(Compare::CaseInsensitive)
            .doc("The subnets it may stand in. AWS moves an instance to a group of another VPC only."),
        Attribute::optional("vpc_security_group_ids", Kind::Set(&Kind::Text))
            .member(&limits::VPC_SECURITY_GROUP_IDS)
            .doc("Security groups. AWS's default: the VPC's default group."),
        Attribute::optional("publicly_accessible", Kind::Flag)
            .member(&limits::PUBLICLY_ACCESSIBLE)
            .doc("Gives it a public address. AWS's default depends on the subnets."),
        Attribute::optional("availability_zone", Kind::Text)
            .member(&limits::AVAILABILITY_ZONE)
            .replaces()
            .doc("The zone; not together with `multi_az`."),
        Attribute::optional("multi_az", Kind::Flag)
            .member(&limits::MULTI_AZ)
            .on_unset(OFF)
            .doc("Keeps a second instance in another zone. AWS's default: `false`."),
        Attribute::optional("db_parameter_group_name", Kind::Text)
            .member(&limits::DB_PARAMETER_GROUP_NAME)
            .compare(Compare::CaseInsensitive)
            .on_unset(Unset::Clear)
            .doc("The parameter group. AWS's default: that of the family. Static parameters of another group need a reboot."),
        Attribute::optional("ca_certificate_identifier", Kind::Text)
            .member(&limits::CA_CERTIFICATE_IDENTIFIER)
            .doc("Who signs the server's certificate."),
        Attribute::optional("backup_retention_period", Kind::Number)
            .member(&limits::BACKUP_RETENTION_PERIOD)
            .on_unset(Unset::Default(Preset::Whole(1)))
            .doc("Days for which automated backups are kept, 0 to 35. AWS's default: 1."),
        Attribute::optional("preferred_backup_window", Kind::Text)
            .member(&limits::PREFERRED_BACKUP_WINDOW)
            .compare(Compare::CaseInsensitive)
            .doc("When backups are made, UTC: `03:00-03:30`."),
        Attribute::optional("preferred_maintenance_window", Kind::Text)
            .member(&limits::PREFERRED_MAINTENANCE_WINDOW)
            .compare(Compare::CaseInsensitive)
            .doc("When AWS may interrupt it, UTC: `mon:04:00-mon:04:30`."),
        Attribute::optional("auto_minor_version_upgrade", Kind::Flag)
            .member(&limits::AUTO_MINOR_VERSION_UPGRADE)
            .on_unset(Unset::Default(Preset::Flag(true)))
            .doc("Lets AWS go to newer minor versions. AWS's default: `true`."),
        Attribute::optional("copy_tags_to_snapshot", Kind::Flag)
            .member(&limits::COPY_TAGS_TO_SNAPSHOT)
            .on_unset(OFF)
            .doc("Gives snapshots the tags of the instance. AWS's default: `false`."),
        Attribute::optional("enable_iam_database_authentication", Kind::Flag)
            .member(&limits::ENABLE_IAM_DATABASE_AUTHENTICATION)
            .on_unset(OFF)
            .doc("Lets IAM identities log in. AWS's default: `false`."),
        Attribute::optional("enable_cloudwatch_logs_exports", Kind::Set(&Kind::Text))
            .member(&limits::ENABLE_CLOUDWATCH_LOGS_EXPORTS)
            .on_unset(Unset::Clear)
            .doc("Logs that go to CloudWatch: `postgresql`, `upgrade`; for MySQL `error`, `general`, `slowquery`, `audit`."),
        Attribute::optional("enable_performance_insights", Kind::Flag)
            .member(&limits::ENABLE_PERFORMANCE_INSIGHTS)
            .on_unset(OFF)
            .doc("Performance Insights. AWS's default: `false`."),
        Attribute::optional("performance_insights_retention_period", Kind::Number)
            .member(&limits::PERFORMANCE_INSIGHTS_RETENTION_PERIOD)
            .doc("Days: 7, a multiple of 31, or 731."),
        Attribute::optional("monitoring_interval", Kind::Number)
            .member(&limits::MONITORING_INTERVAL)
            .on_unset(Unset::Default(Preset::Whole(0)))
            .doc("Seconds between points of Enhanced Monitoring: 1, 5, 10, 15, 30, 60; 0 (AWS's default) for none."),
        Attribute::optional("monitoring_role_arn", Kind::Text)
            .member(&limits::MONITORING_ROLE_ARN)
            .doc("The role for Enhanced Monitoring, which `monitoring.rds.amazonaws.com` may assume."),
        Attribute::optional("deletion_protection", Kind::Flag)
            .member(&limits::DELETION_PROTECTION)
            .on_unset(OFF)
            .doc("Refuses the instance's deletion while it is on. AWS's default: `false`."),
        Attribute::optional("apply_immediately", Kind::Flag)
            .write_only()
            .doc("Changes come into force at once, with the interruption they bring, and not in the maintenance window. AWS's default: `false`."),
        Attribute::optional("skip_final_snapshot", Kind::Flag)
            .deletion()
            .doc("Deletes it without a last snapshot: every database in it is lost."),
        Attribute::optional("final_db_snapshot_identifier", Kind::Text)
            .deletion()
            .doc("The name of the snapshot that is made on deletion."),
        Attribute::optional("delete_automated_backups", Kind::Flag)
            .deletion()
            .doc("Whether automated backups go with the instance. AWS's default: `true`."),
        Attribute::optional("tags", Kind::Map(&Kind::Text)).member(&limits::TAGS).per_key("").doc("Tags."),
        Attribute::computed("dbi_resource_id", Kind::Text).doc("AWS's id, `db-…`: it stays when the instance is renamed."),
        Attribute::computed("db_instance_arn", Kind::Text)
            .predicted(instance_arn)
            .changes_with(&["db_instance_identifier"])
            .doc("The ARN."),
        Attribute::computed("endpoint_address", Kind::Text)
            .changes_with(&["db_instance_identifier"])
            .doc("The name that clients connect to."),
        Attribute::computed("endpoint_port", Kind::Number)
            .predicted(endpoint_port)
            .changes_with(&["port"])
            .doc("The port that clients connect to."),
        Attribute::computed("endpoint_hosted_zone_id", Kind::Text).doc("The Route 53 zone of the endpoint."),
        Attribute::computed("parameter_apply_status", Kind::Text)
            .doc("`in-sync`, or `pending-reboot` while static parameters wait for a reboot."),
    ],
    natural_name: &["db_instance_identifier"],
    import_id: "the instance's identifier or its resource id `db-…`",
    predict_id: None,
    revisions: false,
    global: false,
    taggable: true,
    loses: Some("every database in it"),
    timeouts: DefaultTimeouts { create: 3600, update: 5400, delete: 3600 },
    check,
};

fn instance_arn(prediction: &Prediction<'_>) -> Option<Value> {
    let name = prediction.text("db_instance_identifier")?.to_lowercase();
    arn(prediction, "rds", &format!("db:{name}")).map(Value::Text)
}

/// As written, or the engine's own.
fn endpoint_port(prediction: &Prediction<'_>) -> Option<Value> {
    match prediction.arguments.get("port") {
        Some(port) if port.as_i64().is_some() => return Some(port.clone()),
        Some(_) => return None,
        None => {}
    }
    let port = match prediction.text("engine")? {
        "postgres" => 5432,
        "mysql" | "mariadb" => 3306,
        _ => return None,
    };
    Some(Value::from(port))
}
