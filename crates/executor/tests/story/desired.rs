//! A tiny language for what is wanted: `named a size=1; token t uses=a,b password=$PW`.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Address, Expression, FileId, Graph, ModulePath, Resource, SecretSource, Span, Value, Written, WrittenKind,
    expression::{Entry, Sees},
    graph::{EnvironmentFacts, Instances, Lifecycle, Scope, Scopes, Timeouts},
};

fn span() -> Span {
    Span::new(FileId(0), 0, 0)
}

/// The graph of a text. Every type but `token` and `member` gets its name as an attribute.
pub(crate) fn graph(text: &str) -> Graph {
    let lines = text.split(';').map(str::trim).filter(|line| !line.is_empty());
    let parsed: Vec<(Address, Vec<&str>)> = lines
        .map(|line| {
            let mut words = line.split(' ');
            let (kind, name) = (words.next().unwrap(), words.next().unwrap());
            let address = Address::resource(ModulePath::default(), &format!("sim_{kind}"), name, None);
            (address, words.collect())
        })
        .collect();
    let names: BTreeMap<&str, &Address> = parsed.iter().map(|(address, _)| (address.name.as_str(), address)).collect();
    let mut graph = Graph { scopes: scopes(&names), ..Graph::default() };
    graph.settings.region = "here-1".to_owned();
    for (address, words) in &parsed {
        let resource = resource(address, words, &names);
        graph.resources.insert(address.clone(), resource);
    }
    graph
}

fn scopes(names: &BTreeMap<&str, &Address>) -> Scopes {
    let blocks = names.values().map(|address| (format!("{}.{}", address.type_name, address.name), Instances::One));
    let root = Scope { resources: blocks.collect(), ..Scope::default() };
    Scopes {
        environment: EnvironmentFacts {
            name: "dev".to_owned(),
            region: "here-1".to_owned(),
            account: Some("123456789012".to_owned()),
            partition: "sim".to_owned(),
        },
        modules: BTreeMap::from([(ModulePath::default(), root)]),
        ..Scopes::default()
    }
}

fn resource(address: &Address, words: &[&str], names: &BTreeMap<&str, &Address>) -> Resource {
    let mut arguments = BTreeMap::new();
    let mut dependencies = BTreeSet::new();
    let mut lifecycle = Lifecycle::default();
    if !matches!(address.type_name.as_str(), "sim_token" | "sim_member") {
        arguments.insert("name".to_owned(), entry(WrittenKind::Value(address.name.as_str().into())));
    }
    for word in words {
        let (name, value) = word.split_once('=').unwrap();
        let mut refer = |target: &str| {
            dependencies.insert(names[target].clone());
            reference(names[target])
        };
        let kind = match name {
            "first" => {
                lifecycle.create_before_destroy = Some(value == "new");
                continue;
            }
            "uses" => WrittenKind::List(value.split(',').map(|target| written(refer(target))).collect()),
            "owner" => refer(value),
            _ => literal(value),
        };
        arguments.insert(name.to_owned(), entry(kind));
    }
    Resource {
        address: address.clone(),
        span: span(),
        region: None,
        arguments,
        inherited_tags: BTreeMap::new(),
        dependencies,
        lifecycle,
        timeouts: Timeouts::default(),
    }
}

fn reference(to: &Address) -> WrittenKind {
    let text = format!("${{{}.{}.arn}}", to.type_name, to.name);
    WrittenKind::Expression(Expression { text, span: span(), offsets: Vec::new(), sees: Sees::default() })
}

fn literal(text: &str) -> WrittenKind {
    match (text.strip_prefix('$'), text.parse::<i64>()) {
        (Some(name), _) => WrittenKind::Secret(SecretSource::Env(name.to_owned())),
        (None, Ok(number)) => WrittenKind::Value(number.into()),
        (None, Err(_)) => WrittenKind::Value(Value::from(text)),
    }
}

fn written(kind: WrittenKind) -> Written {
    Written { kind, span: span() }
}

fn entry(kind: WrittenKind) -> Entry {
    Entry { key_span: span(), value: written(kind) }
}
