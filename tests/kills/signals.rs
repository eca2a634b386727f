//! Two at once, signals, and files that are not as they should be.

use std::fs;
use std::io::Write;

use crate::census::{agrees, ids};
use crate::systems;
use crate::world::{APPLY, ENVIRONMENT, End, Running, World};

fn advice() -> World {
    World::new(systems::ADVICE_IMAGES).written(&systems::advice())
}

/// The state is whole, and the next run goes on to the end.
#[track_caller]
fn goes_on(world: &World, after: &str) {
    world.must("apply");
    agrees(world, after);
    world.plans_nothing("apply");
}

#[test]
fn of_two_at_once_one_is_told_who_the_other_is() {
    let world = advice();
    let mut first = world.waiting();
    first.signal("STOP");
    for verb in ["apply", "destroy"] {
        world.go(verb).told(4, &["surveyor", "apply"]);
    }
    first.signal("CONT");
    first.wait().ended(0);
    agrees(&world, "two at once");
}

#[test]
fn readers_beside_a_run_say_so() {
    let world = advice();
    let mut run = world.waiting();
    run.signal("STOP");
    for verb in ["plan", "drift", "output"] {
        let said = world.run(&[verb, ENVIRONMENT]);
        assert_eq!(said.code, Some(0), "{}\n{}", said.out, said.err);
        assert!(format!("{}{}", said.out, said.err).contains("surveyor"), "{verb}: {}\n{}", said.out, said.err);
    }
    run.signal("CONT");
    assert_eq!(run.wait().code, Some(0));
}

#[test]
fn an_interrupt_ends_a_wait_and_leaves_it_to_the_next_run() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let world = advice();
        let mut run = world.waiting();
        run.signal(signal);
        let said = run.wait();
        assert_eq!(said.code, Some(code), "{}\n{}", said.out, said.err);
        assert!(said.err.contains("Stopping"), "{}", said.err);
        agrees(&world, signal);
        goes_on(&world, signal);
    }
}

#[test]
fn a_second_signal_ends_it_in_the_middle_of_a_call() {
    for (signals, code) in [(["INT", "INT"], 130), (["TERM", "INT"], 130), (["INT", "TERM"], 143)] {
        let world = advice();
        world.trouble("stop = { at = 3, when = \"after\" }");
        let mut run = Running::start(world.groma(APPLY));
        assert!(world.stopped_or_ended(&mut run).is_some());
        run.signal(signals[0]);
        run.wait_for("Stopping");
        assert!(!run.has_ended(), "a call is still in flight");
        run.signal(signals[1]);
        let said = run.wait();
        assert_eq!(said.code, Some(code), "{signals:?}: {}\n{}", said.out, said.err);
        world.trouble("");
        world.release();
        goes_on(&world, "a second signal");
    }
}

#[test]
fn a_destroy_that_is_interrupted_goes_on() {
    let world = advice();
    world.must("apply");
    let mut run = Running::start(world.groma(&["destroy", ENVIRONMENT, "--auto-approve"]));
    run.wait_for("waiting: App Runner to delete");
    run.signal("INT");
    let said = run.wait();
    assert_eq!(said.code, Some(130), "{}\n{}", said.out, said.err);
    // It is deleted while nobody looks.
    world.advance("10m");
    world.must("destroy");
    assert_eq!(ids(&world.dump()), Vec::<String>::new());
    world.plans_nothing("destroy");
}

#[test]
fn a_line_that_was_not_written_to_its_end_is_no_line() {
    let world = World::new(&[]);
    world.write(&systems::repository());
    let End::Killed(_) = world.killed("apply", 1, "before") else { panic!("it was not killed") };
    let journal = world.records().join("journal.jsonl");
    let text = fs::read_to_string(&journal).expect("there is a journal");
    for length in [text.len() - 1, text.len() / 2, 1] {
        let world = world.fork();
        fs::write(world.records().join("journal.jsonl"), &text[..length]).expect("a file can be written");
        goes_on(&world, "a torn line");
    }
    let mut file = fs::OpenOptions::new().append(true).open(&journal).expect("the journal can be opened");
    file.write_all(b"{\"n\":99,\"int").expect("it can be written");
    goes_on(&world, "a torn line behind a whole one");
}

#[test]
fn a_damaged_line_in_the_middle_stops_everything() {
    let world = World::new(&[]);
    world.write(&systems::repository());
    let End::Killed(_) = world.killed("apply", 2, "after") else { panic!("it was not killed") };
    let journal = world.records().join("journal.jsonl");
    let text = fs::read_to_string(&journal).expect("there is a journal");
    let damaged = text.replacen("\"n\":", "\"m\":", 1);
    assert_ne!(damaged, text);
    fs::write(&journal, damaged).expect("a file can be written");
    let calls = world.calls().len();
    let said = world.go("apply");
    assert_eq!(said.code, Some(1), "{}\n{}", said.out, said.err);
    assert!(said.err.contains("journal.jsonl"), "{}", said.err);
    assert_eq!(world.calls().len(), calls, "nothing is called while the journal cannot be read");
}

#[test]
fn nothing_is_called_where_nothing_can_be_recorded() {
    let world = World::new(&[]);
    world.write(&systems::repository());
    world.write_file(".groma", "a file where the folder belongs");
    let said = world.go("apply");
    assert_eq!(said.code, Some(1), "{}\n{}", said.out, said.err);
    assert!(said.err.contains(".groma"), "{}", said.err);
    assert_eq!(world.calls(), Vec::<String>::new());
}
