//! Plays seeds of the simulation (`crates/engine/tests/simulation`), many more than the tests do.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    thread,
    time::Instant,
};

use crate::command::{cargo, output, step};

/// Which seeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seeds {
    pub(crate) from: u64,
    pub(crate) count: u64,
}

/// With these few, a failure is told at length.
const FEW: u64 = 10;

impl Seeds {
    /// `--seeds N [--from K]`, in any order; nothing for anything else.
    pub(crate) fn parse(words: &[&str]) -> Option<Self> {
        let mut seeds = Self { from: 0, count: 0 };
        for pair in words.chunks(2) {
            match pair {
                ["--seeds", number] => seeds.count = number.parse().ok()?,
                ["--from", number] => seeds.from = number.parse().ok()?,
                _ => return None,
            }
        }
        (seeds.count > 0).then_some(seeds)
    }

    /// The same seeds in equal parts.
    fn parts(self, parts: u64) -> Vec<Self> {
        let ends: Vec<u64> = (0..=parts).map(|part| self.from + self.count * part / parts).collect();
        let part = |pair: &[u64]| Self { from: pair[0], count: pair[1] - pair[0] };
        ends.windows(2).map(part).filter(|part| part.count > 0).collect()
    }
}

/// Builds the simulation, plays the seeds on all processors and prints what there was, counted by kind.
///
/// # Errors
/// It cannot be built, or some seed breaks a law.
pub(crate) fn run(seeds: Seeds) -> Result<(), String> {
    let arguments = ["test", "--package", "engine", "--test", "simulation", "--no-run"];
    step("build", cargo(arguments))?;
    let begin = Instant::now();
    let processors = if seeds.count <= FEW { 1 } else { thread::available_parallelism().map_or(1, usize::from) };
    let program = &program()?;
    let parts = seeds.parts(processors as u64);
    let counts = thread::scope(|scope| {
        let players: Vec<_> = parts.into_iter().map(|part| scope.spawn(move || play(program, part))).collect();
        players
            .into_iter()
            .map(|player| player.join().unwrap_or_else(|_| Err("it cannot be watched".to_owned())))
            .collect::<Vec<_>>()
    });
    let mut all: BTreeMap<String, u64> = BTreeMap::new();
    for counts in counts {
        for (what, times) in counts? {
            *all.entry(what).or_default() += times;
        }
    }
    for (what, times) in &all {
        println!("{what:<28} {times:>10}");
    }
    println!("{:<28} {:>10.1}", "seconds", begin.elapsed().as_secs_f64());
    match all.get("failures") {
        Some(0) => Ok(()),
        Some(failures) => Err(format!("{failures} seeds break a law")),
        None => Err("the simulation ended early".to_owned()),
    }
}

/// Where Cargo has put the test program.
fn program() -> Result<String, String> {
    let arguments = ["test", "--package", "engine", "--test", "simulation", "--no-run", "--message-format", "json"];
    let text = output(cargo(arguments))?;
    let built = |line: &str| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        let simulation = message["target"]["name"] == "simulation";
        message["executable"].as_str().filter(|_| simulation).map(str::to_owned)
    };
    text.lines().find_map(built).ok_or_else(|| "cargo names no test program".to_owned())
}

fn play(program: &str, seeds: Seeds) -> Result<BTreeMap<String, u64>, String> {
    let mut command = Command::new(program);
    command.args(["--exact", "soak", "--nocapture"]).stdout(Stdio::piped()).stderr(Stdio::null());
    command.env("GROMA_SIMULATE_FROM", seeds.from.to_string()).env("GROMA_SIMULATE_SEEDS", seeds.count.to_string());
    let mut child = command.spawn().map_err(|error| format!("cannot run {program}: {error}"))?;
    let lines = child.stdout.take().ok_or("the simulation has no output")?;
    let mut counts = BTreeMap::new();
    for line in BufReader::new(lines).lines() {
        let line = line.map_err(|error| error.to_string())?;
        match line.strip_prefix("count ").and_then(|rest| rest.split_once(' ')) {
            Some((times, what)) => drop(counts.insert(what.to_owned(), times.parse().unwrap_or_default())),
            None if line.starts_with("progress ") => {
                eprintln!("{} of {} seeds from {}", &line[9..], seeds.count, seeds.from)
            }
            None if line.starts_with("test ") || line.starts_with("running ") || line.is_empty() => {}
            None => eprintln!("{line}"),
        }
    }
    child.wait().map_err(|error| error.to_string())?;
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::Seeds;

    #[test]
    fn arguments_come_in_any_order() {
        let seeds = Some(Seeds { from: 7, count: 3 });
        assert_eq!(Seeds::parse(&["--seeds", "3", "--from", "7"]), seeds);
        assert_eq!(Seeds::parse(&["--from", "7", "--seeds", "3"]), seeds);
        assert_eq!(Seeds::parse(&["--seeds", "3"]), Some(Seeds { from: 0, count: 3 }));
        for wrong in [&["--seeds"][..], &["--seeds", "x"], &["--from", "7"], &[]] {
            assert_eq!(Seeds::parse(wrong), None);
        }
    }

    #[test]
    fn parts_are_the_whole() {
        let parts = Seeds { from: 5, count: 7 }.parts(2);
        assert_eq!(parts, [Seeds { from: 5, count: 3 }, Seeds { from: 8, count: 4 }]);
        assert_eq!(Seeds { from: 5, count: 1 }.parts(4), [Seeds { from: 5, count: 1 }]);
    }
}
