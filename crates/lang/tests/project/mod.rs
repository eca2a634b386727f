//! A small project to evaluate expressions in.
#![expect(dead_code, reason = "each test binary uses a part")]

use std::collections::{BTreeMap, BTreeSet};

use lang::{Evaluator, Facts, Files};
use model::{
    Address, Diagnostic, Each, Expression, FileId, ModulePath, Scopes, Secret, SecretSource, Span, Unknown, Value,
    Written, WrittenKind,
    expression::{Entry, Sees},
    graph::{EnvironmentFacts, Instances, Output, Scope, Variable, VariableType},
};

pub(crate) fn span(text: &str) -> Span {
    Span::new(FileId(0), 0, text.len())
}

pub(crate) fn expression(text: &str, sees: Sees) -> Expression {
    Expression { text: text.to_owned(), span: span(text), offsets: Vec::new(), sees }
}

/// A text as config would hand it over.
pub(crate) fn written(text: &str, sees: Sees) -> Written {
    let kind = if lang::is_expression(text) {
        WrittenKind::Expression(expression(text, sees))
    } else {
        WrittenKind::Value(text.into())
    };
    Written { kind, span: span(text) }
}

pub(crate) fn root() -> Sees {
    Sees::default()
}

pub(crate) fn web() -> Sees {
    Sees { module: ModulePath::default().child("web", None), each: None }
}

pub(crate) fn constant(json: serde_json::Value) -> Written {
    let kind = match json {
        serde_json::Value::Array(items) => WrittenKind::List(items.into_iter().map(constant).collect()),
        serde_json::Value::Object(entries) => WrittenKind::Map(
            entries.into_iter().map(|(key, item)| (key, Entry { key_span: span(""), value: constant(item) })).collect(),
        ),
        serde_json::Value::String(text) => return written(&text, root()),
        leaf => WrittenKind::Value(Value::from_json(leaf)),
    };
    Written { kind, span: span("") }
}

fn variable(value: Written) -> Variable {
    Variable { kind: VariableType::Any, value: Some(value), secret: false }
}

fn secret(name: &str) -> Written {
    Written { kind: WrittenKind::Secret(SecretSource::Env(name.to_owned())), span: span("") }
}

