//! A scenario: a folder of numbered steps.
//!
//! Each step has files that are laid over the project (`NAME.toml` is `environments/NAME.toml`, folders keep their
//! names) and `commands` (see [`crate::script`]). Beside them stands what is expected: `output.txt`, what each command
//! said; `calls.txt`, the mutating calls that it made; `state.json`, what is recorded at the end of the step.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use regex::{Captures, Regex};
use serde_json::Value;

use crate::accept;
use crate::local_cloud::LocalCloud;
use crate::normal;
use crate::outside;
use crate::project::{Project, files, folders, name, repository};
use crate::running::Said;
use crate::script::{self, Manner, Step};
use crate::secrets;

const EXPECTED: [&str; 4] = ["commands", "output.txt", "calls.txt", "state.json"];

/// Runs a scenario from its first step to its last.
///
/// # Errors
/// What was seen otherwise than expected, in all steps.
pub fn run(folder: &Path) -> Result<(), String> {
    let project = Project::new();
    let mut heard = Heard::default();
    let steps = folders(folder);
    assert!(!steps.is_empty(), "a scenario has steps");
    let wrong: Vec<String> = steps.iter().flat_map(|step| run_step(&project, step, &mut heard)).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}

/// What was said in a whole scenario.
#[derive(Default)]
struct Heard {
    said: String,
    /// The answers to the calls of others.
    answers: Vec<String>,
}

/// What a step has shown.
#[derive(Default)]
struct Seen {
    output: String,
    calls: String,
}

fn run_step(project: &Project, folder: &Path, heard: &mut Heard) -> Vec<String> {
    lay_over(project, folder);
    let text =
        fs::read_to_string(folder.join("commands")).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut seen = Seen::default();
    let mut wrong = Vec::new();
    for (line, step) in script::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        wrong.extend(run_line(project, &line, &step, &mut seen, heard));
    }
    let exact = |text: &str| text.to_owned();
    wrong.extend(accept::compare(&folder.join("output.txt"), &seen.output, exact));
    wrong.extend(accept::compare(&folder.join("calls.txt"), &seen.calls, apart));
    wrong.extend(accept::compare(&folder.join("state.json"), &states(project), exact));
    wrong
}

/// Calls by what they are about: those about one thing have an order, things that do not need each other have none.
fn apart(calls: &str) -> Vec<Vec<String>> {
    let blocks = calls.split("\n\n").map(|block| {
        let mut lines: Vec<String> = block.lines().map(str::to_owned).collect();
        lines.sort_by_cached_key(|line| {
            let about = line.split(' ').nth(1).unwrap_or_default().to_owned();
            // Whom a made-up id means is not seen here.
            let unnamed = about.is_empty() || about.contains("(id)");
            (about, if unnamed { line.clone() } else { String::new() })
        });
        lines
    });
    blocks.collect()
}

fn lay_over(project: &Project, folder: &Path) {
    for file in files(folder) {
        let below = file.strip_prefix(folder).expect("it lies below").to_string_lossy().into_owned();
        if EXPECTED.contains(&below.as_str()) {
            continue;
        }
        let to = if below.contains('/') { below } else { format!("environments/{below}") };
        project.write(&to, &fs::read_to_string(&file).expect("a file of a step can be read"));
    }
}

