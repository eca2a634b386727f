//! Writes the limits of AWS's own models as Rust data: `crates/aws/src/<service>/limits.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use flate2::read::GzDecoder;
use serde_json::{Map, Value};

/// Writes every service's limits; with `check` it writes nothing and fails where a file differs.
///
/// # Errors
/// A text that says which step failed, or which files differ.
pub(crate) fn run(check: bool) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let list = fs::read_to_string(root.join("crates/aws/limits.toml")).map_err(|error| error.to_string())?;
    let wanted: BTreeMap<String, Vec<String>> = toml::from_str(&list).map_err(|error| error.to_string())?;
    let mut stale = Vec::new();
    for (service, operations) in wanted {
        let model = read_model(&root.join(format!("crates/local/models/{service}.json.gz")))?;
        let text = format(&limits(&service, &model, &operations)?)?;
        let target = root.join(format!("crates/aws/src/{service}/limits.rs"));
        if fs::read_to_string(&target).is_ok_and(|old| old == text) {
            continue;
        }
        if check {
            stale.push(format!("crates/aws/src/{service}/limits.rs"));
        } else {
            fs::write(&target, text).map_err(|error| format!("cannot write {}: {error}", target.display()))?;
        }
    }
    if stale.is_empty() { Ok(()) } else { Err(format!("stale limits, run `cargo xtask gen`: {}", stale.join(", "))) }
}

fn read_model(path: &Path) -> Result<Value, String> {
    let file = File::open(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).map_err(|error| error.to_string())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

fn limits(service: &str, model: &Value, operations: &[String]) -> Result<String, String> {
    let shapes = model["shapes"].as_object().ok_or("a model without shapes")?;
    let mut text = format!(
        "//! What botocore's model of `{service}` says of each member. Written by `cargo xtask gen`; do not edit.\n\n\
         use model::schema::Member;\n"
    );
    for name in structures(model, shapes, operations)? {
        structure(&mut text, shapes, &name)?;
    }
    Ok(text)
}

/// The structures reachable from the inputs, by name.
fn structures(model: &Value, shapes: &Map<String, Value>, operations: &[String]) -> Result<BTreeSet<String>, String> {
    let mut found = BTreeSet::new();
    let mut open = Vec::new();
    for operation in operations {
        let input = model["operations"][operation]["input"]["shape"].as_str();
        open.push(input.ok_or_else(|| format!("no input of {operation}"))?.to_owned());
    }
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let shape = &shapes[&name];
        if shape["type"] == "structure" {
            found.insert(name);
        }
        let members = shape["members"].as_object().into_iter().flat_map(Map::values);
        let parts = ["member", "value"].into_iter().map(|part| &shape[part]);
        open.extend(members.chain(parts).filter_map(|member| member["shape"].as_str()).map(str::to_owned));
    }
    Ok(found)
}

fn structure(text: &mut String, shapes: &Map<String, Value>, name: &str) -> Result<(), String> {
    let shape = &shapes[name];
    let required: BTreeSet<&str> =
        shape["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let say = |error: std::fmt::Error| error.to_string();
    write!(text, "\n/// `{name}`\npub mod {} {{\n    use super::Member;\n", snake(name)).map_err(say)?;
    for (wire, member) in shape["members"].as_object().into_iter().flatten() {
        let target = &shapes[member["shape"].as_str().unwrap_or_default()];
        let number = |key: &str| target[key].as_f64().filter(|number| *number < 9e15).map(|number| number as i64);
        let values: Vec<&str> = target["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        writeln!(
            text,
            "    pub const {}: Member = Member {{ wire: {wire:?}, required: {}, min: {:?}, max: {:?}, pattern: {:?}, values: &{values:?} }};",
            snake(wire).to_uppercase(),
            required.contains(wire.as_str()),
            number("min"),
            number("max"),
            target["pattern"].as_str(),
        )
        .map_err(say)?;
    }
    text.push_str("}\n");
    Ok(())
}

/// botocore's snake_case: `SSEDescription` → `sse_description`, `TTLEnabled` → `ttl_enabled`.
fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut text = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let after_lower = at > 0 && (letters[at - 1].is_lowercase() || letters[at - 1].is_ascii_digit());
        let word_starts =
            at > 0 && letters[at - 1].is_uppercase() && letters.get(at + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (after_lower || word_starts) {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

/// The text as rustfmt writes it, so that a formatted tree and a fresh one are the same.
fn format(text: &str) -> Result<String, String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot run rustfmt: {error}"))?;
    let mut input = child.stdin.take().ok_or("rustfmt takes no input")?;
    std::io::Write::write_all(&mut input, text.as_bytes()).map_err(|error| error.to_string())?;
    drop(input);
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}
