//! Blockers against a plan.

use super::*;
use crate::{BlockerFact, Lift, admit, lasting};

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
            format!("{} {}", said.join("; "), value(&Value::Map(change.deletion())))
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

/// What takes its place is protected as it is written.
#[test]
fn a_flag_says_nothing_of_what_takes_the_place() {
    let plan = ask(&applied("repo(name=r)"), "repo(name=q)", &Ask::default()).unwrap();
    let repo = dsl::address("repo");
    let admitted =
        admit(plan, &BTreeMap::from([(repo.clone(), vec![images()])]), &BTreeSet::from([Lift::DeleteImages]));
    let change = &admitted.unwrap().changes[&repo];
    assert_eq!(value(&Value::Map(change.deletion())), "{force_delete:true}");
    assert_eq!(value(&Value::Map(change.delete_arguments.clone())), "{}");
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
        "`vpc` cannot be deleted: in use, held by `subnet` (subnet-1) | make those who hold it let go | or write `[removed.\"vpc.x\"] retain = true`: then it stays, and is forgotten",
    );
    let both = BlockerFact { held_by: vec!["subnet-2".to_owned(), "eni-9".to_owned()], ..fact("in use") };
    check(
        "vpc(cidr=1); subnet(note=$vpc.vpc_id)",
        "",
        "vpc",
        both,
        &[],
        "`vpc` cannot be deleted: in use, held by eni-9 | make those who hold it let go | or write `[removed.\"vpc.x\"] retain = true`: then it stays, and is forgotten",
    );
}

#[test]
fn what_is_lost_by_a_flag_has_its_own_words() {
    let window = BlockerFact {
        toml: Some("force = true".to_owned()),
        flag: Some("--force-delete-secrets".to_owned()),
        also: Some("name = \"other\"".to_owned()),
        lost: Some("for good".to_owned()),
        ..fact("a window of 30 days")
    };
    let blocked = |fact: &BlockerFact, lifts: &[Lift]| {
        let plan = ask(&applied("repo(name=r)"), "", &Ask::default()).unwrap();
        let facts = BTreeMap::from([(dsl::address("repo"), vec![fact.clone()])]);
        let lifts = lifts.iter().copied().collect();
        let lasting = lasting(&plan, &facts, &lifts).len();
        let said = match admit(plan, &facts, &lifts) {
            Ok(plan) => plan.changes[&dsl::address("repo")].loses.join("; "),
            Err(refusals) => refusals.iter().flat_map(|refusal| refusal.hints.clone()).collect::<Vec<_>>().join(" | "),
        };
        format!("{said}; {lasting} lasting")
    };
    assert_eq!(
        blocked(&window, &[]),
        "write `name = \"other\"` in `repo.x` and apply that first | write `force = true` in `repo.x` and apply that first | or run again with `--force-delete-secrets`; 0 lasting"
    );
    let harmless = BlockerFact { cleared: true, ..window };
    assert_eq!(blocked(&harmless, &[]), "all its images: a window of 30 days; 1 lasting");
    assert_eq!(blocked(&harmless, &[Lift::ForceDeleteSecrets]), "all its images: for good; 0 lasting");
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
