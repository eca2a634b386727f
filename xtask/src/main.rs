//! The project's everyday verbs: `cargo xtask check | test | simulate | documents | accept | bench | reliability | gen`.
//!
//! Uses none of groma's crates, so that it builds in seconds and never pulls in the AWS SDK.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for developers that talks to a terminal")]
#![expect(clippy::disallowed_methods, reason = "it starts programs with the environment, and `bench` measures time")]

use std::path::PathBuf;
use std::process::ExitCode;

mod accept;
mod bench;
mod check;
mod command;
mod documents;
mod formats;
mod judges;
mod limits;
mod models;
mod project;
mod reference;
mod reliability;
mod simulate;
mod test;
mod tests_run;
#[cfg(test)]
mod tidy;

use check::Scope;
use reference::Manner;
use simulate::Seeds;

const USAGE: &str = "\
usage: cargo xtask VERB

  check [--all]    format, lints, tidy, generated files; without --all nothing that builds the AWS SDK
  test             check --all, then every test; installs what the judges need under target/
  simulate --seeds N [--from K]
                   the engine on a simulated cloud, kills and faults by the seed; a failure tells how to see it again
  documents        try out what README.md and docs/ say
  accept           rewrite the expectations of the tests; review the diff
  bench            a release build, and the numbers of it
  reliability [TEST]…  groma killed at every call, and a network that fails; takes an hour or more
  gen [--check]    write what is generated: service models, limits, docs/formats.md
  gen limits       the same without the models, which come from PyPI
  gen reference    docs/reference/, by the program itself";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["check"] => check::run(Scope::WithoutSdk),
        ["check", "--all"] => check::run(Scope::All),
        ["test"] => test::run(),
        ["simulate", seeds @ ..] => match Seeds::parse(seeds) {
            Some(seeds) => simulate::run(seeds),
            None => Err(USAGE.to_owned()),
        },
        ["documents"] => build().and_then(|groma| documents::run(&groma)),
        ["accept"] => accept::run(),
        ["bench"] => bench::run(),
        ["reliability", words @ ..] => reliability::run(words),
        ["gen"] => models::run(false).and_then(|()| generate()),
        ["gen", "limits"] => generate(),
        ["gen", "reference"] => build().and_then(|groma| reference::run(&groma, Manner::Write)),
        ["gen", "--check"] => check::generated(),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Builds the program; where it is. Programs and tests in one go: with two resolutions of features the SDK would be built
/// once for each.
fn build() -> Result<PathBuf, String> {
    command::step("build", command::cargo(["build", "--workspace", "--bins", "--tests"]))?;
    Ok(command::build_folder()?.join("debug/groma"))
}

/// What follows from files of this repository alone.
fn generate() -> Result<(), String> {
    limits::run(false)?;
    formats::run(false)
}