fn named<T>(entries: impl IntoIterator<Item = (&'static str, T)>) -> BTreeMap<String, T> {
    entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn output(text: &str, sees: Sees) -> Output {
    Output { value: written(text, sees), description: None, secret: false }
}

pub(crate) fn scopes() -> Scopes {
    let keyed = |keys: &[&str]| Instances::Keyed(keys.iter().map(|key| (*key).to_owned()).collect());
    let environment = Scope {
        folder: "environments".to_owned(),
        variables: named([
            ("sizes", variable(constant(serde_json::json!([1, 2, 3])))),
            ("names", variable(constant(serde_json::json!(["b", "a"])))),
            ("password", variable(secret("PASSWORD"))),
            ("ungiven", variable(secret("UNGIVEN"))),
            ("maybe", variable(constant(serde_json::json!(null)))),
        ]),
        locals: named([
            ("port", constant(serde_json::json!(8080))),
            ("tags", constant(serde_json::json!({"team": "core", "port": "${local.port}"}))),
            ("uris", constant(serde_json::json!(["${ecr_repository.app.repository_uri}", "known"]))),
            ("one", written("${local.two}", root())),
            ("two", written("x${local.three}", root())),
            ("three", written("${local.one}", root())),
            ("broken", written("${1 / 0} ${var.nmaes}", root())),
        ]),
        outputs: named([("uri", output("${ecr_repository.app.repository_uri}", root()))]),
        resources: named([
            ("ecr_repository.app", Instances::One),
            ("apprunner_service.web", keyed(&["prod", "test"])),
            ("iam_role.absent", Instances::Absent),
            ("iam_role.many", Instances::Symbolic),
        ]),
        data: named([("ecr_image.latest", Instances::One), ("ec2_subnet.each", keyed(&["a", "b"]))]),
        modules: named([("web", Instances::One), ("each", keyed(&["x", "y"])), ("off", Instances::Absent)]),
    };
    let inner = |key: &str, sees: Sees| Scope {
        folder: "modules/web".to_owned(),
        variables: named([("repository", variable(written("${ecr_repository.app.repository_uri}", root())))]),
        outputs: named([
            ("image", output("${var.repository}:latest", sees.clone())),
            ("key", output(&format!("{key}-${{env.name}}"), sees)),
        ]),
        ..Scope::default()
    };
    let at = |path: ModulePath| Sees { module: path, each: None };
    let path = ModulePath::default();
    let modules = [path.child("web", None), path.child("each", Some("x")), path.child("each", Some("y"))];
    let inner = modules.map(|path| {
        let key = path.0[0].key.clone().unwrap_or_else(|| "one".to_owned());
        (path.clone(), inner(&key, at(path)))
    });
    Scopes {
        environment: EnvironmentFacts {
            name: "dev".to_owned(),
            region: "us-east-1".to_owned(),
            account: None,
            partition: "aws".to_owned(),
        },
        modules: inner.into_iter().chain([(ModulePath::default(), environment)]).collect(),
        ..Scopes::default()
    }
}

pub(crate) struct World;

impl Facts for World {
    fn resource(&self, address: &Address) -> Option<Value> {
        let unknown = |attribute: &str| {
            Value::Unknown(Unknown {
                expression: format!("{address}.{attribute}"),
                needs: BTreeSet::from([address.clone()]),
            })
        };
        match address.type_name.as_str() {
            "ecr_repository" => Some(Value::Map(named([
                ("repository_name", "app".into()),
                ("repository_uri", unknown("repository_uri")),
                ("tags", Value::Map(named([("a", "1".into()), ("b", unknown("tags.b"))]))),
            ]))),
            "apprunner_service" => Some(Value::Map(named([
                ("service_name", format!("web-{}", address.key.as_deref().unwrap_or_default()).into()),
                ("service_url", unknown("service_url")),
            ]))),
            _ => None,
        }
    }

    fn data(&self, _: &Address) -> Option<Value> {
        None
    }

    fn secret(&self, source: &SecretSource) -> Option<Secret> {
        (*source == SecretSource::Env("PASSWORD".to_owned())).then(|| Secret::new("hunter2!", vec![source.clone()]))
    }
}

impl Files for World {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        match path {
            "environments/hello.txt" => Ok(b"hello\n".to_vec()),
            "modules/web/policy.json" => Ok(br#"{"Version":"2012-10-17"}"#.to_vec()),
            "environments/hello.tpl" => Ok(b"Hello ${name}!\n%{ for x in list ~}\n- ${x}\n%{ endfor ~}\n".to_vec()),
            "environments/broken.tpl" => Ok(b"line\n${nam}\n".to_vec()),
            "environments/image.bin" => Ok(vec![0xff, 0xfe, 0x00]),
            _ => Err("there is no such file".to_owned()),
        }
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, String> {
        match folder {
            "environments" => {
                Ok(["hello.tpl", "hello.txt", "sub/deep.txt"].map(|name| format!("environments/{name}")).to_vec())
            }
            _ => Err("there is no such folder".to_owned()),
        }
    }
}

/// What a value looks like: JSON, with `?expression{needs}` and `*content*[sources]` for marked leaves.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(",")),
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, item)| format!("{key:?}:{}", shown(item)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
        Value::Unknown(unknown) => {
            let needs: Vec<String> = unknown.needs.iter().map(Address::to_string).collect();
            format!("?{}{{{}}}", unknown.expression, needs.join(","))
        }
        Value::Secret(secret) => {
            let sources: Vec<String> = secret.sources.iter().map(SecretSource::to_string).collect();
            format!("*{}*[{}]", secret.expose().unwrap_or("not given"), sources.join(","))
        }
        leaf => serde_json::to_string(leaf).expect("a leaf is JSON"),
    }
}

/// Evaluates a text in the environment and compares the value as [`shown`] shows it.
#[track_caller]
pub(crate) fn check(text: &str, expected: &str) {
    check_in(text, root(), expected);
}

#[track_caller]
pub(crate) fn check_in(text: &str, sees: Sees, expected: &str) {
    let scopes = scopes();
    let found = match Evaluator::new(&scopes, &World, &World).written(&written(text, sees)) {
        Ok(value) => shown(&value),
        Err(diagnostics) => format!("{diagnostics:#?}"),
    };
    assert_eq!(found, expected, "{text}");
}

/// What is said about a wrong text: summary, detail, marked text, hints and patch of each diagnostic.
pub(crate) fn mistakes(text: &str) -> Vec<String> {
    let scopes = scopes();
    let diagnostics = match Evaluator::new(&scopes, &World, &World).written(&written(text, root())) {
        Ok(value) => return vec![format!("gives {}", shown(&value))],
        Err(diagnostics) => diagnostics,
    };
    let said = |diagnostic: &Diagnostic| {
        let marked = diagnostic.span.map_or("nowhere", |span| text.get(span.range()).unwrap_or("elsewhere"));
        let mut line = format!("{}: {} «{marked}»", diagnostic.summary, diagnostic.detail);
        diagnostic.hints.iter().for_each(|hint| line.push_str(&format!(" — {hint}")));
        if let Some(patch) = &diagnostic.patch {
            let old = text.get(patch.span.range()).unwrap_or("elsewhere");
            line.push_str(&format!(" — «{old}» → «{}»", patch.replacement));
        }
        line
    };
    diagnostics.iter().map(said).collect()
}

pub(crate) fn each(key: &str, value: Written) -> Sees {
    Sees { module: ModulePath::default(), each: Some(Each { key: key.to_owned(), value: Box::new(value) }) }
}
