//! Judges of deletes: after what, before what, and whether at all.

use crate::{ensure, project::Project, values::role};

/// One role is trusted by another: the other goes first.
pub(crate) fn user_and_used(project: &Project) -> Result<(), String> {
    let trust = r#"Version = "2012-10-17"
Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "${iam_role.used.arn}" } }]"#;
    let user = format!(
        "[resource.iam_role.user]\nrole_name = \"user\"\n[resource.iam_role.user.assume_role_policy_document]\n{trust}\n"
    );
    project.begin(&format!("{}{user}", role("used", "")));
    let said = project.destroy();
    ensure(said.code == Some(0), "the destroy failed", said)?;
    let deletes = deletes(project);
    ensure(deletes == ["DeleteRole user", "DeleteRole used"], "the used one went first", deletes)
}

/// A repository holds an image: nothing goes, not even what could.
pub(crate) fn one_that_cannot_go(project: &Project) -> Result<(), String> {
    project.begin(&format!("{}[resource.ecr_repository.app]\nrepository_name = \"app\"\n", role("app", "")));
    let pushed = project.groma(&["local", "push", "app:latest"]);
    assert_eq!(pushed.code, Some(0), "the scenario is wrong: {pushed:?}");
    let before = project.calls();
    let said = project.destroy();
    assert_eq!(said.code, Some(1), "the scenario is wrong: {said:?}");
    ensure(project.calls() == before, "called before the refusal", deletes(project))
}

/// A repository gets a new name: the new one is there before the old one goes.
pub(crate) fn a_new_name(project: &Project) -> Result<(), String> {
    let repository = |name: &str| format!("[resource.ecr_repository.app]\nrepository_name = \"{name}\"\n");
    project.begin(&repository("old"));
    project.begin(&repository("new"));
    let calls = project.calls();
    let at = |call: &str| calls.iter().position(|made| made == call);
    let (made, gone) = (at("CreateRepository new"), at("DeleteRepository old"));
    assert!(made.is_some() && gone.is_some(), "the scenario is wrong: {calls:?}");
    ensure(made < gone, "the old one went first", calls)
}

fn deletes(project: &Project) -> Vec<String> {
    project.calls().into_iter().filter(|call| call.starts_with("Delete")).collect()
}
