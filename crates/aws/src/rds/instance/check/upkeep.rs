//! The port, security groups, backups, logs and what watches an instance.

use model::{Value, schema::Finding};

use super::{super::super::common::finding, Arguments, text, whole};
use crate::ids;

pub(super) fn check(arguments: &Arguments) -> Vec<Finding> {
    let found = [port(arguments), retention(arguments), monitoring(arguments), insights(arguments), logs(arguments)];
    let groups = "vpc_security_group_ids";
    found.into_iter().flatten().chain(ids::GROUP.mistakes(groups, arguments.get(groups))).collect()
}

fn port(arguments: &Arguments) -> Option<Finding> {
    let port = whole(arguments, "port").filter(|port| !(1150..=65_535).contains(port))?;
    let detail = format!("a database listens on a port of 1150 to 65535, not on {port}");
    Some(finding("port", detail, "leave it out for the engine's own: 5432 for PostgreSQL, 3306 for MySQL"))
}

fn retention(arguments: &Arguments) -> Option<Finding> {
    whole(arguments, "backup_retention_period").filter(|days| !(0..=35).contains(days)).map(|_| {
        let detail = "automated backups are kept for 0 to 35 days";
        finding("backup_retention_period", detail, "write 0 for no backups, at most 35")
    })
}

fn monitoring(arguments: &Arguments) -> Option<Finding> {
    let interval = whole(arguments, "monitoring_interval")?;
    let (detail, hint) = if ![0, 1, 5, 10, 15, 30, 60].contains(&interval) {
        ("Enhanced Monitoring has points every 1, 5, 10, 15, 30 or 60 seconds", "write one of these, or 0 for none")
    } else if interval > 0 && !arguments.contains_key("monitoring_role_arn") {
        (
            "Enhanced Monitoring needs a role",
            "write `monitoring_role_arn`, of a role that `monitoring.rds.amazonaws.com` may assume",
        )
    } else {
        return None;
    };
    Some(finding("monitoring_interval", detail, hint))
}

fn insights(arguments: &Arguments) -> Option<Finding> {
    let days = whole(arguments, "performance_insights_retention_period")?;
    let months = days % 31 == 0 && (31..=713).contains(&days);
    let detail =
        format!("Performance Insights keeps its data for 7 or 731 days or for months of 31 days, not for {days}");
    let hint = match (days + 15) / 31 {
        0 => "write 7".to_owned(),
        near => format!("write 7, or {}", near.min(23) * 31),
    };
    (!months && days != 7 && days != 731).then(|| finding("performance_insights_retention_period", detail, &hint))
}

/// Of the engines whose logs have known names.
fn logs(arguments: &Arguments) -> Option<Finding> {
    let engine = text(arguments, "engine")?;
    let known: &[&str] = match engine {
        "postgres" => &["postgresql", "upgrade", "iam-db-auth-error"],
        "mariadb" | "mysql" => &["audit", "error", "general", "slowquery", "iam-db-auth-error"],
        _ => return None,
    };
    let written = arguments.get("enable_cloudwatch_logs_exports").and_then(Value::as_list)?;
    let at = written.iter().position(|log| log.as_text().is_some_and(|log| !known.contains(&log)))?;
    let detail = format!("the engine `{engine}` has no log `{}`", written[at].as_text().unwrap_or_default());
    let hint = format!("there are `{}`", known.join("`, `"));
    Some(finding(&format!("enable_cloudwatch_logs_exports[{at}]"), detail, &hint))
}

#[cfg(test)]
mod tests {
    use model::Value;

    use super::super::tests::said;

    #[test]
    fn insights_are_kept_for_months() {
        let kept = |days: i64| said(&[("performance_insights_retention_period", days.into())]);
        for days in [7, 31, 93, 713, 731] {
            assert_eq!(kept(days), Vec::<String>::new(), "{days}");
        }
        for days in [0, 30, 94, 744] {
            let words = "Performance Insights keeps its data for 7 or 731 days or for months of 31 days, not for";
            assert_eq!(kept(days), [format!("performance_insights_retention_period: {words} {days}")]);
        }
    }

    #[test]
    fn each_engine_has_its_logs() {
        let logs = || Value::List(vec!["upgrade".into(), "slowquery".into()]);
        let expected = "enable_cloudwatch_logs_exports[1]: the engine `postgres` has no log `slowquery`";
        assert_eq!(said(&[("enable_cloudwatch_logs_exports", logs())]), [expected]);
        let expected = "enable_cloudwatch_logs_exports[0]: the engine `mysql` has no log `upgrade`";
        assert_eq!(said(&[("engine", "mysql".into()), ("enable_cloudwatch_logs_exports", logs())]), [expected]);
        let others = [("engine", "oracle-ee".into()), ("enable_cloudwatch_logs_exports", logs())];
        assert_eq!(said(&others), Vec::<String>::new());
    }

    #[test]
    fn monitoring_needs_a_role() {
        let every = |seconds: i64| ("monitoring_interval", Value::from(seconds));
        assert_eq!(said(&[every(0)]), Vec::<String>::new());
        assert_eq!(said(&[every(60)]), ["monitoring_interval: Enhanced Monitoring needs a role"]);
        let role = ("monitoring_role_arn", "arn:aws:iam::123456789012:role/watch".into());
        assert_eq!(said(&[every(60), role]), Vec::<String>::new());
    }
}
