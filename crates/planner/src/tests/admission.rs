//! Blockers against a plan.

use super::*;
use crate::{BlockerFact, Lift, admit};

fn fact(what: &str) -> BlockerFact {
    BlockerFact { what: what.to_owned(), ..BlockerFact::default() }
}

fn images() -> BlockerFact {
    BlockerFact {
        toml: Some("force_delete = true".to_owned()),
        flag: Some("--delete-images".to_owned()),
        ..fact("3 images (1.2 GB)")
    }
}

fn check(existing: &str, desired: &str, address: &str, fact: BlockerFact, lifts: &[Lift], expected: &str) {
    let plan = ask(&applied(existing), desired, &Ask::default()).unwrap();
    let blockers = BTreeMap::from([(dsl::address(address), vec![fact])]);
    let result = admit(plan, &blockers, &lifts.iter().copied().collect());
    let words = match result {
        Ok(plan) => {
            assert_eq!(crate::verify(&plan), Ok(()));
            let change = &plan.changes[&dsl::address(address)];
            let lifts = change.lifts.iter().map(|lifted| format!("{} lifts {}", lifted.flag, lifted.what));
            let said: Vec<String> = change.reasons.iter().cloned().chain(lifts).collect();
            format!("{} {}", said.join("; "), value(&Value::Map(change.delete_arguments.clone())))
        }
        Err(refusals) => {
            refusals.iter().map(|refusal| format!("{} | {}", refusal.detail, refusal.hints.join(" | "))).collect()
        }
    };
    assert_eq!(words.replace(".x`", "`"), expected);
}

#[test]
fn a_blocker_refuses() {
    check(
        "repo(name=r)",
        "",
        "repo",
        images(),
        &[],
        "`repo` cannot be deleted: 3 images (1.2 GB) | write `force_delete = true` in `repo` and apply that first | or run again with `--delete-images`",
    );
}

#[test]
fn a_flag_lifts_it_and_says_so() {
    check(
        "repo(name=r)",
        "",
        "repo",
        images(),
        &[Lift::DeleteImages],
        "no longer written; --delete-images lifts 3 images (1.2 GB) {force_delete:true}",
    );
}

#[test]
fn a_holder_that_goes_first_is_none() {
    let held = |id: &str| BlockerFact { held_by: vec![id.to_owned()], ..fact("in use") };
    check("vpc(cidr=1); subnet(note=$vpc.vpc_id)", "", "vpc", held("subnet-2"), &[], "no longer written {}");
    check("vpc(cidr=1); repo(name=r)", "", "vpc", held("arn:123456789012:r"), &[], "no longer written {}");
    check(
        "vpc(cidr=1); subnet",
        "subnet",
        "vpc",
        held("subnet-1"),
        &[],
        "`vpc` cannot be deleted: in use, held by `subnet` (subnet-1) | ",
    );
    check("vpc(cidr=1)", "", "vpc", held("eni-9"), &[], "`vpc` cannot be deleted: in use, held by eni-9 | ");
}

#[test]
fn a_holder_that_moves_on_first_is_none() {
    let held = BlockerFact { held_by: vec!["subnet-2".to_owned()], ..fact("in use") };
    check(
        "vpc(cidr=1); subnet(note=$vpc.vpc_id)",
        "vpc(cidr=2); subnet(note=$vpc.vpc_id)",
        "vpc",
        held,
        &[],
        "forces replacement: `cidr` {}",
    );
}
