//! `cargo xtask accept`: the tests write what they see as what they expect.

use crate::command::{program, step};
use crate::reference::{self, Manner};
use crate::tests_run;

/// The packages whose expectations are files.
const PACKAGES: &str = "package(tests) + package(report)";

/// Rewrites the expectations; the diff is for a person to judge.
///
/// # Errors
/// When something does not build, or a test fails for another reason than its expectation.
pub(crate) fn run() -> Result<(), String> {
    tests_run::install_nextest()?;
    let groma = crate::build()?;
    reference::run(&groma, Manner::Write)?;
    let mut tests = tests_run::nextest();
    tests.args(["-E", PACKAGES]).env("GROMA_ACCEPT", "1").env("INSTA_UPDATE", "always");
    tests.env("GROMA_BIN", groma);
    let count = tests_run::run(tests)?;
    if count.failed > 0 {
        return Err(format!("{} tests failed for another reason than their expectation", count.failed));
    }
    step("what changed", program("git", ["status", "--short"]))
}
