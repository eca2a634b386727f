//! Secrets compare by fingerprint and are never written down.

use model::{SecretSource, WrittenKind};

use super::*;

#[test]
fn equal_secrets_are_kept() {
    check("table(name=t, password=~PW)", "table(name=t, password=~PW)", "");
}

#[test]
fn a_changed_secret_is_an_update() {
    check("table(name=t, password=~PW)", "table(name=t, password=~PW2)", "~ table password (secret)→(secret)");
}

#[test]
fn plain_text_in_a_secret_attribute_is_secret() {
    check("table(name=t, password=open)", "table(name=t, password=open)", "");
    check("table(name=t, password=open)", "table(name=t, password=sesame)", "~ table password (secret)→(secret)");
}

#[test]
fn a_secret_that_was_not_given_is_not_compared() {
    let how = Ask { no_secrets: true, ..Ask::default() };
    let text = "table(name=t, password=~PW)";
    check_in(
        applied(text),
        text,
        &how,
        "warning: secret not given: `table`: `password` cannot be compared, since this run was not given its value",
    );
    check_in(World::new(), text, &how, "+ table");
}

#[test]
fn without_the_key_a_secret_is_sent_again_but_never_replaces() {
    let how = Ask { no_key: true, ..Ask::default() };
    check_in(
        applied("table(name=t, password=~PW)"),
        "table(name=t, password=~PW)",
        &how,
        "~ table password (secret)→(secret, not given)",
    );
}

#[test]
fn write_only_is_compared_with_what_was_applied() {
    check("table(name=t, token=a)", "table(name=t, token=a)", "");
    check("table(name=t, token=a)", "table(name=t, token=b)", "~ table token a→b");
}

#[test]
fn no_plan_holds_a_secret() {
    let text = "table(name=t, password=~PW); apprunner_service(name=s, env={P: ~PW}); output o = ~PW";
    let plan = ask(&World::new(), text, &Ask::default()).unwrap();
    let json = serde_json::to_string(&plan).unwrap();
    assert!(!json.contains("hunter"), "{json}");
    let table = &plan.changes[&dsl::address("table")];
    let expected = WrittenKind::Secret(SecretSource::Env("PW".to_owned()));
    assert_eq!(table.residuals["password"].kind, expected);
    assert!(plan.outputs["o"].secret);
}

#[test]
fn a_generated_secret_is_made_once() {
    let mut world = applied("table(name=t, password=^16)");
    check_in(world.clone(), "table(name=t, password=^16)", &Ask::default(), "");
    check_in(
        world.clone(),
        "table(name=t, password=^32)",
        &Ask::default(),
        "~ table password (secret)→(secret, not given)",
    );
    world.live("table").attributes.remove("password");
    check_in(world, "table(name=t, password=^16)", &Ask::default(), "");
}

#[test]
fn who_refers_to_a_secret_that_is_made_anew_gets_the_new_one() {
    let text = "table(name=t, password=^16); table.other(name=o, password=$table.password)";
    check(text, text, "");
    check(
        text,
        "table(name=t, password=^32); table.other(name=o, password=$table.password)",
        "~ table.other password (secret)→(secret, not given)\n~ table password (secret)→(secret, not given)",
    );
}

#[test]
fn secret_outputs_settle() {
    let text = "output o = ~PW";
    check(text, text, "");
    check_in(applied(text), text, &Ask { no_secrets: true, ..Ask::default() }, "");
    check(text, "output o = ~PW2", "output o (secret)→(secret)");
}
