//! Changes that are left to a later run.

use super::*;
use crate::withhold;

/// What is done, and what is withheld with why.
fn check(existing: &str, desired: &str, held: &str, expected: &str) {
    let plan = ask(&applied(existing), desired, &Ask::default()).unwrap();
    let roots = BTreeMap::from([(dsl::address(held), "held".to_owned())]);
    let plan = withhold(plan, &roots, &model::Graph::default());
    assert_eq!(crate::verify(&plan), Ok(()));
    let done = plan.shown().map(|change| format!("{} {}", change.action.mark(), dsl::short(&change.address)));
    let withheld = plan.withheld.iter().map(|(address, held)| format!("{}: {}", dsl::short(address), held.because));
    let said: Vec<String> = done.chain(withheld).collect();
    assert_eq!(said.join("; "), expected);
}

#[test]
fn what_waits_for_it_is_withheld_too() {
    check(
        "",
        "subnet(vpc_id=$vpc.vpc_id); vpc(cidr=1); repo(name=r)",
        "vpc",
        "+ repo; subnet: it waits for vpc.x; vpc: held",
    );
}

#[test]
fn what_exists_stays_with_what_it_uses() {
    check(
        "subnet(note=$vpc.vpc_id); vpc(cidr=1); repo(name=r)",
        "subnet(note=n); repo(name=r, encryption=kms)",
        "subnet",
        "-/+ repo; subnet: held; vpc: it waits for subnet.x",
    );
}

#[test]
fn what_does_not_change_withholds_nothing() {
    check("vpc(cidr=1)", "vpc(cidr=1); subnet(vpc_id=$vpc.vpc_id)", "vpc", "+ subnet");
}
