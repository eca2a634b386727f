//! Answers that never come, refusals that pass, and a network that fails: groma ends where it would have ended without them,
//! by itself or with one more run.

use std::collections::BTreeSet;
use std::fs;

use regex::Regex;
use tests::project::{files, repository};

use crate::census::{agrees, essence, same};
use crate::systems;
use crate::world::{World, all_asked};

/// Carries an environment out with this trouble, then without; the same must come of it as `expected`.
#[track_caller]
fn check(start: &World, environment: &str, verb: &str, trouble: &str, expected: &[String]) {
    let world = start.fork();
    world.write(environment);
    world.trouble(trouble);
    let first = world.go(verb);
    world.trouble("");
    if first.code != Some(0) {
        agrees_so_far(&first.code, trouble);
        let second = world.go(verb);
        assert_eq!(
            second.code,
            Some(0),
            "with {trouble}: {}\n{}\nthen: {}\n{}",
            first.out,
            first.err,
            second.out,
            second.err
        );
    }
    agrees(&world, trouble);
    same(&essence(&world.dump()), expected, trouble);
    world.plans_nothing(verb);
}

/// Trouble with the world ends with 1, never as a bug.
#[track_caller]
fn agrees_so_far(code: &Option<i32>, trouble: &str) {
    assert_eq!(*code, Some(1), "with {trouble}");
}

/// An undisturbed run: what comes of it, and which operations it sends.
#[track_caller]
fn undisturbed(start: &World, environment: &str, verb: &str) -> (Vec<String>, BTreeSet<String>) {
    let world = start.fork();
    world.write(environment);
    world.must(verb);
    agrees(&world, "undisturbed");
    world.plans_nothing(verb);
    (essence(&world.dump()), world.calls().into_iter().collect())
}

/// Loses the first answer of each operation in turn.
#[track_caller]
fn loses_each(start: &World, environment: &str, verb: &str) {
    let (expected, operations) = undisturbed(start, environment, verb);
    assert!(!operations.is_empty());
    // Where not all are asked for, every fifth is tried.
    for operation in operations.into_iter().step_by(if all_asked() { 1 } else { 5 }) {
        let trouble = format!("[[rule]]\non = \"{operation}\"\nnth = [1]\ndoes = \"lose\"");
        check(start, environment, verb, &trouble, &expected);
    }
}

fn made() -> World {
    let world = World::new(systems::EVERYTHING_IMAGES);
    world.write(&systems::everything());
    world.must("apply");
    world
}

/// A world in which these were carried out, one after the other.
fn after(steps: &[(String, &str)]) -> World {
    let world = World::new(&[]);
    for (environment, verb) in steps {
        world.write(environment);
        world.must(verb);
    }
    world
}

#[test]
fn of_each_call_that_makes() {
    loses_each(&World::new(systems::EVERYTHING_IMAGES), &systems::everything(), "apply");
}

#[test]
fn of_each_call_that_changes() {
    loses_each(&made(), &systems::everything_changed(), "apply");
}

#[test]
fn of_each_call_that_takes_away() {
    loses_each(&made(), &systems::everything_bare(), "apply");
}

#[test]
fn of_each_call_that_deletes() {
    loses_each(&made(), &systems::everything(), "destroy");
}

#[test]
fn of_calls_that_pause_and_resume() {
    let world = made();
    loses_each(&world, &systems::everything_paused(), "apply");
    world.write(&systems::everything_paused());
    world.must("apply");
    loses_each(&world, &systems::everything(), "apply");
}

#[test]
fn of_each_call_that_makes_a_store() {
    loses_each(&World::new(&[]), &systems::stored(), "apply");
}

#[test]
fn of_each_call_that_changes_a_store() {
    loses_each(&after(&[(systems::stored(), "apply")]), &systems::stored_changed(), "apply");
}

#[test]
fn of_each_call_that_changes_a_store_back() {
    let steps = [(systems::stored(), "apply"), (systems::stored_changed(), "apply")];
    loses_each(&after(&steps), &systems::stored(), "apply");
}

#[test]
fn of_each_call_that_deletes_a_store() {
    loses_each(&after(&[(systems::stored_changed(), "apply")]), &systems::stored_changed(), "destroy");
}

/// A secret that waits for its deletion is brought back.
#[test]
fn of_each_call_that_makes_a_store_again() {
    let steps = [(systems::stored(), "apply"), (systems::stored(), "destroy")];
    let start = after(&steps);
    let trouble = "[[rule]]\non = \"secretsmanager:RestoreSecret\"\nnth = [1]\ndoes = \"lose\"";
    let (expected, operations) = undisturbed(&start, &systems::stored(), "apply");
    assert!(operations.contains("secretsmanager:RestoreSecret"), "{operations:?}");
    check(&start, &systems::stored(), "apply", trouble, &expected);
}

