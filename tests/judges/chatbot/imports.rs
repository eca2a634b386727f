//! What Terraform made is imported by groma, and the other way round, with nothing to change but tags.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use tests::on_moto::{listed, member};
use tests::{accept, normal};

use super::{Chatbot, REGION, chatbot_on_moto, folder, push_image};
use crate::cloud::Cloud;
use crate::judge::{self, Judge};
use crate::moto::Moto;
use crate::proxy::Proxy;
use crate::requests::Request;
use crate::terraform::Terraform;

const CHATBOT_TF: &str = include_str!("../systems/chatbot.tf");
const SERVICES_TF: &str = include_str!("../systems/chatbot-apprunner.tf");
const LOGS_TF: &str = include_str!("../systems/chatbot-logs.tf");

/// Terraform's types with ours. What is not here is a part of another resource.
const SAME: [(&str, &str); 14] = [
    ("aws_apprunner_auto_scaling_configuration_version", "apprunner_auto_scaling_configuration"),
    ("aws_apprunner_service", "apprunner_service"),
    ("aws_apprunner_vpc_connector", "apprunner_vpc_connector"),
    ("aws_db_instance", "rds_instance"),
    ("aws_db_parameter_group", "rds_parameter_group"),
    ("aws_db_subnet_group", "rds_subnet_group"),
    ("aws_ecr_repository", "ecr_repository"),
    ("aws_iam_role", "iam_role"),
    ("aws_iam_role_policy", "iam_role_policy"),
    ("aws_secretsmanager_secret", "secretsmanager_secret"),
    ("aws_security_group", "ec2_security_group"),
    ("aws_vpc_endpoint", "ec2_vpc_endpoint"),
    ("aws_vpc_security_group_egress_rule", "ec2_security_group_rule"),
    ("aws_vpc_security_group_ingress_rule", "ec2_security_group_rule"),
];

impl Chatbot {
    /// The plan imports everything and is as expected; then the calls that `apply` sent, after which nothing is left to do.
    #[track_caller]
    fn imports(&mut self, ids: &BTreeMap<String, String>, expected: &str, proxy: &Proxy) -> Vec<Request> {
        self.append(&blocks(ids));
        let plan = normal::text(&without_chance(self.groma(&["plan", self.environment]).ended(0), ids));
        let differs = accept::compare(&folder(expected), &plan, str::to_owned);
        assert!(differs.is_none(), "{}", differs.unwrap_or_default());
        proxy.take();
        self.apply();
        proxy.take()
    }
}

/// Without the six letters at the end of a secret's ARN, which may stand on a line of their own.
fn without_chance(plan: String, ids: &BTreeMap<String, String>) -> String {
    let secrets = ids.iter().filter(|(address, _)| address.starts_with("aws_secretsmanager_secret."));
    let endings = secrets.map(|(_, arn)| &arn[arn.len() - "-AbCdEf".len()..]);
    endings.fold(plan, |plan, ending| plan.replace(ending, "-(id)"))
}

/// `[import]` blocks for all that Terraform has made.
fn blocks(ids: &BTreeMap<String, String>) -> String {
    let block = |(theirs, id): (&String, &String)| {
        let (kind, name) = theirs.split_once('.')?;
        let (_, ours) = SAME.iter().find(|(same, _)| *same == kind)?;
        Some(format!("\n[import.'module.chatbot.{ours}.{name}']\nid = \"{id}\"\n"))
    };
    ids.iter().filter_map(block).collect()
}

/// The operations of requests, each of which only sets ownership tags.
fn tagging(requests: &[Request]) -> BTreeSet<String> {
    for request in requests {
        let keys = tag_keys(&request.parameters);
        assert!(!keys.is_empty() && keys.iter().all(|key| key.starts_with("groma:")), "{request:#?}");
    }
    requests.iter().map(|request| format!("{}:{}", request.service, request.operation)).collect()
}

fn tag_keys(value: &Value) -> Vec<String> {
    match value {
        Value::Object(map) => {
            let own = map.iter().filter(|(name, _)| name.eq_ignore_ascii_case("key"));
            let own = own.filter_map(|(_, key)| key.as_str().map(str::to_owned));
            own.chain(map.values().flat_map(tag_keys)).collect()
        }
        Value::Array(list) => list.iter().flat_map(tag_keys).collect(),
        _ => Vec::new(),
    }
}

pub(crate) fn what_terraform_made_is_imported_with_nothing_to_change_but_ownership_tags() {
    let Some(program) = judge::ask(Judge::Terraform, "chatbot-imported") else { return };
    let cloud = Cloud::serve();
    let proxy = Proxy::before(cloud.port);
    let terraform = Terraform::in_region(program, proxy.port, REGION);
    terraform.write(CHATBOT_TF);
    terraform.run(&["apply", "-auto-approve", "-input=false", "-target=aws_ecr_repository.app"]).ended(0);
    push_image(&cloud);
    terraform.apply(&format!("{CHATBOT_TF}{SERVICES_TF}"));
    // App Runner has made the log groups itself.
    terraform.apply(&format!("{CHATBOT_TF}{SERVICES_TF}{LOGS_TF}"));
    terraform.plans_nothing();

    let mut chatbot = Chatbot::new(proxy.port, "dev");
    chatbot.edit("environments/dev.toml", "apprunner_services = []\n", "apprunner_services = [\"prod\"]\n");
    let sent = chatbot.imports(&terraform.ids(), "chatbot/import.txt", &proxy);
    let expected = [
        "apprunner:TagResource",
        "ec2:CreateTags",
        "ecr:TagResource",
        "iam:TagRole",
        "rds:AddTagsToResource",
        "secretsmanager:TagResource",
    ];
    assert_eq!(tagging(&sent), BTreeSet::from(expected.map(str::to_owned)));
}

