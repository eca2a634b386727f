//! What projects become: the whole graph, with its values as a plan would first see them.

#![expect(clippy::unwrap_used, reason = "a test stops at what it cannot read")]

mod fixture;

use std::{collections::BTreeMap, fmt::Write};

use config::{Expansion, Known, Overrides, Reading};
use fixture::Folder;
use lang::{Evaluator, Files, Predicted};
use model::{Graph, Value, expression::Entry};

fn json(value: &Value) -> String {
    match value {
        Value::Unknown(unknown) => format!("<{}>", unknown.expression),
        Value::Secret(secret) => {
            let sources: Vec<String> = secret.sources.iter().map(ToString::to_string).collect();
            format!("<secret: {}>", sources.join(", "))
        }
        Value::List(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{key}: {}", json(value))).collect();
            format!("{{{}}}", entries.join(", "))
        }
        leaf => leaf.exposed_json().unwrap().to_string(),
    }
}

/// One line for each instance with what it refers to, then its values.
fn shown(graph: &Graph, files: &dyn Files) -> String {
    let schemas = fixture::schemas();
    let facts = Predicted::new(&graph.scopes, &graph.resources, &schemas, files);
    let evaluator = Evaluator::new(&graph.scopes, &facts, files);
    let mut text = String::new();
    let mut show =
        |address: &dyn ToString, uses: Vec<String>, entries: &BTreeMap<String, Entry>, tags: &BTreeMap<_, Entry>| {
            let arrow = if uses.is_empty() { String::new() } else { format!(" -> {}", uses.join(", ")) };
            let _ = writeln!(text, "{}{arrow}", address.to_string());
            for (name, entry) in entries {
                let _ = writeln!(text, "  {name} = {}", json(&evaluator.written(&entry.value).unwrap()));
            }
            for (name, entry) in tags {
                let _ = writeln!(text, "  tag {name} = {}", json(&evaluator.written(&entry.value).unwrap()));
            }
        };
    let none = BTreeMap::new();
    for (address, resource) in &graph.resources {
        let uses = resource.dependencies.iter().map(ToString::to_string).collect();
        show(address, uses, &resource.arguments, &resource.inherited_tags);
    }
    for (address, data) in &graph.data {
        let uses = data.dependencies.iter().map(ToString::to_string).collect();
        show(address, uses, &data.arguments, &none);
    }
    for name in graph.scopes.modules[&Default::default()].outputs.keys() {
        let value = evaluator.output(&Default::default(), name).unwrap();
        let _ = writeln!(text, "output {name} = {}", json(&value));
    }
    text
}

fn graph(project: &str, overrides: &Overrides, reading: Reading) -> String {
    let files = Folder::of(project);
    let loaded = config::load("dev", overrides, &files, &fixture::schemas());
    match fixture::expand(&loaded, reading, &files) {
        Ok((graph, warnings)) => {
            assert_eq!(warnings, []);
            shown(&graph, &files)
        }
        Err(found) => panic!("{found:#?}"),
    }
}

/// Every project here starts with this.
const START: &str = "==== environments/dev.toml\n[environment]\nregion = \"us-east-1\"\naccount = \"123456789012\"\n";

fn check(project: &str, expected: &str) {
    let found = graph(&format!("{START}{project}"), &Overrides::default(), Reading::Asked);
    assert_eq!(found.trim(), expected.trim(), "\n{found}");
}

const CHATBOT: &str = r#"
==== modules/chatbot/main.toml
[variable.apprunner_services]
type = "list(string)"
default = []

[resource.ecr_repository.app]
repository_name = "${env.name}-chatbot"

[resource.apprunner_service.web]
for_each = "${var.apprunner_services}"
service_name = "${env.name}-chatbot-${each.key}"
[resource.apprunner_service.web.source_configuration.image_repository]
image_repository_type = "ECR"
image_identifier = "${ecr_repository.app.repository_uri}:latest"

