//! Whole systems: what Terraform makes on the local cloud, and what Terraform and groma say of each other's.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;
use tests::project::binary;

use crate::cloud::{Cloud, Project, REGION, finish};
use crate::judge::{self, Judge};
use crate::proxy::Proxy;
use crate::terraform::Terraform;

const ADVICE_TF: &str = include_str!("systems/advice.tf");
const ADVICE_TOML: &str = include_str!("systems/advice.toml");

/// Terraform's types and names, with ours for the same. What has no name of its own here is a part of another resource.
const SAME: &[(&str, &str)] = &[
    ("aws_apprunner_auto_scaling_configuration_version.app", "apprunner_auto_scaling_configuration.app"),
    ("aws_apprunner_custom_domain_association.app", "apprunner_custom_domain.app"),
    ("aws_apprunner_observability_configuration.app", "apprunner_observability_configuration.app"),
    ("aws_apprunner_service.app", "apprunner_service.app"),
    ("aws_apprunner_vpc_connector.app", "apprunner_vpc_connector.app"),
    ("aws_cloudwatch_log_group.audit", "cloudwatch_log_group.audit"),
    ("aws_dynamodb_table.conversations", "dynamodb_table.conversations"),
    ("aws_ecr_lifecycle_policy.app", ""),
    ("aws_ecr_repository.app", "ecr_repository.app"),
    ("aws_iam_policy.logs", "iam_policy.logs"),
    ("aws_iam_role.access", "iam_role.access"),
    ("aws_iam_role.instance", "iam_role.instance"),
    ("aws_iam_role_policy.conversations", "iam_role_policy.conversations"),
    ("aws_iam_role_policy_attachment.access", ""),
    ("aws_iam_role_policy_attachment.logs", "iam_role_policy_attachment.logs"),
];

fn push_image(cloud: &Cloud) {
    let mut push = Command::new(binary());
    push.args(["local", "push", "friendly-advice-columnist:latest", "--healthy-path", "/api/health"]);
    push.args(["--region", REGION, "--account", "123456789012", "-C"]).arg(cloud.folder());
    finish(&mut push).ended(0);
}

/// The repository comes first, then its image, then what runs the image.
fn made_by_terraform(terraform: &Terraform, cloud: &Cloud) {
    terraform.write(ADVICE_TF);
    terraform.run(&["apply", "-auto-approve", "-input=false", "-target=aws_ecr_repository.app"]).ended(0);
    push_image(cloud);
    terraform.apply(ADVICE_TF);
    terraform.plans_nothing();
}

#[test]
fn terraform_creates_plans_nothing_imports_updates_and_destroys() {
    let Some(program) = judge::ask(Judge::Terraform, "system") else { return };
    let cloud = Cloud::serve();
    let proxy = Proxy::before(cloud.port);
    let terraform = Terraform::new(program.clone(), proxy.port);
    made_by_terraform(&terraform, &cloud);

    let importer = Terraform::new(program, proxy.port);
    assert_eq!(importer.would_change(ADVICE_TF, &terraform.ids()), BTreeMap::new());

    let mut changed = ADVICE_TF.to_owned();
    for (old, new) in [
        ("name = local.name\n  image", "name = local.name\n  force_delete = true\n  image"),
        ("scan_on_push = true", "scan_on_push = false"),
        ("countNumber = 5", "countNumber = 7"),
        (
            "attribute_name = \"ttl\"\n  }",
            "attribute_name = \"ttl\"\n  }\n  point_in_time_recovery {\n    enabled = true\n  }",
        ),
        ("\"dynamodb:Query\"]", "\"dynamodb:Query\", \"dynamodb:Scan\"]"),
        ("Action = \"logs:PutLogEvents\"", "Action = [\"logs:PutLogEvents\", \"logs:CreateLogStream\"]"),
        ("retention_in_days = 30", "retention_in_days = 60"),
        ("max_size                        = 2", "max_size                        = 3"),
        ("https://advice.example.org", "https://better.example.org"),
        ("interval            = 10", "interval            = 20"),
        ("project = local.name", "project = \"advice\""),
    ] {
        assert!(changed.contains(old), "the system has `{old}`");
        changed = changed.replace(old, new);
    }
    terraform.apply(&changed);
    terraform.plans_nothing();
    terraform.destroy();
    // App Runner itself leaves the log groups of a deleted service behind.
    let left = named(&cloud.dump(), "friendly-advice");
    assert_eq!(left.iter().filter(|name| !name.starts_with("/aws/apprunner/")).count(), 0, "{left:?}");
}

