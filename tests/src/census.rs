//! What exists, by the cloud's own account, held against what groma has recorded.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use crate::normal;

/// Members whose values differ from run to run, or tell of the past.
const PASSING: &[&str] = &[
    "artifact",
    "changed",
    "created",
    "created_at",
    "deleted_at",
    "deletion",
    "digest",
    "due",
    "ended_at",
    "events",
    "groma:create",
    "groma:lineage",
    "host",
    "id",
    "interface",
    "interfaces",
    "last_ingestion",
    "operations",
    "progress",
    "pushed",
    "ready",
    "records",
    "revision",
    "started_at",
    "streams",
    "updated_at",
];

/// A thing that exists: its service and kind, and its id, which things of other kinds may have, too.
pub type Thing = (String, String);

/// Everything that a user could have made in the test's account, by a dump of the local cloud.
///
/// # Panics
/// When the dump holds a kind that nobody has told this function of.
pub fn things(dump: &Value) -> Vec<Thing> {
    let mut found = Vec::new();
    for (service, kind, things) in collections(dump) {
        let mut found = |id: String| found.push((format!("{service} {kind}"), id));
        for (key, thing) in things {
            match (service.as_str(), kind.as_str()) {
                ("iam", "roles")
                    if thing["path"].as_str().is_some_and(|path| path.starts_with("/aws-service-role/")) => {}
                ("iam", "roles") | ("logs", "groups") => found(text(&thing["name"])),
                ("iam", "policies") => found(text(&thing["arn"])),
                ("ecr", "repositories") | ("dynamodb", "tables") => found(key.clone()),
                ("apprunner", _) if !thing["deleted_at"].is_null() || !thing["head"]["deleted_at"].is_null() => {}
                ("apprunner", "services" | "connectors") => found(text(&thing["arn"])),
                ("apprunner", "auto_scaling") if key.contains("/DefaultConfiguration/") => {}
                ("apprunner", "auto_scaling" | "observability") => found(text(&thing["head"]["arn"])),
                ("ec2", "groups") if thing["name"] == "default" => {}
                ("ec2", "groups" | "endpoints") => found(key.clone()),
                // Rules of the default group are of the starting world.
                ("ec2", "rules") if thing["tags"].is_null() => {}
                ("ec2", "rules") => found(key.clone()),
                ("rds", "instances") => found(text(&thing["resource_id"])),
                ("rds", "parameter_groups" | "subnet_groups") | ("ssm", "parameters") => found(key.clone()),
                ("secretsmanager", "secrets") if !thing["deletion"].is_null() => {}
                ("secretsmanager", "secrets") => found(text(&thing["arn"])),
                // What a deleted database leaves is wanted, and nobody's.
                ("rds", "snapshots" | "tags" | "own_key") => {}
                ("iam", "started") | ("apprunner", "default_auto_scaling" | "tags") => {}
                _ => panic!("the census knows of {service} {kind}, this test does not: teach it"),
            }
        }
    }
    found
}

/// Types whose resources are parts of others: [`essence`] shows them.
const PARTS: &[&str] = &["apprunner_custom_domain", "iam_role_policy", "iam_role_policy_attachment"];

/// The ids that a state holds, replaced ones that are still to be deleted too.
fn recorded(state: &Value) -> Vec<String> {
    let resources = state["resources"].as_object();
    let mut found: Vec<String> = Vec::new();
    let whole = |resource: &&Value| !PARTS.contains(&text(&resource["type"]).as_str());
    for resource in resources.into_iter().flat_map(Map::values).filter(whole) {
        let deposed = resource["deposed"].as_array().into_iter().flatten();
        found.extend(deposed.chain([resource]).map(|one| text(&one["id"])).filter(|id| !id.is_empty()));
        // App Runner makes them, and groma knows them as a part of the service.
        found.extend(
            resource["computed"]["log_groups"].as_object().into_iter().flat_map(|groups| groups.keys().cloned()),
        );
    }
    found.sort();
    found
}

/// Where what exists and what is recorded are not the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Disagreement {
    /// What exists and is not recorded.
    pub orphans: Vec<Thing>,
    /// What is recorded and does not exist.
    pub missing: Vec<String>,
    /// What exists more than once.
    pub twice: Vec<Thing>,
}