[output.urls]
value = '${{ for name, service in apprunner_service.web : name => service.service_url }}'
"#;

#[test]
fn services_come_in_the_second_stage() {
    let environment = |services: &str| {
        format!(
            "[module.chatbot]\nsource = \"../modules/chatbot\"\napprunner_services = {services}\n\
             [output.urls]\nvalue = \"${{module.chatbot.urls}}\"\n{CHATBOT}"
        )
    };
    check(
        &environment("[]"),
        r#"
module.chatbot.ecr_repository.app
  repository_name = "dev-chatbot"
output urls = {}"#,
    );
    check(
        &environment("[\"prod\"]"),
        r#"
module.chatbot.apprunner_service.web["prod"] -> module.chatbot.ecr_repository.app
  service_name = "dev-chatbot-prod"
  source_configuration = {image_repository: {image_identifier: "123456789012.dkr.ecr.us-east-1.amazonaws.com/dev-chatbot:latest", image_repository_type: "ECR"}}
module.chatbot.ecr_repository.app
  repository_name = "dev-chatbot"
output urls = {prod: <module.chatbot.apprunner_service.web["prod"].service_url>}"#,
    );
}

#[test]
fn keys_of_written_maps_are_known_whatever_their_values_are() {
    check(
        r#"
[resource.ecr_repository.app]
repository_name = "app"

[resource.cloudwatch_log_group.logs]
for_each = { made = "${ecr_repository.app.created_at}", plain = "yes" }
log_group_name = "/${each.key}"
kms_key_id = "${each.value}"
"#,
        r#"
cloudwatch_log_group.logs["made"] -> ecr_repository.app
  kms_key_id = <ecr_repository.app.created_at>
  log_group_name = "/made"
cloudwatch_log_group.logs["plain"] -> ecr_repository.app
  kms_key_id = "yes"
  log_group_name = "/plain"
ecr_repository.app
  repository_name = "app""#,
    );
}

#[test]
fn values_of_computed_maps_stay_expressions() {
    let project = r#"
[resource.ecr_repository.app]
repository_name = "app"

[resource.cloudwatch_log_group.logs]
for_each = '${{ for name in ["a", "b"] : name => ecr_repository.app.created_at }}'
log_group_name = "/${each.key}"
kms_key_id = "${each.value}"
"#;
    check(
        project,
        r#"
cloudwatch_log_group.logs["a"] -> ecr_repository.app
  kms_key_id = <ecr_repository.app.created_at>
  log_group_name = "/a"
cloudwatch_log_group.logs["b"] -> ecr_repository.app
  kms_key_id = <ecr_repository.app.created_at>
  log_group_name = "/b"
ecr_repository.app
  repository_name = "app""#,
    );
    let files = Folder::of(&format!("{START}{project}"));
    let loaded = config::load("dev", &Overrides::default(), &files, &fixture::schemas());
    let (graph, _) = fixture::expand(&loaded, Reading::Asked, &files).unwrap();
    let each = |key: &str| {
        let resource = &graph.resources[&format!("cloudwatch_log_group.logs[\"{key}\"]").parse().unwrap()];
        let mut texts = Vec::new();
        resource.arguments["kms_key_id"].value.expressions(&mut |expression| {
            let value = &expression.sees.each.as_ref().unwrap().value;
            value.expressions(&mut |inner| texts.push(inner.text.clone()));
        });
        texts
    };
    let whole = r#"${({ for name in ["a", "b"] : name => ecr_repository.app.created_at })["#;
    assert_eq!(each("a"), [format!("{whole}\"a\"]}}")]);
}

