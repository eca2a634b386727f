//! `groma plan`

use std::{fs, path::Path};

use engine::{Lifts, Scope, Wish};
use model::{Address, Plan};
use planner::Lift;

use crate::{
    args::{self, Format, Global, Lifting, Reach},
    exit::Exit,
    out::{Out, Problem},
    session::Session,
};

pub(crate) async fn run(global: &Global, out: &Out, arguments: &args::Plan) -> Exit {
    let wish = match wish(&arguments.reach, &arguments.lifting, arguments.destroy) {
        Ok(wish) => wish,
        Err(problem) => return out.problem(&problem),
    };
    let command = if arguments.destroy { "destroy" } else { "plan" };
    let session = match Session::open(global, out, &arguments.environment, command).await {
        Ok(session) => session,
        Err(problem) => return out.problem(&problem),
    };
    let planned = match session.engine().plan(&wish).await {
        Ok(planned) => planned,
        Err(error) => return session.tell(out, error),
    };
    if let Some(path) = &arguments.out {
        if !planned.unfinished.is_empty() {
            let detail = format!("{}; an apply resolves them first", planned.unfinished.join(", "));
            return out.problem(&Problem::words("earlier calls have no answer yet", detail));
        }
        if let Err(error) = session.engine().savable(&planned.plan).await {
            return session.tell(out, error);
        }
        if let Err(problem) = save(&planned.plan, path) {
            return out.problem(&problem);
        }
    }
    out.text(&rendered(&planned.plan, arguments.format, out));
    match arguments.detailed_exitcode {
        true if planned.plan.is_gated() => Exit::Gate,
        true if !planned.plan.is_empty() => Exit::Differences,
        _ => Exit::Done,
    }
}

/// A plan in one of its formats.
pub(crate) fn rendered(plan: &Plan, format: Format, out: &Out) -> String {
    match format {
        Format::Text => report::plan_text(plan, out.style, out.width),
        Format::Json => report::plan_json(plan),
        Format::Markdown => report::plan_markdown(plan),
        Format::Html => report::plan_html(plan),
    }
}

fn save(plan: &Plan, path: &Path) -> Result<(), Problem> {
    let text = serde_json::to_string_pretty(plan)
        .map_err(|error| Problem::words("a plan without a form", error.to_string()))?;
    fs::write(path, text + "\n")
        .map_err(|error| Problem::words("cannot write the plan", format!("{}: {error}", path.display())))
}

/// What the flags ask for.
pub(crate) fn wish(reach: &Reach, lifting: &Lifting, destroy: bool) -> Result<Wish, Problem> {
    let replace: Result<Vec<Address>, _> = reach.replace.iter().map(|text| address(text)).collect();
    let scope = Scope { destroy, targets: reach.targets.clone(), replace: replace? };
    Ok(Wish { scope, lifts: lifts(lifting), ..Wish::default() })
}

pub(crate) fn address(text: &str) -> Result<Address, Problem> {
    text.parse().map_err(|error: model::address::InvalidAddress| Problem::words("not an address", error.to_string()))
}

pub(crate) fn lifts(lifting: &Lifting) -> Lifts {
    [
        (lifting.allow_unprotect, Lift::AllowUnprotect),
        (lifting.delete_images, Lift::DeleteImages),
        (lifting.skip_final_snapshot, Lift::SkipFinalSnapshot),
        (lifting.force_delete_secrets, Lift::ForceDeleteSecrets),
    ]
    .into_iter()
    .filter_map(|(given, lift)| given.then_some(lift))
    .collect()
}
