//! A project folder of its own for each test, and the program that is run in it.

#![expect(clippy::disallowed_methods, reason = "a test asks the environment for the program under test")]

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::running::{Said, finish};

/// A project in a folder that goes with it.
#[derive(Debug)]
pub struct Project {
    folder: TempDir,
}

impl Default for Project {
    fn default() -> Self {
        Self::new()
    }
}

impl Project {
    /// An empty project. Its local cloud writes down what is called.
    pub fn new() -> Self {
        let project = Self { folder: tempfile::tempdir().expect("a folder can be made") };
        project.write(CALLS, "");
        project.write("environments/.gitkeep", "");
        project
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    pub fn write(&self, below: &str, text: &str) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    pub fn read(&self, below: &str) -> String {
        fs::read_to_string(self.path(below)).unwrap_or_else(|error| panic!("{below}: {error}"))
    }

    /// Runs the program: one call at a time, so that equal runs say the same, and without a question.
    pub fn groma(&self, arguments: &[&str], environment: &BTreeMap<String, String>) -> Said {
        let mut command = Command::new(binary());
        command.current_dir(self.folder.path()).env_clear().envs(kept()).env("HOME", self.folder.path());
        command.envs(environment);
        finish(command.args(arguments).args(["--no-input", "--color", "never", "--parallelism", "1"]))
    }

    /// The mutating calls since they were last taken, a line each: service, operation, what it is about, refusal.
    pub fn take_calls(&self) -> Vec<String> {
        let text = self.read(CALLS);
        self.write(CALLS, "");
        let mut calls: Vec<String> = text.lines().map(call).collect();
        // How often a refused call is tried again is nobody's promise, nor is it what passes in the end.
        calls.dedup_by(|next, call| next == call && call.contains("  refused: "));
        let passed: BTreeSet<String> = calls.iter().filter(|call| !call.contains("  refused: ")).cloned().collect();
        calls.retain(|call| call.split_once("  refused: ").is_none_or(|(call, _)| !passed.contains(call)));
        calls
    }

    /// All files of the project, by their paths below it.
    pub fn files(&self) -> Vec<PathBuf> {
        files(self.folder.path())
    }
}

const CALLS: &str = ".groma/cloud/calls.jsonl";

fn call(line: &str) -> String {
    let call: serde_json::Value = serde_json::from_str(line).expect("each line is JSON");
    let text = |name: &str| call[name].as_str().unwrap_or_default().to_owned();
    let refusal = match call["outcome"].as_str() {
        Some("ok") => String::new(),
        other => format!("  refused: {}", other.unwrap_or_default()),
    };
    format!("{}:{} {}{refusal}", text("service"), text("operation"), text("identity"))
}

/// The program under test: `GROMA_BIN`, or what cargo built beside this test.
pub fn binary() -> PathBuf {
    if let Some(given) = env::var_os("GROMA_BIN") {
        return given.into();
    }
    let own = env::current_exe().expect("a test knows its own file");
    let found = own.ancestors().nth(2).expect("it lies in target/debug/deps").join("groma");
    assert!(found.is_file(), "no {}: build the cli package, or set GROMA_BIN", found.display());
    found
}

/// Nothing of this machine's account or settings reaches the program.
fn kept() -> Vec<(&'static str, std::ffi::OsString)> {
    ["PATH", "TMPDIR"].into_iter().filter_map(|name| Some((name, env::var_os(name)?))).collect()
}

/// A file or folder of the repository.
pub fn repository(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(below)
}

/// All files below a folder, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("a folder can be read").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Copies what is below a folder: files alone, with their modes.
///
/// # Panics
/// When that fails.
pub fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).expect("it lies below"));
        fs::create_dir_all(target.parent().expect("it lies in a folder")).expect("a folder can be made");
        fs::copy(&file, &target).expect("a file can be copied");
    }
}

/// The folders in a folder, sorted by name; `2-x` before `10-x`.
pub fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    found.sort_by_key(|path| {
        let name = name(path);
        let digits = name.split('-').next().and_then(|digits| digits.parse::<u32>().ok());
        (digits, name)
    });
    found
}

/// The last part of a path.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
