//! The chatbot of `modules/chatbot`: made by Terraform and imported by groma, and told as a story on moto.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tests::{accept, normal, project};

use crate::cloud::{Cloud, Project, Said};
use crate::judge::{self, Judge};
use crate::moto::Moto;
use crate::proxy::Proxy;
use crate::requests::Request;
use crate::terraform::Terraform;

const CHATBOT_TF: &str = include_str!("systems/chatbot.tf");
const SERVICES_TF: &str = include_str!("systems/chatbot-apprunner.tf");
const LOGS_TF: &str = include_str!("systems/chatbot-logs.tf");
const REGION: &str = "us-east-1";
const PARTS: [&str; 6] = ["apprunner", "database", "iam", "network", "outputs", "registry"];

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

/// A project with the module and one of its environments.
struct Chatbot {
    project: Project,
    environment: &'static str,
    files: BTreeMap<String, String>,
    password: &'static str,
}

impl Chatbot {
    fn new(port: u16, environment: &'static str) -> Self {
        let module = PARTS.map(|part| format!("modules/chatbot/{part}.toml"));
        let paths = module.into_iter().chain([format!("environments/{environment}.toml")]);
        let read =
            |path: &String| std::fs::read_to_string(project::repository(path)).expect("a file of the repository");
        let files = paths.map(|path| (path.clone(), read(&path))).collect();
        let this = Self { project: Project::new(port), environment, files, password: "correct-horse-battery" };
        this.files.iter().for_each(|(path, text)| this.project.put(path, text));
        this
    }

    /// One text for another, once.
    fn edit(&mut self, path: &str, from: &str, to: &str) {
        let text = self.files.get_mut(path).expect("the project has the file");
        assert_eq!(text.matches(from).count(), 1, "`{from}` stands once in {path}");
        *text = text.replace(from, to);
        self.project.put(path, text);
    }

    fn append(&mut self, more: &str) {
        let path = format!("environments/{}.toml", self.environment);
        let text = self.files.get_mut(&path).expect("the project has it");
        text.push_str(more);
        self.project.put(&path, text);
    }

    fn groma(&self, arguments: &[&str]) -> Said {
        let secrets = [("CHATBOT_DB_PASSWORD", self.password), ("CHATBOT_AUTH_SECRET", "staple-more-than-ten")];
        self.project.groma_with(arguments, &secrets)
    }

    #[track_caller]
    fn plans_nothing(&self) {
        self.groma(&["plan", self.environment, "--detailed-exitcode"]).ended(0);
    }

    #[track_caller]
    fn apply(&self) -> String {
        let said = self.groma(&["apply", self.environment, "--auto-approve"]).ended(0);
        self.plans_nothing();
        said
    }

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

fn folder(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("judges").join(below)
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

fn push_image(cloud: &Cloud) {
    let mut push = Command::new(judge::groma());
    push.args(["local", "push", "dev-chatbot:latest", "--healthy-path", "/api/health"]);
    push.args(["--region", REGION, "--account", "123456789012", "-C"]).arg(cloud.folder());
    Said::of(&mut push).ended(0);
}

#[test]
fn what_terraform_made_is_imported_with_nothing_to_change_but_ownership_tags() {
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

/// What moto does not play, or plays otherwise than AWS; each entry says whose fault it is, and why.
fn on_moto(list: &str) -> Vec<toml::Table> {
    let text = std::fs::read_to_string(folder("chatbot/moto.toml")).expect("the list is there");
    let table: toml::Table = toml::from_str(&text).expect("the list is TOML");
    let entries = table[list].as_array().expect("a list").iter().filter_map(toml::Value::as_table);
    let entries: Vec<toml::Table> = entries.cloned().collect();
    for entry in &entries {
        assert!(["moto", "ours", "nobody"].contains(&member(entry, "whose")), "whose fault is it: {entry}");
        assert!(!member(entry, "reason").is_empty(), "why: {entry}");
    }
    entries
}

fn member<'a>(entry: &'a toml::Table, name: &str) -> &'a str {
    entry.get(name).and_then(toml::Value::as_str).unwrap_or_default()
}

/// The chatbot as far as moto can play it.
fn chatbot_on_moto(port: u16, environment: &'static str) -> Chatbot {
    let mut chatbot = Chatbot::new(port, environment);
    for edit in on_moto("edit") {
        if chatbot.files.contains_key(member(&edit, "file")) {
            chatbot.edit(member(&edit, "file"), member(&edit, "from"), member(&edit, "to"));
        }
    }
    chatbot
}

#[test]
fn what_terraform_made_on_moto_is_imported_with_nothing_to_change_but_ownership_tags() {
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
    for known in on_moto("call") {
        let before = sent.len();
        sent.retain(|request| format!("{}:{}", request.service, request.operation) != member(&known, "operation"));
        assert!(sent.len() < before, "moto does better now: {known}");
    }
    let expected =
        ["ec2:CreateTags", "ecr:TagResource", "iam:TagRole", "rds:AddTagsToResource", "secretsmanager:TagResource"];
    assert_eq!(tagging(&sent), BTreeSet::from(expected.map(str::to_owned)));
}

const AUDIT: &str = "
[resource.cloudwatch_log_group.audit]
log_group_name    = \"/chatbot/audit\"
retention_in_days = 30
";

#[test]
fn moto_plays_the_chatbot_with_a_database_but_for_its_services() {
    let Some(server) = judge::ask(Judge::Moto, "chatbot-dev") else { return };
    let moto = Moto::serve(&server);
    let mut chatbot = chatbot_on_moto(moto.port, "dev");
    let made = chatbot.apply();
    assert!(made.contains("Plan: 17 to create"), "{made}");

    chatbot.password = "another-horse-battery";
    let rotated = chatbot.apply();
    assert!(rotated.contains("Plan: 2 to update"), "{rotated}");

    // Migrations are done, and somebody wants a log.
    chatbot.edit("environments/dev.toml", "public_database    = true", "public_database    = false");
    chatbot.append(AUDIT);
    let migrated = chatbot.apply();
    assert!(migrated.contains("Plan: 1 to create, 1 to update, 1 to delete"), "{migrated}");

    chatbot.groma(&["destroy", "dev", "--check"]).ended(2);
    let refused = chatbot.groma(&["destroy", "dev", "--auto-approve"]);
    assert_eq!(refused.code, 1, "the database is protected: {}", refused.out);
    chatbot.groma(&["destroy", "dev", "--auto-approve", "--allow-unprotect"]).ended(0);
    chatbot.groma(&["plan", "dev", "--destroy", "--detailed-exitcode"]).ended(0);
}

#[test]
fn moto_plays_the_chatbot_with_a_table_but_for_its_services() {
    let Some(server) = judge::ask(Judge::Moto, "chatbot-sandbox") else { return };
    let moto = Moto::serve(&server);
    let mut chatbot = chatbot_on_moto(moto.port, "sandbox");
    let made = chatbot.apply();
    assert!(made.contains("Plan: 12 to create"), "{made}");
    chatbot.append(AUDIT);
    let more = chatbot.apply();
    assert!(more.contains("Plan: 1 to create"), "{more}");
    chatbot.groma(&["destroy", "sandbox", "--auto-approve"]).ended(0);
    chatbot.groma(&["plan", "sandbox", "--destroy", "--detailed-exitcode"]).ended(0);
}
