//! What happens under one seed: environments, what is done behind our back, runs and their trouble.

use std::{collections::BTreeMap, time::Duration};

use provider::sim::Trouble;

use super::{dice::Dice, edits::Author, environment::Environment};

/// Everything that a seed makes.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    pub(crate) seed: u64,
    pub(crate) home: HomeKind,
    /// How long reads do not show what is new.
    pub(crate) lag: Duration,
    pub(crate) chapters: Vec<Chapter>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HomeKind {
    Disk,
    Bucket,
}

/// One edit, and the runs until it holds.
#[derive(Debug, Clone)]
pub(crate) struct Chapter {
    pub(crate) environment: Environment,
    pub(crate) destroys: bool,
    /// Which secrets the runs are given.
    pub(crate) secrets: usize,
    pub(crate) outside: Vec<Outside>,
    pub(crate) runs: Vec<Together>,
    /// Between the last of these runs and the one that nobody disturbs.
    pub(crate) pause: Duration,
}

/// Something that others do to the cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outside {
    /// What a block has made goes.
    Delete(String),
    /// Its size changes.
    Grow(String, usize),
    /// Its ownership tags go.
    Untag(String),
    /// Somebody sets a tag of their own.
    Tag(String),
    /// Somebody makes something of their own.
    Make(String, usize),
}

/// Runs that happen at the same time.
pub(crate) type Together = Vec<Run>;

/// One process.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) kind: RunKind,
    /// It begins so much later than the first.
    pub(crate) later: Duration,
    /// Its clock is so much before the others'.
    pub(crate) ahead: Duration,
    pub(crate) parallelism: usize,
    pub(crate) troubles: Troubles,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RunKind {
    Apply,
    /// A plan is kept in a file and carried out later.
    Saved,
    /// A block, by its name.
    Target(String),
    /// A plan without the lock.
    Plan,
}

/// What goes wrong in one process, by the number of the request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Troubles {
    pub(crate) calls: BTreeMap<usize, CallTrouble>,
    pub(crate) reads: BTreeMap<usize, Trouble>,
    pub(crate) steps: BTreeMap<usize, StepTrouble>,
    /// Nothing can be written all the time.
    pub(crate) read_only: bool,
    /// When the process ends early, the machine goes with it.
    pub(crate) power_cut: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CallTrouble {
    Cloud(Trouble),
    /// The first signal comes while it is under way.
    Interrupt,
    /// The second.
    Drop,
}

/// What happens at one step of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepTrouble {
    /// The process ends; of a write on a disk so many bytes are done, of a request to a bucket all or nothing.
    End(usize),
    /// The process ends after the step, before it hears of it.
    EndAfter,
    Full(usize),
    Broken,
    Lost,
    Unheard,
    Late,
    /// The machine sleeps for so many seconds, before the step or after it.
    Sleep(u64),
    SleepAfter(u64),
}

impl Story {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let home = if seed % 3 == 2 { HomeKind::Bucket } else { HomeKind::Disk };
        let lag = Duration::from_secs(if dice.chance(50) { dice.below(20) as u64 } else { 0 });
        let mut author = Author::new(Dice::new(dice.next()));
        let mut environment = author.environment();
        let mut chapters = Vec::new();
        let mut secrets = 0;
        for number in 0..dice.within(2, 5) {
            let mut outside = Vec::new();
            if number > 0 {
                author.edit(&mut environment);
                outside = (0..dice.below(3)).filter_map(|_| behind(&mut dice, &environment)).collect();
            }
            if dice.chance(15) {
                let size = dice.below(9);
                outside.push(Outside::Make(author.import(&mut environment), size));
            }
            secrets += usize::from(dice.chance(15));
            let destroys = number > 0 && dice.chance(10);
            chapters.push(chapter(&mut dice, environment.clone(), destroys, secrets, outside, home));
        }
        chapters.push(chapter(&mut dice, environment, true, secrets, Vec::new(), home));
        Self { seed, home, lag, chapters }
    }
}

/// Something done behind our back to one of the blocks.
fn behind(dice: &mut Dice, environment: &Environment) -> Option<Outside> {
    if environment.blocks.is_empty() {
        return None;
    }
    let name = dice.pick(&environment.blocks).name.clone();
    Some(match dice.below(6) {
        0 | 1 => Outside::Delete(name),
        2 => Outside::Untag(name),
        3 => Outside::Tag(name),
        _ => Outside::Grow(name, dice.within(10, 12)),
    })
}

