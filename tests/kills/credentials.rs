//! Credentials that expire while a run is under way, and a service that has had too many calls.

use crate::census::agrees;
use crate::systems;
use crate::world::{ENVIRONMENT, World};

const APPLY: &[&str] = &["apply", ENVIRONMENT, "--auto-approve"];

/// From the `nth` call on that matches, the credentials are too old.
fn expired_from(on: &str, nth: u64) -> String {
    let nth: Vec<u64> = (nth..nth + 2000).collect();
    let words = "The security token included in the request is expired";
    format!(
        "[[rule]]\non = \"{on}\"\nnth = {nth:?}\ndoes = \"refuse\"\ncode = \"ExpiredToken\"\nmessage = \"{words}\"\n"
    )
}

/// The run ends with 1 and the command that logs in; what is recorded is what exists; the next run ends what was begun.
#[track_caller]
fn check(on: &str, nth: u64) {
    let world = World::new(systems::ADVICE_IMAGES);
    world.write(&systems::advice());
    world.trouble(&expired_from(on, nth));
    let said = world.run(APPLY);
    let place = format!("expired from call {nth} of {on} on");
    assert_eq!(said.code, Some(1), "{place}: {}\n{}", said.out, said.err);
    let words = format!("{}{}", said.out, said.err);
    assert!(words.contains("aws sso login"), "{place}, nobody says how to log in: {words}");
    let calls = world.calls().len();
    world.trouble("");
    agrees(&world, &place);
    assert_eq!(world.calls().len(), calls, "nothing goes on by itself");
    world.must("apply");
    agrees(&world, &place);
    world.plans_nothing("apply");
}

#[test]
fn that_expire_in_the_middle_of_a_wait() {
    // The service is being made, and asked after again and again.
    check("apprunner:ListOperations", 2);
    check("apprunner:DescribeService", 3);
}

#[test]
fn that_expire_between_two_calls() {
    for nth in [30, 45, 60] {
        check("*", nth);
    }
}

#[test]
fn that_expire_before_anything_was_called() {
    let world = World::new(systems::ADVICE_IMAGES);
    world.write(&systems::advice());
    world.trouble(&expired_from("*", 1));
    let said = world.run(APPLY);
    assert_eq!(said.code, Some(1), "{}\n{}", said.out, said.err);
    assert!(said.err.contains("aws sso login"), "{}", said.err);
    assert_eq!(world.calls(), Vec::<String>::new());
    assert!(!world.records().join("state.json").exists());
}
