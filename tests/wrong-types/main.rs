//! Wrong projects that AWS would refuse, by type: one test for each folder here.
//!
//! Each folder is a project. A comment below a wrong line marks the mistake, as in `tests/wrong`; `said.txt` holds all that
//! `groma validate dev` says, for a person to read aloud. `GROMA_ACCEPT=1` writes what is said and leaves the markers, so
//! that nothing wrong is accepted by mistake.

#[path = "../support/markers.rs"]
mod markers;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use libtest_mimic::{Arguments, Failed, Trial};
use markers::{Told, as_marker, marked_in};
use serde_json::Value;
use tests::accept;
use tests::project::{Project, files, folders, name, repository};

fn main() -> std::process::ExitCode {
    let trial = |folder: std::path::PathBuf| Trial::test(name(&folder), move || run(&folder));
    let trials = folders(&repository("tests/wrong-types")).into_iter().map(trial).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

const SAID: &str = "said.txt";

fn run(folder: &Path) -> Result<(), Failed> {
    let project = Project::new();
    let mut marked = Vec::new();
    for file in files(folder).iter().filter(|file| name(file) != SAID) {
        let below = file.strip_prefix(folder).expect("it lies in the folder").to_string_lossy().into_owned();
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{below}: {error}"));
        marked.extend(marked_in(&below, &text));
        project.write(&below, &text);
    }
    let said = |arguments: &[&str]| project.groma(arguments, &BTreeMap::new());
    let (words, json) = (said(&["validate", "dev"]), said(&["validate", "dev", "--format", "json"]));
    let text = format!("{}{}exit {}\n", words.out, words.err, words.code.unwrap_or(-1));
    let wrong = [accept::compare(&folder.join(SAID), &text, str::to_owned), otherwise(&project, marked, &json.out)];
    let wrong: Vec<String> = wrong.into_iter().flatten().collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// Where the mistakes that are told differ from those that are marked.
fn otherwise(project: &Project, mut marked: Vec<Told>, json: &str) -> Option<String> {
    let said: Value = serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"));
    let mut told: Vec<Told> =
        said["diagnostics"].as_array().into_iter().flatten().map(|found| told(project, found)).collect();
    marked.sort();
    told.sort();
    if told.is_empty() {
        return Some("nothing is wrong here".to_owned());
    }
    let missing =
        marked.iter().filter(|one| !told.contains(one)).map(|one| format!("not told: {}", as_marker(one, "")));
    let further =
        told.iter().filter(|one| !marked.contains(one)).map(|one| format!("not marked: {}", as_marker(one, "")));
    (marked != told).then(|| missing.chain(further).collect())
}

fn told(project: &Project, found: &Value) -> Told {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let number = |value: &Value| value.as_u64().unwrap_or_default() as usize;
    let (file, line) = (text(&found["place"]["file"]), number(&found["place"]["line"]));
    let first = number(&found["place"]["column"]);
    let last = match number(&found["end"]["line"]) == line {
        true => number(&found["end"]["column"]).max(first + 1) - 1,
        // Of what goes on, the rest of its first line is marked.
        false => project.read(&file).lines().nth(line - 1).unwrap_or_default().chars().count(),
    };
    let warning = if found["severity"] == "warning" { "warning: " } else { "" };
    let hints = found["hints"].as_array().into_iter().flatten().map(text).collect();
    let patch = found["patch"]["replacement"].as_str().map(str::to_owned);
    Told { file, line, columns: (first, last), summary: format!("{warning}{}", text(&found["summary"])), hints, patch }
}
