//! Judges of attributes: what is compared, set back, left alone and given out.

use serde_json::json;

use crate::{census, ensure, project::Project};

/// A role of this name, with more attributes.
pub(crate) fn role(name: &str, more: &str) -> String {
    format!(
        r#"[resource.iam_role.{name}]
role_name = "{name}"
{more}
[resource.iam_role.{name}.assume_role_policy_document]
Version = "2012-10-17"
Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "tasks.apprunner.amazonaws.com" }} }}]
"#
    )
}

/// A setting with a default is written, then no longer.
pub(crate) fn written_no_longer(project: &Project) -> Result<(), String> {
    project.begin(&role("app", "max_session_duration = 7200"));
    project.begin(&role("app", ""));
    let live = census::role(project, "app");
    ensure(live["max_session"] == 3600, "what was unwritten stays", live)
}

/// Somebody adds a tag; then one of ours is changed.
pub(crate) fn tag_of_somebody_else(project: &Project) -> Result<(), String> {
    project.begin(&role("app", "tags = { stage = \"one\" }"));
    let theirs = json!({ "Key": "cost-centre", "Value": "4711" });
    project.by_hand(|world| census::role_in(world, "app")["tags"].as_array_mut().expect("tags").push(theirs.clone()));
    project.begin(&role("app", "tags = { stage = \"two\" }"));
    let live = census::role(project, "app");
    let kept = live["tags"].as_array().is_some_and(|tags| tags.contains(&theirs));
    ensure(kept, "a tag of somebody else is gone", live)
}

/// A set is written in another order.
pub(crate) fn other_order(project: &Project) -> Result<(), String> {
    let (one, two) = ("arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess");
    project.begin(&role("app", &format!("managed_policy_arns = [\"{one}\", \"{two}\"]")));
    project.write(&role("app", &format!("managed_policy_arns = [\"{two}\", \"{one}\"]")));
    let plan = project.plan();
    ensure(plan.code == Some(0), "another order is a change", plan)
}

/// An output is written with another value.
pub(crate) fn other_output(project: &Project) -> Result<(), String> {
    let output = |name: &str| format!("{}[output.name]\nvalue = \"{name}\"\n", role("app", ""));
    project.begin(&output("first"));
    project.begin(&output("second"));
    let said = project.groma(&["output", "dev", "name", "--raw", "--local"]);
    ensure(said.out.trim() == "second", "the output is an old one", said)
}

/// An ordinary plan.
pub(crate) fn plan_of_a_role(project: &Project) -> Result<(), String> {
    project.write(&role("app", ""));
    let plan = project.plan();
    let owned_up = plan.code == Some(70) && plan.err.contains("a mistake in groma, please report it");
    ensure(!owned_up, "groma says that it is at fault", &plan)?;
    ensure(plan.code == Some(2), "it ends in another way", plan)
}
