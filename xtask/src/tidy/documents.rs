//! Lists in the documentation that must not fall behind the code.

use std::collections::BTreeSet;
use std::fs;

use super::none;
use crate::command::{output, program, root};

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The texts between two marks, one for each place where `before` stands.
fn between<'a>(text: &'a str, before: &'a str, after: char) -> impl Iterator<Item = &'a str> {
    text.split(before).skip(1).filter_map(move |rest| rest.split(after).next())
}

#[test]
fn every_function_is_listed() {
    let folder = root().join("crates/lang/src/functions");
    let sources = fs::read_dir(folder).expect("the folder of functions").flatten();
    let mut there = BTreeSet::new();
    for source in sources.map(|entry| fs::read_to_string(entry.path()).expect("readable")) {
        let flat: String = source.split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(");
        for kind in ["stop", "through", "unknown_through", "own"] {
            there.extend(between(&flat, &format!("Function::{kind}(\""), '"').map(str::to_owned));
        }
    }
    let page = read("docs/language.md");
    let section = page.split("## Functions").nth(1).and_then(|rest| rest.split("Not offered").next());
    let section = section.expect("a section of functions");
    let listed: BTreeSet<String> =
        section.split('`').skip(1).step_by(2).map(str::to_owned).filter(|name| !name.contains(' ')).collect();
    assert_eq!(there, listed);
}

#[test]
fn links_and_paths_lead_somewhere() {
    let mut complaints = Vec::new();
    let list = output(program("git", ["ls-files", "--", "*.md"])).expect("git lists the pages");
    for page in list.lines().filter(|page| !page.starts_with("tests/") && !page.starts_with("docs/reference/")) {
        let text = read(page);
        let folder = root().join(page).parent().expect("a page lies in a folder").to_owned();
        for link in between(&text, "](", ')').filter(|link| !link.contains("://") && !link.starts_with('#')) {
            let path = link.split('#').next().unwrap_or_default();
            if !folder.join(path).exists() {
                complaints.push(format!("{page}: the link to {link} leads nowhere"));
            }
        }
        for path in text.split('`').skip(1).step_by(2).filter(|path| is_path(path)) {
            if !root().join(path).exists() && !root().join("crates").join(path).exists() {
                complaints.push(format!("{page}: there is no `{path}`"));
            }
        }
    }
    none(&complaints);
}

/// Whether a quoted word names a file or folder of the sources.
fn is_path(word: &str) -> bool {
    let plain = word.chars().all(|letter| letter.is_ascii_alphanumeric() || "/._-".contains(letter));
    let first = word.split('/').next().unwrap_or_default();
    let inside = word.contains("/src/") || word.contains("/tests/");
    let of_crate = inside && root().join("crates").join(first).is_dir();
    let stands_for_many = word.contains("TYPE") || word.contains("NAME");
    plain
        && !stands_for_many
        && (of_crate || ["crates/", "xtask/", "tests/", "docs/"].iter().any(|start| word.starts_with(start)))
}
