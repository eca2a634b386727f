//! Values that are known only later.

use super::*;

const SERVICE: &str = "apprunner_service(name=s, image=\"${repo.x.digest}:1\")";

#[test]
fn predicted_values_are_known() {
    check("", "apprunner_service(name=s, role=$iam_role.arn); iam_role(name=r)", "+ apprunner_service\n+ iam_role");
    let plan =
        ask(&World::new(), "apprunner_service(name=s, role=$iam_role.arn); iam_role(name=r)", &Ask::default()).unwrap();
    let service = plan.changes.values().next().unwrap();
    assert_eq!(value(&service.want["role"]), "arn:123456789012:r");
    assert!(service.residuals.is_empty());
}

#[test]
fn unknown_values_come_with_their_expression() {
    let plan = ask(&World::new(), &format!("{SERVICE}; repo(name=r)"), &Ask::default()).unwrap();
    let service = plan.changes.values().next().unwrap();
    assert_eq!(value(&service.want["image"]), "?${repo.digest}:1");
    assert!(service.residuals.contains_key("image"));
    assert!(plan.scopes.modules.len() == 1 && plan.sources.iter().count() == 1);
}

#[test]
fn what_is_kept_is_known() {
    let both = format!("{SERVICE}; repo(name=r)");
    check(&both, &both, "");
    check(&format!("{SERVICE}; repo(name=r, days=1)"), &format!("{SERVICE}; repo(name=r, days=2)"), "~ repo days 1→2");
}

#[test]
fn what_may_change_updates_its_users() {
    check(
        &format!("{SERVICE}; repo(name=r, rules={{a: 1}})"),
        &format!("{SERVICE}; repo(name=r, rules={{a: 2}})"),
        "~ apprunner_service image repo-1:1→?${repo.digest}:1\n~ repo rules {a:1}→{a:2}",
    );
}

#[test]
fn an_unknown_alone_never_replaces() {
    check(
        "subnet(vpc_id=$repo.digest); repo(name=r, rules={a: 1})",
        "subnet(vpc_id=$repo.digest); repo(name=r, rules={a: 2})",
        "~ repo rules {a:1}→{a:2}\n~ subnet vpc_id repo-1→?repo.digest",
    );
}

#[test]
fn a_new_id_replaces_its_users() {
    check(
        "subnet(vpc_id=$vpc.vpc_id); vpc(cidr=1)",
        "subnet(vpc_id=$vpc.vpc_id); vpc(cidr=2)",
        "+/- subnet vpc_id! vpc-1→?vpc.vpc_id\n+/- vpc cidr! 1→2",
    );
    check("subnet(vpc_id=a)", "subnet(vpc_id=$vpc.vpc_id); vpc(cidr=2)", "+/- subnet vpc_id! a→?vpc.vpc_id\n+ vpc");
}

#[test]
fn data_is_read_when_what_it_refers_to_is_done() {
    let text =
        |cidr: u8| format!("subnet(note=$data.lookup.x.answer); data.lookup.x(of=$vpc.vpc_id); vpc(cidr={cidr})");
    check("", &text(1), "+ subnet\n+ vpc\n<= data.lookup");
    check(&text(1), &text(1), "");
    check(&text(1), &text(2), "~ subnet note 42→?data.lookup.answer\n+/- vpc cidr! 1→2\n<= data.lookup");
    check_steps(
        &World::new(),
        &text(1),
        &Ask::default(),
        "put subnet < put vpc, read data.lookup\nput vpc\nread data.lookup < put vpc",
    );
}

#[test]
fn local_data_needs_no_read() {
    check("", "subnet(note=$data.echo.x.answer); data.echo.x(of=$repo.arn); repo(name=r)", "+ repo\n+ subnet");
}

#[test]
fn a_mistake_is_told_once() {
    check(
        "",
        "vpc(cidr=1); repo(name=$vpc.wrong); subnet(note=$repo.arn)",
        "error: unknown attribute: there is no attribute or key `wrong`",
    );
}
