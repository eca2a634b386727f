//! Which action follows from what is written, recorded and live.

use model::{Condition, Health, Value};

use super::*;

#[test]
fn nothing_written_and_nothing_there_is_nothing() {
    check("", "", "");
}

#[test]
fn creates_what_is_missing() {
    check("", "vpc(cidr=10)", "+ vpc");
    check("vpc(cidr=10)", "subnet -> vpc; vpc(cidr=10)", "+ subnet");
}

#[test]
fn keeps_what_holds() {
    check("vpc(cidr=10)", "vpc(cidr=10)", "");
    check("subnet(vpc_id=$vpc.vpc_id); vpc(cidr=10)", "subnet(vpc_id=$vpc.vpc_id); vpc(cidr=10)", "");
}

#[test]
fn updates_in_place() {
    check("subnet(size=1)", "subnet(size=2)", "~ subnet size 1→2");
    check("subnet", "subnet(note=hello)", "~ subnet note null→hello");
}

#[test]
fn what_nobody_wrote_is_nobodys() {
    check_after(
        "subnet",
        |world| *world.live("subnet") = world.live("subnet").clone().with("note", "theirs"),
        "subnet",
        "",
    );
}

#[test]
fn mends_what_was_changed_outside() {
    check_after(
        "subnet(note=ours)",
        |world| *world.live("subnet") = world.live("subnet").clone().with("note", "theirs"),
        "subnet(note=ours)",
        "~ subnet note* theirs→ours",
    );
}

#[test]
fn records_what_already_holds() {
    check("subnet", "subnet(size=1)", "= subnet");
    check("subnet", "subnet !prevent", "= subnet");
    check("subnet; vpc(cidr=10)", "subnet -> vpc; vpc(cidr=10)", "= subnet");
    check("repo(name=a)", "repo(name=a, force_delete=true)", "= repo");
}

#[test]
fn creates_again_what_is_gone() {
    let mut world = applied("subnet(vpc_id=$vpc.vpc_id); vpc(cidr=10)");
    world.lose("vpc");
    check_reasons(
        world.clone(),
        "subnet(vpc_id=$vpc.vpc_id); vpc(cidr=10)",
        "subnet: forces replacement: `vpc_id`\nvpc: gone since the last run (`vpc-1`)",
    );
    check_in(
        world,
        "subnet(vpc_id=$vpc.vpc_id); vpc(cidr=10)",
        &Ask::default(),
        "+/- subnet vpc_id! vpc-1→?vpc.vpc_id\n+ vpc",
    );
}

#[test]
fn deletes_what_is_written_no_longer() {
    check("subnet; vpc(cidr=10)", "vpc(cidr=10)", "- subnet");
    check("subnet", "", "- subnet");
}

#[test]
fn forgets_what_is_gone_and_written_no_longer() {
    check_after("subnet", |world| world.lose("subnet"), "", "# subnet");
}

#[test]
fn retained_ones_are_forgotten() {
    check("subnet !retain", "", "# subnet");
    check("subnet", "removed subnet", "# subnet");
    check("subnet", "removed subnet delete", "- subnet");
}

#[test]
fn protected_ones_stop_the_plan() {
    let deleted = "error: protected from deletion: `subnet` would be deleted, but it has `prevent_destroy`";
    check("subnet !prevent", "", deleted);
    check(
        "vpc(cidr=10) !prevent",
        "vpc(cidr=11) !prevent",
        "error: protected from deletion: `vpc` would be replaced, but it has `prevent_destroy` (forces replacement: `cidr`)",
    );
    check("vpc(cidr=10) !prevent", "vpc(cidr=11)", "+/- vpc cidr! 10→11");
}

#[test]
fn tainted_ones_are_replaced() {
    let mut world = applied("repo(name=a)");
    world.recorded("repo").condition = Condition::Tainted;
    check_reasons(world.clone(), "repo(name=a)", "repo: its creation failed");
    check_in(world, "repo(name=a)", &Ask::default(), "-/+ repo");
    check_after(
        "subnet",
        |world| world.live("subnet").health = Health::Failed("CREATE_FAILED".to_owned()),
        "subnet",
        "+/- subnet",
    );
}

#[test]
fn busy_ones_are_compared_like_others() {
    check_after("subnet", |world| world.live("subnet").health = Health::Busy("UPDATING".to_owned()), "subnet", "");
}

#[test]
fn incomplete_ones_are_finished() {
    let mut world = applied("subnet(note=a)");
    world.recorded("subnet").condition = Condition::Incomplete;
    world.live("subnet").attributes.insert("note".to_owned(), Value::Null);
    check_reasons(
        world.clone(),
        "subnet(note=a)",
        "subnet: an earlier run did not finish it; changed outside since the last run: `note`",
    );
    check_in(world, "subnet(note=a)", &Ask::default(), "! subnet note* null→a");
}

/// A database has no address while it is made: those who need it wait for it, and do not take it for nothing.
#[test]
fn incomplete_ones_may_get_what_they_lack() {
    let mut world = applied("apprunner_service(name=s, image=1)");
    world.recorded("apprunner_service").condition = Condition::Incomplete;
    for name in ["url", "status"] {
        world.recorded("apprunner_service").computed.remove(name);
        world.live("apprunner_service").attributes.insert(name.to_owned(), Value::Null);
    }
    let desired = "apprunner_service(name=s, image=1); subnet(note=$apprunner_service.url)";
    let plan = ask(&world, desired, &Ask::default()).unwrap();
    let note = &plan.changes[&dsl::address("subnet")].want["note"];
    assert_eq!(value(note), "?apprunner_service.url");
}

