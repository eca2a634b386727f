//! Runs the tests with nextest and counts them.

use std::io::{BufRead, BufReader, IsTerminal};
use std::process::{Command, Stdio};

use crate::command::{cargo, kept, say, step, works};

/// How a run of tests ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

/// Builds nextest under `target/tools/` where there is none.
///
/// # Errors
/// When it cannot be built.
pub(crate) fn install_nextest() -> Result<(), String> {
    if works("cargo", ["nextest", "--version"]) || works(own_nextest(), ["nextest", "--version"]) {
        return Ok(());
    }
    let tools = kept("tools").to_string_lossy().into_owned();
    step("install nextest", cargo(["install", "cargo-nextest", "--locked", "--root", &tools]))
}

fn own_nextest() -> std::path::PathBuf {
    kept("tools").join("bin/cargo-nextest")
}

/// `cargo nextest run --workspace`, or the one built under `target/tools/`.
pub(crate) fn nextest() -> Command {
    let arguments = ["nextest", "run", "--workspace", "--no-fail-fast"];
    if works("cargo", ["nextest", "--version"]) {
        return cargo(arguments);
    }
    crate::command::program(own_nextest(), arguments)
}

/// Runs nextest, shows what it says and reads the summary.
///
/// # Errors
/// When it cannot run, or ends without a summary: then nothing was tested.
pub(crate) fn run(mut command: Command) -> Result<Count, String> {
    say("tests");
    let color = if std::io::stderr().is_terminal() { "always" } else { "never" };
    command.env("CARGO_TERM_COLOR", color).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("cannot run nextest: {error}"))?;
    let errors = child.stderr.take().ok_or("nextest has no error output")?;
    let mut count = None;
    for line in BufReader::new(errors).split(b'\n') {
        let line = line.map_err(|error| error.to_string())?;
        let line = String::from_utf8_lossy(&line);
        eprintln!("{line}");
        count = summary(&line).or(count);
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    match count {
        Some(count) if count.failed > 0 || status.success() => Ok(count),
        _ => Err(format!("the tests did not run ({status})")),
    }
}

/// The counts in nextest's summary: `Summary [ 1.2s] 5 tests run: 3 passed (1 slow), 2 failed, 0 skipped`.
fn summary(line: &str) -> Option<Count> {
    let plain = without_color(line);
    let (_, rest) = plain.trim_start().strip_prefix("Summary [")?.split_once(']')?;
    let (run, rest) = rest.split_once("run:")?;
    // A run that was stopped counts `done/all`.
    let all: u32 = run.split_whitespace().next()?.rsplit('/').next()?.parse().ok()?;
    let passed = rest.split(',').find_map(|part| part.trim().split_once(" passed"))?.0.parse().ok()?;
    Some(Count { passed, failed: all.saturating_sub(passed) })
}

/// The line without ANSI's colour codes.
fn without_color(line: &str) -> String {
    let mut pieces = line.split('\u{1b}');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + piece.split_once('m').map_or("", |(_, rest)| rest))
}

#[cfg(test)]
mod tests {
    use super::{Count, summary};

    #[track_caller]
    fn check(line: &str, expected: Option<(u32, u32)>) {
        assert_eq!(summary(line), expected.map(|(passed, failed)| Count { passed, failed }));
    }

    #[test]
    fn reads_the_summary() {
        check("     Summary [   0.006s] 2 tests run: 2 passed, 1 skipped", Some((2, 0)));
        check("     Summary [   9.1s] 5 tests run: 3 passed (1 slow), 2 failed, 0 skipped", Some((3, 2)));
        check("     Summary [   9.1s] 5 tests run: 3 passed, 1 failed, 1 timed out, 0 skipped", Some((3, 2)));
        check("     Summary [   9.1s] 4/9 tests run: 3 passed, 1 failed, 0 skipped", Some((3, 6)));
    }

    #[test]
    fn reads_through_colours() {
        check(
            "\u{1b}[32;1m     Summary\u{1b}[0m [   0.1s] \u{1b}[1m2\u{1b}[0m tests run: \u{1b}[1m1\u{1b}[0m \u{1b}[32mpassed\u{1b}[0m, 1 failed, 0 skipped",
            Some((1, 1)),
        );
    }

    #[test]
    fn other_lines_are_no_summary() {
        check("        PASS [   0.005s] xtask tests::summary", None);
    }
}