pub(crate) fn what_terraform_made_on_moto_is_imported_with_nothing_to_change_but_ownership_tags() {
    let Some(program) = judge::ask(Judge::Terraform, "chatbot-imported-on-moto") else { return };
    let Some(server) = judge::ask(Judge::Moto, "chatbot-imported") else { return };
    let moto = Moto::serve(&server);
    let terraform = Terraform::in_region(program, moto.port, REGION);
    terraform.apply(CHATBOT_TF);

    let proxy = Proxy::before_instant(moto.port);
    let mut chatbot = chatbot_on_moto(proxy.port, "dev");
    let mut ids = terraform.ids();
    ids.retain(|address, _| !address.starts_with("aws_vpc_endpoint."));
    let mut sent = chatbot.imports(&ids, "chatbot/import-on-moto.txt", &proxy);
    for known in listed("call") {
        let before = sent.len();
        sent.retain(|request| format!("{}:{}", request.service, request.operation) != member(&known, "operation"));
        assert!(sent.len() < before, "moto does better now: {known}");
    }
    let expected =
        ["ec2:CreateTags", "ecr:TagResource", "iam:TagRole", "rds:AddTagsToResource", "secretsmanager:TagResource"];
    assert_eq!(tagging(&sent), BTreeSet::from(expected.map(str::to_owned)));
}

/// The address in Terraform's language, where it has a resource of its own there.
fn theirs(address: &str) -> Option<String> {
    let (kind, name) = address.strip_prefix("module.chatbot.")?.split_once('.')?;
    let direction = if name.ends_with("_to_all") { "egress" } else { "ingress" };
    let fits = |theirs: &str| kind != "ec2_security_group_rule" || theirs.contains(direction);
    let (theirs, _) = SAME.iter().find(|(theirs, ours)| *ours == kind && fits(theirs))?;
    Some(format!("{theirs}.{name}"))
}

/// The ids by which Terraform imports what groma has made: also of what is a part of another resource for groma.
fn ids_for_terraform(ours: &BTreeMap<String, String>, census: &Value) -> BTreeMap<String, String> {
    let mut ids: BTreeMap<String, String> =
        ours.iter().filter_map(|(address, id)| Some((theirs(address)?, id.clone()))).collect();
    let policy = "arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess";
    ids.insert("aws_iam_role_policy_attachment.access".to_owned(), format!("dev-chatbot-access/{policy}"));
    ids.insert("aws_ecr_lifecycle_policy.app".to_owned(), "dev-chatbot".to_owned());
    for (name, of) in [("auth_secret", "AUTH_SECRET"), ("postgres_url", "POSTGRES_URL")] {
        let region = &census["accounts"]["123456789012"]["regions"][REGION];
        let secret = &region["secretsmanager"]["secrets"][format!("dev-chatbot/{of}")];
        let version = secret["versions"].as_object().and_then(|versions| versions.keys().next_back());
        let id = format!("{}|{}", ids[&format!("aws_secretsmanager_secret.{name}")], version.expect("it has a value"));
        ids.insert(format!("aws_secretsmanager_secret_version.{name}"), id);
    }
    ids
}

/// What no answer of AWS tells Terraform, by type: a password, how to change and to delete, and that `16` is any `16.x`.
const UNREAD: [(&str, &[&str]); 3] = [
    (
        "aws_db_instance",
        &["apply_immediately", "engine_version", "final_snapshot_identifier", "password", "skip_final_snapshot"],
    ),
    ("aws_secretsmanager_secret", &["force_overwrite_replica_secret", "recovery_window_in_days"]),
    ("aws_security_group", &["revoke_rules_on_delete"]),
];

#[test]
fn what_groma_made_is_imported_by_terraform_with_nothing_to_change_but_tags() {
    let Some(program) = judge::ask(Judge::Terraform, "chatbot-imported-by-terraform") else { return };
    let cloud = Cloud::serve();
    let proxy = Proxy::before(cloud.port);
    let mut chatbot = Chatbot::new(proxy.port, "dev");
    chatbot.apply();
    push_image(&cloud);
    chatbot.edit("environments/dev.toml", "apprunner_services = []\n", "apprunner_services = [\"prod\"]\n");
    chatbot.apply();

    let ours = chatbot.project.ids_of("dev");
    let ids = ids_for_terraform(&ours, &cloud.dump());
    let connector = ours["module.chatbot.apprunner_vpc_connector.app"].split('/').nth(1).expect("it has a name");
    let named = SERVICES_TF.replace("${local.name}-connector", connector);
    let terraform = Terraform::in_region(program, proxy.port, REGION);
    let changes = terraform.would_change(&format!("{CHATBOT_TF}{named}"), &ids);
    let untagged = ["aws_ecr_lifecycle_policy", "aws_iam_role_policy", "aws_secretsmanager_secret_version"];
    let expected: BTreeMap<String, BTreeSet<String>> = ids
        .keys()
        .map(|address| {
            let kind = address.split('.').next().unwrap_or_default();
            let tags: &[&str] =
                if untagged.iter().any(|one| kind.starts_with(one)) { &[] } else { &["tags", "tags_all"] };
            let unread = UNREAD.iter().filter(|(one, _)| *one == kind).flat_map(|(_, names)| *names);
            (address.clone(), unread.chain(tags).map(|name| (*name).to_owned()).collect::<BTreeSet<String>>())
        })
        .filter(|(_, names)| !names.is_empty())
        .collect();
    assert_eq!(changes, expected);
}
