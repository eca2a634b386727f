//! `cargo xtask accept`: the tests write what they see as what they expect.

use crate::command::{cargo, program_of_build, step};
use crate::tests_run;

/// The packages whose expectations are files.
const PACKAGES: &str = "package(tests) + package(report)";

/// Rewrites the expectations; the diff is for a person to judge.
///
/// # Errors
/// When something does not build, or a test fails for another reason than its expectation.
pub(crate) fn run() -> Result<(), String> {
    tests_run::install_nextest()?;
    step("build", cargo(["build", "--workspace", "--bins", "--tests"]))?;
    let mut tests = tests_run::nextest();
    tests.args(["-E", PACKAGES]).env("GROMA_ACCEPT", "1").env("INSTA_UPDATE", "always");
    tests.env("GROMA_BIN", program_of_build()?);
    let count = tests_run::run(tests)?;
    if count.failed > 0 {
        return Err(format!("{} tests failed for another reason than their expectation", count.failed));
    }
    step("what changed", crate::command::program("git", ["status", "--short"]))
}
