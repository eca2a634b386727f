//! Judges of journal, lock and saved plans.

use crate::{census, ensure, project::Project, values::role};

/// Each create makes a new revision of it, so that one too many shows.
const SCALING: &str = r#"[resource.apprunner_auto_scaling_configuration.app]
auto_scaling_configuration_name = "scaling"
max_size = 2
"#;

/// A run is killed when its create has had its effect: the next one finds what was made and makes nothing.
pub(crate) fn killed_after_a_create(project: &Project) -> Result<(), String> {
    project.write(SCALING);
    drop(project.stopped_apply("after"));
    project.begin(SCALING);
    made_once(project)
}

/// The answer of the create is lost.
pub(crate) fn answer_of_a_create_lost(project: &Project) -> Result<(), String> {
    let operation = "apprunner:CreateAutoScalingConfiguration";
    project.trouble(&format!("[[rule]]\non = \"{operation}\"\nnth = [1]\ndoes = \"lose\"\n"));
    project.begin(SCALING);
    made_once(project)
}

fn made_once(project: &Project) -> Result<(), String> {
    let mut made = census::things(project, "apprunner/auto_scaling");
    made.retain(|one| one.to_string().contains("autoscalingconfiguration/scaling/"));
    assert!(!made.is_empty(), "the scenario is wrong: nothing was made");
    ensure(made.len() == 1, "made twice", made)
}

/// While a run is under way, another one ends with the exit code that says so.
pub(crate) fn two_runs_at_once(project: &Project) -> Result<(), String> {
    project.write(&role("app", ""));
    let first = project.stopped_apply("before");
    let second = project.apply();
    drop(first);
    ensure(second.code == Some(4), "two runs at once", second)
}

/// Between making and carrying out of a plan, another run has changed the state.
pub(crate) fn saved_plan_of_an_older_state(project: &Project) -> Result<(), String> {
    let (first, second, third) = (role("first", ""), role("second", ""), role("third", ""));
    project.begin(&first);
    project.write(&format!("{first}{second}"));
    let plan = project.file("plan");
    let saved = project.groma(&["plan", "dev", "--local", "--out", &plan]);
    assert_eq!(saved.code, Some(0), "the scenario is wrong: {saved:?}");
    project.begin(&format!("{first}{third}"));
    project.write(&format!("{first}{second}"));
    let applied = project.groma(&["apply", &plan, "--local", "--auto-approve"]);
    let made = census::role(project, "second");
    ensure(applied.code == Some(1) && made.is_null(), "a plan of an older state was carried out", applied)
}
