//! No secret is written down: whatever a run keeps or says is searched for its secrets, in every form they could take.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tests::secrets::{forms, held};

use crate::world::{ENVIRONMENT, Said, World, files};

/// Holds what JSON, URLs, HTML and shells write otherwise than it is.
const FIRST: &str = "Xq\"7/+ü&<pass>%w0rd'\\z\tB";
const SECOND: &str = "Kf\"9/+ö&<word>%p4ss'\\y\tD";

const CHATTY: &str = r#"
[environment]
region = "us-east-2"

[variable.image]
type    = "string"
default = "latest"

[variable.password]
type    = "string"
secret  = true
default = { secret = { env = "DB_PASSWORD" } }

[environment.local]
images = ["chatty:latest"]

[resource.ecr_repository.app]
repository_name = "chatty"
force_delete    = true

[resource.iam_role.access]
role_name           = "chatty"
managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess"]
[resource.iam_role.access.assume_role_policy_document]
Version   = "2012-10-17"
Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "build.apprunner.amazonaws.com" } }]

[resource.apprunner_service.app]
service_name = "chatty"
[resource.apprunner_service.app.source_configuration]
auto_deployments_enabled     = false
authentication_configuration = { access_role_arn = "${iam_role.access.arn}" }
[resource.apprunner_service.app.source_configuration.image_repository]
image_identifier      = "${ecr_repository.app.repository_uri}:${var.image}"
image_repository_type = "ECR"
[resource.apprunner_service.app.source_configuration.image_repository.image_configuration.runtime_environment_variables]
DB_PASSWORD = "${var.password}"
DB_URL      = "postgres://app:${var.password}@db.example.org/chat"
DB_BASE64   = '${base64encode("app:${var.password}")}'
FROM_FILE   = { secret = { file = "login.txt" } }

[output.repository]
value = "${ecr_repository.app.repository_uri}"
"#;

#[track_caller]
fn clean(text: &[u8], place: &str) {
    for secret in [FIRST, SECOND] {
        let found = held(text, secret);
        assert!(found.is_empty(), "{place} holds a secret as {found:?}:\n{}", String::from_utf8_lossy(text));
    }
}

/// Searches all that a run has said, and all that is on disk but what the user wrote.
#[track_caller]
fn keeps_quiet(world: &World, said: &Said, code: i32, doing: &str) {
    assert_eq!(said.code, Some(code), "{doing}: {}\n{}", said.out, said.err);
    clean(said.out.as_bytes(), &format!("standard output of {doing}"));
    clean(said.err.as_bytes(), &format!("standard error of {doing}"));
    for file in files(&world.project()).iter().filter(|file| !written_by_the_user(&world.project(), file)) {
        clean(&fs::read(file).expect("a file can be read"), &format!("{} after {doing}", file.display()));
    }
}

fn written_by_the_user(project: &Path, file: &Path) -> bool {
    file.starts_with(project.join("environments")) || file.ends_with("login.txt")
}

#[test]
fn a_planted_secret_is_found_in_every_form() {
    for (name, form) in forms(FIRST) {
        let text = format!("before {form} behind");
        assert!(held(text.as_bytes(), FIRST).contains(&name), "{name}");
        assert!(!held(text.as_bytes(), SECOND).contains(&name), "{name}");
    }
    for ahead in ["", "a", "ab", "abc"] {
        let text = STANDARD.encode(format!("{ahead}{FIRST}behind"));
        assert!(!held(text.as_bytes(), FIRST).is_empty(), "behind `{ahead}`");
    }
}

fn chatty() -> World {
    let world = World::new(&["chatty:latest"]);
    world.write(CHATTY);
    world.write_file("login.txt", SECOND);
    world
}

fn run(world: &World, password: &str, arguments: &[&str]) -> Said {
    let mut command = world.groma(arguments);
    command.env("DB_PASSWORD", password);
    crate::world::finish(&mut command)
}

