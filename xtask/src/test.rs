//! `cargo xtask test`: everything that can fail.

use crate::check::{self, Scope};
use crate::command::{cargo, step};
use crate::reference::{self, Manner};
use crate::{documents, judges, tests_run};

/// Installs what the tests need, checks, builds, tests, and says who judged.
///
/// # Errors
/// A text that says what failed; its own words stand above.
pub(crate) fn run() -> Result<(), String> {
    let judges = judges::prepare()?;
    tests_run::install_nextest()?;
    check::run(Scope::All)?;
    let groma = crate::build()?;
    step("examples in the documentation of the code", cargo(["test", "--quiet", "--workspace", "--doc"]))?;
    documents::run(&groma)?;
    reference::run(&groma, Manner::Compare)?;
    let mut tests = tests_run::nextest();
    tests.envs(judges.environment()?).env("GROMA_BIN", groma);
    let count = tests_run::run(tests)?;
    let judged = judges.summary();
    println!("{}", judged.as_ref().unwrap_or_else(|text| text));
    // The last line, however it ends: what reads a log looks for it there.
    let counts = format!("{} passed, {} failed", count.passed, count.failed);
    match (count.failed, judged) {
        (0, Ok(_)) => {
            println!("{counts}");
            Ok(())
        }
        (0, Err(_)) => Err(format!("a judge that is here was asked nothing\n{counts}")),
        (failed, _) => Err(format!("{failed} tests failed\n{counts}")),
    }
}
