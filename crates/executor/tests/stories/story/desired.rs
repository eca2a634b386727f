//! A tiny language for what is wanted: `named a size=1; token t uses=a,b password=$PW; data d of=t; output o=a`.
//!
//! `zone=@d` is what data `d` found; `moved named a b` and `import named a ID` stand for their blocks.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Address, Expression, FileId, Graph, ModulePath, Resource, SecretSource, Span, Value, Written, WrittenKind,
    expression::{Entry, Sees},
    graph::{Data, EnvironmentFacts, Import, Instances, Lifecycle, Moved, Output, Scope, Scopes, Timeouts},
};

fn span() -> Span {
    Span::new(FileId(0), 0, 0)
}

/// The graph of a text. Every type but `token` and `member` gets its name as an attribute.
pub(crate) fn graph(text: &str) -> Graph {
    let lines = text.split(';').map(str::trim).filter(|line| !line.is_empty());
    let (others, resources): (Vec<&str>, Vec<&str>) = lines.partition(|line| is_other(line));
    let parsed: Vec<(Address, Vec<&str>)> = resources
        .into_iter()
        .map(|line| {
            let mut words = line.split(' ');
            let (kind, name) = (words.next().unwrap(), words.next().unwrap());
            (address(kind, name), words.collect())
        })
        .collect();
    let names: BTreeMap<&str, &Address> = parsed.iter().map(|(address, _)| (address.name.as_str(), address)).collect();
    let mut graph = Graph { scopes: scopes(&names), ..Graph::default() };
    graph.settings.region = "here-1".to_owned();
    for (address, words) in &parsed {
        let resource = resource(address, words, &names);
        graph.resources.insert(address.clone(), resource);
    }
    others.iter().for_each(|line| other(line, &names, &mut graph));
    let data_of = |data: &Address| graph.data.get(data).map(|data| data.dependencies.clone()).unwrap_or_default();
    for resource in graph.resources.values_mut() {
        let through: Vec<_> = resource.dependencies.iter().flat_map(data_of).collect();
        resource.dependencies.extend(through);
    }
    graph
}

fn is_other(line: &str) -> bool {
    ["data ", "output ", "moved ", "import "].iter().any(|word| line.starts_with(word))
}

fn address(kind: &str, name: &str) -> Address {
    Address::resource(ModulePath::default(), &format!("sim_{kind}"), name, None)
}

fn data_address(name: &str) -> Address {
    Address { data: true, ..address("lookup", name) }
}

/// Lines that are no resources.
fn other(line: &str, names: &BTreeMap<&str, &Address>, graph: &mut Graph) {
    let root = graph.scopes.modules.get_mut(&ModulePath::default()).unwrap();
    match line.split(' ').collect::<Vec<_>>().as_slice() {
        ["data", name, of] => {
            let of = names[of.strip_prefix("of=").unwrap()];
            let data = Data {
                address: data_address(name),
                span: span(),
                region: None,
                arguments: BTreeMap::from([("name".to_owned(), entry(expression(format!("${{{of}.name}}"))))]),
                dependencies: BTreeSet::from([of.clone()]),
            };
            root.data.insert(format!("sim_lookup.{name}"), Instances::One);
            graph.data.insert(data.address.clone(), data);
        }
        ["output", word] => {
            let (name, of) = word.split_once('=').unwrap();
            let value = written(reference(names[of]));
            root.outputs.insert(name.to_owned(), Output { value, description: None, secret: false });
        }
        ["moved", kind, from, to] => {
            let (from, to) = (address(kind, from).to_string(), address(kind, to).to_string());
            graph.moved.push(Moved { from, to, span: span() });
        }
        ["import", kind, name, id] => {
            let address = address(kind, name);
            let id = written(WrittenKind::Value((*id).into()));
            graph.imports.insert(address.clone(), Import { address, id, span: span() });
        }
        other => panic!("no such line: {other:?}"),
    }
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
            "adopt" => {
                lifecycle.adopt = true;
                continue;
            }
            "name" => literal(value),
            "first" => {
                lifecycle.create_before_destroy = Some(value == "new");
                continue;
            }
            "uses" => WrittenKind::List(value.split(',').map(|target| written(refer(target))).collect()),
            "owner" => refer(value),
            _ => match value.strip_prefix('@') {
                Some(data) => {
                    dependencies.insert(data_address(data));
                    expression(format!("${{data.sim_lookup.{data}.id}}"))
                }
                None => literal(value),
            },
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
    expression(format!("${{{}.{}.arn}}", to.type_name, to.name))
}

fn expression(text: String) -> WrittenKind {
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