#[test]
fn blocks_follow_the_instances_of_others() {
    check(
        r#"
[resource.ecr_repository.app]
for_each = ["api", "web"]
repository_name = "${each.key}"

[resource.cloudwatch_log_group.logs]
for_each = "${ecr_repository.app}"
log_group_name = "/${each.value.repository_name}"

[resource.iam_role.one]
role_name = '${ecr_repository.app["web"].repository_name}'
assume_role_policy_document = {}
"#,
        r#"
cloudwatch_log_group.logs["api"] -> ecr_repository.app["api"], ecr_repository.app["web"]
  log_group_name = "/api"
cloudwatch_log_group.logs["web"] -> ecr_repository.app["api"], ecr_repository.app["web"]
  log_group_name = "/web"
ecr_repository.app["api"]
  repository_name = "api"
ecr_repository.app["web"]
  repository_name = "web"
iam_role.one -> ecr_repository.app["web"]
  assume_role_policy_document = {}
  role_name = "web""#,
    );
}

#[test]
fn modules_repeat_and_nest() {
    check(
        r#"
[module.region]
source = "../modules/outer"
for_each = { eu = "eu-west-1", us = "us-east-1" }
where = "${each.value}"
tags = { area = "${each.key}" }

[resource.cloudwatch_log_group.all]
log_group_name = '/${module.region["eu"].name}/${length(module.region)}'

==== modules/outer/main.toml
[variable.where]
type = "string"

[module.inner]
source = "../inner"
name = "${path.module}-${var.where}"

[output.name]
value = "${module.inner.name}"
==== modules/inner/main.toml
[variable.name]
[resource.ecr_repository.app]
repository_name = '${replace(var.name, "modules/", "")}'
[output.name]
value = "${ecr_repository.app.repository_name}"
"#,
        r#"
cloudwatch_log_group.all -> module.region["eu"].module.inner.ecr_repository.app, module.region["us"].module.inner.ecr_repository.app
  log_group_name = "/outer-eu-west-1/2"
module.region["eu"].module.inner.ecr_repository.app
  repository_name = "outer-eu-west-1"
  tag area = "eu"
module.region["us"].module.inner.ecr_repository.app
  repository_name = "outer-us-east-1"
  tag area = "us""#,
    );
}

#[test]
fn what_is_switched_off_is_null() {
    check(
        r#"
[locals]
on = false

[resource.ecr_repository.app]
when = "${local.on}"
repository_name = "app"

[module.extra]
source = "../modules/extra"
when = "${local.on}"

[output.app]
value = '${try(ecr_repository.app.repository_name, "none")}'

==== modules/extra/main.toml
[resource.ecr_repository.extra]
repository_name = "extra"
"#,
        r#"output app = "none""#,
    );
}

#[test]
fn dependencies_go_through_locals_outputs_modules_and_data() {
    check(
        r#"
tags = { project = "${ecr_repository.base.created_at}" }

[resource.ecr_repository.base]
repository_name = "base"
tags = { project = "none" }

[module.one]
source = "../modules/one"
number = 1

[module.two]
source = "../modules/one"
number = 2
depends_on = ["module.one"]

[data.ecr_image.late]
repository_name = "base"
image_tag = "${module.one.arn}"

[resource.cloudwatch_log_group.logs]
log_group_name = "/logs"
depends_on = ["data.ecr_image.late"]

==== modules/one/main.toml
[variable.number]
[resource.iam_role.role]
role_name = "role-${var.number}"
assume_role_policy_document = {}
[locals]
arn = "${iam_role.role.arn}"
[output.arn]
value = "${local.arn}"
"#,
        // A tag of its own hides the environment's, which would make `base` wait for itself.
        r#"
cloudwatch_log_group.logs -> ecr_repository.base, data.ecr_image.late, module.one.iam_role.role
  log_group_name = "/logs"
  tag project = <ecr_repository.base.created_at>
ecr_repository.base
  repository_name = "base"
  tags = {project: "none"}
module.one.iam_role.role -> ecr_repository.base
  assume_role_policy_document = {}
  role_name = "role-1"
  tag project = <ecr_repository.base.created_at>
module.two.iam_role.role -> ecr_repository.base, module.one.iam_role.role
  assume_role_policy_document = {}
  role_name = "role-2"
  tag project = <ecr_repository.base.created_at>
data.ecr_image.late -> module.one.iam_role.role
  image_tag = "arn:aws:iam::123456789012:role/role-1"
  repository_name = "base"
"#,
    );
}

