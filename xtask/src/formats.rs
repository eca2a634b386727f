//! `docs/formats.md`: the JSON that groma writes, from the crate that writes it.

use std::fs;

use crate::command::root;

const SOURCE: &str = "crates/report/src/formats.md";
const TARGET: &str = "docs/formats.md";
const NOTE: &str = "<!-- Written by `cargo xtask gen` from crates/report/src/formats.md; do not edit. -->\n\n";

/// Writes the page; with `check` it writes nothing and fails where the page differs.
///
/// # Errors
/// A text that says which step failed, or that the page is stale.
pub(crate) fn run(check: bool) -> Result<(), String> {
    let source = fs::read_to_string(root().join(SOURCE)).map_err(|error| format!("cannot read {SOURCE}: {error}"))?;
    let page = format!("{NOTE}{source}");
    let target = root().join(TARGET);
    if fs::read_to_string(&target).is_ok_and(|old| old == page) {
        return Ok(());
    }
    if check {
        return Err(format!("stale: {TARGET}, run `cargo xtask gen limits`"));
    }
    fs::write(&target, page).map_err(|error| format!("cannot write {TARGET}: {error}"))
}