#[test]
fn old_objects_of_interrupted_replacements_are_deleted() {
    let mut world = applied("vpc(cidr=10)");
    let plan = ask(&world, "vpc(cidr=11)", &Ask::default()).unwrap();
    world.apply_until(&plan, 1);
    check_reasons(world.clone(), "vpc(cidr=11)", "vpc: the old `vpc-1` of an interrupted replacement is deleted");
    check_steps(&world, "vpc(cidr=11)", &Ask::default(), "put vpc\nremove vpc-1 < put vpc");
    check_steps(&world, "", &Ask::default(), "remove vpc-1\nremove vpc-2");
}

#[test]
fn replaces_what_is_asked_for() {
    check_in(applied("subnet"), "subnet", &Ask { replace: &["subnet"], ..Ask::default() }, "+/- subnet");
    check_in(
        applied(""),
        "subnet",
        &Ask { replace: &["subnet"], ..Ask::default() },
        "error: nothing to replace: `subnet` is not both written and recorded, so there is nothing to replace",
    );
}

#[test]
fn another_region_is_a_replacement() {
    check("repo(name=a)", "repo(name=a) @there", "+/- repo");
    check("iam_role(name=a)", "iam_role(name=a) @there", "");
}

#[test]
fn every_mistake_is_told_at_once() {
    check(
        "",
        "subnet(note=$vpc.nothing); vpc(cidr=$subnet.nope)\nrepo(name=$absent.a)",
        "error: resources that wait for each other: subnet.x → vpc.x → subnet.x",
    );
    let two =
        shown(&ask(&World::new(), "vpc(cidr=1); subnet(note=$vpc.nothing)\nrepo(name=$vpc.nope)", &Ask::default()));
    assert_eq!(two.lines().count(), 2, "{two}");
}

#[test]
fn reasons_name_what_asked() {
    check_reasons(
        applied("subnet(size=1); vpc(cidr=10)"),
        "subnet(size=2, note=b); vpc(cidr=11)",
        "subnet: `size`, `note` change in place\nvpc: forces replacement: `cidr`",
    );
    check_reasons(
        applied("subnet[\"a\"]; subnet[\"b\"]; vpc.v(cidr=1); module.m.vpc(cidr=1)"),
        "subnet[\"a\"]",
        "subnet.x[\"b\"]: its `for_each` has no key \"b\" any more\nvpc.v: no longer written\nmodule.m.vpc: `module.m` is no longer there",
    );
}

#[test]
fn ignored_paths_are_left_alone() {
    check("subnet(note=a)", "subnet(note=b) !ignore=note", "= subnet");
    check_after(
        "subnet(note=a) !ignore=note",
        |world| *world.live("subnet") = world.live("subnet").clone().with("note", "theirs"),
        "subnet(note=a) !ignore=note",
        "",
    );
    check(
        "repo(name=a, scan={on_push: true, mode: A}) !ignore=scan.mode",
        "repo(name=a, scan={on_push: false, mode: B}) !ignore=scan.mode",
        "~ repo scan.on_push true→false",
    );
    check(
        "vpc(cidr=1, tags={a: 1, b: 1}) !ignore=tags.a",
        "vpc(cidr=1, tags={a: 2, b: 2}) !ignore=tags.a",
        "~ vpc tags[\"b\"] 1→2",
    );
}

#[test]
fn an_update_does_not_send_what_is_ignored() {
    let mut world = applied("repo(name=a, scan={on_push: true, mode: A}) !ignore=scan.mode");
    let scan: BTreeMap<String, Value> =
        BTreeMap::from([("on_push".to_owned(), true.into()), ("mode".to_owned(), "theirs".into())]);
    world.live("repo").attributes.insert("scan".to_owned(), scan.into());
    let desired = "repo(name=a, scan={on_push: false, mode: A}) !ignore=scan.mode";
    let plan = ask(&world, desired, &Ask::default()).unwrap();
    assert_eq!(value(&plan.changes.values().next().unwrap().want["scan"]), "{mode:theirs,on_push:false}");
    world.apply(&plan);
    check_in(world, desired, &Ask::default(), "");
}

#[test]
fn outputs_say_before_and_after() {
    check("", "output url = $vpc.vpc_id\nvpc(cidr=1)", "+ vpc\noutput url null→?vpc.vpc_id");
    check("output url = $vpc.vpc_id\nvpc(cidr=1)", "output url = $vpc.vpc_id\nvpc(cidr=1)", "");
    check("output url = a", "output url = b", "output url a→b");
    check("output url = a", "", "output url a→null");
}

#[test]
fn differences_name_the_innermost_place() {
    let before = applied("repo(name=a, scan={on_push: false}, tags={t: 1})");
    let plan = ask(&before, "repo(name=a, scan={on_push: true}, tags={t: 2}, days=3)", &Ask::default()).unwrap();
    let differences = &plan.changes.values().next().unwrap().differences;
    let columns: Vec<_> =
        differences.iter().map(|found| (found.path.as_str(), found.place.as_ref().unwrap().column)).collect();
    assert_eq!(columns, [("scan.on_push", 20), ("days", 49), ("tags[\"t\"]", 42)]);
}
