//! Stories that once broke a law, each in its shortest form.

use std::time::Duration;

use provider::sim::Trouble;

use super::{
    environment::{Block, Environment, Kind},
    story::{CallTrouble, Chapter, HomeKind, Run, RunKind, Story, Troubles},
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