/// Expands step by step: each line one round of requests.
fn rounds(project: &str) -> String {
    let files = Folder::of(&format!("{START}{project}"));
    let loaded = config::load("dev", &Overrides::default(), &files, &fixture::schemas());
    let mut data = BTreeMap::new();
    let mut text = String::new();
    loop {
        let known = Known { account: None, data: &data, reading: Reading::Asked };
        match config::expand(&loaded, &known, &files, &fixture::schemas()).unwrap().expansion {
            Expansion::Graph(graph) => return text + &shown(&graph, &files),
            Expansion::NeedsData(requests) => {
                let asked: Vec<String> = requests
                    .iter()
                    .map(|request| {
                        let arguments = json(&Value::Map(request.arguments.clone()));
                        format!("{} in {} {arguments}", request.address, request.region)
                    })
                    .collect();
                let _ = writeln!(text, "reads {}", asked.join(", "));
                data.extend(requests.iter().map(|request| (request.address.clone(), fixture::answer(request))));
            }
        }
    }
}

#[test]
fn data_is_asked_for_until_there_is_no_more() {
    let found = rounds(
        r#"
[data.sts_caller_identity.me]

[data.ecr_image.app]
for_each = ["api", "web"]
repository_name = "${each.key}"
region = "eu-west-1"

[data.ecr_image.next]
repository_name = '${data.ecr_image.app["web"].image_digest}'

[data.iam_policy.task]
statement = [{ Effect = "Allow", Action = ["s3:Get*"], Resource = "${data.sts_caller_identity.me.arn}" }]

[resource.cloudwatch_log_group.logs]
for_each = "${data.ecr_image.next.image_tags}"
log_group_name = "/${each.key}"

[resource.iam_role.task]
when = '${data.sts_caller_identity.me.account_id == "nobody"}'
role_name = "task"
assume_role_policy_document = "${data.iam_policy.task.json}"

[resource.ecr_repository.app]
repository_name = "app"
policy_text = "${data.iam_policy.task.json}"
"#,
    );
    let expected = r#"
reads data.ecr_image.app["api"] in eu-west-1 {repository_name: "api"}, data.ecr_image.app["web"] in eu-west-1 {repository_name: "web"}, data.sts_caller_identity.me in us-east-1 {}
reads data.ecr_image.next in us-east-1 {repository_name: "a-image-digest"}
cloudwatch_log_group.logs["one"]
  log_group_name = "/one"
cloudwatch_log_group.logs["two"]
  log_group_name = "/two"
ecr_repository.app
  policy_text = "[{\"Action\":[\"s3:Get*\"],\"Effect\":\"Allow\",\"Resource\":\"a-arn\"}]"
  repository_name = "app"
"#;
    assert_eq!(found.trim(), expected.trim(), "\n{found}");
}

#[test]
fn validation_reads_nothing_and_shows_one_instance() {
    let project = r#"==== environments/dev.toml
[environment]
region = "cn-north-1"

[data.ecr_image.app]
repository_name = "app"

[resource.cloudwatch_log_group.logs]
for_each = "${data.ecr_image.app.image_tags}"
log_group_name = "/${each.key}!"
kms_key_id = "${env.account}-${env.partition}"

[resource.ecr_repository.app]
when = '${data.ecr_image.app.image_digest != ""}'
repository_name = "app"

[module.web]
source = "../modules/web"
for_each = "${cloudwatch_log_group.logs}"

[output.names]
value = "${module.web}"
==== modules/web/main.toml
[resource.ecr_repository.web]
repository_name = "web"
"#;
    let found = graph(project, &Overrides::default(), Reading::Never);
    let expected = r#"
cloudwatch_log_group.logs["*"] -> data.ecr_image.app
  kms_key_id = <${env.account}-${env.partition}>
  log_group_name = "/*!"
ecr_repository.app -> data.ecr_image.app
  repository_name = "app"
module.web["*"].ecr_repository.web -> cloudwatch_log_group.logs["*"]
  repository_name = "web"
data.ecr_image.app
  repository_name = "app"
output names = <module.web["*"]>
"#;
    assert_eq!(found.trim(), expected.trim(), "\n{found}");
}

