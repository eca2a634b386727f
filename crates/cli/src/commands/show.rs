//! `groma show PLANFILE`

use std::{fs, path::Path};

use model::Plan;

use crate::{
    args::Format,
    commands::plan::rendered,
    exit::Exit,
    out::{Out, Problem},
};

pub(crate) fn run(out: &Out, path: &Path, format: Format) -> Exit {
    match read(path) {
        Ok(plan) => {
            out.text(&rendered(&plan, format, out));
            Exit::Done
        }
        Err(problem) => out.problem(&problem),
    }
}

/// A saved plan, verified.
pub(crate) fn read(path: &Path) -> Result<Plan, Problem> {
    let wrong = |detail: String| Problem::words("not a plan that can be used", format!("{}: {detail}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let plan: Plan = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    planner::verify(&plan).map_err(|faults| wrong(faults.join("; ")))?;
    Ok(plan)
}
