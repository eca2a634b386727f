//! The requests that groma sends for a change, beside those of Terraform's provider for the same change.
//!
//! `changes/TYPE.toml` writes each change in both languages; `terraform/TYPE.json` holds what Terraform sent, recorded by
//! `GROMA_RECORD=terraform cargo test --package tests --test judges changes`. So the comparison runs where no Terraform
//! is. `changes/differences.toml` lists every difference with its reason.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::cloud::{Cloud, Project};
use crate::judge::{self, Judge};
use crate::meaning;
use crate::proxy::Proxy;
use crate::requests::Request;
use crate::terraform::Terraform;
use crate::tree;

/// One change in both languages: what stands there after it.
pub(crate) struct Change {
    pub(crate) name: String,
    terraform: String,
    pub(crate) groma: String,
}

/// What was sent for each change, by its name.
type Sent = BTreeMap<String, Vec<Request>>;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("judges").join(name)
}

fn read_toml(path: &Path) -> toml::Table {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The changes of a type; the last is that everything goes.
pub(crate) fn changes(kind: &str) -> Vec<Change> {
    let table = read_toml(&folder("changes").join(format!("{kind}.toml")));
    let text = |table: &toml::Table, name: &str| {
        let text = table.get(name).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
        NETWORK.iter().fold(text, |text, (word, id)| text.replace(word, id))
    };
    let beside = (text(&table, "terraform"), text(&table, "groma"));
    let listed = table["change"].as_array().expect("changes are a list").iter();
    let mut changes: Vec<Change> = listed
        .map(|change| change.as_table().expect("a change is a table"))
        .map(|change| Change {
            name: text(change, "name"),
            terraform: format!("{}\n{}", beside.0, text(change, "terraform")),
            groma: format!("{}\n{}", beside.1, text(change, "groma")),
        })
        .collect();
    changes.push(Change { name: "delete".to_owned(), terraform: beside.0, groma: beside.1 });
    changes
}

/// The starting world's network in the region, the same in every new cloud.
const NETWORK: [(&str, &str); 5] = [
    ("SUBNET_A", "subnet-069d912c9a7240388"),
    ("SUBNET_B", "subnet-035d7c0497013b922"),
    ("SUBNET_C", "subnet-0dcbc906666f4c786"),
    ("ROUTES", "rtb-0fbfde0053eb74376"),
    ("GROUP", GROUP),
];
/// The default security group: the one whose id is the same in every world.
pub(crate) const GROUP: &str = "sg-078818cff038f1d49";

/// The requests of a client by meaning; what stands beside the resource is made before the first of them.
fn sent(proxy: &Proxy) -> Vec<Request> {
    let mut requests: Vec<Request> = proxy.take().iter().filter_map(meaning::of).collect();
    requests.sort_by_key(|request| (request.operation.clone(), request.parameters.to_string()));
    requests
}

fn sent_by_groma(changes: &[Change]) -> Sent {
    let cloud = Cloud::serve();
    let proxy = Proxy::before(cloud.port);
    let project = Project::new(proxy.port);
    project.apply(&changes.last().expect("there is one").groma);
    proxy.take();
    let apply = |change: &Change| {
        project.apply(&change.groma);
        project.groma(&["plan", "judged", "--detailed-exitcode"]).ended(0);
        (change.name.clone(), sent(&proxy))
    };
    changes.iter().map(apply).collect()
}

fn sent_by_terraform(program: PathBuf, changes: &[Change]) -> Sent {
    let cloud = Cloud::serve();
    let proxy = Proxy::before(cloud.port);
    let terraform = Terraform::new(program, proxy.port);
    terraform.apply(&changes.last().expect("there is one").terraform);
    proxy.take();
    let apply = |change: &Change| {
        terraform.apply(&change.terraform);
        terraform.plans_nothing();
        (change.name.clone(), sent(&proxy))
    };
    changes.iter().map(apply).collect()
}

fn record(path: &Path, sent: &Sent) {
    let request = |request: &Request| json!({ "call": format!("{}:{}", request.service, request.operation), "parameters": request.parameters });
    let all: BTreeMap<&String, Vec<Value>> =
        sent.iter().map(|(name, requests)| (name, requests.iter().map(request).collect())).collect();
    let text = serde_json::to_string_pretty(&all).expect("requests are JSON");
    std::fs::write(path, format!("{text}\n")).expect("the record can be written");
}

fn recorded(path: &Path) -> Sent {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let all: BTreeMap<String, Vec<Value>> = serde_json::from_str(&text).expect("a record is JSON");
    let request = |value: &Value| {
        let call = value["call"].as_str().and_then(|call| call.split_once(':')).expect("a call is service:operation");
        Request { service: call.0.to_owned(), operation: call.1.to_owned(), parameters: value["parameters"].clone() }
    };
    all.into_iter().map(|(name, requests)| (name, requests.iter().map(request).collect())).collect()
}

/// One line for each difference between two lists of requests, Terraform's values first.
fn differences(terraform: &[Request], groma: &[Request]) -> Vec<String> {
    let mut theirs: Vec<&Request> = terraform.iter().filter(|request| !groma.contains(request)).collect();
    let mut lines = Vec::new();
    for ours in groma.iter().filter(|request| !terraform.contains(request)) {
        let same = theirs.iter().position(|other| other.operation == ours.operation && other.service == ours.service);
        match same {
            Some(at) => {
                let found = tree::differences(&theirs.remove(at).parameters, &ours.parameters);
                lines.extend(found.iter().map(|line| format!("{} {line}", ours.operation)));
            }
            None => lines.push(format!("only groma: {} {}", ours.operation, ours.parameters)),
        }
    }
    lines.extend(theirs.iter().map(|other| format!("only terraform: {} {}", other.operation, other.parameters)));
    let twice = |left: &[Request], right: &[Request]| left.len() > right.len();
    if lines.is_empty() && (twice(terraform, groma) || twice(groma, terraform)) {
        lines.push(format!("sent {} times, {} times", terraform.len(), groma.len()));
    }
    lines
}

/// The reviewed differences of a type: change and line.
fn reviewed(kind: &str) -> Vec<(String, String)> {
    let table = read_toml(&folder("changes").join("differences.toml"));
    let text = |entry: &toml::Value, name: &str| {
        let text = entry.get(name).and_then(toml::Value::as_str).filter(|text| !text.is_empty());
        text.unwrap_or_else(|| panic!("a difference has its {name}: {entry}")).to_owned()
    };
    let listed = table.get("difference").and_then(toml::Value::as_array).into_iter().flatten();
    let entries = listed.flat_map(|entry| {
        text(entry, "reason");
        let lines = entry.get("lines").and_then(toml::Value::as_array).expect("a difference has its lines");
        let change = text(entry, "change");
        lines.iter().map(move |line| (change.clone(), line.as_str().expect("a line is text").to_owned()))
    });
    let prefix = format!("{kind}.");
    entries.filter(|(change, _)| change.starts_with(&prefix)).collect()
}

#[track_caller]
fn check(kind: &str) {
    let changes = changes(kind);
    let path = folder("terraform").join(format!("{kind}.json"));
    if judge::records_terraform() {
        let program =
            judge::ask(Judge::Terraform, &format!("changes.{kind}")).expect("Terraform is here to be recorded");
        record(&path, &sent_by_terraform(program, &changes));
    }
    let (terraform, groma) = (recorded(&path), sent_by_groma(&changes));
    let mut seen: Vec<(String, String)> = Vec::new();
    for change in &changes {
        let theirs = terraform.get(&change.name).unwrap_or_else(|| panic!("`{}` is not recorded", change.name));
        let lines = differences(theirs, &groma[&change.name]);
        seen.extend(lines.into_iter().map(|line| (format!("{kind}.{}", change.name), line)));
    }
    let mut reviewed = reviewed(kind);
    seen.sort();
    reviewed.sort();
    let show = |entries: &[(String, String)], others: &[(String, String)]| {
        let missing = entries.iter().filter(|entry| !others.contains(entry));
        missing.map(|(change, line)| format!("{change}\n    '''{line}''',\n")).collect::<String>()
    };
    assert!(
        seen == reviewed,
        "seen, but not in differences.toml:\n{}\nin differences.toml, but not seen:\n{}",
        show(&seen, &reviewed),
        show(&reviewed, &seen)
    );
}

/// One test for each file, so that they run side by side, and a test that none is left out.
macro_rules! types {
    ($($kind:ident),+ $(,)?) => {
        $(
            #[test]
            fn $kind() {
                check(stringify!($kind));
            }
        )+

        #[test]
        fn every_list_of_changes_is_checked() {
            let here = std::fs::read_dir(folder("changes")).expect("the folder is there").flatten();
            let names = here.map(|entry| entry.file_name().to_string_lossy().trim_end_matches(".toml").to_owned());
            let mut names: Vec<String> = names.filter(|name| name != "differences").collect();
            names.sort();
            assert_eq!(names, [$(stringify!($kind)),+]);
        }
    };
}

types! {
    apprunner_auto_scaling_configuration,
    apprunner_custom_domain,
    apprunner_observability_configuration,
    apprunner_service,
    apprunner_vpc_connector,
    cloudwatch_log_group,
    dynamodb_table,
    ec2_security_group,
    ec2_security_group_rule,
    ec2_vpc_endpoint,
    ecr_repository,
    iam_policy,
    iam_role,
    iam_role_policy,
    iam_role_policy_attachment,
    rds_instance,
    rds_parameter_group,
    rds_subnet_group,
    secretsmanager_secret,
    ssm_parameter,
}
