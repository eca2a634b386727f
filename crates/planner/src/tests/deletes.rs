//! What goes, and in which order.

use super::*;

#[test]
fn users_go_first() {
    check_steps(
        &applied("subnet(vpc_id=$vpc.vpc_id); vpc(cidr=1)"),
        "",
        &Ask::default(),
        "remove subnet-2\nremove vpc-1 < remove subnet-2",
    );
}

#[test]
fn a_plan_in_which_users_may_go_last_is_not_sound() {
    let mut plan = ask(&applied("subnet(vpc_id=$vpc.vpc_id); vpc(cidr=1)"), "", &Ask::default()).unwrap();
    plan.steps.iter_mut().for_each(|step| step.after.clear());
    assert_eq!(crate::verify(&plan), Err(vec!["`vpc.x` may go before `subnet.x`, which uses it".to_owned()]));
}

#[test]
fn whole_modules_go_in_order() {
    check_steps(
        &applied("module.m.subnet(note=$vpc.vpc_id); module.m.vpc(cidr=1); repo(name=r)"),
        "repo(name=r)",
        &Ask::default(),
        "remove subnet-3\nremove vpc-1 < remove subnet-3",
    );
}

#[test]
fn destroy_takes_everything() {
    let all = Ask { destroy: true, ..Ask::default() };
    let before = "subnet(vpc_id=$vpc.vpc_id); vpc(cidr=1); output url = $vpc.vpc_id";
    check_in(applied(before), before, &all, "- subnet\n- vpc\noutput url vpc-1→null");
    check_in(applied(before), "", &all, "- subnet\n- vpc\noutput url vpc-1→null");
    check_steps(&applied(before), "", &all, "remove subnet-2\nremove vpc-1 < remove subnet-2");
}

#[test]
fn destroy_tolerates_what_cannot_be_evaluated() {
    let all = Ask { destroy: true, ..Ask::default() };
    check_in(applied("repo(name=r)"), "repo(name=$absent.arn, force_delete=$absent.arn)", &all, "- repo");
}

#[test]
fn destroy_keeps_what_is_retained_and_stops_at_what_is_protected() {
    let all = Ask { destroy: true, ..Ask::default() };
    check_in(applied("repo(name=r) !retain; vpc(cidr=1)"), "", &all, "# repo\n- vpc");
    check_in(applied("repo(name=r); vpc(cidr=1)"), "repo(name=r) !retain", &all, "# repo\n- vpc");
    let refused = "error: protected from deletion: `repo` would be deleted, but it has `prevent_destroy`";
    check_in(applied("repo(name=r) !prevent"), "", &all, refused);
    check_in(applied("repo(name=r) !prevent"), "repo(name=r)", &all, refused);
    check_in(applied("repo(name=r)"), "repo(name=r) !prevent", &all, refused);
}

#[test]
fn arguments_of_deletion_come_from_toml_or_state() {
    let all = Ask { destroy: true, ..Ask::default() };
    let arguments = |world: &World, text: &str| {
        let plan = ask(world, text, &all).unwrap();
        let change = plan.changes.values().next().unwrap().clone();
        value(&Value::Map(change.delete_arguments))
    };
    let world = applied("repo(name=r, force_delete=true)");
    assert_eq!(arguments(&world, ""), "{force_delete:true}");
    assert_eq!(arguments(&world, "repo(name=r, force_delete=false)"), "{force_delete:false}");
    assert_eq!(arguments(&applied("repo(name=r)"), "repo(name=r, force_delete=true)"), "{force_delete:true}");
}

#[test]
fn marked_references_turn_the_order_around() {
    let before = "log(name=\"/aws/${apprunner_service.x.url}\"); apprunner_service(name=s)";
    check_steps(
        &applied(before),
        "",
        &Ask::default(),
        "remove apprunner_service-1\nremove log-2 < remove apprunner_service-1",
    );
    let all = Ask { destroy: true, ..Ask::default() };
    check_steps(
        &applied(before),
        before,
        &all,
        "remove apprunner_service-1\nremove log-2 < remove apprunner_service-1",
    );
}

#[test]
fn some_types_go_before_others_without_a_reference() {
    check_steps(
        &applied("apprunner_service(name=s); iam_role(name=r); apprunner_vpc_connector(name=c)"),
        "",
        &Ask::default(),
        "remove apprunner_service-1
         remove apprunner_vpc_connector-2 < remove apprunner_service-1
         remove iam_role-3 < remove apprunner_service-1",
    );
}

#[test]
fn a_recorded_circle_is_opened() {
    let mut world = applied("subnet.a -> subnet.b; subnet.b");
    world.recorded("subnet.b").dependencies.insert(dsl::address("subnet.a"));
    let plan = ask(&world, "", &Ask::default()).unwrap();
    assert_eq!(plan.steps.iter().map(|step| step.after.len()).sum::<usize>(), 1);
}

#[test]
fn the_recorded_region_counts() {
    let mut world = applied("repo(name=r)");
    world.recorded("repo").region = "there".to_owned();
    let plan = ask(&world, "", &Ask::default()).unwrap();
    assert_eq!(plan.changes.values().next().unwrap().region, "there");
}
