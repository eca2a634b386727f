//! The environments that are made, changed and torn down here.

pub(crate) use tests::systems::{
    ADVICE_IMAGES, CHATBOT_IMAGES, advice, advice_changed, advice_renamed, changed, chatbot, chatbot_changed,
};

pub(crate) fn repository() -> String {
    repository_with("", true)
}

/// The same with its lifecycle policy gone, a setting and a tag changed.
pub(crate) fn repository_changed() -> String {
    let written = repository_with("[resource.ecr_repository.app.tags]\nteam = \"field\"\n", false);
    changed(&written, "scan_on_push = true", "scan_on_push = false")
}

/// A new name: made anew before the old one goes.
pub(crate) fn repository_renamed() -> String {
    changed(&repository(), "\"plain\"", "\"plainer\"")
}

/// Another encryption under the same name: the old one goes first.
pub(crate) fn repository_encrypted() -> String {
    repository_with("[resource.ecr_repository.app.encryption_configuration]\nencryption_type = \"KMS\"\n", true)
}

fn repository_with(more: &str, expires: bool) -> String {
    let rules = r#"
[resource.ecr_repository.app.lifecycle_policy_text]
rules = [{ rulePriority = 1, selection = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 5 }, action = { type = "expire" } }]
"#;
    format!(
        r#"
[environment]
region = "us-east-2"
tags   = {{ project = "plain" }}

[resource.ecr_repository.app]
repository_name = "plain"
force_delete    = true
image_scanning_configuration = {{ scan_on_push = true }}
{}
{more}
"#,
        if expires { rules } else { "" }
    )
}

/// One of every type.
const EVERYTHING: &str = include_str!("everything.toml");

/// The image that it runs.
pub(crate) const EVERYTHING_IMAGES: &[&str] = &["everything:latest"];

pub(crate) fn everything() -> String {
    EVERYTHING.to_owned()
}

/// Each type changed, several in more than one way.
pub(crate) fn everything_changed() -> String {
    let mut text = everything();
    for (from, to) in [
        ("{ project = \"everything\" }", "{ team = \"field\" }"),
        ("image_tag_mutability         = \"IMMUTABLE\"\n", ""),
        ("scan_on_push = true", "scan_on_push = false"),
        ("countNumber = 5", "countNumber = 7"),
        ("Sid = \"pull\"", "Sid = \"draw\""),
        (
            "{ attribute_name = \"place\", attribute_type = \"S\" },",
            "{ attribute_name = \"town\", attribute_type = \"S\" },",
        ),
        (
            "{ index_name = \"places\", key_schema = [{ attribute_name = \"place\"",
            "{ index_name = \"towns\", key_schema = [{ attribute_name = \"town\"",
        ),
        ("time_to_live_specification            = { enabled = true, attribute_name = \"ttl\" }\n", ""),
        ("point_in_time_recovery_enabled = true", "point_in_time_recovery_enabled = false"),
        (
            "role_name           = \"everything-access\"",
            "role_name           = \"everything-access\"\ndescription = \"pulls\"",
        ),
        (".inline_policies.look]", ".inline_policies.watch]"),
        (
            "role/AWSAppRunnerServicePolicyForECRAccess\"]",
            "role/AWSAppRunnerServicePolicyForECRAccess\", \"arn:aws:iam::aws:policy/ReadOnlyAccess\"]",
        ),
        ("\"dynamodb:GetItem\"", "\"dynamodb:Query\""),
        ("\"logs:PutLogEvents\"", "\"logs:CreateLogStream\""),
        ("retention_in_days = 30", "retention_in_days = 14"),
        ("log_retention_in_days          = 30\n", ""),
        ("max_size                        = 2", "max_size                        = 3"),
        ("{ TABLE =", "{ MODE = \"b\", TABLE ="),
        ("\"advice.example.org\"", "\"advice.example.com\""),
    ] {
        text = changed(&text, from, to);
    }
    text
}

/// What can be taken away from the types of everything, taken away.
pub(crate) fn everything_bare() -> String {
    let text = everything();
    let text = without(&text, "[resource.ecr_repository.app.lifecycle_policy_text]", "[resource.dynamodb_table.it]");
    changed(&text, "retention_in_days = 30\n", "")
}

/// The service sleeps.
pub(crate) fn everything_paused() -> String {
    let named = "service_name                   = \"everything\"";
    changed(&everything(), named, &format!("{named}\nstate = \"paused\""))
}

/// Network, database, secrets and parameters.
pub(crate) fn stored() -> String {
    include_str!("stored.toml").to_owned()
}

/// Each type of it changed.
pub(crate) fn stored_changed() -> String {
    include_str!("stored-changed.toml").to_owned()
}

/// A text without what begins here and ends before there.
#[track_caller]
fn without(text: &str, from: &str, to: &str) -> String {
    let (before, rest) = text.split_once(from).expect("it begins somewhere");
    let (_, after) = rest.split_once(to).expect("it ends somewhere");
    format!("{before}{to}{after}")
}
