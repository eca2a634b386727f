//! The corpus of wrong projects in `tests/wrong`: each mistake is told once, at its place, with its hints, and nothing else is.
//!
//! A case is a folder with a project. A comment below a wrong line marks the mistake:
//!
//! ```toml
//! image_tag_mutability = "IMUTABLE"
//! #                      ^^^^^^^^^^ value not allowed
//! # hint: did you mean "IMMUTABLE"?
//! # patch: "IMMUTABLE"
//! ```
//!
//! The carets stand under the marked columns (`#^^^` starts at the first column); `warning:` before the summary makes it a
//! warning; `(2 up)` before it means the second line further up, for lines inside a string. `case.toml` holds what else a run
//! is given: `environment`, `vars`, `env_vars`, `reading = "never"`, and `nowhere`: mistakes without a place.

#![expect(clippy::unwrap_used, reason = "a test stops at what it cannot read")]

mod fixture;
#[path = "../../../tests/support/markers.rs"]
mod markers;

use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

use config::{Overrides, Reading};
use fixture::Folder;
use markers::{Told, as_marker, marked_in};
use model::{Diagnostic, Severity, Sources};

fn corpus() -> Vec<std::path::PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/wrong");
    let entries = fs::read_dir(root).expect("tests/wrong is there");
    let mut folders: Vec<_> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

fn files(case: &Path) -> Folder {
    fn walk(root: &Path, at: &Path, into: &mut Folder) {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, into);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                into.0.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut folder = Folder::default();
    walk(case, case, &mut folder);
    folder.0.remove("case.toml");
    folder
}

fn marked(files: &Folder) -> Vec<Told> {
    files.0.iter().flat_map(|(path, bytes)| marked_in(path, &String::from_utf8_lossy(bytes))).collect()
}

fn told(diagnostic: &Diagnostic, sources: &Sources) -> Told {
    let summary = match diagnostic.severity {
        Severity::Error => diagnostic.summary.clone(),
        Severity::Warning => format!("warning: {}", diagnostic.summary),
    };
    let place = diagnostic.span.and_then(|span| Some((span, sources.place(span)?)));
    let (file, line, columns) = match place {
        // What came from the command line is no place in a file.
        Some((_, place)) if place.file.starts_with("--var ") || place.file.starts_with("GROMA_VAR_") => {
            (place.file, 0, (0, 0))
        }
        Some((span, place)) => {
            let width = sources.text(span).lines().next().unwrap_or_default().chars().count().max(1);
            let first = place.column as usize;
            (place.file, place.line as usize, (first, first + width - 1))
        }
        None => (String::new(), 0, (0, 0)),
    };
    let patch = diagnostic.patch.as_ref().map(|patch| patch.replacement.clone());
    Told { file, line, columns, summary, hints: diagnostic.hints.clone(), patch }
}

/// What `case.toml` says.
#[derive(Default)]
struct Case {
    environment: String,
    overrides: Overrides,
    reading: Option<Reading>,
    nowhere: Vec<Told>,
}

fn case(folder: &Path) -> Case {
    let mut case = Case { environment: "dev".to_owned(), ..Case::default() };
    let Ok(text) = fs::read_to_string(folder.join("case.toml")) else { return case };
    let table: toml::Table = text.parse().expect("case.toml parses");
    let texts = |key: &str| -> BTreeMap<String, String> {
        let entries = table.get(key).and_then(toml::Value::as_table).cloned().unwrap_or_default();
        entries.into_iter().map(|(key, value)| (key, value.as_str().unwrap().to_owned())).collect()
    };
    if let Some(environment) = table.get("environment").and_then(toml::Value::as_str) {
        case.environment = environment.to_owned();
    }
    case.overrides = Overrides { vars: texts("vars"), env_vars: texts("env_vars") };
    case.reading = table.get("reading").map(|_| Reading::Never);
    for entry in table.get("nowhere").and_then(toml::Value::as_array).into_iter().flatten() {
        let hints = entry["hints"].as_array().unwrap();
        case.nowhere.push(Told {
            file: entry.get("file").map_or("", |file| file.as_str().unwrap()).to_owned(),
            line: 0,
            columns: (0, 0),
            summary: entry["summary"].as_str().unwrap().to_owned(),
            hints: hints.iter().map(|hint| hint.as_str().unwrap().to_owned()).collect(),
            patch: None,
        });
    }
    case
}

fn diagnostics(folder: &Path) -> (Sources, Vec<Diagnostic>) {
    let files = files(folder);
    let case = case(folder);
    let loaded = config::load(&case.environment, &case.overrides, &files, &fixture::schemas());
    let found = match fixture::expand(&loaded, case.reading.unwrap_or(Reading::Asked), &files) {
        Ok((_, warnings)) => warnings,
        Err(found) => found,
    };
    (loaded.sources, found)
}

#[test]
fn every_mistake_is_told_at_its_place_and_no_other() {
    let mut report = String::new();
    for folder in corpus() {
        let (sources, found) = diagnostics(&folder);
        let mut expected = case(&folder).nowhere;
        expected.extend(marked(&files(&folder)));
        expected.sort();
        let mut paired: Vec<(Told, &str)> =
            found.iter().map(|diagnostic| (told(diagnostic, &sources), diagnostic.detail.as_str())).collect();
        paired.sort();
        let (actual, details): (Vec<Told>, Vec<&str>) = paired.into_iter().unzip();
        if expected == actual {
            continue;
        }
        let name = folder.file_name().unwrap().to_string_lossy();
        let _ = writeln!(report, "──── {name}");
        for told in expected.iter().filter(|told| !actual.contains(told)) {
            let _ = writeln!(report, "not told: {}", as_marker(told, ""));
        }
        for (told, detail) in actual.iter().zip(&details).filter(|(told, _)| !expected.contains(told)) {
            let _ = writeln!(report, "not expected: {}  detail: {detail}", as_marker(told, ""));
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn every_case_expects_something() {
    let cases = corpus();
    assert!(cases.len() >= 70, "{} cases", cases.len());
    for folder in cases {
        let expected = marked(&files(&folder)).len() + case(&folder).nowhere.len();
        assert!(expected > 0, "{} has no marker", folder.display());
    }
}

#[test]
fn mistakes_come_in_file_order_and_say_more_than_their_summary() {
    for folder in corpus() {
        let (_, found) = diagnostics(&folder);
        let spans: Vec<_> = found.iter().map(|diagnostic| diagnostic.span).collect();
        assert!(spans.is_sorted(), "{}", folder.display());
        for diagnostic in found {
            assert!(!diagnostic.detail.is_empty(), "{}: {}", folder.display(), diagnostic.summary);
        }
    }
}

/// A wrong expectation that was accepted by mistake must fail: the reading of markers is itself tested.
#[test]
fn markers_are_read_exactly() {
    let text = "[environmnt]\n#^^^^^^^^^^^ unknown section\n# hint: a\n  x = 1\n# ^ warning: b\n# patch: y\nz = '''\n\n'''\n#   ^^^ (2 up) c";
    let plain = |line, columns, summary: &str| Told {
        file: "f".to_owned(),
        line,
        columns,
        summary: summary.to_owned(),
        hints: Vec::new(),
        patch: None,
    };
    let expected = [
        Told { hints: vec!["a".to_owned()], ..plain(1, (1, 12), "unknown section") },
        Told { patch: Some("y".to_owned()), ..plain(4, (3, 3), "warning: b") },
        plain(7, (5, 7), "c"),
    ];
    assert_eq!(marked_in("f", text), expected);
}
