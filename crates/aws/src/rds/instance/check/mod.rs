//! What AWS would refuse of an instance, offline.

mod names;
mod storage;
mod upkeep;
mod windows;

use std::collections::BTreeMap;

use model::{Value, schema::Finding};

use super::super::common::finding;

type Arguments = BTreeMap<String, Value>;

pub(super) fn check(arguments: &Arguments) -> Vec<Finding> {
    let checks = [names::check, names::password, storage::check, upkeep::check, windows::check, together];
    checks.iter().flat_map(|check| check(arguments)).collect()
}

fn text<'a>(arguments: &'a Arguments, name: &str) -> Option<&'a str> {
    arguments.get(name).and_then(Value::as_text)
}

fn whole(arguments: &Arguments, name: &str) -> Option<i64> {
    arguments.get(name).and_then(Value::as_i64)
}

fn is_on(arguments: &Arguments, name: &str) -> bool {
    arguments.get(name).and_then(Value::as_flag) == Some(true)
}

fn together(arguments: &Arguments) -> Vec<Finding> {
    let finding = |path: &str, detail: &str, hint: &str| Finding {
        summary: "attributes do not go together",
        ..finding(path, detail, hint)
    };
    let mut found = Vec::new();
    if is_on(arguments, "skip_final_snapshot") && arguments.contains_key("final_db_snapshot_identifier") {
        let detail = "a final snapshot is either made or skipped";
        let hint = "take one of `skip_final_snapshot` and `final_db_snapshot_identifier` away";
        found.push(finding("skip_final_snapshot", detail, hint));
    }
    if is_on(arguments, "multi_az") && arguments.contains_key("availability_zone") {
        let detail = "AWS chooses the zones of an instance with several";
        found.push(finding("availability_zone", detail, "take one of `availability_zone` and `multi_az` away"));
    }
    if arguments.contains_key("kms_key_id") && !is_on(arguments, "storage_encrypted") {
        let unknown = arguments.get("storage_encrypted").is_some_and(|value| !matches!(value, Value::Flag(_)));
        if !unknown {
            let detail = "a key is for encrypted storage alone";
            found.push(finding("kms_key_id", detail, "write `storage_encrypted = true`"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words about an instance of PostgreSQL with these arguments, each after its path.
    pub(super) fn said(arguments: &[(&str, Value)]) -> Vec<String> {
        let engine = [("engine", Value::from("postgres"))];
        let arguments = engine.iter().chain(arguments).map(|(name, value)| ((*name).to_owned(), value.clone()));
        check(&arguments.collect()).into_iter().map(|found| format!("{}: {}", found.path, found.detail)).collect()
    }

    #[test]
    fn what_is_not_known_yet_is_left_alone() {
        let unknown = || Value::Unknown(model::Unknown { expression: "var.x".to_owned(), needs: Default::default() });
        let names = ["db_instance_identifier", "allocated_storage", "storage_encrypted", "kms_key_id", "port"];
        let all: Vec<(&str, Value)> = names.into_iter().map(|name| (name, unknown())).collect();
        assert_eq!(said(&all), Vec::<String>::new());
    }
}
