//! What RDS refuses of an instance's arguments.

use serde_json::Value;

use super::catalogue::Major;
use super::given::{flag, text, texts, whole};
use super::refusals::{combination, invalid};
use super::{classes, engines};
use crate::iam::Trust;
use crate::refusal::Refusal;
use crate::world::{Caller, World};

type Checked = Result<(), Refusal>;

/// An identifier of an instance or snapshot, in lower case.
pub(super) fn identifier(given: &str, member: &str, longest: usize) -> Result<String, Refusal> {
    let fits = given.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    let starts = given.starts_with(|letter: char| letter.is_ascii_alphabetic());
    if !fits || !starts || given.len() > longest || given.ends_with('-') || given.contains("--") {
        return Err(invalid(format!(
            "The parameter {member} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens."
        )));
    }
    Ok(given.to_lowercase())
}

pub(super) fn class(given: &str) -> Checked {
    match classes::exists(given) {
        true => Ok(()),
        false => Err(invalid(format!("Invalid DB Instance class: {given}"))),
    }
}

pub(super) fn password(given: &str, engine: &str) -> Checked {
    let longest = if engine == "mysql" { 41 } else { 128 };
    let said = "The parameter MasterUserPassword is not a valid password";
    if given.len() < 8 {
        return Err(invalid(format!("{said} because it is shorter than 8 characters.")));
    }
    if given.len() > longest {
        return Err(invalid(format!("{said} because it is longer than {longest} characters.")));
    }
    if given.chars().any(|letter| !letter.is_ascii_graphic() || "/@\"".contains(letter)) {
        let rule = "Only printable ASCII characters besides '/', '@', '\"', ' ' may be used.";
        return Err(invalid(format!("{said}. {rule}")));
    }
    Ok(())
}

pub(super) fn user(given: &str, engine: &str) -> Checked {
    let (longest, reserved): (usize, &[&str]) = match engine {
        "mysql" => (16, &["rdsadmin", "rdsrepladmin"]),
        _ => (63, &["admin", "rdsadmin", "rds_superuser", "public"]),
    };
    let fits = given.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if !fits || !given.starts_with(|letter: char| letter.is_ascii_alphabetic()) || given.len() > longest {
        return Err(invalid(format!(
            "The parameter MasterUsername is not valid: it must begin with a letter and have 1 to {longest} alphanumeric characters or underscores."
        )));
    }
    match reserved.contains(&given.to_lowercase().as_str()) {
        true => {
            Err(invalid(format!("MasterUsername {given} cannot be used as it is a reserved word used by the engine")))
        }
        false => Ok(()),
    }
}

pub(super) fn database(given: &str, engine: &str) -> Checked {
    let longest = if engine == "mysql" { 64 } else { 63 };
    let fits = given.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let starts = given.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    match fits && starts && given.len() <= longest {
        true => Ok(()),
        false => Err(invalid("DBName must begin with a letter and contain only alphanumeric characters.")),
    }
}

/// Size, type and speed of storage belong together.
pub(super) fn storage(engine: &str, kind: &str, size: i64, iops: Option<i64>, throughput: Option<i64>) -> Checked {
    let smallest = match kind {
        "gp2" | "gp3" => 20,
        "io1" | "io2" => 100,
        "standard" => 5,
        _ => return Err(invalid(format!("Invalid storage type: {kind}"))),
    };
    if !(smallest..=65_536).contains(&size) {
        let message = format!("Invalid storage size for engine name {engine} and storage type {kind}: {size}");
        return Err(invalid(message));
    }
    let provisioned = kind.starts_with("io");
    if provisioned && iops.is_none() {
        return Err(combination(format!("You must specify the IOPS for storage type {kind}")));
    }
    let small = kind == "gp3" && size < 400;
    if small && (iops.is_some_and(|iops| iops != 3000) || throughput.is_some_and(|speed| speed != 125)) {
        let message = format!(
            "You can't specify IOPS or storage throughput for engine {engine} and a storage size less than 400."
        );
        return Err(combination(message));
    }
    if !provisioned && kind != "gp3" && iops.is_some() {
        return Err(combination(format!("You can't specify IOPS for storage type {kind}")));
    }
    Ok(())
}

