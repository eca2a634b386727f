//! Written earlier and not now.

use super::*;

#[test]
fn defaults_are_sent() {
    check("vpc(cidr=1, dns=false)", "vpc(cidr=1)", "~ vpc dns false→true");
    check("vpc(cidr=1, dns=true)", "vpc(cidr=1)", "= vpc");
}

#[test]
fn a_default_is_sent_once_and_then_not_ours() {
    let mut world = applied("vpc(cidr=1, dns=false)");
    let plan = ask(&world, "vpc(cidr=1)", &Ask::default()).unwrap();
    world.apply(&plan);
    check_in(world.clone(), "vpc(cidr=1)", &Ask::default(), "");
    world.live("vpc").attributes.insert("dns".to_owned(), false.into());
    check_in(world, "vpc(cidr=1)", &Ask::default(), "");
}

#[test]
fn some_are_cleared() {
    check("repo(name=a, rules={a: 1})", "repo(name=a)", "~ repo rules {a:1}→null");
    check("table(name=a, labels={a: 1})", "table(name=a)", "~ table labels {a:1}→null");
    let mut world = applied("repo(name=a, rules={a: 1})");
    let plan = ask(&world, "repo(name=a)", &Ask::default()).unwrap();
    assert_eq!(plan.changes.values().next().unwrap().cleared, BTreeSet::from(["rules".to_owned()]));
    world.apply(&plan);
    check_in(world, "repo(name=a)", &Ask::default(), "");
}

#[test]
fn others_stay() {
    check_reasons(applied("repo(name=a, days=20)"), "repo(name=a)", "repo: `days` is no longer managed, it stays 20");
    check("repo(name=a, days=20)", "repo(name=a)", "= repo");
    check_reasons(applied("subnet(note=n)"), "subnet", "subnet: `note` is no longer managed, it stays \"n\"");
}

#[test]
fn members_are_asked_one_by_one() {
    check(
        "repo(name=a, scan={on_push: true, mode: M, filter: f})",
        "repo(name=a, scan={mode: M})",
        "~ repo scan.on_push true→false scan.filter f→null",
    );
    check(
        "repo(name=a, scan={on_push: true, mode: M, filter: f})",
        "repo(name=a)",
        "~ repo scan.on_push true→false scan.filter f→null",
    );
    let mut world = applied("repo(name=a, scan={on_push: true, mode: M, filter: f})");
    let plan = ask(&world, "repo(name=a)", &Ask::default()).unwrap();
    world.apply(&plan);
    check_in(world, "repo(name=a)", &Ask::default(), "");
}

#[test]
fn never_a_replacement_of_what_holds_data() {
    check_reasons(
        applied("repo(name=a, cipher=kms)"),
        "repo(name=a)",
        "repo: `cipher` is no longer managed, it stays \"kms\"",
    );
}

#[test]
fn null_is_not_written() {
    check("subnet", "subnet(note=null)", "");
    check("vpc(cidr=1, dns=false)", "vpc(cidr=1, dns=null)", "~ vpc dns false→true");
}

#[test]
fn empty_is_written() {
    check(
        "apprunner_service(name=s, env={A: 1})",
        "apprunner_service(name=s, env={})",
        "~ apprunner_service env[\"A\"] 1→null",
    );
    check("apprunner_service(name=s, env={A: 1})", "apprunner_service(name=s)", "= apprunner_service");
}
