//! The same calls to the local cloud and to moto: their answers are compared by meaning. `moto/differences.toml` lists
//! where they differ, whose fault each difference is, and why. And groma makes its changes on moto.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::changes;
use crate::cloud::{Cloud, Project, finish};
use crate::judge::{self, Judge};
use crate::{meaning, tree};

/// A moto server on a free port.
pub(crate) struct Moto {
    server: Child,
    pub(crate) port: u16,
}

impl Moto {
    pub(crate) fn serve(program: &Path) -> Self {
        let mut command = Command::new(program);
        command.args(["-H", "127.0.0.1", "-p", "0"]).env("MOTO_IAM_LOAD_MANAGED_POLICIES", "true");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut server = command.spawn().expect("moto starts");
        let mut lines = BufReader::new(server.stderr.take().expect("it is piped")).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let (_, rest) = line.split_once("http://127.0.0.1:")?;
            rest.trim().parse().ok()
        });
        // Whoever stops reading would stop the server at its next word.
        std::thread::spawn(move || lines.for_each(drop));
        Self { server, port: port.expect("moto says where it answers") }
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        // It is ours alone; a server that has ended already is as good.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("judges/moto")
}

/// Where two answers to a call differ: `call member: ours, moto's`, with `[]` for any element.
fn differences(line: &str) -> Vec<String> {
    let value: Value = serde_json::from_str(line).expect("each line is JSON");
    let call = value["call"].as_str().expect("it names its call").to_owned();
    let answer = |index: usize| meaning::normal(&meaning::lasting(&value["answers"][index]));
    let found = tree::differences(&answer(0), &answer(1));
    found.into_iter().map(|line| format!("{call} {}", without_indices(&line))).collect()
}

fn without_indices(line: &str) -> String {
    let (path, values) = line.split_once(": ").expect("a difference has a path");
    let path: String = path.chars().filter(|character| !character.is_ascii_digit() || !path.contains('[')).collect();
    format!("{path}: {values}")
}

/// The reviewed differences; each says whose fault it is, and why.
fn reviewed() -> BTreeSet<String> {
    let text = std::fs::read_to_string(folder().join("differences.toml")).expect("the list is there");
    let table: toml::Table = toml::from_str(&text).expect("the list is TOML");
    let mut lines = BTreeSet::new();
    for entry in table.get("difference").and_then(toml::Value::as_array).into_iter().flatten() {
        let whose = entry.get("whose").and_then(toml::Value::as_str).unwrap_or_default();
        assert!(["moto", "ours", "nobody"].contains(&whose), "whose fault is it: {entry}");
        assert!(entry.get("reason").is_some_and(toml::Value::is_str), "why: {entry}");
        let listed = entry.get("lines").and_then(toml::Value::as_array).expect("a difference has its lines");
        lines.extend(listed.iter().map(|line| line.as_str().expect("a line is text").to_owned()));
    }
    lines
}

#[test]
fn moto_answers_alike() {
    let Some(program) = judge::ask(Judge::Moto, "answers") else { return };
    let (cloud, moto) = (Cloud::serve_still(), Moto::serve(&program));
    // The Python that moto was installed for has AWS's SDK, too.
    let mut python = Command::new(program.with_file_name("python"));
    python.arg(folder().join("../../support/answers.py")).arg(folder().join("calls.jsonl"));
    python.args([cloud.port, moto.port].map(|port| format!("http://127.0.0.1:{port}")));
    let answers = finish(&mut python).ended(0);
    let seen: BTreeSet<String> = answers.lines().flat_map(differences).collect();
    let reviewed = reviewed();
    let show = |lines: Vec<&String>| lines.iter().map(|line| format!("    '''{line}''',\n")).collect::<String>();
    assert!(
        seen == reviewed,
        "seen, but not in differences.toml:\n{}\nin differences.toml, but not seen:\n{}",
        show(seen.difference(&reviewed).collect()),
        show(reviewed.difference(&seen).collect())
    );
}

/// Attributes that moto takes and forgets: the plan after it would be right to find them changed.
const FORGOTTEN: &[&str] = &["log_group_class"];

/// moto forgets a table's class, and keeps the definitions of an index's keys when the index goes.
const MISREAD: &str = "index-protection-and-class";

fn without_forgotten(text: &str) -> String {
    let forgotten = |line: &&str| FORGOTTEN.iter().any(|name| line.trim_start().starts_with(name));
    text.lines().filter(|line| !forgotten(line)).map(|line| format!("{line}\n")).collect()
}

/// Makes the changes of a type, each followed by a plan that has nothing to do, then by an import into an empty state that
/// finds nothing to change.
#[track_caller]
fn check_changes(kind: &str) {
    let Some(program) = judge::ask(Judge::Moto, kind) else { return };
    let moto = Moto::serve(&program);
    let project = Project::new(moto.port);
    for change in changes::changes(kind).into_iter().filter(|change| change.name != MISREAD) {
        let text = without_forgotten(&change.groma);
        project.apply(&text);
        project.groma(&["plan", "judged", "--detailed-exitcode"]).ended(0);
        let ids = project.ids();
        let imports = ids.iter().map(|(address, id)| format!("[import.\"{address}\"]\nid = \"{id}\"\n"));
        let other = Project::new(moto.port);
        other.write(&format!("{text}\n{}", imports.collect::<String>()));
        let plan = other.groma(&["plan", "judged"]).ended(0);
        let summary = format!("Plan: {} to import.", ids.len());
        assert!(ids.is_empty() || plan.contains(&summary), "{} of {kind}, imported:\n{plan}", change.name);
    }
}

#[test]
fn cloudwatch_log_group() {
    check_changes("cloudwatch_log_group");
}

#[test]
fn dynamodb_table() {
    check_changes("dynamodb_table");
}

#[test]
fn ecr_repository() {
    check_changes("ecr_repository");
}

#[test]
fn iam_policy() {
    check_changes("iam_policy");
}

#[test]
fn iam_role() {
    check_changes("iam_role");
}

#[test]
fn iam_role_policy() {
    check_changes("iam_role_policy");
}

#[test]
fn iam_role_policy_attachment() {
    check_changes("iam_role_policy_attachment");
}
