//! `docs/reference/`: a page for each type, as `groma docs` prints it, with its smallest example.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{output, program, root, say};

/// Whether pages are written or only compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    Write,
    Compare,
}

/// Writes the pages, or fails where one differs, is missing or has no type any more.
///
/// # Errors
/// A text that says which step failed, or which pages are stale.
pub(crate) fn run(groma: &Path, manner: Manner) -> Result<(), String> {
    say("reference");
    let folder = root().join("docs/reference");
    let mut wanted = pages(groma)?;
    wanted.insert("README.md".to_owned(), contents(wanted.keys()));
    let there = there(&folder);
    let mut stale: Vec<String> = there.keys().filter(|name| !wanted.contains_key(*name)).cloned().collect();
    stale.extend(wanted.iter().filter(|(name, text)| there.get(*name) != Some(*text)).map(|(name, _)| name.clone()));
    match manner {
        _ if stale.is_empty() => Ok(()),
        Manner::Compare => {
            Err(format!("stale in docs/reference/, run `cargo xtask gen reference`: {}", stale.join(", ")))
        }
        Manner::Write => write(&folder, &stale, &wanted),
    }
}

fn write(folder: &Path, stale: &[String], wanted: &BTreeMap<String, String>) -> Result<(), String> {
    let said = |error: std::io::Error| format!("cannot write docs/reference/: {error}");
    fs::create_dir_all(folder).map_err(said)?;
    for name in stale {
        match wanted.get(name) {
            Some(text) => fs::write(folder.join(name), text).map_err(said)?,
            None => fs::remove_file(folder.join(name)).map_err(said)?,
        }
    }
    Ok(())
}

/// The pages by file name.
fn pages(groma: &Path) -> Result<BTreeMap<String, String>, String> {
    let list = output(program(groma, ["docs"]))?;
    let names = list.lines().filter_map(|line| line.split_whitespace().next());
    names.map(|name| Ok((format!("{name}.md"), page(groma, name)?))).collect()
}

fn page(groma: &Path, name: &str) -> Result<String, String> {
    let mut text = output(program(groma, ["docs", name]))?;
    let example = example(name);
    if let Ok(example) = fs::read_to_string(example) {
        text += &format!("\n## Example\n\n```toml\n{}\n```\n", example.trim_end());
    }
    Ok(text)
}

/// `tests/types/TYPE/environment.toml`, which the contract test runs.
fn example(name: &str) -> PathBuf {
    root().join("tests/types").join(name).join("environment.toml")
}

fn contents<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let mut text = "# Reference\n\nOne page for each type, as `groma docs TYPE` prints it. Written by `cargo xtask gen reference`.\n\n".to_owned();
    for file in names {
        text += &format!("- [{}]({file})\n", file.trim_end_matches(".md"));
    }
    text
}

fn there(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let read =
        |path: PathBuf| Some((path.file_name()?.to_string_lossy().into_owned(), fs::read_to_string(&path).ok()?));
    entries.filter_map(|entry| read(entry.path())).collect()
}
