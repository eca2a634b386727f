//! `cargo metadata` against the layers.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use super::layers::{ANYWHERE, IN_TESTS, LAYERS, Layer, SDK};
use super::none;
use crate::command::{cargo, output, root};

struct Dependency {
    name: String,
    kind: Option<String>,
    defaults: bool,
    ours: bool,
}

fn packages() -> Vec<(String, Vec<Dependency>)> {
    let text = output(cargo(["metadata", "--no-deps", "--format-version", "1", "--offline"])).expect("metadata");
    let metadata: Value = serde_json::from_str(&text).expect("metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    packages.iter().map(|package| (text_of(&package["name"]), dependencies(package))).collect()
}

fn dependencies(package: &Value) -> Vec<Dependency> {
    let list = package["dependencies"].as_array().expect("dependencies");
    list.iter()
        .map(|dependency| Dependency {
            name: text_of(&dependency["name"]),
            kind: dependency["kind"].as_str().map(str::to_owned),
            defaults: dependency["uses_default_features"] == true,
            ours: dependency["path"].is_string(),
        })
        .collect()
}

fn text_of(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn is_sdk(name: &str) -> bool {
    SDK.iter().any(|prefix| name.starts_with(prefix))
}

#[test]
fn every_crate_stands_in_the_table_once() {
    let there: BTreeSet<String> = packages().into_iter().map(|(name, _)| name).collect();
    let listed: Vec<String> = LAYERS.iter().map(|layer| layer.name.to_owned()).collect();
    assert_eq!(there.into_iter().collect::<Vec<_>>(), listed);
}

#[test]
fn crates_use_what_their_layer_allows() {
    let mut complaints = Vec::new();
    for (name, dependencies) in packages() {
        let layer = LAYERS.iter().find(|layer| layer.name == name).expect("in the table");
        let refused = dependencies.iter().filter(|dependency| !allowed(layer, dependency));
        complaints.extend(refused.map(|dependency| {
            format!("crates/{name} may not use `{}`: see xtask/src/tidy/layers.rs and ARCHITECTURE.md", dependency.name)
        }));
    }
    none(&complaints);
}

fn allowed(layer: &Layer, dependency: &Dependency) -> bool {
    let name = dependency.name.as_str();
    if is_sdk(name) && layer.name != "aws" {
        return false;
    }
    let in_tests = dependency.kind.as_deref() == Some("dev");
    if in_tests && (IN_TESTS.contains(&name) || layer.tests.contains(&name)) {
        return true;
    }
    if dependency.ours {
        layer.uses.contains(&name)
    } else {
        ANYWHERE.contains(&name) || layer.external.contains(&name)
    }
}

/// With its default features one SDK crate brings a second, old HTTP stack for all.
#[test]
fn sdk_crates_come_without_default_features() {
    let mut complaints = Vec::new();
    for (name, dependencies) in packages() {
        let clients = ["aws-config", "aws-sdk-"];
        let is_client = |dependency: &&Dependency| clients.iter().any(|prefix| dependency.name.starts_with(prefix));
        let with_defaults = dependencies.iter().filter(is_client).filter(|dependency| dependency.defaults);
        complaints.extend(with_defaults.map(|found| format!("crates/{name}: `{}` with default features", found.name)));
    }
    none(&complaints);
}

/// The old HTTP stack, should it come in by another door.
#[test]
fn there_is_one_http_stack() {
    let lock = lock();
    let old = lock.iter().filter(|(name, version, _)| {
        (name == "hyper" && version.starts_with("0.")) || (name == "rustls" && version.starts_with("0.21"))
    });
    none(&old.map(|(name, version, _)| format!("Cargo.lock holds {name} {version}")).collect::<Vec<_>>());
}

#[test]
fn crates_come_from_the_public_registry() {
    const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";
    let lock = lock();
    let other = lock.iter().filter(|(_, _, source)| source.as_ref().is_some_and(|source| source != REGISTRY));
    none(&other.map(|(name, _, source)| format!("Cargo.lock: {name} from {source:?}")).collect::<Vec<_>>());
}

/// Name, version and source of every package in `Cargo.lock`.
fn lock() -> Vec<(String, String, Option<String>)> {
    let text = fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock");
    let table: toml::Table = text.parse().expect("Cargo.lock is TOML");
    let packages = table["package"].as_array().expect("packages");
    let word = |package: &toml::Value, key: &str| package.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    packages
        .iter()
        .map(|package| {
            (word(package, "name").expect("name"), word(package, "version").expect("version"), word(package, "source"))
        })
        .collect()
}

#[test]
fn every_crate_says_what_it_is() {
    let mut complaints = Vec::new();
    for (name, _) in packages() {
        let folder = ["crates", "."].map(|parent| root().join(parent).join(&name).join("src"));
        let folder = folder.into_iter().find(|folder| folder.is_dir()).expect("a crate has src/");
        let entry = ["lib.rs", "main.rs"].map(|file| folder.join(file)).into_iter().find(|file| file.is_file());
        let text = fs::read_to_string(entry.expect("a crate has lib.rs or main.rs")).expect("readable");
        if !text.starts_with("//! ") {
            complaints.push(format!("{name}: its first file does not begin with `//!`"));
        }
    }
    none(&complaints);
}