/// Does what a line says; what it found wrong by itself.
fn run_line(project: &Project, line: &str, step: &Step, seen: &mut Seen, heard: &mut Heard) -> Option<String> {
    match step {
        Step::Groma { arguments, environment, manner } => {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let served = manner.served.then(|| outside::served(project));
            let mut environment = environment.clone();
            environment.extend(served.iter().flat_map(endpoint));
            let said = project.groma(&arguments, &environment);
            heard.said.push_str(&format!("{}{}", said.out, said.err));
            write_said(line, &said, *manner, project, seen);
        }
        Step::Aws { service, operation, input } => {
            let input = filled(project, &heard.answers, input);
            heard.answers.push(outside::call(project, service, operation, &input));
            project.take_calls();
        }
        Step::Begins(time) => begin(project, time),
        Step::Passes(time) => outside::passes(project, time),
        Step::Edit { file, from, to } => edit(project, file, from, to),
        Step::Use(path) => {
            let text = fs::read_to_string(repository(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
            project.write(path, &text);
        }
        Step::Write { file, text } => project.write(file, text),
        Step::Move { from, to } => fs::rename(project.path(from), project.path(to)).expect("it can get another name"),
        Step::Remove(path) => remove(&project.path(path)),
        Step::Lacks(secret) => return overlooked(project, secret).or_else(|| holds(project, secret, &heard.said)),
    }
    None
}

/// Makes the local cloud, with nothing in it, at a time of its own: the days that a scenario expects are the same on every day.
/// A world's clock never goes back, so the time lies in the future.
fn begin(project: &Project, time: &str) {
    let world = serde_json::json!({ "clock": time, "ids": 0, "seed": 0, "accounts": {} });
    project.write(".groma/cloud/world.json", &world.to_string());
}

/// How the program finds a local cloud that is served.
fn endpoint(served: &LocalCloud) -> Vec<(String, String)> {
    let url = format!("http://127.0.0.1:{}", served.port);
    let pairs = [("AWS_ENDPOINT_URL", url.as_str()), ("AWS_EC2_METADATA_DISABLED", "true")];
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// A text with what stands for its `{{NAME}}`: an output of the state, or a member of the newest answer that has it.
fn filled(project: &Project, answers: &[String], text: &str) -> String {
    let name = Regex::new(r"\{\{(\w+)\}\}").expect("a pattern is written right");
    let value = |found: &Captures<'_>| {
        let name = &found[1];
        let told = answers.iter().rev().find_map(|answer| member(answer, name));
        told.or_else(|| output(project, name)).unwrap_or_else(|| panic!("nobody has told of `{name}`"))
    };
    name.replace_all(text, value).into_owned()
}

/// A text in an answer, be it XML or JSON.
fn member(answer: &str, name: &str) -> Option<String> {
    let pattern = format!(r#"<{name}>([^<]*)</{name}>|"{name}"\s*:\s*"([^"]*)""#);
    let found = Regex::new(&pattern).expect("a name is no pattern").captures(answer)?;
    found.get(1).or(found.get(2)).map(|found| found.as_str().to_owned())
}

fn output(project: &Project, name: &str) -> Option<String> {
    let recorded = project.files().into_iter().filter(|file| self::name(file) == "state.json");
    let mut states = recorded.filter_map(|file| serde_json::from_str::<Value>(&fs::read_to_string(file).ok()?).ok());
    states.find_map(|state| Some(state["outputs"][name]["value"].as_str()?.to_owned()))
}

fn write_said(line: &str, said: &Said, manner: Manner, project: &Project, seen: &mut Seen) {
    let waits = if manner.waits { waits(&said.err) } else { String::new() };
    let text = normal::text(&format!("{waits}{}{}", said.out, problems(&said.err)));
    let calls: String = project.take_calls().iter().map(|call| format!("{}\n", normal::ids(call))).collect();
    let gap = if seen.output.is_empty() { "" } else { "\n" };
    let code = match said.code {
        Some(0) => String::new(),
        Some(code) => format!("(ended with {code})\n"),
        None => "(ended by a signal)\n".to_owned(),
    };
    write!(seen.output, "{gap}$ {line}\n{text}{code}").expect("a text takes text");
    if !calls.is_empty() {
        let gap = if seen.calls.is_empty() { "" } else { "\n" };
        write!(seen.calls, "{gap}$ {line}\n{calls}").expect("a text takes text");
    }
}

/// What standard error says beside progress: from the first failure, error or warning on.
fn problems(err: &str) -> String {
    let begins = |line: &str| line.starts_with("  ✗") || line.starts_with("error") || line.starts_with("warning");
    let lines: Vec<&str> = err.lines().skip_while(|line| !begins(line)).collect();
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The refusals that pass by themselves, as standard error tells of them: each once, and without for how long, which hangs on
/// who waits beside it.
fn waits(err: &str) -> String {
    let mut waits: Vec<String> = Vec::new();
    for line in err.lines() {
        let goes_on = line.starts_with("      ") && waits.last().is_some_and(|wait| wait.contains(WAITS));
        match waits.last_mut() {
            Some(wait) if goes_on => wait.push_str(&format!(" {}", line.trim())),
            _ => waits.push(line.to_owned()),
        }
    }
    let time = Regex::new(r" \((\d+ (h|min|s) ?)+\)$").expect("a pattern is written right");
    let waits = waits.iter().filter(|line| line.contains(WAITS));
    let waits: BTreeSet<String> = waits.map(|wait| time.replace(wait, "").into_owned()).collect();
    waits.iter().map(|wait| format!("{wait}\n")).collect()
}

const WAITS: &str = "  waiting for ";

fn edit(project: &Project, file: &str, from: &str, to: &str) {
    let path = format!("environments/{file}");
    let text = project.read(&path);
    assert_eq!(text.matches(from).count(), 1, "`{from}` stands once in {path}");
    project.write(&path, &text.replace(from, to));
}

fn remove(path: &Path) {
    let done = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    done.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// A planted copy that the search does not find: then it says nothing that it finds no other.
fn overlooked(project: &Project, secret: &str) -> Option<String> {
    let path = project.path("planted");
    let overlooked = planted(secret).into_iter().find(|copy| {
        fs::write(&path, copy).expect("a file can be written");
        holds(project, secret, "").is_none()
    });
    fs::remove_file(&path).expect("it was written");
    overlooked.map(|copy| format!("the search overlooks `{copy}`"))
}

/// A secret amid other text in every encoding.
fn planted(secret: &str) -> Vec<String> {
    let amid = ["", "k", "ke"].map(|before| format!("{before}{secret} and more").into_bytes());
    let hex = |digits: fn(&u8) -> String| secret.as_bytes().iter().map(digits).collect();
    let mut copies = vec![
        format!("key={secret};"),
        hex(|byte| format!("{byte:02x}")),
        hex(|byte| format!("{byte:02X}")),
        form_urlencoded::Serializer::new(String::new()).append_pair("key", secret).finish(),
        serde_json::json!({ "key": secret }).to_string(),
    ];
    copies.extend(amid.iter().flat_map(|text| [STANDARD.encode(text), URL_SAFE_NO_PAD.encode(text)]));
    copies
}

/// Where a secret was written down: in what was said, or in a file that is not the local cloud's.
fn holds(project: &Project, secret: &str, heard: &str) -> Option<String> {
    let cloud = project.path(".groma/cloud");
    let files = project.files().into_iter().filter(|file| !file.starts_with(&cloud));
    let texts = files.filter_map(|file| Some((name(&file), fs::read(&file).ok()?)));
    let texts = texts.chain([("what was said".to_owned(), heard.as_bytes().to_vec())]);
    let found = texts.filter(|(_, text)| !secrets::held(text, secret).is_empty());
    let names: Vec<String> = found.map(|(name, _)| name).collect();
    (!names.is_empty()).then(|| format!("`{secret}` stands in {}", names.join(", ")))
}

/// Every state of the project, by environment and world.
fn states(project: &Project) -> String {
    let recorded = project.files().into_iter().filter(|file| name(file) == "state.json");
    let below = project.path(".groma");
    let shown = recorded.filter_map(|file| {
        let place = file.strip_prefix(&below).ok()?.parent()?.to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).expect("a state can be read");
        Some(format!("// {place}\n{}", normal::state(&text)))
    });
    shown.collect()
}
