//! `cargo xtask reliability`: groma killed at every call of both systems, and a network that fails, in one table.
//!
//! `tests/recovery` does it and leaves its counts; it takes an hour or more. `GROMA_BIN` names a program to be tried
//! instead of the one that is built here.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::{cargo, kept, say, step};
use crate::judges;

/// Tries the places and seeds of all tests whose names hold one of the words, or of all where there are none.
///
/// # Errors
/// When a run did not end as an undisturbed one does; the complaints stand above the table.
pub(crate) fn run(words: &[&str]) -> Result<(), String> {
    let judges = judges::prepare()?;
    let groma = env::var_os("GROMA_BIN").map(PathBuf::from).map_or_else(crate::build, Ok)?;
    let counts = kept("reliability");
    judges::clear(&counts)?;
    let mut tests = cargo(["test", "--package", "tests", "--test", "recovery", "--"]);
    tests.arg("--test-threads=2").args(words).envs(judges.environment()?);
    tests.env("GROMA_BIN", groma).env("GROMA_KILLS", "all").env("GROMA_RELIABILITY", &counts);
    let done = step("kills and troubles", tests);
    say("counts");
    print!("{}", table(&read(&counts)?));
    done
}

/// What the tests have left, in the order of their names.
fn read(folder: &Path) -> Result<Vec<Value>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let value = |path: &PathBuf| {
        let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
    };
    paths.iter().map(value).collect()
}

const COLUMNS: [&str; 10] =
    ["trouble", "system", "verb", "cloud", "state", "tried", "hits", "well", "orphans", "duplicates"];

/// A line for each play, as Markdown, and their sum.
fn table(counts: &[Value]) -> String {
    let cell = |row: &Value, member: &str| row[member].as_str().map_or_else(|| row[member].to_string(), str::to_owned);
    let line = |cells: [String; 10]| format!("| {} |\n", cells.join(" | "));
    let mut text = line(COLUMNS.map(str::to_owned)) + &line(COLUMNS.map(|_| "---".to_owned()));
    for row in counts {
        text += &line(COLUMNS.map(|member| cell(row, member)));
    }
    let sum = |member: &str| counts.iter().filter_map(|row| row[member].as_u64()).sum::<u64>().to_string();
    text + &line(COLUMNS.map(|member| match member {
        "trouble" => "all".to_owned(),
        "tried" | "hits" | "well" | "orphans" | "duplicates" => sum(member),
        _ => String::new(),
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::table;

    #[test]
    fn counts_are_shown_and_added_up() {
        let row = |verb: &str, tried: u32, well: u32| {
            json!({
                "trouble": "kills", "system": "chatbot", "verb": verb, "cloud": "moto", "state": "file", "tried": tried,
                "hits": 0, "well": well, "orphans": tried - well, "duplicates": 0, "complaints": [],
            })
        };
        let expected = "\
| trouble | system | verb | cloud | state | tried | hits | well | orphans | duplicates |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
| kills | chatbot | apply | moto | file | 12 | 0 | 12 | 0 | 0 |
| kills | chatbot | destroy | moto | file | 9 | 0 | 8 | 1 | 0 |
| all |  |  |  |  | 21 | 0 | 20 | 1 | 0 |
";
        assert_eq!(table(&[row("apply", 12, 12), row("destroy", 9, 8)]), expected);
    }
}
