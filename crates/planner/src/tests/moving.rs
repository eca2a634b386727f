//! `[moved]`, and moves that nobody declared.

use super::*;

#[test]
fn a_move_changes_only_the_address() {
    check("repo.a(name=r)", "moved repo.a -> repo.b; repo.b(name=r)", "> repo.b");
    check_steps(&applied("repo.a(name=r)"), "moved repo.a -> repo.b; repo.b(name=r)", &Ask::default(), "record repo.b");
}

#[test]
fn a_move_goes_with_a_change() {
    check("repo.a(name=r)", "moved repo.a -> repo.b; repo.b(name=r, days=1)", "~ repo.b days null→1");
    let plan =
        ask(&applied("repo.a(name=r)"), "moved repo.a -> repo.b; repo.b(name=r, days=1)", &Ask::default()).unwrap();
    assert_eq!(plan.changes.values().next().unwrap().moved_from, Some(dsl::address("repo.a")));
}

#[test]
fn a_move_goes_with_what_the_state_alone_must_learn() {
    check("repo.a(name=r)", "moved repo.a -> repo.b; repo.b(name=r) !retain", "> repo.b");
}

#[test]
fn references_follow() {
    let before = "subnet(note=$vpc.a.vpc_id); vpc.a(cidr=1)";
    let after = "moved vpc.a -> vpc.b; subnet(note=$vpc.b.vpc_id); vpc.b(cidr=1)";
    check(before, after, "> vpc.b");
    let mut world = applied(before);
    let plan = ask(&world, after, &Ask::default()).unwrap();
    world.apply(&plan);
    check_in(world, after, &Ask::default(), "");
}

#[test]
fn references_follow_a_move_of_an_earlier_run() {
    let mut world = applied("subnet(note=$vpc.a.vpc_id); vpc.a(cidr=1)");
    let vpc = world.state.resources.remove(&dsl::address("vpc.a")).unwrap();
    world.state.resources.insert(dsl::address("vpc.b"), vpc);
    check_in(world, "moved vpc.a -> vpc.b; subnet(note=$vpc.b.vpc_id); vpc.b(cidr=1)", &Ask::default(), "");
}

#[test]
fn instances_and_modules_move() {
    check("repo[\"a\"](name=r)", "moved repo.x[\"a\"] -> repo.x[\"b\"]; repo[\"b\"](name=r)", "> repo.x[\"b\"]");
    check("repo.o[\"a\"](name=r)", "moved repo.o -> repo.n; repo.n[\"a\"](name=r)", "> repo.n[\"a\"]");
    check("module.a.repo(name=r)", "moved module.a -> module.b; module.b.repo(name=r)", "> module.b.repo");
    check("repo(name=r)", "moved repo.x -> module.m.repo.x; module.m.repo(name=r)", "> module.m.repo");
}

#[test]
fn a_finished_move_does_nothing() {
    check("repo.b(name=r)", "moved repo.a -> repo.b; repo.b(name=r)", "");
}

#[test]
fn a_move_onto_something_is_refused() {
    check(
        "repo.a(name=r); repo.b(name=s)",
        "moved repo.a -> repo.b; repo.b(name=s)",
        "error: move to an address in use: `repo.a` cannot become `repo.b`: the state holds both",
    );
    check(
        "repo(name=r)",
        "moved repo.x -> vpc.x; vpc(cidr=1)",
        "error: move between types: `repo` and `vpc` are of different types",
    );
}

#[test]
fn one_identity_is_never_deleted_and_created() {
    let refused = ask(&applied("repo.a(name=r)"), "repo.b(name=r)", &Ask::default()).unwrap_err();
    assert_eq!(refused.diagnostics.len(), 1);
    assert_eq!(refused.diagnostics[0].summary, "looks like a move");
    assert_eq!(refused.diagnostics[0].hints[0], "to keep it, add:\n[moved]\n\"repo.a\" = \"repo.b\"");
}

#[test]
fn another_name_is_another_thing() {
    check("repo.a(name=r)", "repo.b(name=s)", "- repo.a\n+ repo.b");
    check("vpc.a(cidr=1)", "vpc.b(cidr=1)", "- vpc.a\n+ vpc.b");
}
