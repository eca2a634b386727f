//! The licences of everything that is linked.

use serde_json::Value;

use super::none;
use crate::command::{cargo, output, program};

/// Those we pass on. `deny.toml` has the same list.
const ALLOWED: &[&str] =
    &["Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0", "Unicode-3.0", "Zlib"];

#[test]
fn every_licence_may_be_passed_on() {
    let about = output(program("rustc", ["-vV"])).expect("rustc names its host");
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
    // Crates of other systems are not downloaded here.
    let metadata = cargo(["metadata", "--format-version", "1", "--offline", "--filter-platform", host]);
    let metadata: Value = serde_json::from_str(&output(metadata).expect("metadata")).expect("metadata is JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let refused = packages.iter().filter_map(|package| {
        let (name, licence) = (package["name"].as_str()?, package["license"].as_str().unwrap_or("no licence"));
        (!is_allowed(licence)).then(|| format!("{name}: {licence}"))
    });
    none(&refused.collect::<Vec<_>>());
}

/// Whether an SPDX expression can be fulfilled with what is allowed; `/` is the old way to write `OR`.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any(&mut rest) && rest.is_empty()
}

fn any(rest: &mut &[&str]) -> bool {
    let mut fulfilled = all(rest);
    while taken(rest, "OR") {
        fulfilled |= all(rest);
    }
    fulfilled
}

fn all(rest: &mut &[&str]) -> bool {
    let mut fulfilled = one(rest);
    while taken(rest, "AND") {
        fulfilled &= one(rest);
    }
    fulfilled
}

fn one(rest: &mut &[&str]) -> bool {
    if taken(rest, "(") {
        let fulfilled = any(rest);
        return taken(rest, ")") && fulfilled;
    }
    let Some((name, others)) = rest.split_first() else { return false };
    *rest = others;
    let excepted = taken(rest, "WITH") && {
        *rest = rest.get(1..).unwrap_or_default();
        true
    };
    !excepted && ALLOWED.contains(name)
}

fn taken(rest: &mut &[&str], word: &str) -> bool {
    let found = rest.first() == Some(&word);
    if found {
        *rest = &rest[1..];
    }
    found
}

#[test]
fn expressions_are_understood() {
    let allowed = ["MIT", "Apache-2.0/MIT", "GPL-3.0 OR MIT", "(MIT OR GPL-3.0) AND ISC", "X WITH Y OR MIT"];
    let refused = ["GPL-3.0", "MIT AND GPL-3.0", "MIT WITH Y", "no licence", "", "(MIT", "ISC AND (A OR B)"];
    assert_eq!(allowed.map(is_allowed), [true; 5]);
    assert_eq!(refused.map(is_allowed), [false; 7]);
}