pub(super) fn retention(days: i64) -> Checked {
    match (0..=35).contains(&days) {
        true => Ok(()),
        false => {
            Err(invalid(format!("Invalid backup retention period: {days}. Retention period must be between 0 and 35.")))
        }
    }
}

pub(super) fn port(port: i64) -> Checked {
    match (1150..=65_535).contains(&port) {
        true => Ok(()),
        false => Err(invalid(format!("Invalid port: {port}. Valid values: 1150-65535."))),
    }
}

pub(super) fn logs(major: &Major, given: &[String]) -> Checked {
    let known = engines::log_types(major.engine);
    match given.iter().find(|kind| !known.contains(&kind.as_str())) {
        None => Ok(()),
        Some(kind) => Err(combination(format!(
            "You cannot use the log types '{kind}' with engine version {} {}. For supported log types, see the documentation.",
            major.engine, major.version
        ))),
    }
}

/// Enhanced monitoring needs a role that its service may assume.
pub(super) fn monitoring(world: &World, caller: &Caller, interval: i64, role: Option<&str>) -> Checked {
    if ![0, 1, 5, 10, 15, 30, 60].contains(&interval) {
        return Err(invalid(format!("{interval} is not a valid monitoring interval. Use 0, 1, 5, 10, 15, 30 or 60.")));
    }
    if interval == 0 {
        return Ok(());
    }
    let Some(role) = role else {
        let message = "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.";
        return Err(combination(message));
    };
    let (now, propagation) = (world.now(), world.settings.role_propagation);
    let account = world.accounts.get(&caller.account);
    let trust = account
        .map_or(Trust::Missing, |account| account.iam.trusts(role, "monitoring.rds.amazonaws.com", now, propagation));
    match trust {
        Trust::Assumable => Ok(()),
        _ => {
            let said =
                "IAM role ARN value is invalid or does not include the required permissions for: ENHANCED_MONITORING";
            Err(invalid(said))
        }
    }
}

/// What is a part of RDS and not of this cloud.
pub(super) fn unserved(input: &Value) -> Checked {
    const MEMBERS: &[&str] = &[
        "CustomIamInstanceProfile",
        "DBClusterIdentifier",
        "DBSecurityGroups",
        "Domain",
        "DomainFqdn",
        "OptionGroupName",
        "TdeCredentialArn",
    ];
    let default = |member: &str| {
        member == "OptionGroupName" && text(input, member).is_some_and(|name| name.starts_with("default:"))
    };
    let given = |member: &&&str| !input[**member].is_null() && !default(member);
    if let Some(member) = MEMBERS.iter().find(given) {
        return Err(invalid(format!("{member} is not served by the local cloud.")));
    }
    if flag(input, "ManageMasterUserPassword") == Some(true) {
        return Err(invalid("ManageMasterUserPassword is not served by the local cloud."));
    }
    Ok(())
}

/// The numbers and lists that stand for themselves.
pub(super) fn plain(world: &World, caller: &Caller, input: &Value, major: &Major) -> Checked {
    unserved(input)?;
    text(input, "DBInstanceClass").map_or(Ok(()), class)?;
    text(input, "MasterUserPassword").map_or(Ok(()), |given| password(given, major.engine))?;
    whole(input, "BackupRetentionPeriod").map_or(Ok(()), retention)?;
    whole(input, "Port").or(whole(input, "DBPortNumber")).map_or(Ok(()), port)?;
    texts(input, "EnableCloudwatchLogsExports").map_or(Ok(()), |given| logs(major, &given))?;
    let interval = whole(input, "MonitoringInterval");
    interval.map_or(Ok(()), |interval| monitoring(world, caller, interval, text(input, "MonitoringRoleArn")))
}
