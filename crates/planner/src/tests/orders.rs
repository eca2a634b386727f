//! What waits for what.

use super::*;

#[test]
fn users_come_after_what_they_use() {
    check_steps(
        &World::new(),
        "subnet(vpc_id=$vpc.vpc_id); vpc(cidr=1); repo(name=r)",
        &Ask::default(),
        "put repo\nput subnet < put vpc\nput vpc",
    );
}

#[test]
fn order_holds_through_what_stays() {
    check_steps(
        &applied("subnet.a -> subnet.b; subnet.b -> subnet.c; subnet.c"),
        "subnet.a(note=n) -> subnet.b; subnet.b -> subnet.c; subnet.c(note=n)",
        &Ask::default(),
        "put subnet.a < put subnet.c\nput subnet.c",
    );
}

#[test]
fn create_first_pairs() {
    check_steps(
        &applied("subnet(vpc_id=$vpc.vpc_id); vpc(cidr=1)"),
        "subnet(vpc_id=$vpc.vpc_id); vpc(cidr=2)",
        &Ask::default(),
        "put subnet < put vpc
         remove subnet-2 < put subnet
         put vpc
         remove vpc-1 < put subnet, remove subnet-2, put vpc",
    );
}

#[test]
fn delete_first_pairs() {
    check_steps(
        &applied("subnet(vpc_id=$repo.digest); repo(name=r)"),
        "subnet(vpc_id=$repo.digest); repo(name=r, encryption=kms)",
        &Ask::default(),
        "put repo < remove repo-1
         remove repo-1 < remove subnet-2
         put subnet < put repo, remove subnet-2
         remove subnet-2",
    );
}

#[test]
fn an_old_one_goes_when_its_users_have_moved_on() {
    check_steps(
        &applied("subnet(note=$vpc.vpc_id); vpc(cidr=1)"),
        "subnet(note=$vpc.vpc_id); vpc(cidr=2)",
        &Ask::default(),
        "put subnet < put vpc\nput vpc\nremove vpc-1 < put subnet, put vpc",
    );
    check_steps(
        &applied("subnet(note=$vpc.vpc_id); vpc(cidr=1)"),
        "subnet(note=free)",
        &Ask::default(),
        "put subnet\nremove vpc-1 < put subnet",
    );
}

#[test]
fn a_delete_first_waits_until_the_new_can_be_made() {
    check_steps(
        &applied("repo(name=r)"),
        "repo(name=r, encryption=$vpc.vpc_id); vpc(cidr=1)",
        &Ask::default(),
        "put repo < remove repo-1, put vpc\nremove repo-1 < put vpc\nput vpc",
    );
}

#[test]
fn a_name_is_free_when_its_holder_is_gone() {
    check_steps(
        &applied("repo.a(name=one)"),
        "repo.a(name=two); repo.b(name=one)",
        &Ask::default(),
        "put repo.a\nremove repo-1 < put repo.a\nput repo.b < remove repo-1",
    );
}

#[test]
fn swapped_names_wait_for_each_other() {
    check(
        "repo.a(name=one); repo.b(name=two)",
        "repo.a(name=two); repo.b(name=one)",
        "error: changes that wait for each other: put repo.a → delete repo.b (repo-2) → put repo.b → delete repo.a (repo-1) → put repo.a",
    );
}

#[test]
fn the_longest_way_goes_first() {
    let plan = ask(
        &World::new(),
        "subnet(note=$apprunner_service.url); apprunner_service(name=s); vpc(cidr=1); repo(name=r)",
        &Ask::default(),
    )
    .unwrap();
    let ranks: Vec<String> =
        plan.steps.iter().map(|step| format!("{} {}", short(&step.id.address), step.rank)).collect();
    assert_eq!(ranks, ["apprunner_service 13", "repo 2", "subnet 2", "vpc 2"]);
}
