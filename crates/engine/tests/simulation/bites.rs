//! The simulation is worth what it would notice: with a mistake planted (`model::fault`) it must find some law broken.

use std::process::Command;

/// Mistakes that a few seeds notice. Others take more: `lock_ignored`, `wrong_order_of_replacement`, `foreign_tag_taken`.
const FAULTS: [&str; 7] = [
    "skipped_intent",
    "intent_not_folded",
    "lost_answer_repeated",
    "delete_before_user",
    "dropped_on_unset",
    "set_as_list",
    "keeps_stale_output",
];

/// A fault is planted for the life of a process, so that each gets one of its own.
#[test]
fn planted_faults_are_noticed() {
    let unnoticed: Vec<&str> = FAULTS.into_iter().filter(|fault| !is_noticed(fault)).collect();
    assert_eq!(unnoticed, Vec::<&str>::new());
}

fn is_noticed(fault: &str) -> bool {
    let program = std::env::current_exe().expect("a test knows its program");
    let mut command = Command::new(program);
    command.args(["--exact", "soak", "--nocapture"]);
    command.env("GROMA_PLANTED_FAULT", fault).env("GROMA_SIMULATE_SEEDS", "300");
    let output = command.output().expect("the program runs");
    !output.status.success() && String::from_utf8_lossy(&output.stdout).contains("count 1 failures")
}
