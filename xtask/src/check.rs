//! `cargo xtask check`: format, lints, tidy, generated files.

use crate::command::{cargo, say, step};
use crate::{formats, limits};

/// The crates that cannot be checked without building the AWS SDK.
const NEED_SDK: &[&str] = &["aws", "cli", "tests"];

/// Which crates the lints look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All but those that need the AWS SDK: a minute instead of many.
    WithoutSdk,
    All,
}

/// Runs every check and stops at the first that fails.
///
/// # Errors
/// A text that says which check failed; its own words stand above.
pub(crate) fn run(scope: Scope) -> Result<(), String> {
    step("format", cargo(["fmt", "--all", "--check"]))?;
    say("generated files");
    generated()?;
    let mut lints = cargo(["clippy", "--workspace", "--all-targets", "--no-deps"]);
    if scope == Scope::WithoutSdk {
        lints.args(NEED_SDK.iter().flat_map(|name| ["--exclude", name]));
    }
    lints.args(["--", "-D", "warnings"]);
    step("lints", lints)?;
    step("tidy", cargo(["test", "--quiet", "--package", "xtask"]))
}

/// Compares what is generated from files of this repository with what stands there.
///
/// # Errors
/// The files that differ.
pub(crate) fn generated() -> Result<(), String> {
    limits::run(true)?;
    formats::run(true)
}