#[test]
fn variables_have_an_order() {
    let project = format!(
        "{START}{}",
        r#"
[variable.a]
default = "default"
[variable.b]
default = "default"
[variable.c]
default = "default"
[variable.d]
default = "default"
[variable.size]
type = "number"
[variable.names]
type = "list(string)"
[output.all]
value = "${[var.a, var.b, var.c, var.d, var.size, var.names]}"
==== environments/dev.vars.toml
b = "file"
c = "file"
d = "file"
"#
    );
    let texts = |pairs: &[(&str, &str)]| pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let overrides = Overrides {
        vars: texts(&[("d", "var ${x}"), ("size", "3")]),
        env_vars: texts(&[("c", "env"), ("d", "env"), ("names", "[\"x\", \"y\"]")]),
    };
    let found = graph(&project, &overrides, Reading::Asked);
    assert_eq!(found.trim(), r#"output all = ["default", "file", "env", "var ${x}", 3, ["x", "y"]]"#);
}

#[test]
fn secrets_are_sources_and_never_text() {
    let project = format!(
        "{START}{}",
        r#"
[variable.given]
secret = true
[variable.in_file]
secret = true
[variable.not_given]
secret = true
[variable.elsewhere]
secret = true
default = { secret = { env = "KEY" } }

[resource.apprunner_service.web]
for_each = { a = "${var.given}", b = "${var.in_file}", c = "${var.not_given}", d = "${var.elsewhere}" }
service_name = "chat-${each.key}"
source_configuration = {}
api_key = "key: ${each.value}"
==== environments/dev.vars.toml
in_file = "hunter2 of the file"
"#
    );
    let overrides =
        Overrides { vars: [("given".to_owned(), "hunter2 given".to_owned())].into(), ..Overrides::default() };
    let found = graph(&project, &overrides, Reading::Asked);
    let expected = r#"
apprunner_service.web["a"]
  api_key = <secret: variable given>
  service_name = "chat-a"
  source_configuration = {}
apprunner_service.web["b"]
  api_key = <secret: variable in_file>
  service_name = "chat-b"
  source_configuration = {}
apprunner_service.web["c"]
  api_key = <secret: variable not_given>
  service_name = "chat-c"
  source_configuration = {}
apprunner_service.web["d"]
  api_key = <secret: environment variable KEY>
  service_name = "chat-d"
  source_configuration = {}
"#;
    assert_eq!(found.trim(), expected.trim(), "\n{found}");

    let files = Folder::of(&project);
    let loaded = config::load("dev", &overrides, &files, &fixture::schemas());
    let (graph, _) = fixture::expand(&loaded, Reading::Asked, &files).unwrap();
    let texts: String = loaded.sources.iter().map(|(_, file)| file.text.as_str()).collect();
    for whole in [texts, format!("{loaded:?}"), format!("{graph:?}")] {
        assert!(!whole.contains("hunter2"), "{whole}");
    }
    let names: Vec<&String> = loaded.secrets.keys().collect();
    assert_eq!(names, ["given", "in_file"]);
    assert_eq!(loaded.secrets["in_file"].expose(), Some("hunter2 of the file"));
}

/// A file of variables that does not parse may hold secrets anywhere.
#[test]
fn a_broken_file_of_variables_shows_no_value() {
    let project = format!("{START}\n==== environments/dev.vars.toml\npassword = \"hunter2\nhunter2 = '''\nhunter3\n");
    let files = Folder::of(&project);
    let loaded = config::load("dev", &Overrides::default(), &files, &fixture::schemas());
    assert!(loaded.has_error());
    let (_, file) = loaded.sources.iter().last().unwrap();
    assert_eq!(file.text, "password =*********\nhunter2 =****\n*******\n");
}

#[test]
fn moves_removals_and_imports_reach_the_graph() {
    let project = format!(
        "{START}{}",
        r#"
[resource.ecr_repository.app]
repository_name = "app"
lifecycle = { prevent_destroy = true, ignore_changes = ["tags[\"team\"]"] }
timeouts = { create = "1h 30m" }
[resource.ecr_repository.off]
when = false
repository_name = "off"
[moved]
"ecr_repository.old" = "ecr_repository.app"
[removed."iam_role.task"]
retain = true
[import."ecr_repository.app"]
id = "${env.name}-app"
[import."ecr_repository.off"]
id = "off"
"#
    );
    let files = Folder::of(&project);
    let loaded = config::load("environments/dev.toml", &Overrides::default(), &files, &fixture::schemas());
    let (graph, _) = fixture::expand(&loaded, Reading::Asked, &files).unwrap();
    let app = &graph.resources[&"ecr_repository.app".parse().unwrap()];
    assert!(app.lifecycle.prevent_destroy);
    assert_eq!(app.lifecycle.ignore_changes, ["tags[\"team\"]"]);
    assert_eq!(app.timeouts.create, Some(5400));
    let moved: Vec<_> = graph.moved.iter().map(|moved| (moved.from.as_str(), moved.to.as_str())).collect();
    assert_eq!(moved, [("ecr_repository.old", "ecr_repository.app")]);
    assert!(graph.removed[0].retain);
    assert_eq!(graph.imports.keys().map(ToString::to_string).collect::<Vec<_>>(), ["ecr_repository.app"]);
}

#[test]
fn a_folder_is_one_environment() {
    let project = r#"
==== environments/dev/main.toml
[environment]
region = "us-east-1"
[locals]
a = "app"
==== environments/dev/more.toml
[environment]
account = "123456789012"
[locals]
b = "${local.a}-b"
[resource.ecr_repository.app]
repository_name = "${local.b}"
==== environments/dev/notes.txt
not TOML
==== environments/dev/old/main.toml
not TOML
"#;
    let found = graph(project, &Overrides::default(), Reading::Asked);
    assert_eq!(found.trim(), "ecr_repository.app\n  repository_name = \"app-b\"");
    let files = Folder::of(project);
    assert_eq!(config::environments(&files), ["dev"]);
}

/// Same input, same bytes: also when nothing but the order of evaluation could differ.
#[test]
fn the_same_project_is_the_same_graph() {
    let project = format!("{START}[module.chatbot]\nsource = \"../modules/chatbot\"\n{CHATBOT}");
    let files = Folder::of(&project);
    let once = || {
        let loaded = config::load("dev", &Overrides::default(), &files, &fixture::schemas());
        fixture::expand(&loaded, Reading::Asked, &files).unwrap().0
    };
    assert_eq!(once(), once());
}

#[test]
fn a_block_moves_with_all_its_instances() {
    let project = format!(
        "{START}{}",
        r#"
[resource.ecr_repository.app]
for_each = ["a", "b"]
repository_name = "app-${each.key}"
[resource.ecr_repository.none]
for_each = []
repository_name = "none"
[moved]
"ecr_repository.old" = "ecr_repository.app"
"ecr_repository.gone" = "ecr_repository.none"
"#
    );
    let files = Folder::of(&project);
    let loaded = config::load("environments/dev.toml", &Overrides::default(), &files, &fixture::schemas());
    let (graph, _) = fixture::expand(&loaded, Reading::Asked, &files).unwrap();
    let moved: Vec<_> = graph.moved.iter().map(|moved| (moved.from.as_str(), moved.to.as_str())).collect();
    let expected = [("ecr_repository.gone", "ecr_repository.none"), ("ecr_repository.old", "ecr_repository.app")];
    assert_eq!(moved, expected);
}
