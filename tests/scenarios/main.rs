//! One test for each folder here: see [`tests::scenario`].

use libtest_mimic::{Arguments, Trial};
use tests::{project, scenario};

fn main() -> std::process::ExitCode {
    let folders = project::folders(&project::repository("tests/scenarios"));
    let trial = |folder: &std::path::PathBuf| {
        let folder = folder.clone();
        Trial::test(project::name(&folder), move || scenario::run(&folder).map_err(Into::into))
    };
    let trials = folders.iter().map(trial).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}