/// The keys and texts in the census that hold a word.
fn named(census: &Value, word: &str) -> BTreeSet<String> {
    match census {
        Value::Object(map) => {
            let keys = map.keys().filter(|key| key.contains(word)).cloned();
            keys.chain(
                map.values().flat_map(|member| named(member, word)).filter(|name| !name.starts_with("arn:aws:logs:")),
            )
            .collect()
        }
        Value::Array(list) => list.iter().flat_map(|element| named(element, word)).collect(),
        Value::String(text) if text.contains(word) => BTreeSet::from([text.clone()]),
        _ => BTreeSet::new(),
    }
}

#[test]
fn what_terraform_made_is_imported_with_nothing_to_change_but_ownership_tags() {
    let Some(program) = judge::ask(Judge::Terraform, "imported-by-groma") else { return };
    let cloud = Cloud::serve();
    let proxy = Proxy::before(cloud.port);
    let terraform = Terraform::new(program, proxy.port);
    made_by_terraform(&terraform, &cloud);
    let ids = terraform.ids();
    proxy.take();

    let project = Project::new(proxy.port);
    let blocks = SAME.iter().filter(|(_, ours)| !ours.is_empty());
    let blocks = blocks.map(|(theirs, ours)| format!("[import.\"{ours}\"]\nid = \"{}\"\n", ids[*theirs]));
    project.apply(&format!("{ADVICE_TOML}\n{}", blocks.collect::<String>()));
    let sent: BTreeSet<String> = proxy.take().into_iter().map(|request| request.operation).collect();
    let tagging = ["TagPolicy", "TagResource", "TagRole"].map(str::to_owned);
    assert_eq!(sent, BTreeSet::from(tagging));
    project.groma(&["plan", "judged", "--detailed-exitcode"]).ended(0);
}

#[test]
fn what_groma_made_is_imported_by_terraform_with_nothing_to_change_but_tags() {
    let Some(program) = judge::ask(Judge::Terraform, "imported-by-terraform") else { return };
    let cloud = Cloud::serve();
    let proxy = Proxy::before(cloud.port);
    let project = Project::new(proxy.port);
    let repository = ADVICE_TOML.split("[resource.dynamodb_table").next().expect("it comes first");
    project.apply(repository);
    push_image(&cloud);
    project.apply(ADVICE_TOML);
    project.groma(&["plan", "judged", "--detailed-exitcode"]).ended(0);

    let ours = project.ids();
    let mut ids = BTreeMap::from([
        ("aws_ecr_lifecycle_policy.app".to_owned(), "friendly-advice-columnist".to_owned()),
        (
            "aws_iam_role_policy_attachment.access".to_owned(),
            "friendly-advice-columnist-apprunner-access/arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess"
                .to_owned(),
        ),
    ]);
    let named = SAME.iter().filter(|(_, address)| !address.is_empty());
    ids.extend(named.map(|(theirs, address)| ((*theirs).to_owned(), ours[*address].clone())));
    let terraform = Terraform::new(program, proxy.port);
    let tags = BTreeSet::from(["tags".to_owned(), "tags_all".to_owned()]);
    let tagged = SAME.iter().map(|(theirs, _)| *theirs).filter(|address| {
        let untagged = ["aws_ecr_lifecycle_policy", "aws_iam_role_policy", "aws_apprunner_custom_domain"];
        !untagged.iter().any(|kind| address.starts_with(kind))
    });
    let expected: BTreeMap<String, BTreeSet<String>> =
        tagged.map(|address| (address.to_owned(), tags.clone())).collect();
    assert_eq!(terraform.would_change(ADVICE_TF, &ids), expected);
}
