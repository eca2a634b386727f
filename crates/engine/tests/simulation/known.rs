//! Stories that once broke a law, each in its shortest form.

use std::time::Duration;

use provider::sim::Trouble;

use super::{
    environment::{Block, Environment, Kind},
    story::{CallTrouble, Chapter, HomeKind, Run, RunKind, StepTrouble, Story, Troubles},
    tell,
};

#[track_caller]
fn check(story: &Story) {
    if let Some((law, _)) = tell::played(story).breach {
        panic!("{}", tell::told(story, law));
    }
}

fn environment(blocks: Vec<Block>) -> Environment {
    Environment { blocks, ..Environment::default() }
}

fn block(kind: Kind) -> Block {
    Block::new(kind, "n1".to_owned())
}

/// An apply with trouble at one call.
fn apply(call: usize, trouble: CallTrouble) -> Run {
    let troubles = Troubles { calls: [(call, trouble)].into(), ..Troubles::default() };
    Run { kind: RunKind::Apply, later: Duration::ZERO, ahead: Duration::ZERO, parallelism: 10, troubles }
}

fn chapter(environment: Environment, runs: Vec<Run>) -> Chapter {
    let runs = runs.into_iter().map(|run| vec![run]).collect();
    Chapter { environment, destroys: false, secrets: 0, outside: Vec::new(), runs, pause: Duration::from_secs(1) }
}

fn story(lag: u64, chapters: Vec<Chapter>) -> Story {
    Story { seed: 0, home: HomeKind::Disk, lag: Duration::from_secs(lag), chapters }
}

/// It was recorded when it was made, so that nothing is open; it does not show yet, and is not gone.
#[test]
fn what_a_signal_left_unfinished_may_not_show_yet() {
    let runs = vec![apply(1, CallTrouble::Interrupt), apply(9, CallTrouble::Cloud(Trouble::Refused))];
    check(&story(15, vec![chapter(environment(vec![block(Kind::Member)]), runs)]));
}

/// A look that fails tells nothing of what it was to find.
#[test]
fn what_a_failed_look_did_not_show_is_not_gone() {
    let mut second = apply(9, CallTrouble::Cloud(Trouble::Refused));
    second.troubles.reads.insert(1, Trouble::Expired);
    let runs = vec![apply(1, CallTrouble::Interrupt), second];
    check(&story(15, vec![chapter(environment(vec![block(Kind::Member)]), runs)]));
}

/// The delete stands for its sweep until both are done.
#[test]
fn a_sweep_that_fails_twice_is_still_to_be_done() {
    let runs =
        vec![apply(2, CallTrouble::Cloud(Trouble::StopBefore)), apply(1, CallTrouble::Cloud(Trouble::Unreachable))];
    let made = environment(vec![block(Kind::Parts)]);
    let destroyed = Chapter { destroys: true, ..chapter(made.clone(), runs) };
    check(&story(0, vec![chapter(made, Vec::new()), destroyed]));
}

/// A plan in a file was made when something new did not show yet: it is not made again when it does.
#[test]
fn a_saved_plan_makes_nothing_that_is_there_by_now() {
    let first = apply(1, CallTrouble::Interrupt);
    let second = Run { kind: RunKind::Saved, ..apply(9, CallTrouble::Cloud(Trouble::Refused)) };
    check(&story(15, vec![chapter(environment(vec![block(Kind::Member)]), vec![first, second])]));
}

/// The second try of a create is as young as when it was sent, however old the first is.
#[test]
fn a_create_that_was_sent_again_may_not_show_yet() {
    let mut first = apply(1, CallTrouble::Cloud(Trouble::LostBefore));
    first.troubles.calls.insert(2, CallTrouble::Cloud(Trouble::StopAfter));
    let second = apply(9, CallTrouble::Cloud(Trouble::Refused));
    check(&story(15, vec![chapter(environment(vec![block(Kind::Member)]), vec![first, second])]));
}

/// What another machine's clock says of a call's age is nothing to go by.
#[test]
fn the_clocks_of_two_machines_may_be_far_apart() {
    let first = apply(1, CallTrouble::Drop);
    let second = Run { ahead: Duration::from_secs(3600), ..apply(9, CallTrouble::Cloud(Trouble::Refused)) };
    let chapters = vec![chapter(environment(vec![block(Kind::Member)]), vec![first, second])];
    check(&Story { home: HomeKind::Bucket, ..story(15, chapters) });
}

/// Whoever slept past its lease sends nothing, wherever it slept.
#[test]
fn a_sleeper_sends_nothing_when_it_wakes() {
    for step in 1..30 {
        let mut sleeper = apply(99, CallTrouble::Interrupt);
        sleeper.troubles.steps.insert(step, StepTrouble::SleepAfter(3000));
        let other = Run { later: Duration::from_secs(200), ..apply(99, CallTrouble::Interrupt) };
        let first = chapter(environment(vec![block(Kind::Member)]), Vec::new());
        let first = Chapter { runs: vec![vec![sleeper, other]], ..first };
        check(&Story { home: HomeKind::Bucket, ..story(0, vec![first]) });
    }
}