fn chapter(
    dice: &mut Dice,
    environment: Environment,
    destroys: bool,
    secrets: usize,
    outside: Vec<Outside>,
    home: HomeKind,
) -> Chapter {
    let runs = (0..dice.below(4)).map(|_| together(dice, &environment, destroys, home)).collect();
    let pause = Duration::from_secs(*dice.pick(&[1, 5, 60, 400, 4000]));
    Chapter { environment, destroys, secrets, outside, runs, pause }
}

fn together(dice: &mut Dice, environment: &Environment, destroys: bool, home: HomeKind) -> Together {
    let mut runs = vec![run(dice, environment, destroys, home)];
    if dice.chance(if home == HomeKind::Bucket { 60 } else { 15 }) {
        let mut second = run(dice, environment, destroys, home);
        second.later = Duration::from_millis(dice.below(90_000) as u64);
        if home == HomeKind::Disk {
            // One machine, one clock and one power supply.
            second.ahead = runs[0].ahead;
            runs[0].troubles.power_cut = false;
            second.troubles.power_cut = false;
        }
        runs.push(second);
    }
    runs
}

fn run(dice: &mut Dice, environment: &Environment, destroys: bool, home: HomeKind) -> Run {
    let kind = match dice.below(12) {
        0 | 1 => RunKind::Saved,
        2 if !destroys && !environment.blocks.is_empty() => {
            RunKind::Target(dice.pick(&environment.blocks).name.clone())
        }
        3 => RunKind::Plan,
        _ => RunKind::Apply,
    };
    let ahead = if home == HomeKind::Bucket && dice.chance(30) { dice.below(7200) as u64 } else { 0 };
    Run {
        kind,
        later: Duration::ZERO,
        ahead: Duration::from_secs(ahead),
        parallelism: *dice.pick(&[1, 2, 10]),
        troubles: troubles(dice, home),
    }
}

fn troubles(dice: &mut Dice, home: HomeKind) -> Troubles {
    let mut troubles = Troubles { power_cut: dice.chance(50), ..Troubles::default() };
    // Some runs have a bad network, some one bad moment.
    let rate = *dice.pick(&[0, 5, 25]);
    for n in 1..40 {
        if dice.chance(rate) {
            let trouble = *dice.pick(&PASSING);
            troubles.calls.insert(n, CallTrouble::Cloud(trouble));
        }
        if dice.chance(rate / 2) {
            troubles.reads.insert(n, *dice.pick(&READS));
        }
    }
    match dice.below(10) {
        0..3 => {
            let end = *dice.pick(&[Trouble::StopBefore, Trouble::StopAfter]);
            troubles.calls.insert(dice.within(1, 14), CallTrouble::Cloud(end));
        }
        3 => drop(troubles.reads.insert(dice.within(1, 20), Trouble::StopBefore)),
        4 | 5 => {
            let end =
                *dice.pick(&[StepTrouble::End(0), StepTrouble::End(7), StepTrouble::End(300), StepTrouble::EndAfter]);
            troubles.steps.insert(dice.within(1, 70), end);
        }
        6 => {
            let end = *dice.pick(&[CallTrouble::Interrupt, CallTrouble::Drop, CallTrouble::Cloud(Trouble::Expired)]);
            troubles.calls.insert(dice.within(1, 12), end);
        }
        7 if home == HomeKind::Disk => {
            let trouble = *dice.pick(&[StepTrouble::Full(0), StepTrouble::Full(40), StepTrouble::Broken]);
            let first = dice.within(1, 60);
            // A full disk stays full.
            let last = if dice.chance(50) { first } else { first + 100 };
            troubles.steps.extend((first..=last).map(|n| (n, trouble)));
        }
        8 if home == HomeKind::Disk => troubles.read_only = dice.chance(30),
        _ => {}
    }
    if home == HomeKind::Bucket {
        let rate = *dice.pick(&[0, 3, 10]);
        for n in 1..60 {
            if dice.chance(rate) {
                let trouble = *dice.pick(&[StepTrouble::Lost, StepTrouble::Unheard, StepTrouble::Late]);
                troubles.steps.insert(n, trouble);
            }
        }
        if dice.chance(40) {
            let long = *dice.pick(&[20, 61, 95, 200, 3000]);
            let sleep = *dice.pick(&[StepTrouble::Sleep(long), StepTrouble::SleepAfter(long)]);
            troubles.steps.insert(dice.within(1, 40), sleep);
        }
    }
    troubles
}

const PASSING: [Trouble; 8] = [
    Trouble::Throttled,
    Trouble::Throttled,
    Trouble::Passing,
    Trouble::TooNew,
    Trouble::LostBefore,
    Trouble::LostAfter,
    Trouble::Unreachable,
    Trouble::Refused,
];

const READS: [Trouble; 4] = [Trouble::Throttled, Trouble::LostBefore, Trouble::Unreachable, Trouble::Expired];
