//! `cargo xtask test`: everything that can fail.

use crate::check::{self, Scope};
use crate::command::{cargo, program_of_build, step};
use crate::{documents, judges, tests_run};

/// Installs what the tests need, checks, builds, tests, and says who judged.
///
/// # Errors
/// A text that says what failed; its own words stand above.
pub(crate) fn run() -> Result<(), String> {
    let judges = judges::prepare()?;
    tests_run::install_nextest()?;
    check::run(Scope::All)?;
    // One resolution for programs and tests: otherwise the SDK would be built once for each.
    step("build", cargo(["build", "--workspace", "--bins", "--tests"]))?;
    step("examples in the documentation of the code", cargo(["test", "--quiet", "--workspace", "--doc"]))?;
    documents::run(&program_of_build()?)?;
    let mut tests = tests_run::nextest();
    tests.envs(judges.environment()?).env("GROMA_BIN", program_of_build()?);
    let count = tests_run::run(tests)?;
    let judged = judges.summary();
    println!("{}", judged.as_ref().unwrap_or_else(|text| text));
    println!("{} passed, {} failed", count.passed, count.failed);
    match (count.failed, judged) {
        (0, Ok(_)) => Ok(()),
        (0, Err(_)) => Err("a judge that was there was not asked".to_owned()),
        (failed, _) => Err(format!("{failed} tests failed")),
    }
}