impl Disagreement {
    /// Between what exists and a state.
    pub fn of(things: &[Thing], state: &Value) -> Self {
        let recorded = recorded(state);
        // While a service is made its groups appear by themselves: whoever knows the service knows them.
        let known = |group: &str| match group.strip_prefix("/aws/apprunner/").and_then(|rest| rest.rsplit_once('/')) {
            Some((service, _)) => recorded.iter().any(|id| id.ends_with(&format!(":service/{service}"))),
            None => false,
        };
        let mut missing: Vec<String> = recorded.iter().filter(|id| !known(id)).cloned().collect();
        let mut orphans = Vec::new();
        for thing in things.iter().filter(|(_, id)| !known(id)) {
            match missing.iter().position(|id| *id == thing.1) {
                Some(at) => drop(missing.remove(at)),
                None => orphans.push(thing.clone()),
            }
        }
        let mut twice = things.to_vec();
        twice.sort();
        let twice = twice.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone()).collect();
        Self { orphans, missing, twice }
    }

    /// Whether there is none.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "exists, and is not recorded: {:?}; is recorded, and does not exist: {:?}; exists twice: {:?}",
            self.orphans, self.missing, self.twice
        )
    }
}

/// What exists without all that differs from run to run: names, settings, tags, and how they hang together; in lines.
///
/// # Panics
/// When the dump is none.
pub fn essence(dump: &Value) -> Vec<String> {
    let mut shown: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (service, kind, things) in collections(dump) {
        let gone = |thing: &Value| !thing["deleted_at"].is_null() || !thing["head"]["deleted_at"].is_null();
        let kept = things.iter().filter(|(_, thing)| !gone(thing) && thing.is_object());
        let mut list: Vec<Value> = kept.map(|(_, thing)| timeless(thing)).collect();
        list.sort_by_key(Value::to_string);
        shown.insert(format!("{service} {kind}"), list);
    }
    shown.retain(|_, list| !list.is_empty());
    let text = serde_json::to_string_pretty(&shown).expect("it is JSON");
    text.lines().map(str::to_owned).collect()
}

/// The lines that only one side has; `None` where both are the same.
pub fn difference(found: &[String], expected: &[String]) -> Option<String> {
    if found == expected {
        return None;
    }
    let only = |these: &[String], those: &[String]| {
        these.iter().filter(|line| !those.contains(line)).cloned().collect::<Vec<_>>().join("\n")
    };
    let (more, less) = (only(found, expected), only(expected, found));
    Some(format!("only here:\n{more}\nmissing:\n{less}"))
}

fn timeless(value: &Value) -> Value {
    match value {
        Value::Object(members)
            if PASSING.contains(&text(&members.get("Key").cloned().unwrap_or_default()).as_str()) =>
        {
            Value::Null
        }
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| !PASSING.contains(&name.as_str()));
            Value::Object(kept.map(|(name, member)| (without_ids(name), timeless(member))).collect())
        }
        Value::Array(items) => items.iter().map(timeless).collect(),
        Value::String(text) => Value::String(without_ids(text)),
        other => other.clone(),
    }
}

/// The end of a name that was made from a prefix and ids.
static DIGEST: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(dev-[a-z]+)-[0-9a-f]{8}\b").expect("a pattern is written right"));

/// A text without runs of 32 or 64 hex digits, ids, revisions and times.
fn without_ids(text: &str) -> String {
    let text = normal::text(text);
    let text = DIGEST.replace_all(&text, "$1");
    let parts: Vec<&str> = text.split('/').collect();
    let is_id = |part: &&str| [32, 64].contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_revision =
        |part: &&str| parts.len() > 1 && !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = parts.iter().map(|part| if is_id(part) || is_revision(part) { "…" } else { part }).collect();
    parts.join("/")
}

/// Each collection of things: its service, its kind, the things by key.
fn collections(dump: &Value) -> Vec<(String, String, Map<String, Value>)> {
    let accounts = dump["accounts"].as_object().expect("a census has accounts");
    let mut found = Vec::new();
    for account in accounts.values() {
        found.extend(kinds("iam", &account["iam"]));
        let regions = account["regions"].as_object();
        for (service, held) in regions.into_iter().flat_map(Map::values).filter_map(Value::as_object).flatten() {
            match service.as_str() {
                "ecr" => found.push((
                    service.clone(),
                    "repositories".to_owned(),
                    held.as_object().cloned().unwrap_or_default(),
                )),
                // The starting network of an account, and interfaces, which come and go with those who hold them.
                "ec2" => {
                    let made = ["groups", "rules", "endpoints"];
                    found.extend(kinds(service, held).into_iter().filter(|(_, kind, _)| made.contains(&kind.as_str())));
                }
                // The state of a team is no part of what it records; nor is the key of its fingerprints.
                "s3" => {}
                "ssm" => found.extend(kinds(service, held).into_iter().map(|(service, kind, mut things)| {
                    things.retain(|name, _| !name.starts_with("/groma/"));
                    (service, kind, things)
                })),
                _ => found.extend(kinds(service, held)),
            }
        }
    }
    found
}

fn kinds(service: &str, held: &Value) -> Vec<(String, String, Map<String, Value>)> {
    let kinds = held.as_object().into_iter().flatten();
    kinds
        .map(|(kind, things)| (service.to_owned(), kind.clone(), things.as_object().cloned().unwrap_or_default()))
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