/// One answer lost is one deployment, and the next one is asked for by a person.
#[test]
fn of_a_deployment() {
    let world = made();
    world.trouble("[[rule]]\non = \"apprunner:StartDeployment\"\nnth = [1]\ndoes = \"lose\"");
    let said = world.run(&["deploy", crate::world::ENVIRONMENT]);
    assert!([Some(0), Some(1)].contains(&said.code), "{}\n{}", said.out, said.err);
    let deployments = |world: &World| world.calls().iter().filter(|call| *call == "apprunner:StartDeployment").count();
    assert_eq!(deployments(&world), 1, "{}\n{}", said.out, said.err);
    // Nobody knows whether it was begun: the service is looked at once more.
    world.must("apply");
    world.plans_nothing("apply");
    let said = world.run(&["deploy", crate::world::ENVIRONMENT]);
    assert_eq!(said.code, Some(0), "{}\n{}", said.out, said.err);
    assert_eq!(deployments(&world), 2);
}

/// Whatever the crate can send and no journey above sends would never be lost.
#[test]
fn no_operation_is_left_out() {
    let mut sent = BTreeSet::new();
    let world = World::new(systems::EVERYTHING_IMAGES);
    let everything = [
        (systems::everything(), "apply"),
        (systems::everything_changed(), "apply"),
        (systems::everything(), "apply"),
        (systems::everything_bare(), "apply"),
        (systems::everything_paused(), "apply"),
        (systems::everything(), "apply"),
    ];
    for (environment, verb) in everything {
        world.write(&environment);
        // A name that was let go of is free again after a while.
        world.advance("45m");
        world.must(verb);
    }
    assert_eq!(world.run(&["deploy", crate::world::ENVIRONMENT]).code, Some(0));
    world.must("destroy");
    sent.extend(world.calls());
    let stored = [
        (systems::stored(), "apply"),
        (systems::stored_changed(), "apply"),
        (systems::stored(), "apply"),
        (systems::stored(), "destroy"),
        (systems::stored(), "apply"),
    ];
    sent.extend(after(&stored).calls());
    let known = operations();
    assert!(known.len() > 80, "the operations stand somewhere else now: {known:?}");
    let missing: Vec<&String> = known.difference(&sent).collect();
    assert!(missing.is_empty(), "never sent, so never lost: {missing:?}");
}

/// Every operation that changes something and that a type names, from the sources.
fn operations() -> BTreeSet<String> {
    let named = Regex::new(r#""([a-z0-9]+:[A-Z][A-Za-z]+)""#).expect("a pattern is written right");
    let reads = Regex::new(":(BatchGet|Describe|Filter|Get|List)").expect("a pattern is written right");
    let mut found = BTreeSet::new();
    for file in files(&repository("crates/aws/src")) {
        let text = fs::read_to_string(&file).expect("a source is text");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        found.extend(named.captures_iter(code).map(|found| found[1].to_owned()));
    }
    found.retain(|operation| SERVICES.iter().any(|name| operation.starts_with(name)) && !reads.is_match(operation));
    found
}

const SERVICES: &[&str] =
    &["apprunner:", "dynamodb:", "ec2:", "ecr:", "iam:", "logs:", "rds:", "secretsmanager:", "ssm:"];

/// Every tenth call or so goes wrong, in one of four ways.
fn rough(seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let kinds = ["throttle", "fail", "reset", "lose"];
    let rules = kinds.map(|does| {
        let nth: Vec<u64> = (1..2000).filter(|_| next() % 40 == 0).collect();
        format!("[[rule]]\non = \"*\"\nnth = {nth:?}\ndoes = \"{does}\"\n")
    });
    rules.concat()
}

/// IAM tells the services of a role a while after it has told its maker.
#[test]
fn of_a_role_that_is_not_known_everywhere_yet() {
    let start = World::new(systems::EVERYTHING_IMAGES);
    let world = start.fork();
    world.write(&systems::everything());
    world.trouble("role_propagation = \"40s\"");
    world.must("apply");
    agrees(&world, "slow roles");
    world.plans_nothing("apply");
}

#[test]
fn on_a_rough_day() {
    let (nothing, everything) = (World::new(systems::EVERYTHING_IMAGES), made());
    let (made, _) = undisturbed(&nothing, &systems::everything(), "apply");
    let (changed, _) = undisturbed(&everything, &systems::everything_changed(), "apply");
    let (destroyed, _) = undisturbed(&everything, &systems::everything(), "destroy");
    for seed in 1..=if all_asked() { 6 } else { 1 } {
        check(&nothing, &systems::everything(), "apply", &rough(seed), &made);
        check(&everything, &systems::everything_changed(), "apply", &rough(seed), &changed);
        check(&everything, &systems::everything(), "destroy", &rough(seed), &destroyed);
    }
}
