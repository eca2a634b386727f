//! The AWS CLI's everyday commands on the local cloud, as transcripts: `aws/SERVICE.txt` holds each command with what the
//! CLI answered, times and made-up ids left out. `GROMA_ACCEPT=1` writes them anew; the diff is for a person to judge.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::cloud::{Cloud, LONG, client, finish};
use crate::judge::{self, Judge};
use crate::meaning;

/// A line that moves the cloud's clock on, so far that what has begun ends, or by what it says.
const WAIT: &str = "> wait";

#[track_caller]
fn check(service: &str) {
    let Some(program) = judge::ask(Judge::Aws, service) else { return };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("judges/aws").join(format!("{service}.txt"));
    let expected = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let cloud = Cloud::serve_still();
    let seen = transcript(&expected, &program, &cloud);
    if judge::accepts() {
        std::fs::write(&path, &seen).expect("the transcript can be written");
        return;
    }
    let differs = seen.lines().zip(expected.lines()).position(|(seen, expected)| seen != expected);
    let at = differs.unwrap_or_else(|| seen.lines().count().min(expected.lines().count()));
    let around = |text: &str| text.lines().skip(at.saturating_sub(12)).take(24).collect::<Vec<_>>().join("\n");
    assert!(seen == expected, "line {}, expected:\n{}\n\nseen:\n{}", at + 1, around(&expected), around(&seen));
}

/// Beside commands and [`WAIT`], a line `> NAME = /pointer` gives a part of the last answer a name, for `$NAME`.
fn transcript(script: &str, program: &Path, cloud: &Cloud) -> String {
    let mut seen = String::new();
    let mut names = BTreeMap::<String, String>::new();
    let mut last = Value::Null;
    for line in script.lines() {
        if let Some(command) = line.strip_prefix("$ aws ") {
            let command = names.iter().fold(command.to_owned(), |command, (name, value)| command.replace(name, value));
            let said = answer(program, &command, cloud);
            last = said.as_ref().ok().cloned().unwrap_or_default();
            let text = match said {
                Ok(Value::Null) => String::new(),
                Ok(value) => format!("{:#}\n", meaning::lasting(&value)),
                Err(error) => format!("! {error}\n"),
            };
            writeln!(seen, "{line}\n{text}").expect("text grows");
        } else if let Some((name, pointer)) = line.strip_prefix("> ").and_then(|line| line.split_once(" = ")) {
            let value = last.pointer(pointer).and_then(Value::as_str);
            names.insert(format!("${name}"), value.unwrap_or_else(|| panic!("{line}: {last:#}")).to_owned());
            writeln!(seen, "{line}\n").expect("text grows");
        } else if let Some(by) = line.strip_prefix(WAIT) {
            cloud.advance(if by.is_empty() { LONG } else { by.trim() });
            writeln!(seen, "{line}\n").expect("text grows");
        } else if line.starts_with('#') {
            writeln!(seen, "{line}").expect("text grows");
        }
    }
    seen
}

/// What the CLI answered, or its words for the refusal.
fn answer(program: &Path, command: &str, cloud: &Cloud) -> Result<Value, String> {
    let mut aws = Command::new(program);
    client(&mut aws, cloud.port, cloud.folder());
    aws.env("AWS_PAGER", "").args(words(command)).args(["--output", "json"]);
    let said = finish(&mut aws);
    if said.code != Some(0) {
        let error = said.err.trim().trim_start_matches("aws: [ERROR]: ");
        return Err(meaning::lasting(&Value::String(error.to_owned())).as_str().unwrap_or_default().to_owned());
    }
    let empty = said.out.trim().is_empty();
    Ok(if empty { Value::Null } else { serde_json::from_str(&said.out).expect("the CLI answers in JSON") })
}

/// Words as a shell would part them; text in single quotes is one.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in command.split('\'').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

#[test]
fn apprunner() {
    check("apprunner");
}

#[test]
fn dynamodb() {
    check("dynamodb");
}

#[test]
fn ecr() {
    check("ecr");
}

#[test]
fn iam() {
    check("iam");
}

#[test]
fn logs() {
    check("logs");
}

#[test]
fn s3() {
    check("s3");
}

#[test]
fn sts_and_ec2() {
    check("sts-and-ec2");
}

#[test]
fn every_transcript_is_checked() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("judges/aws");
    let here = std::fs::read_dir(folder).expect("the folder is there").flatten();
    let mut names: Vec<String> = here.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    assert_eq!(names, ["apprunner.txt", "dynamodb.txt", "ecr.txt", "iam.txt", "logs.txt", "s3.txt", "sts-and-ec2.txt"]);
}
