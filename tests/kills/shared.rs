//! A state in S3: killed at each call, its own requests among them; two at once; one that sleeps past its lease; cancelled.

use crate::census::agrees;
use crate::stops::{Places, applied, check};
use crate::systems;
use crate::world::{APPLY, ENVIRONMENT, Running, World};

fn made(images: &[&str], environment: &str) -> World {
    applied(World::shared(images), environment)
}

#[test]
fn a_repository_is_made() {
    check(&World::shared(&[]), &systems::repository(), "apply", Places::Few);
}

#[test]
fn a_repository_is_changed() {
    check(&made(&[], &systems::repository()), &systems::repository_changed(), "apply", Places::Few);
}

#[test]
fn a_repository_is_replaced() {
    check(&made(&[], &systems::repository()), &systems::repository_renamed(), "apply", Places::Few);
}

#[test]
fn a_repository_is_destroyed() {
    let environment = systems::repository();
    check(&made(&[], &environment), &environment, "destroy", Places::Few);
}

#[test]
fn a_system_is_made() {
    check(&World::shared(systems::ADVICE_IMAGES), &systems::advice(), "apply", Places::Rare);
}

#[test]
fn a_system_is_changed() {
    check(&made(systems::ADVICE_IMAGES, &systems::advice()), &systems::advice_changed(), "apply", Places::Rare);
}

#[test]
fn a_system_is_replaced() {
    let images = ["friendly-advice-columnist:latest", "friendlier-advice:latest"];
    check(&made(&images, &systems::advice()), &systems::advice_renamed(), "apply", Places::Rare);
}

#[test]
fn a_system_is_destroyed() {
    let environment = systems::advice();
    check(&made(systems::ADVICE_IMAGES, &environment), &environment, "destroy", Places::Rare);
}

fn advice() -> World {
    World::shared(systems::ADVICE_IMAGES).written(&systems::advice())
}

/// A heartbeat keeps the lease through a wait that is longer than it: nobody gets in.
#[test]
fn of_two_at_once_one_is_told_who_the_other_is() {
    let world = advice();
    let mut first = world.waiting();
    let beat = || world.lease()["beat"].as_u64();
    let before = beat();
    while beat() < before.map(|beat| beat + 8) {
        assert!(!first.has_ended(), "{}", first.progress());
    }
    world.run(APPLY).told(4, &["surveyor", "apply", "its lease ends"]);
    first.wait().ended(0);
    agrees(&world, "two at once");
}

/// One that stood still past its lease wakes up when another has gone on: it sends nothing more.
#[test]
fn who_slept_past_its_lease_sends_nothing() {
    let world = advice();
    let mut sleeper = world.waiting();
    sleeper.signal("STOP");
    let said = world.go("apply");
    assert_eq!(said.code, Some(0), "{}\n{}", said.out, said.err);
    let calls = world.calls().len();
    sleeper.signal("CONT");
    let said = sleeper.wait();
    assert_eq!(said.code, Some(4), "{}\n{}", said.out, said.err);
    assert!(said.err.contains("is in other hands"), "{}", said.err);
    // It has asked for its lease, and was refused.
    let later = world.calls().split_off(calls);
    assert!(later.iter().all(|call| call == "s3:PutObject"), "{later:?}: {}", said.err);
    agrees(&world, "a sleeper");
    world.plans_nothing("apply");
}

/// The first signal is enough for the lease: nobody waits for it to end.
#[test]
fn who_is_cancelled_gives_the_lease_back() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let world = advice();
        let mut run = world.waiting();
        run.signal(signal);
        let said = run.wait();
        assert_eq!(said.code, Some(code), "{}\n{}", said.out, said.err);
        assert_eq!(world.lease()["released"], true);
        world.must("apply");
        agrees(&world, signal);
    }
}

/// As CI cancels a job: SIGINT, then SIGTERM, then SIGKILL. A call that nobody answers is left to the journal, and the lease
/// is given back all the same.
#[test]
fn who_is_cancelled_in_the_middle_of_a_call_gives_the_lease_back() {
    let world = advice();
    world.trouble("[[rule]]\non = \"iam:CreateRole\"\nnth = [1]\ndoes = \"hang\"");
    let mut run = Running::start(world.groma(APPLY));
    run.wait_for("iam_role");
    run.signal("INT");
    run.wait_for("Stopping");
    assert!(!run.has_ended(), "a call is still in flight");
    run.signal("TERM");
    let said = run.wait();
    assert_eq!(said.code, Some(143), "{}\n{}", said.out, said.err);
    assert_eq!(world.lease()["released"], true);
    world.trouble("");
    world.release();
    world.must("apply");
    agrees(&world, "cancelled in a call");
    world.plans_nothing("apply");
}

#[test]
fn a_dead_ones_lock_is_shown_and_ended() {
    let world = advice();
    let mut run = world.waiting();
    run.kill();
    world.run(&["unlock", ENVIRONMENT, "--auto-approve"]).ended(0);
    world.must("apply");
    agrees(&world, "an unlocked state");
}
