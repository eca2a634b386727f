//! Cuts the local cloud's service models from botocore.
//!
//! botocore comes from PyPI into `target/`; what is kept of it is decided by `crates/local/models/operations.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use flate2::{Compression, GzBuilder, read::GzDecoder};
use serde_json::{Map, Value};

/// The version of botocore whose models are served.
const BOTOCORE: &str = "1.44.5";

/// What the protocol layer reads of a shape or of a member; everything else is dropped.
const KEPT: &[&str] = &[
    "shape",
    "type",
    "members",
    "required",
    "enum",
    "pattern",
    "min",
    "max",
    "location",
    "locationName",
    "payload",
    "queryName",
    "flattened",
    "member",
    "key",
    "value",
    "timestampFormat",
    "box",
    "error",
    "exception",
    "fault",
    "xmlNamespace",
    "xmlAttribute",
    "sensitive",
    "streaming",
    "union",
    "idempotencyToken",
];

/// What the protocol layer reads of an operation.
const KEPT_OF_OPERATION: &[&str] = &["name", "http", "input", "output", "errors", "authtype"];

/// Writes `crates/local/models/<service>.json.gz` for each service of `operations.toml`; with `check` it writes nothing
/// and fails where a file differs.
///
/// # Errors
///
/// A text that says which step failed, or which files differ.
pub(crate) fn run(check: bool) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let models = root.join("crates/local/models");
    let data = fetch(&root.join("target/models"))?;
    let mut stale = Vec::new();
    for (service, wanted) in wanted(&models.join("operations.toml"))? {
        let source = data.join(&service).join(&wanted.version).join("service-2.json.gz");
        let text = trim(&read_json(&source)?, &wanted.operations)?.to_string();
        let target = models.join(format!("{service}.json.gz"));
        // Compared unpacked: the same text may pack differently with another version of the compressor.
        if unpack(&target).ok().as_deref() == Some(text.as_str()) {
            continue;
        }
        if check {
            stale.push(format!("{service}.json.gz"));
        } else {
            pack(&target, &text).map_err(|error| format!("cannot write {}: {error}", target.display()))?;
        }
    }
    if stale.is_empty() { Ok(()) } else { Err(format!("stale models, run `cargo xtask gen`: {}", stale.join(", "))) }
}

struct Wanted {
    version: String,
    operations: Vec<String>,
}

fn wanted(path: &Path) -> Result<BTreeMap<String, Wanted>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let table: toml::Table = text.parse().map_err(|error| format!("{}: {error}", path.display()))?;
    table.into_iter().map(|(service, entry)| Ok((service, wanted_of(&entry)?))).collect()
}

fn wanted_of(entry: &toml::Value) -> Result<Wanted, String> {
    let version = entry.get("version").and_then(toml::Value::as_str).ok_or("a service without version")?;
    let operations = entry.get("operations").and_then(toml::Value::as_array).ok_or("a service without operations")?;
    let operations = operations.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect();
    Ok(Wanted { version: version.to_owned(), operations })
}

/// The folder with botocore's data; downloaded once.
fn fetch(folder: &Path) -> Result<PathBuf, String> {
    let unpacked = folder.join(format!("botocore-{BOTOCORE}"));
    let data = unpacked.join("botocore/data");
    if !data.is_dir() {
        fs::create_dir_all(folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        let package = format!("botocore=={BOTOCORE}");
        python(&["-m", "pip", "download", "-q", "--no-deps", &package, "-d", &folder.to_string_lossy()])?;
        let wheel = folder.join(format!("botocore-{BOTOCORE}-py3-none-any.whl"));
        python(&["-m", "zipfile", "-e", &wheel.to_string_lossy(), &unpacked.to_string_lossy()])?;
    }
    Ok(data)
}

fn python(arguments: &[&str]) -> Result<(), String> {
    let status = Command::new("python3").args(arguments).status().map_err(|error| format!("python3: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`python3 {}` failed", arguments.join(" "))) }
}

fn read_json(path: &Path) -> Result<Value, String> {
    let text = unpack(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn unpack(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    GzDecoder::new(File::open(path)?).read_to_string(&mut text)?;
    Ok(text)
}

fn pack(path: &Path, text: &str) -> io::Result<()> {
    let mut packer = GzBuilder::new().mtime(0).write(File::create(path)?, Compression::best());
    packer.write_all(text.as_bytes())?;
    packer.finish()?.sync_all()
}

fn trim(model: &Value, operations: &[String]) -> Result<Value, String> {
    let mut kept_operations = BTreeMap::new();
    let mut reached = BTreeSet::new();
    for name in operations {
        let operation = model["operations"].get(name).ok_or_else(|| format!("botocore knows no operation {name}"))?;
        reach(operation, &model["shapes"], &mut reached);
        kept_operations.insert(name.clone(), only(operation, KEPT_OF_OPERATION));
    }
    let shapes: BTreeMap<_, _> =
        reached.into_iter().map(|name| (name.clone(), without_documentation(&model["shapes"][&name]))).collect();
    Ok(serde_json::json!({ "metadata": model["metadata"], "operations": kept_operations, "shapes": shapes }))
}

/// Adds the names of all shapes that `from` refers to, directly or not.
fn reach(from: &Value, shapes: &Value, reached: &mut BTreeSet<String>) {
    match from {
        Value::Object(map) => {
            for (key, value) in map {
                match value.as_str() {
                    Some(name) if key == "shape" => {
                        if reached.insert(name.to_owned()) {
                            reach(&shapes[name], shapes, reached);
                        }
                    }
                    _ => reach(value, shapes, reached),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|item| reach(item, shapes, reached)),
        _ => {}
    }
}

fn only(value: &Value, keys: &[&str]) -> Value {
    let map = value.as_object().cloned().unwrap_or_default();
    let mut kept: Map<_, _> = map.into_iter().filter(|(key, _)| keys.contains(&key.as_str())).collect();
    for key in ["input", "output"] {
        if let Some(reference) = kept.get_mut(key) {
            *reference = plain(reference);
        }
    }
    if let Some(errors) = kept.get_mut("errors").and_then(Value::as_array_mut) {
        errors.iter_mut().for_each(|error| *error = plain(error));
    }
    Value::Object(kept)
}

fn plain(value: &Value) -> Value {
    let mut map = value.as_object().cloned().unwrap_or_default();
    map.retain(|key, _| !key.starts_with("documentation"));
    Value::Object(map)
}

/// The shape with the keys that are read; members keep the order of the model, which is the order of complaints.
fn without_documentation(shape: &Value) -> Value {
    let mut kept = kept_keys(shape);
    for key in ["member", "key", "value"] {
        if let Some(reference) = kept.get_mut(key) {
            *reference = Value::Object(kept_keys(reference));
        }
    }
    if let Some(members) = kept.get_mut("members").and_then(Value::as_object_mut) {
        members.values_mut().for_each(|member| *member = Value::Object(kept_keys(member)));
    }
    Value::Object(kept)
}

fn kept_keys(value: &Value) -> Map<String, Value> {
    let map = value.as_object().cloned().unwrap_or_default();
    map.into_iter().filter(|(key, _)| KEPT.contains(&key.as_str())).collect()
}
