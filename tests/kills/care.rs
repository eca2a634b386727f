//! A state in S3 looked after: moved there and back, pulled, pushed, looked back at; and what is said when S3 says no.

use serde_json::Value;
use tests::bucket;

use crate::census::agrees;
use crate::systems;
use crate::world::{ENVIRONMENT, Said, World};

/// Runs a command; its exit code and these words must come of it.
#[track_caller]
fn check(world: &World, arguments: &[&str], code: i32, words: &[&str]) -> Said {
    let said = world.run(arguments);
    assert_eq!(said.code, Some(code), "{arguments:?}: {}\n{}", said.out, said.err);
    let all = flat(&format!("{}{}", said.out, said.err));
    for words in words {
        assert!(all.contains(words), "{arguments:?}: `{words}` is not in: {all}");
    }
    said
}

/// Without the breaks of lines that a narrow terminal makes.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn in_files() -> String {
    systems::repository()
}

fn in_s3() -> String {
    format!("{}{}", in_files(), bucket::toml())
}

#[test]
fn a_state_moves_to_s3_and_back() {
    let world = World::new(&[]);
    world.make_bucket();
    world.write(&in_files());
    world.must("apply");
    world.write(&in_s3());
    for verb in ["plan", "apply", "destroy"] {
        check(&world, &[verb, ENVIRONMENT], 1, &["the state is still in files", "groma state migrate dev"]);
    }
    check(&world, &["state", "migrate", ENVIRONMENT], 64, &["nobody can be asked"]);
    let migrate = ["state", "migrate", ENVIRONMENT, "--auto-approve"];
    check(&world, &migrate, 0, &["both held the same 1 resource,", "s3://groma-test-state/team/dev"]);
    world.plans_nothing("apply");
    check(&world, &migrate, 1, &["the state has moved", "to s3://groma-test-state/team/dev"]);
    // Whoever still has the old environment is told.
    world.write(&in_files());
    check(&world, &["plan", ENVIRONMENT], 1, &["the state has moved", "to s3://groma-test-state/team/dev"]);
    check(&world, &migrate, 0, &["both held the same 1 resource,"]);
    world.plans_nothing("apply");
    agrees(&world, "moved there and back");
    world.write(&in_s3());
    check(
        &world,
        &["plan", ENVIRONMENT],
        1,
        &["the state has moved from s3://groma-test-state/team/dev", "take `[state]` out"],
    );
}

#[test]
fn a_secret_is_as_unchanged_after_a_move_as_before() {
    let secret = r#"
[environment]
region = "us-east-2"
[variable.word]
type = "string"
secret = true
[resource.ssm_parameter.word]
name  = "/word"
type  = "SecureString"
value = "${var.word}"
"#;
    let world = World::new(&[]);
    world.make_bucket();
    world.write(secret);
    let given = ["--var", "word=correct-horse-battery"];
    check(&world, &[&["apply", ENVIRONMENT, "--auto-approve"], &given[..]].concat(), 0, &["1 created"]);
    world.write(&format!("{secret}{}", bucket::toml()));
    check(&world, &["state", "migrate", ENVIRONMENT, "--auto-approve"], 0, &["both held the same"]);
    check(&world, &[&["plan", ENVIRONMENT, "--detailed-exitcode"], &given[..]].concat(), 0, &["Nothing to do"]);
}

#[test]
fn earlier_states_are_listed_and_brought_back() {
    let world = World::shared(&[]);
    world.write(&systems::repository());
    world.must("apply");
    world.write(&systems::repository_changed());
    world.must("apply");
    let said = check(&world, &["state", "history", ENVIRONMENT, "--json"], 0, &[]);
    let past: Vec<Value> = serde_json::from_str(&said.out).expect("a list in JSON");
    assert!(past.len() >= 2, "{}", said.out);
    assert!(past.windows(2).all(|two| two[0]["serial"].as_u64() > two[1]["serial"].as_u64()), "{}", said.out);
    let made = past.iter().rfind(|one| one["resources"] == 1).expect("one has the repository");
    let version = made["version"].as_str().expect("a version has a name");
    let old = check(&world, &["state", "pull", ENVIRONMENT, "--version", version], 0, &["\"serial\""]).out;
    world.write_file("old.json", &old);
    let file = world.project().join("old.json");
    let push = ["state", "push", ENVIRONMENT, file.to_str().expect("a path is text")];
    check(&world, &push, 1, &["is newer"]);
    check(&world, &[&push[..], &["--force"]].concat(), 0, &["Pushed: 1 resource,"]);
    agrees(&world, "an older state");
    world.must("apply");
    world.plans_nothing("apply");
    check(&world, &["state", "history", ENVIRONMENT], 0, &["serial written"]);
    check(&world, &["state", "pull", ENVIRONMENT, "--version", "none"], 1, &["has no version"]);
}

#[test]
fn two_environments_do_not_share_a_key() {
    let world = World::shared(&[]);
    world.write(&systems::repository());
    world.must("apply");
    world.write_file("environments/prod.toml", &in_s3());
    let words = ["is the one of environment `dev`, not of `prod`", "a `key` of its own"];
    check(&world, &["plan", "prod"], 1, &words);
    check(&world, &["apply", "prod", "--auto-approve"], 1, &words);
}

/// Who may read alone can plan, and is told what an apply needs before anything is called.
#[test]
fn a_plan_needs_no_right_to_write() {
    let world = World::shared(&[]);
    world.write(&systems::repository());
    let refused = |operation: &str, permission: &str| {
        format!(
            "[[rule]]\non = \"{operation}\"\ndoes = \"refuse\"\ncode = \"AccessDenied\"\nmessage = \"User: arn:aws:iam::1:user/ci is not authorized to perform: {permission} on resource: it\"\n"
        )
    };
    let rules = [
        ("s3:PutObject", "s3:PutObject"),
        ("s3:DeleteObject*", "s3:DeleteObject"),
        ("ssm:PutParameter", "ssm:PutParameter"),
    ];
    world.trouble(&rules.map(|(operation, permission)| refused(operation, permission)).concat());
    check(&world, &["plan", ENVIRONMENT], 0, &["1 to create"]);
    check(
        &world,
        &["apply", ENVIRONMENT, "--auto-approve"],
        1,
        &["`s3:PutObject` is not allowed", "allow `s3:PutObject` on it"],
    );
    let made = |call: &String| !call.starts_with("s3:") && !call.starts_with("ssm:");
    assert!(!world.calls().iter().any(made), "{:?}", world.calls());
    world.trouble("");
    world.must("apply");
    agrees(&world, "allowed again");
}

#[test]
fn a_bucket_that_is_not_there_is_told() {
    let world = World::new(&[]);
    world.write(&in_s3());
    check(&world, &["plan", ENVIRONMENT], 1, &["there is no such bucket", "check `bucket` in `[state] s3`"]);
}
