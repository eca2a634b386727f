//! Exit codes: 0 done, 1 failed, 2 differences where they were asked for, 4 locked, 64 wrong command line. (130 and 143 are
//! in `signals`.)

use std::fs;

use crate::systems;
use crate::world::{ENVIRONMENT, World};

#[track_caller]
fn check(world: &World, line: &str, code: i32) {
    let arguments: Vec<&str> = line.split_whitespace().collect();
    let said = world.run(&arguments);
    assert_eq!(said.code, Some(code), "groma {line}: {}\n{}", said.out, said.err);
}

#[test]
fn of_a_life() {
    let world = World::new(&["plain:latest"]);
    world.write(&systems::repository());
    check(&world, "validate dev", 0);
    check(&world, "plan dev", 0);
    check(&world, "plan dev --detailed-exitcode", 2);
    // Nobody can be asked.
    check(&world, "apply dev", 64);
    check(&world, "apply dev --auto-approve", 0);
    check(&world, "apply dev --auto-approve", 0);
    check(&world, "plan dev --detailed-exitcode", 0);
    check(&world, "drift dev --detailed-exitcode", 0);
    check(&world, "output dev", 0);
    check(&world, "output dev nothing", 1);
    check(&world, "state show dev ecr_repository.other", 1);
    check(&world, "state show dev ecr_repository.app", 0);
    // Somebody else deletes it.
    let state = world.records().join("state.json");
    let kept = fs::read(&state).expect("there is a state");
    check(&world, "destroy dev --auto-approve", 0);
    fs::write(&state, kept).expect("a file can be written");
    check(&world, "drift dev", 0);
    check(&world, "drift dev --detailed-exitcode", 2);
}

#[test]
fn of_blockers() {
    let world = World::new(&["plain:latest"]);
    world.write(&systems::changed(&systems::repository(), "force_delete    = true", ""));
    check(&world, "apply dev --auto-approve", 0);
    let calls = world.calls().len();
    check(&world, "destroy dev --check", 2);
    check(&world, "destroy dev --auto-approve", 1);
    assert_eq!(world.calls().len(), calls, "it refuses before the first call");
    check(&world, "destroy dev --check --delete-images", 0);
    check(&world, "destroy dev --auto-approve --delete-images", 0);
}

#[test]
fn of_mistakes() {
    let world = World::new(&[]);
    world.write(&systems::changed(&systems::repository(), "repository_name", "repositori_name"));
    check(&world, "validate dev", 1);
    check(&world, "plan dev", 1);
    check(&world, "plan dev --detailed-exitcode", 1);
    check(&world, "apply dev --auto-approve", 1);
    check(&world, "plan nowhere", 1);
    for line in ["", "survey dev", "plan", "plan dev --fast", "apply dev --parallelism 0", "plan dev --format pdf"] {
        check(&world, line, 64);
    }
    for line in ["--help", "--version", "plan --help"] {
        check(&world, line, 0);
    }
}

#[test]
fn of_a_service_that_fails() {
    let world = World::new(&[]);
    world.write(&systems::advice());
    check(&world, "apply dev --auto-approve", 1);
    check(&world, "destroy dev --auto-approve", 0);
}

/// AWS's time is nobody's to change, and nothing is called before that is said.
#[test]
fn of_haste_where_aws_would_be_called() {
    let world = World::new(&[]);
    world.write(&systems::repository());
    let mut command = world.groma(&["plan", ENVIRONMENT]);
    command.env_remove("AWS_ENDPOINT_URL");
    let said = crate::world::finish(&mut command);
    assert_eq!(said.code, Some(1), "{}\n{}", said.out, said.err);
    assert!(said.err.contains("--local-speed"), "{}", said.err);
}
