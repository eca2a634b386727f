//! What follows from what is written, before anything exists.

mod project;

use std::collections::BTreeMap;

use lang::{Evaluator, Facts, Predicted};
use model::{
    Address, Attribute, Kind, Resource, Schema, Schemas, Value, Written,
    expression::Entry,
    schema::{DefaultTimeouts, Prediction, nothing_to_check},
};
use project::{World, root, scopes, shown, span, written};

fn uri(prediction: &Prediction<'_>) -> Option<Value> {
    let account = prediction.environment.account.as_ref()?;
    Some(format!("{account}.dkr.{}/{}", prediction.region, prediction.text("repository_name")?).into())
}

static REPOSITORY: Schema = Schema {
    name: "ecr_repository",
    doc: "",
    attributes: &[
        Attribute::required("repository_name", Kind::Text),
        Attribute::optional("size", Kind::Number),
        Attribute::optional("password", Kind::Text).secret(),
        Attribute::optional("force_delete", Kind::Flag).deletion(),
        Attribute::optional("tags", Kind::Map(&Kind::Text)),
        Attribute::computed("repository_uri", Kind::Text).predicted(uri),
        Attribute::computed("created_at", Kind::Text),
    ],
    natural_name: &["repository_name"],
    import_id: "",
    predict_id: None,
    revisions: false,
    global: false,
    taggable: true,
    loses: None,
    timeouts: DefaultTimeouts { create: 60, update: 60, delete: 60 },
    check: nothing_to_check,
};

fn resource(address: &str, arguments: &[(&str, &str)]) -> (Address, Resource) {
    let address: Address = address.parse().expect("an address");
    let entry = |value: Written| Entry { key_span: span(""), value };
    let entries = |pairs: &[(&str, &str)]| -> BTreeMap<String, Entry> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), entry(written(text, root())))).collect()
    };
    let resource = Resource {
        address: address.clone(),
        span: span(""),
        region: None,
        arguments: entries(arguments),
        inherited_tags: entries(&[("project", "chatbot"), ("stage", "${env.name}")]),
        dependencies: Default::default(),
        lifecycle: Default::default(),
        timeouts: Default::default(),
    };
    (address, resource)
}

/// The facts of a resource, evaluated for an account.
#[track_caller]
fn check(account: Option<&str>, arguments: &[(&str, &str)], expected: &str) {
    let mut scopes = scopes();
    scopes.environment.account = account.map(str::to_owned);
    let resources = BTreeMap::from([resource("ecr_repository.app", arguments)]);
    let schemas = Schemas { resources: BTreeMap::from([("ecr_repository", &REPOSITORY)]), data: BTreeMap::new() };
    let predicted = Predicted::new(&scopes, &resources, &schemas, &World);
    let address = "ecr_repository.app".parse().expect("an address");
    assert_eq!(predicted.resource(&address).as_ref().map(shown).as_deref(), Some(expected));
}

#[test]
fn arguments_and_predictions_are_known() {
    check(
        Some("123456789012"),
        &[("repository_name", "${env.name}-app"), ("size", "5"), ("password", "open")],
        concat!(
            r#"{"created_at":?ecr_repository.app.created_at{ecr_repository.app},"force_delete":null,"#,
            r#""password":*open*[],"repository_name":"dev-app","repository_uri":"123456789012.dkr.us-east-1/dev-app","#,
            r#""size":5,"tags":{"project":"chatbot","stage":"dev"}}"#,
        ),
    );
}

#[test]
fn what_does_not_follow_is_unknown() {
    check(
        None,
        &[("repository_name", "${var.naems}")],
        concat!(
            r#"{"created_at":?ecr_repository.app.created_at{ecr_repository.app},"force_delete":null,"#,
            r#""password":?ecr_repository.app.password{ecr_repository.app},"#,
            r#""repository_name":?ecr_repository.app.repository_name{ecr_repository.app},"#,
            r#""repository_uri":?ecr_repository.app.repository_uri{ecr_repository.app},"#,
            r#""size":?ecr_repository.app.size{ecr_repository.app},"tags":{"project":"chatbot","stage":"dev"}}"#,
        ),
    );
}

#[test]
fn resources_that_need_each_other_end() {
    let scopes = scopes();
    let resources = BTreeMap::from([
        resource("ecr_repository.app", &[("repository_name", "a${apprunner_service.web[\"prod\"].name}")]),
        resource("apprunner_service.web[\"prod\"]", &[("name", "b${ecr_repository.app.repository_name}")]),
    ]);
    let types = ["apprunner_service", "ecr_repository"];
    let schemas = Schemas { resources: types.map(|name| (name, &REPOSITORY)).into(), data: BTreeMap::new() };
    let predicted = Predicted::new(&scopes, &resources, &schemas, &World);
    let evaluator = Evaluator::new(&scopes, &predicted, &World);
    let value = evaluator.written(&written("${ecr_repository.app.repository_name}", root()));
    assert_eq!(
        value.as_ref().map(shown),
        Ok("?a${apprunner_service.web[\"prod\"].name}{ecr_repository.app}".to_owned())
    );
}
