//! What AWS would refuse of an instance, offline.

use std::collections::BTreeMap;

use model::{Value, schema::Finding};

use super::super::common::{finding, is_identifier};

pub(super) fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let checks = [name, password, storage, retention, windows, monitoring, together];
    let mut found: Vec<Finding> = Vec::new();
    found.extend(checks.iter().flat_map(|check| check(arguments)));
    found
}

type Arguments = BTreeMap<String, Value>;

fn text<'a>(arguments: &'a Arguments, name: &str) -> Option<&'a str> {
    arguments.get(name).and_then(Value::as_text)
}

fn whole(arguments: &Arguments, name: &str) -> Option<i64> {
    arguments.get(name).and_then(Value::as_i64)
}

fn name(arguments: &Arguments) -> Vec<Finding> {
    let rule = |name: &str, longest: usize| {
        let given = text(arguments, name).filter(|given| !is_identifier(given, longest))?;
        let detail = format!(
            "`{given}` is no identifier: it begins with a letter, has letters, digits and single hyphens, ends with no hyphen, and has {longest} characters at most"
        );
        Some(finding(name, detail, "write a name like `orders-db`"))
    };
    let prefix = text(arguments, "db_instance_identifier_prefix");
    let prefix = prefix.filter(|prefix| !is_identifier(&format!("{prefix}0"), 56)).map(|_| {
        let detail = "the start of an identifier begins with a letter, has letters, digits and single hyphens, and 55 characters at most";
        finding("db_instance_identifier_prefix", detail, "write a start like `orders-`")
    });
    let names = [rule("db_instance_identifier", 63), rule("final_db_snapshot_identifier", 255), prefix];
    names.into_iter().flatten().collect()
}

/// Says what is wrong and never what it is.
fn password(arguments: &Arguments) -> Vec<Finding> {
    let given = match arguments.get("master_user_password") {
        Some(Value::Text(text)) => Some(text.as_str()),
        Some(Value::Secret(secret)) => secret.expose(),
        _ => None,
    };
    let Some(given) = given else { return Vec::new() };
    let longest = match text(arguments, "engine") {
        Some("mysql" | "mariadb") => 41,
        Some(engine) if engine.starts_with("oracle") => 30,
        _ => 128,
    };
    let at = "master_user_password";
    let mut found = Vec::new();
    if given.len() < 8 || given.len() > longest {
        let detail = format!("the password has 8 to {longest} characters, and this one has {}", given.chars().count());
        found.push(finding(
            at,
            detail,
            "write another one, and keep it out of the file: { secret = { env = \"NAME\" } }",
        ));
    }
    if given.chars().any(|letter| !letter.is_ascii_graphic() || "/@\"".contains(letter)) {
        let detail = "the password has printable ASCII characters without `/`, `\"`, `@` and spaces";
        found.push(finding(
            at,
            detail,
            "write another one, and keep it out of the file: { secret = { env = \"NAME\" } }",
        ));
    }
    found
}

fn storage(arguments: &Arguments) -> Vec<Finding> {
    let Some(size) = whole(arguments, "allocated_storage") else { return Vec::new() };
    let kind = text(arguments, "storage_type").unwrap_or("gp3");
    let smallest = match kind {
        "gp2" | "gp3" => 20,
        "io1" | "io2" => 100,
        _ => 5,
    };
    let mut found = Vec::new();
    if size < smallest || size > 65_536 {
        let detail = format!("storage of type `{kind}` has {smallest} to 65536 GiB");
        found.push(finding("allocated_storage", detail, &format!("write {smallest} or more")));
    }
    if whole(arguments, "max_allocated_storage").is_some_and(|most| most <= size) {
        let detail = "storage grows up to a size that is above `allocated_storage`";
        found.push(finding("max_allocated_storage", detail, "write more, or leave it out: then it does not grow"));
    }
    if kind.starts_with("io") && !arguments.contains_key("iops") {
        let detail = format!("storage of type `{kind}` needs `iops`");
        found.push(finding("storage_type", detail, "write `iops`, or take `gp3`"));
    }
    found
}

fn retention(arguments: &Arguments) -> Vec<Finding> {
    let outside = whole(arguments, "backup_retention_period").filter(|days| !(0..=35).contains(days));
    let finding = outside.map(|_| {
        finding(
            "backup_retention_period",
            "automated backups are kept for 0 to 35 days",
            "write 0 for no backups, at most 35",
        )
    });
    finding.into_iter().collect()
}

fn windows(arguments: &Arguments) -> Vec<Finding> {
    let bad = |name: &str, fits: fn(&str) -> bool, form: &str| {
        let given = text(arguments, name)?;
        let both = given.split_once('-').is_some_and(|(from, to)| fits(from) && fits(to));
        (!both)
            .then(|| finding(name, format!("`{given}` is no window of UTC times"), &format!("write it like `{form}`")))
    };
    let windows = [
        bad("preferred_backup_window", is_time, "03:00-03:30"),
        bad("preferred_maintenance_window", is_moment, "mon:04:00-mon:04:30"),
    ];
    windows.into_iter().flatten().collect()
}

fn is_time(text: &str) -> bool {
    let number = |text: &str, end: u32| text.len() == 2 && text.parse::<u32>().is_ok_and(|number| number < end);
    text.split_once(':').is_some_and(|(hours, minutes)| number(hours, 24) && number(minutes, 60))
}

fn is_moment(text: &str) -> bool {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    text.split_once(':').is_some_and(|(day, time)| days.contains(&day.to_lowercase().as_str()) && is_time(time))
}

fn monitoring(arguments: &Arguments) -> Vec<Finding> {
    let Some(interval) = whole(arguments, "monitoring_interval") else { return Vec::new() };
    if ![0, 1, 5, 10, 15, 30, 60].contains(&interval) {
        let detail = "Enhanced Monitoring has points every 1, 5, 10, 15, 30 or 60 seconds";
        return vec![finding("monitoring_interval", detail, "write one of these, or 0 for none")];
    }
    if interval > 0 && !arguments.contains_key("monitoring_role_arn") {
        let detail = "Enhanced Monitoring needs a role";
        return vec![finding("monitoring_interval", detail, "write `monitoring_role_arn`")];
    }
    Vec::new()
}

fn together(arguments: &Arguments) -> Vec<Finding> {
    let is_on = |name: &str| arguments.get(name) == Some(&Value::Flag(true));
    let finding = |path: &str, detail: &str, hint: &str| Finding {
        summary: "attributes do not go together",
        ..finding(path, detail, hint)
    };
    let mut found = Vec::new();
    if is_on("skip_final_snapshot") && arguments.contains_key("final_db_snapshot_identifier") {
        let detail = "a final snapshot is either made or skipped";
        let hint = "take one of `skip_final_snapshot` and `final_db_snapshot_identifier` away";
        found.push(finding("skip_final_snapshot", detail, hint));
    }
    if is_on("multi_az") && arguments.contains_key("availability_zone") {
        let detail = "AWS chooses the zones of an instance with several";
        found.push(finding("availability_zone", detail, "take one of `availability_zone` and `multi_az` away"));
    }
    if arguments.contains_key("kms_key_id") && !is_on("storage_encrypted") {
        let unknown = arguments.get("storage_encrypted").is_some_and(|value| !matches!(value, Value::Flag(_)));
        if !unknown {
            let detail = "a key is for encrypted storage alone";
            found.push(finding("kms_key_id", detail, "write `storage_encrypted = true`"));
        }
    }
    found
}
