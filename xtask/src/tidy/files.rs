//! What no file of the repository may hold.

use std::fs;
use std::path::Path;

use super::none;
use crate::command::{output, program, root};

/// A file longer than this is more than one thing.
const LONGEST: usize = 700;
/// Files longer than this are named, and nothing more.
const LONG: usize = 400;

/// Marks of unfinished work. Written in two halves, so that this file does not hold them.
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("#[", "ignore"),
];

/// Folders of somebody's machine.
const MACHINES: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/tmp/", "bash_jobs")];

/// The text files of the repository, those not yet committed too, by their path from the root.
fn files() -> Vec<(String, String)> {
    let arguments = ["ls-files", "--cached", "--others", "--exclude-standard"];
    let list = output(program("git", arguments)).expect("git lists the files");
    let read = |path: &str| Some((path.to_owned(), fs::read_to_string(root().join(path)).ok()?));
    list.lines().filter_map(read).collect()
}

fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "rs")
}

/// The first line that holds one of the words, none of them as the end of a longer one.
fn first_line<'a>(text: &'a str, words: &[&str]) -> Option<(usize, &'a str)> {
    let holds = |line: &str| words.iter().any(|word| line.match_indices(word).any(|(at, _)| begins_there(line, at)));
    text.lines().enumerate().find(|(_, line)| holds(line)).map(|(number, line)| (number + 1, line))
}

fn begins_there(line: &str, at: usize) -> bool {
    !line[..at].ends_with(|letter: char| letter.is_alphanumeric() || "_-.*}".contains(letter))
}

#[track_caller]
fn check(wanted: impl Fn(&str) -> bool, words: &[&str], why: &str) {
    let found = files().into_iter().filter(|(path, _)| wanted(path)).filter_map(|(path, text)| {
        first_line(&text, words).map(|(number, line)| format!("{path}:{number}: {why}: {}", line.trim()))
    });
    none(&found.collect::<Vec<_>>());
}

#[test]
fn nothing_is_left_unfinished() {
    check(|path| !path.ends_with(".lock"), UNFINISHED, "unfinished");
}

#[test]
fn no_file_names_a_folder_of_one_machine() {
    check(|_| true, MACHINES, "a path of one machine");
}

#[test]
fn files_are_one_thing_each() {
    let mut complaints = Vec::new();
    for (path, text) in files().into_iter().filter(|(path, _)| is_rust(path) && !path.ends_with("/limits.rs")) {
        let lines = text.lines().count();
        if lines > LONGEST {
            complaints.push(format!("{path}: {lines} lines; split it by reason to change (at most {LONGEST})"));
        } else if lines > LONG {
            println!("{path}: {lines} lines");
        }
    }
    none(&complaints);
}

/// `#[expect]` with a reason says when it is no longer needed; `#[allow]` never does.
#[test]
fn exceptions_carry_a_reason() {
    let mut complaints = Vec::new();
    for (path, text) in files().into_iter().filter(|(path, _)| is_rust(path)) {
        let exceptions =
            text.match_indices(concat!("#[", "expect(")).chain(text.match_indices(concat!("#![", "expect(")));
        for (at, _) in exceptions {
            let exception = text[at..].split(']').next().unwrap_or_default();
            if !exception.contains("reason") {
                complaints.push(format!("{path}: an exception without a reason: {exception}]"));
            }
        }
    }
    none(&complaints);
}
