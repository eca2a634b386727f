//! Small values for tests.

use model::{
    Action, Address, Change, Place, Plan, ReplaceOrder, Secret, SecretSource, Unknown, Value, plan::Difference,
    state::World,
};

pub(crate) fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

pub(crate) fn unknown(expression: &str) -> Value {
    Value::Unknown(Unknown { expression: expression.to_owned(), needs: Default::default() })
}

pub(crate) fn secret(text: &str) -> Value {
    Value::Secret(Secret::new(text, vec![SecretSource::Env("PASSWORD".to_owned())]))
}

pub(crate) fn place(line: u32) -> Option<Place> {
    Some(Place { file: "environments/dev.toml".to_owned(), line, column: 1 })
}

pub(crate) fn address(text: &str) -> Address {
    text.parse().expect("a test's address")
}

/// From JSON, so that a member more in the model needs no word here.
pub(crate) fn change(address_text: &str, action: Action) -> Change {
    let json = serde_json::json!({
        "address": address(address_text),
        "action": action,
        "region": "us-east-2",
        "place": place(12),
    });
    serde_json::from_value(json).expect("a test's change")
}

pub(crate) fn wants<const N: usize>(mut change: Change, want: [(&str, Value); N]) -> Change {
    change.want = want.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    change
}

pub(crate) fn differs(mut change: Change, path: &str, before: impl Into<Value>, after: impl Into<Value>) -> Change {
    change.differences.push(difference(path, before, after));
    change
}

pub(crate) fn difference(path: &str, before: impl Into<Value>, after: impl Into<Value>) -> Difference {
    Difference {
        path: path.to_owned(),
        before: before.into(),
        after: after.into(),
        replaces: false,
        document: false,
        place: None,
        drifted: false,
    }
}

pub(crate) fn plan(changes: impl IntoIterator<Item = Change>) -> Plan {
    Plan {
        format: 1,
        made_by: "0.1.0".to_owned(),
        world: World::Local,
        environment: "dev".to_owned(),
        account: Some("123456789012".to_owned()),
        region: "us-east-2".to_owned(),
        lineage: "lineage".to_owned(),
        serial: 3,
        changes: changes.into_iter().map(|change| (change.address.clone(), change)).collect(),
        ..Plan::default()
    }
}

/// A plan in which most things happen.
pub(crate) fn example() -> Plan {
    let policy = map([
        ("Version", "2012-10-17".into()),
        (
            "Statement",
            vec![map([
                ("Sid", "Table".into()),
                ("Effect", "Allow".into()),
                ("Action", vec!["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"].into()),
                ("Resource", "arn:aws:dynamodb:us-east-2:123456789012:table/friendly-advice".into()),
            ])]
            .into(),
        ),
    ]);
    let policy2 = map([
        ("Version", "2012-10-17".into()),
        (
            "Statement",
            vec![
                map([
                    ("Sid", "Table".into()),
                    ("Effect", "Allow".into()),
                    ("Action", vec!["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"].into()),
                    ("Resource", "arn:aws:dynamodb:us-east-2:123456789012:table/friendly-advice".into()),
                ]),
                map([
                    ("Effect", "Allow".into()),
                    ("Principal", map([("Service", "tasks.apprunner.amazonaws.com".into())])),
                    ("Action", "sts:AssumeRole".into()),
                ]),
            ]
            .into(),
        ),
    ]);
    let lifecycle = r#"{"rules":[{"rulePriority":1,"description":"keep five","selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":5},"action":{"type":"expire"}}]}"#;
    let mut doc = difference("lifecycle_policy", lifecycle, lifecycle.replace('5', "9"));
    doc.document = true;
    let mut pol = difference("policy", policy.clone(), policy2);
    pol.document = true;
    let mut repo =
        differs(change("ecr_repository.old", Action::Update), "image_tag_mutability", "MUTABLE", "IMMUTABLE");
    repo.differences.push(doc);
    repo.differences[0].place = place(16);
    repo.differences.push(difference("image_scanning_configuration.scan_on_push", false, true));
    repo.differences.push(difference("subnets", vec!["subnet-1", "subnet-2"], vec!["subnet-2", "subnet-3"]));
    repo.differences.push(difference(
        "environment",
        map([("A", "1".into()), ("B", secret("x"))]),
        map([("A", "2".into()), ("B", secret("y")), ("C", unknown("a.b.c"))]),
    ));
    let mut role = change("iam_role_policy.instance", Action::Update);
    role.differences.push(pol);
    let mut table = differs(
        change("dynamodb_table.sessions", Action::Replace(ReplaceOrder::DeleteFirst)),
        "key_schema",
        vec![map([("attribute_name", "user_id".into()), ("key_type", "HASH".into())])],
        vec![map([("attribute_name", "user".into()), ("key_type", "HASH".into())])],
    );
    table.differences[0].replaces = true;
    table.loses = vec!["all items in the table".into()];
    table.id = Some("friendly-advice".into());
    let mut gone = change("module.chatbot.cloudwatch_log_group.audit[\"prod\"]", Action::Delete);
    gone.place = None;
    gone.id = Some("/dev/audit".into());
    gone.reasons = vec!["no longer written in environments/dev.toml".into()];
    gone.loses = vec!["all log events".into()];
    let mut plan = plan([
        wants(
            change("ecr_repository.app", Action::Create),
            [
                ("repository_name", "friendly-advice".into()),
                ("force_delete", true.into()),
                ("image_scanning_configuration", map([("scan_on_push", true.into())])),
                ("lifecycle_policy", lifecycle.into()),
                ("tags", map([("project", "ai".into())])),
            ],
        ),
        wants(
            change("apprunner_service.web", Action::Create),
            [
                ("service_name", "friendly-advice".into()),
                (
                    "source_configuration",
                    map([
                        (
                            "image_repository",
                            map([
                                ("image_identifier", unknown("ecr_repository.app.repository_uri")),
                                ("image_repository_type", "ECR".into()),
                                (
                                    "image_configuration",
                                    map([
                                        ("port", "8000".into()),
                                        (
                                            "runtime_environment_variables",
                                            map([("TABLE", "friendly-advice".into()), ("KEY", secret("abc"))]),
                                        ),
                                    ]),
                                ),
                            ]),
                        ),
                        ("authentication_configuration", map([("access_role_arn", unknown("iam_role.access.arn"))])),
                    ]),
                ),
                ("tags", map([("project", "ai".into())])),
            ],
        ),
        wants(
            change("iam_role_policy.new", Action::Create),
            [("policy", policy), ("tags", map([("project", "ai".into()), ("own", "x".into())]))],
        ),
        repo,
        role,
        table,
        gone,
    ]);
    plan.outputs.insert(
        "url".into(),
        model::plan::PlannedOutput {
            before: Value::Null,
            after: unknown("apprunner_service.web.service_url"),
            residual: None,
            secret: false,
        },
    );
    plan
}
