//! `--target`

use super::*;

const ALL: &str = "subnet.a(vpc_id=$vpc.v.vpc_id); subnet.b; vpc.v(cidr=1); module.m.repo(name=r)";

fn check(existing: &str, desired: &str, targets: &[&str], expected: &str) {
    check_in(applied(existing), desired, &Ask { targets, ..Ask::default() }, expected);
}

#[test]
fn a_target_brings_what_it_needs() {
    check("", ALL, &["subnet.a"], "+ subnet.a\n+ vpc.v");
    check("", ALL, &["vpc.v"], "+ vpc.v");
    check("", ALL, &["module.m"], "+ module.m.repo");
    check("", ALL, &["subnet.b", "module.m.repo.x"], "+ subnet.b\n+ module.m.repo");
}

#[test]
fn a_block_means_all_its_instances() {
    check("", "subnet.s[\"a\"]; subnet.s[\"b\"]; subnet.t", &["subnet.s"], "+ subnet.s[\"a\"]\n+ subnet.s[\"b\"]");
    check("", "subnet.s[\"a\"]; subnet.s[\"b\"]; subnet.t", &["subnet.s[\"b\"]"], "+ subnet.s[\"b\"]");
}

#[test]
fn a_deletion_brings_what_depends_on_it() {
    check(ALL, "", &["vpc.v"], "- subnet.a\n- vpc.v");
    check(ALL, "", &["subnet.a"], "- subnet.a");
    let destroy = Ask { destroy: true, targets: &["vpc.v"], ..Ask::default() };
    check_in(applied(ALL), ALL, &destroy, "- subnet.a\n- vpc.v");
}

#[test]
fn a_replacement_brings_its_users() {
    check(
        "subnet.a(note=$vpc.v.vpc_id); vpc.v(cidr=1)",
        "subnet.a(note=$vpc.v.vpc_id); vpc.v(cidr=2)",
        &["vpc.v"],
        "~ subnet.a note vpc-1→?vpc.v.vpc_id\n+/- vpc.v cidr! 1→2",
    );
}

#[test]
fn what_is_left_out_refuses_nothing() {
    check("subnet.a !prevent; vpc(cidr=1)", "vpc(cidr=1, dns=false)", &["vpc"], "~ vpc dns true→false");
    let plan = ask(&applied("vpc(cidr=1)"), "vpc(cidr=1)", &Ask { targets: &["vpc"], ..Ask::default() }).unwrap();
    assert!(plan.partial);
}

#[test]
fn outputs_of_what_is_left_out_stay() {
    check(
        "output u = $vpc.vpc_id; vpc(cidr=1); subnet",
        "output u = $vpc.vpc_id; output n = $repo.arn; vpc(cidr=2); subnet(note=n); repo(name=r)",
        &["subnet"],
        "~ subnet note null→n",
    );
}

#[test]
fn a_target_that_names_nothing_is_refused() {
    check("", ALL, &["subnet.nope"], "error: target that names nothing: `subnet.nope` is neither written nor recorded");
}
