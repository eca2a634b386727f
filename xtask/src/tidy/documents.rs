//! Lists in the documentation that must not fall behind the code.

use std::collections::BTreeSet;
use std::fs;

use crate::command::root;

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
