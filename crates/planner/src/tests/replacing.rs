//! Which half of a replacement goes first, and who stands in the way.

use super::*;

#[test]
fn create_first_where_no_name_clashes() {
    check("vpc(cidr=1)", "vpc(cidr=2)", "+/- vpc cidr! 1→2");
    check("repo(name=a)", "repo(name=b)", "+/- repo name! a→b");
    check("rev(name=a, value=1)", "rev(name=a, value=2)", "+/- rev value! 1→2");
}

#[test]
fn delete_first_where_the_name_is_fixed() {
    check("repo(name=a)", "repo(name=a, encryption=kms)", "-/+ repo encryption! null→kms");
}

#[test]
fn what_is_lost_is_said() {
    let plan = ask(&applied("repo(name=a); vpc(cidr=1)"), "repo(name=b); vpc(cidr=2)", &Ask::default()).unwrap();
    let loses: Vec<_> = plan.changes.values().map(|change| change.loses.join(", ")).collect();
    assert_eq!(loses, ["all its images", ""]);
}

#[test]
fn the_order_can_be_asked_for() {
    check("vpc(cidr=1) !dbc", "vpc(cidr=2) !dbc", "-/+ vpc cidr! 1→2");
    check("repo(name=a)", "repo(name=b) !cbd", "+/- repo name! a→b");
    check(
        "repo(name=a)",
        "repo(name=a, encryption=kms) !cbd",
        "error: replacement cannot be created first: `repo` has `create_before_destroy`, but its name stays the same and can exist only once",
    );
}

#[test]
fn create_first_gives_way_to_a_fixed_name_below() {
    check(
        "subnet(vpc_id=$repo.digest); repo(name=r)",
        "subnet(vpc_id=$repo.digest); repo(name=r, encryption=kms)",
        "-/+ repo encryption! null→kms\n-/+ subnet vpc_id! repo-1→?repo.digest",
    );
    check(
        "subnet(vpc_id=$repo.digest); repo(name=r)",
        "subnet(vpc_id=$repo.digest) !cbd; repo(name=r, encryption=kms)",
        "error: replacement cannot be created first: `subnet` has `create_before_destroy`, but it uses `repo`, which is replaced and must be deleted first",
    );
}

#[test]
fn create_first_spreads_to_what_it_uses() {
    check(
        "subnet(vpc_id=$vpc.vpc_id); vpc(cidr=1)",
        "subnet(vpc_id=$vpc.vpc_id) !cbd; vpc(cidr=2)",
        "+/- subnet vpc_id! vpc-1→?vpc.vpc_id\n+/- vpc cidr! 1→2",
    );
}

#[test]
fn a_user_that_stays_stops_a_delete_first() {
    check(
        "subnet(note=$repo.arn); repo(name=r)",
        "subnet(note=$repo.arn); repo(name=r, encryption=kms)",
        "error: something in use would be deleted first: `repo` is replaced and its name stays, so the old one would be deleted first; `subnet` still uses it (forces replacement: `encryption`)",
    );
    check_in(
        applied("subnet(note=$repo.arn); repo(name=r)"),
        "subnet(note=$repo.arn); repo(name=r, encryption=kms)",
        &Ask { replace: &["subnet"], ..Ask::default() },
        "-/+ repo encryption! null→kms\n-/+ subnet",
    );
}

#[test]
fn a_user_that_follows_does_not() {
    check(
        "subnet(note=$repo.digest); repo(name=r)",
        "subnet(note=$repo.digest); repo(name=r, encryption=kms)",
        "-/+ repo encryption! null→kms\n~ subnet note repo-1→?repo.digest",
    );
}

#[test]
fn a_user_that_lets_go_does_not() {
    let world = applied("subnet(note=$repo.arn); repo(name=r)");
    let desired = "subnet(note=free); repo(name=r, encryption=kms)";
    check_in(
        world.clone(),
        desired,
        &Ask::default(),
        "-/+ repo encryption! null→kms\n~ subnet note arn:123456789012:r→free",
    );
    check_steps(&world, desired, &Ask::default(), "put repo < remove repo-1\nremove repo-1 < put subnet\nput subnet");
}

#[test]
fn what_aws_refuses_while_in_use_stops_the_plan() {
    let before = "apprunner_service(name=s, connector=$apprunner_vpc_connector.arn); apprunner_vpc_connector(name=c, subnets=[a])";
    let after = "apprunner_service(name=s, connector=$apprunner_vpc_connector.arn); apprunner_vpc_connector(name=c, subnets=[b])";
    let refused = ask(&applied(before), after, &Ask::default()).unwrap_err();
    let hints = &refused.diagnostics[0].hints;
    assert_eq!(
        hints.iter().map(|hint| hint.replace(".x`", "`").replace(".x'", "'")).collect::<Vec<_>>(),
        [
            "write `name_prefix` instead of `name` in `apprunner_vpc_connector`: then the new one is made beside the old one",
            "or replace the user too: `--replace 'apprunner_service'`",
        ]
    );
}

#[test]
fn a_prefix_lets_old_and_new_live_side_by_side() {
    let text = |subnet: &str| {
        format!(
            "apprunner_service(name=s, connector=$apprunner_vpc_connector.arn); apprunner_vpc_connector(name_prefix=c-, subnets=[{subnet}])"
        )
    };
    let mut world = applied(&text("a"));
    check_in(world.clone(), &text("a"), &Ask::default(), "");
    let plan = ask(&world, &text("b"), &Ask::default()).unwrap();
    assert_eq!(
        shown(&Ok(plan.clone())),
        "~ apprunner_service connector apprunner_vpc_connector-1→?apprunner_vpc_connector.arn\n+/- apprunner_vpc_connector subnets! [a]→[b]"
    );
    let name = |world: &mut World| value(&world.live("apprunner_vpc_connector").attributes["name"]);
    let old = name(&mut world);
    world.apply(&plan);
    assert_ne!(name(&mut world), old);
    assert_eq!(old.len(), "c-".len() + 8);
    check_in(world, &text("b"), &Ask::default(), "");
}

#[test]
fn a_prefix_may_take_over_from_a_name() {
    check(
        "apprunner_vpc_connector(name=c, subnets=[a])",
        "apprunner_vpc_connector(name_prefix=c-, subnets=[a])",
        "= apprunner_vpc_connector",
    );
}

#[test]
fn parts_go_with_the_whole() {
    let text = |path: &str| format!("iam_role_policy(role=$iam_role.name, name=p); iam_role(name=r, path={path})");
    check(&text("/a"), &text("/b"), "-/+ iam_role path! /a→/b\n-/+ iam_role_policy");
    check_steps(
        &applied(&text("/a")),
        &text("/b"),
        &Ask::default(),
        "put iam_role < remove iam_role-1
         remove iam_role-1 < remove iam_role_policy-2
         put iam_role_policy < put iam_role, remove iam_role_policy-2
         remove iam_role_policy-2",
    );
}

#[test]
fn a_prefix_must_be_known() {
    let desired = "vpc(cidr=1); apprunner_vpc_connector(name_prefix=$vpc.vpc_id, subnets=[a])";
    let refused = ask(&World::default(), desired, &Ask::default()).unwrap_err();
    assert_eq!(
        refused.diagnostics[0].detail,
        "`name_prefix` must be known before anything is made, it comes from `vpc.x.vpc_id`"
    );
}
