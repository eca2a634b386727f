//! What differs between equal runs, taken out: times, random ids, folders.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// What an output says, without what this very run has made up.
pub fn text(said: &str) -> String {
    let mut text = ids(said);
    for (pattern, shown) in PATTERNS.iter() {
        text = pattern.replace_all(&text, *shown).into_owned();
    }
    text
}

/// The same for a call, of which only the ids are made up.
pub fn ids(call: &str) -> String {
    IDS.replace_all(call, "${1}(id)").into_owned()
}

/// Ids that count up in a cloud, by who asks first.
static IDS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b((?:eni|sg|sgr|vpce)-)[0-9a-f]{17}\b").expect("a pattern is written right"));

static PATTERNS: LazyLock<Vec<(Regex, &'static str)>> = LazyLock::new(|| {
    let listed = [
        (r"(creation_time +)\d{13}", "${1}(time)"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?", "(time)"),
        // How long a run takes hangs on who waits first.
        (r"\b(in|after) ((\d+ (h|min)|\d+(\.\d+)? s)( |\b)){1,3}", "${1} (a while)"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?( UTC|Z)?", "(time)"),
        (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "(uuid)"),
        // Ids count up in a cloud: who comes first among those that need not wait for each other gets the first.
        (r"([^0-9a-f]|^)[0-9a-f]{32}([^0-9a-f]|$)", "${1}(id)${2}"),
        (r"\b[a-z0-9]{10}(\.[a-z]+-[a-z]+-\d\.awsapprunner\.com)", "(id)${1}"),
        (r"\bA[A-Z]{3}[A-Z0-9]{17}\b", "(id)"),
        (r"vpce-\(id\)-[0-9a-f]{8}\b", "vpce-(id)"),
        (r"\bdb-[A-Z0-9]{26}\b", "db-(id)"),
        (r"\b[a-z0-9]{12}(\.[a-z]+-[a-z]+-\d\.rds\.amazonaws\.)", "(id)${1}"),
        (r"(:secret:[A-Za-z0-9/_+=.@-]+)-[A-Za-z0-9]{6}\b", "${1}-(id)"),
    ];
    listed.map(|(pattern, shown)| (Regex::new(pattern).expect("a pattern is written right"), shown)).into()
});

/// Members of a state that each run makes up, and what `groma` knows of itself.
const MADE_UP: &[&str] =
    &["lineage", "create_token", "written_by", "fingerprint", "created_at", "creation_time", "folded_through"];

/// A state without what each run makes up, and without empty members.
pub fn state(text: &str) -> String {
    let mut value: Value = serde_json::from_str(text).expect("a state is JSON");
    tidy(&mut value);
    let shown = self::text(&serde_json::to_string_pretty(&value).expect("JSON can be written"));
    format!("{shown}\n")
}

fn tidy(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, member| {
                tidy(member);
                let empty = member.as_object().is_some_and(serde_json::Map::is_empty);
                !empty || matches!(name.as_str(), "resources")
            });
            for (_, member) in members.iter_mut().filter(|(name, _)| MADE_UP.contains(&name.as_str())) {
                *member = Value::from("(made up)");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}
