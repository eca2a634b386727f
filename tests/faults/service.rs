//! Judges of what App Runner says when it fails.

use crate::{ensure, project::Project};

/// The value of the variable `APP_KEY` in each run.
pub(crate) const SECRET: &str = "correct-horse-battery-staple";

/// An update to an image that crashes: App Runner goes back, and the run has failed.
pub(crate) fn rolled_back(project: &Project) -> Result<(), String> {
    push(project, "good", &[]);
    push(project, "bad", &["--crash", "Traceback: no module named app"]);
    project.begin(&system("good", ""));
    project.write(&system("bad", ""));
    let said = project.apply();
    let told = said.code == Some(1) && said.err.contains("App Runner went back to the earlier version");
    ensure(told, "nobody was told of the rollback", said)?;
    let calls = project.calls();
    let updates = calls.iter().filter(|call| call.starts_with("UpdateService")).count();
    ensure(updates == 1, "the update was sent again", calls)
}

/// The application logs its key while it crashes; the log's end is a part of the error.
pub(crate) fn crash_with_a_secret(project: &Project) -> Result<(), String> {
    push(project, "bad", &["--crash", &format!("cannot open the vault with {SECRET}")]);
    let key = "runtime_environment_variables = { APP_KEY = { secret = { env = \"APP_KEY\" } } }";
    project.write(&system("bad", key));
    let said = project.apply();
    assert_eq!(said.code, Some(1), "the scenario is wrong: {said:?}");
    assert!(said.err.contains("cannot open the vault with"), "the error lacks the log: {said:?}");
    ensure(!said.out.contains(SECRET) && !said.err.contains(SECRET), "a secret was said", &said)?;
    ensure(!project.records().contains(SECRET), "a secret was recorded", project.records())
}

/// An image in the environment's repository, which is made before all else.
fn push(project: &Project, tag: &str, more: &[&str]) {
    project.begin(REPOSITORY);
    let reference = format!("app:{tag}");
    let said = project.groma(&[&["local", "push", reference.as_str()], more].concat());
    assert_eq!(said.code, Some(0), "the scenario is wrong: {said:?}");
}

const REPOSITORY: &str = "[resource.ecr_repository.app]\nrepository_name = \"app\"\nforce_delete = true\n";

fn system(tag: &str, more: &str) -> String {
    format!(
        r#"{REPOSITORY}
[resource.iam_role.access]
role_name = "access"
managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess"]
[resource.iam_role.access.assume_role_policy_document]
Version = "2012-10-17"
Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {{ Service = "build.apprunner.amazonaws.com" }} }}]

[resource.apprunner_service.app]
service_name = "service"
[resource.apprunner_service.app.source_configuration]
auto_deployments_enabled = false
authentication_configuration = {{ access_role_arn = "${{iam_role.access.arn}}" }}
[resource.apprunner_service.app.source_configuration.image_repository]
image_identifier = "${{ecr_repository.app.repository_uri}}:{tag}"
image_repository_type = "ECR"
[resource.apprunner_service.app.source_configuration.image_repository.image_configuration]
port = "8080"
{more}
"#
    )
}