#[test]
fn a_whole_life_says_and_keeps_none() {
    let world = chatty();
    let plan_file = world.project().join("saved.plan");
    let plan_file = plan_file.to_str().expect("a path of text");
    let all = ["text", "json", "markdown", "html"];
    for format in all {
        let said = run(&world, FIRST, &["plan", ENVIRONMENT, "--format", format]);
        keeps_quiet(&world, &said, 0, &format!("plan as {format}"));
    }
    let said = run(&world, FIRST, &["plan", ENVIRONMENT, "--out", plan_file]);
    keeps_quiet(&world, &said, 0, "plan --out");
    keeps_quiet(&world, &run(&world, FIRST, &["apply", plan_file]), 0, "apply of a saved plan");
    // What the service got is the secret in full: without this there would be nothing to find.
    let kept = fs::read(world.cloud_file("world.json")).expect("the cloud keeps its world");
    for secret in [FIRST, SECOND] {
        assert!(held(&kept, secret).contains(&"JSON".to_owned()), "the service never got its secret");
    }
    keeps_quiet(&world, &run(&world, FIRST, &["plan", ENVIRONMENT, "--detailed-exitcode"]), 0, "the next plan");
    for format in all {
        let said = run(&world, SECOND, &["plan", ENVIRONMENT, "--detailed-exitcode", "--format", format]);
        keeps_quiet(&world, &said, 2, &format!("plan of another secret as {format}"));
    }
    let said = run(&world, SECOND, &["plan", ENVIRONMENT, "--out", plan_file]);
    keeps_quiet(&world, &said, 0, "plan --out of another secret");
    keeps_quiet(&world, &run(&world, SECOND, &["apply", plan_file]), 0, "apply of a saved plan of another secret");
    let said = run(&world, FIRST, &["apply", ENVIRONMENT, "--auto-approve", "--format", "json"]);
    keeps_quiet(&world, &said, 0, "apply of the first secret again");
    let said = run(&world, SECOND, &["apply", ENVIRONMENT, "--auto-approve"]);
    keeps_quiet(&world, &said, 0, "apply of another secret");
    keeps_quiet(&world, &run(&world, SECOND, &["plan", ENVIRONMENT, "--detailed-exitcode"]), 0, "the plan after it");
    keeps_quiet(&world, &world.run(&["plan", ENVIRONMENT]), 0, "a plan without the secret");
    keeps_quiet(&world, &world.go("apply"), 1, "an apply without the secret");
    keeps_quiet(&world, &world.run(&["drift", ENVIRONMENT, "--detailed-exitcode"]), 0, "drift");
    keeps_quiet(&world, &world.run(&["output", ENVIRONMENT, "--json"]), 0, "output");
    let show = ["state", "show", ENVIRONMENT, "apprunner_service.app", "--json"];
    keeps_quiet(&world, &world.run(&show), 0, "state show");
    keeps_quiet(&world, &world.go("destroy"), 0, "destroy");
}

#[test]
fn an_application_that_logs_its_secret_as_it_crashes_is_hushed() {
    let world = chatty();
    keeps_quiet(&world, &run(&world, FIRST, &["apply", ENVIRONMENT, "--auto-approve"]), 0, "apply");
    let line = format!("cannot log in with {FIRST} at postgres://app:{FIRST}@db ({})", STANDARD.encode(FIRST));
    world.push(&["chatty:broken", "--crash", &line]);
    for format in ["text", "json"] {
        let arguments = ["apply", ENVIRONMENT, "--auto-approve", "--var", "image=broken", "--format", format];
        let said = run(&world, FIRST, &arguments);
        assert!(format!("{}{}", said.out, said.err).contains("cannot log in with"), "the log is shown: {said:?}");
        keeps_quiet(&world, &said, 1, "an apply whose application fails");
    }
    keeps_quiet(&world, &run(&world, FIRST, &["plan", ENVIRONMENT]), 0, "the plan after it");
    keeps_quiet(&world, &world.go("destroy"), 0, "destroy");
}

#[test]
fn a_value_that_aws_refuses_is_not_repeated() {
    let world = chatty();
    let long = CHATTY.replace("DB_URL ", "AWSAPPRUNNER_URL ");
    assert_ne!(long, CHATTY);
    world.write(&long);
    let said = run(&world, FIRST, &["apply", ENVIRONMENT, "--auto-approve"]);
    keeps_quiet(&world, &said, 1, "an apply that is refused");
}

#[test]
fn a_run_that_is_killed_leaves_none() {
    let world = chatty();
    for when in ["before", "after"] {
        for at in 1..=4 {
            world.trouble(&format!("stop = {{ at = {at}, when = \"{when}\" }}"));
            let mut command = world.groma(&["apply", ENVIRONMENT, "--auto-approve"]);
            command.env("DB_PASSWORD", FIRST);
            let mut run = crate::world::Running::start(command);
            if world.stopped_or_ended(&mut run).is_some() {
                run.kill();
            }
            world.trouble("");
            world.release();
            let said = Said { code: Some(0), ..run.wait() };
            keeps_quiet(&world, &said, 0, &format!("a run killed {when} call {at}"));
        }
    }
    keeps_quiet(&world, &run(&world, FIRST, &["apply", ENVIRONMENT, "--auto-approve"]), 0, "the next apply");
}
