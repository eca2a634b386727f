//! `cargo xtask bench`: the numbers of a release build, beside what they should be.
//!
//! It only prints: times depend on the machine, and a test that measures time fails for no reason.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

mod served;

use crate::command::{build_folder, cargo, kept, say, step};
use crate::project;
use served::Served;

/// The environment that is measured.
const ENVIRONMENT: &str = "friendly-advice";
/// What a CI has pushed for it.
const IMAGE: &str = "friendly-advice-columnist:latest";

/// Measures the release build on a copy of the environments, so that nothing here is changed.
///
/// # Errors
/// When the build or one of the measured commands fails.
pub(crate) fn run() -> Result<(), String> {
    step("release build", cargo(["build", "--release", "--package", "cli"]))?;
    let program = build_folder()?.join("release/groma");
    let project = kept("bench");
    project::fresh_copy(&project)?;
    say("numbers");
    let size = fs::metadata(&program).map_err(|error| error.to_string())?.len();
    row("size of the program", &format!("{:.1} MiB", size as f64 / 1024.0 / 1024.0), "");
    let bench = Bench { program: &program, project: &project };
    bench.time("--version", &["--version"], "10 ms")?;
    bench.time("validate", &["validate", ENVIRONMENT], "30 ms")?;
    let plan = ["plan", ENVIRONMENT, "--local"];
    bench.time("plan --local", &plan, "")?;
    bench.memory("plan --local, peak memory", &plan, "40 MiB")?;
    bench.time("apply --local", &["apply", ENVIRONMENT, "--local", "--auto-approve"], "")?;
    bench.time("plan --local, nothing to do", &plan, "")?;
    bench.memory("the same, peak memory", &plan, "40 MiB")?;
    project::fresh_copy(&project)?;
    bench.calls()
}

struct Bench<'a> {
    program: &'a Path,
    project: &'a Path,
}

impl Bench<'_> {
    /// The shortest of several runs: what the program needs when nobody else runs.
    fn time(&self, name: &str, arguments: &[&str], limit: &str) -> Result<(), String> {
        const RUNS: u32 = 10;
        let mut best = Duration::MAX;
        for _ in 0..RUNS {
            let begin = Instant::now();
            let status = self.command(arguments).status().map_err(|error| error.to_string())?;
            best = best.min(begin.elapsed());
            if !status.success() {
                return Err(format!("`groma {}` failed ({status})", arguments.join(" ")));
            }
        }
        row(name, &format!("{:.1} ms", best.as_secs_f64() * 1000.0), limit);
        Ok(())
    }

    /// The most memory that a run held at once, as Linux counts it.
    fn memory(&self, name: &str, arguments: &[&str], limit: &str) -> Result<(), String> {
        let mut child = self.command(arguments).spawn().map_err(|error| error.to_string())?;
        let status = format!("/proc/{}/status", child.id());
        let mut peak = 0;
        while child.try_wait().map_err(|error| error.to_string())?.is_none() {
            let text = fs::read_to_string(&status).unwrap_or_default();
            peak = peak.max(high_water(&text).unwrap_or(0));
        }
        row(name, &format!("{:.1} MiB", f64::from(peak) / 1024.0), limit);
        Ok(())
    }

    /// What is sent to AWS, reads included.
    fn calls(&self) -> Result<(), String> {
        let served = Served::start(self.program, self.project)?;
        let run = |arguments: &[&str]| {
            let status = self.command(arguments).envs(served.environment()).status();
            match status.map_err(|error| error.to_string())? {
                status if status.success() => Ok(()),
                status => Err(format!("`groma {}` failed ({status})", arguments.join(" "))),
            }
        };
        run(&["plan", ENVIRONMENT])?;
        row("calls of a first plan", &served.take_calls().to_string(), "");
        // Served over HTTP the cloud has no images but those that somebody pushes.
        run(&["apply", ENVIRONMENT, "--auto-approve", "--target", "ecr_repository.app"])?;
        run(&["local", "push", IMAGE])?;
        served.take_calls();
        run(&["apply", ENVIRONMENT, "--auto-approve"])?;
        row("calls of the apply", &served.take_calls().to_string(), "");
        run(&["plan", ENVIRONMENT])?;
        row("calls of a plan, nothing to do", &served.take_calls().to_string(), "");
        run(&["destroy", ENVIRONMENT, "--auto-approve"])?;
        row("calls of the destroy", &served.take_calls().to_string(), "");
        Ok(())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.program);
        command.args(arguments).arg("--no-input").current_dir(self.project);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }
}

/// The high-water mark of the resident set, in KiB.
fn high_water(status: &str) -> Option<u32> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

fn row(name: &str, value: &str, limit: &str) {
    let limit = if limit.is_empty() { String::new() } else { format!("at most {limit}") };
    println!("{name:<32} {value:>12}   {limit}");
}
