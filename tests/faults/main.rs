//! A judge for each planted fault (`model::fault`): it must be content with groma as it is, and complain, for the right
//! reason, when the fault is planted. One test for each.
#![expect(clippy::disallowed_methods, reason = "a test looks where its binary is, and waits for another process")]

mod census;
mod deletes;
mod journal;
mod project;
mod service;
mod values;

use std::{collections::BTreeSet, process::ExitCode};

use libtest_mimic::{Arguments, Trial};
use project::Project;

/// A small scenario, and what is wrong with how it ended.
type Judge = fn(&Project) -> Result<(), String>;

/// A fault by its name, its judge, and the words with which that one complains.
struct Case {
    fault: &'static str,
    judge: Judge,
    complains: &'static str,
}

const CASES: &[Case] = &[
    case("skipped_intent", journal::killed_after_a_create, "made twice"),
    case("intent_not_folded", journal::killed_after_a_create, "made twice"),
    case("lost_answer_repeated", journal::answer_of_a_create_lost, "made twice"),
    case("lock_ignored", journal::two_runs_at_once, "two runs at once"),
    case("stale_plan_applied", journal::saved_plan_of_an_older_state, "a plan of an older state was carried out"),
    case("delete_before_user", deletes::user_and_used, "the destroy failed"),
    case("blockers_unasked", deletes::one_that_cannot_go, "called before the refusal"),
    case("wrong_order_of_replacement", deletes::a_new_name, "the old one went first"),
    case("dropped_on_unset", values::written_no_longer, "what was unwritten stays"),
    case("foreign_tag_taken", values::tag_of_somebody_else, "a tag of somebody else is gone"),
    case("set_as_list", values::other_order, "another order is a change"),
    case("keeps_stale_output", values::other_output, "the output is an old one"),
    case("silent_rollback", service::rolled_back, "nobody was told of the rollback"),
    case("secret_in_error", service::crash_with_a_secret, "a secret was said"),
    case("panic", values::plan_of_a_role, "groma says that it is at fault"),
];

const fn case(fault: &'static str, judge: Judge, complains: &'static str) -> Case {
    Case { fault, judge, complains }
}

fn main() -> ExitCode {
    let cases = CASES.iter().map(|case| Trial::test(case.fault, || caught(case).map_err(Into::into)));
    let whole = Trial::test("every_fault_has_a_judge", || every_fault_has_a_judge().map_err(Into::into));
    libtest_mimic::run(&Arguments::from_args(), cases.chain([whole]).collect()).exit_code()
}

/// The judge is content without the fault and not with it.
fn caught(case: &Case) -> Result<(), String> {
    (case.judge)(&Project::new(None)).map_err(|complaint| format!("without any fault: {complaint}"))?;
    match (case.judge)(&Project::new(Some(case.fault))) {
        Err(complaint) if complaint.starts_with(case.complains) => Ok(()),
        Err(complaint) => Err(format!("expected \"{}\", but: {complaint}", case.complains)),
        Ok(()) => Err("nobody noticed the fault".to_owned()),
    }
}

/// A fault that the binary does not know is answered by a list of all it knows.
fn every_fault_has_a_judge() -> Result<(), String> {
    let said = Project::new(Some("none_of_them")).groma(&["docs"]);
    if said.code != Some(64) {
        return Err(format!("an unknown fault is no mistake of use: {said:?}"));
    }
    let (_, list) = said.err.split_once("expected one of").ok_or(format!("there is no list: {said:?}"))?;
    let known: BTreeSet<&str> = list.lines().next().unwrap_or_default().split('`').skip(1).step_by(2).collect();
    let judged: BTreeSet<&str> = CASES.iter().map(|case| case.fault).collect();
    if known == judged { Ok(()) } else { Err(format!("faults: {known:?}\njudged: {judged:?}")) }
}

/// Complains unless something holds.
fn ensure(holds: bool, complaint: &str, about: impl std::fmt::Debug) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("{complaint}: {about:#?}")) }
}
