//! Modules and `for_each` expanded: every instance with what it refers to.

mod addresses;
mod bind;
mod data;
mod dependencies;
mod exclusions;
mod instance;
mod names;
mod probe;
mod repeat;
mod rounds;
mod stages;
mod tree;
mod unknown;
mod values;
mod variables;

use std::collections::BTreeMap;

use lang::{Evaluator, Files, Predicted};
use model::{
    Address, Diagnostic, Expression, FileId, Graph, Resource, Schemas, Span, Value, Written, WrittenKind,
    expression::Sees,
    graph::{Cycle, Data, EnvironmentFacts, Instances},
};

use crate::{
    load::Loaded,
    mistakes::{Mistakes, has_error},
};
use dependencies::Uses;
use rounds::Left;
use tree::Tree;

/// Whether data can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// Data that refers to no resource is asked for ([`Expansion::NeedsData`]) until there is no more.
    Asked,
    /// Nothing is read (`validate`, `review`): data, and an account that is not pinned, stay unknown.
    Never,
}

/// What is known from outside while an environment is expanded.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The account of the credentials, twelve digits; a pinned one goes before it.
    pub account: Option<&'a str>,
    /// Data that was read, by address; [`Value::Map`] of its attributes.
    pub data: &'a BTreeMap<Address, Value>,
    pub reading: Reading,
}

/// Data to read before expansion can go on.
#[derive(Debug, Clone, PartialEq)]
pub struct DataRequest {
    pub address: Address,
    pub region: String,
    /// Known, in the schema's shape.
    pub arguments: BTreeMap<String, Value>,
    /// The header of its block, for a failed read.
    pub span: Span,
}

/// How far expansion came.
#[derive(Debug, Clone, PartialEq)]
pub enum Expansion {
    Graph(Box<Graph>),
    /// Read all of these, add them to [`Known::data`] and expand again.
    NeedsData(Vec<DataRequest>),
}

/// An expansion without mistakes.
#[derive(Debug, Clone, PartialEq)]
pub struct Expanded {
    pub expansion: Expansion,
    pub warnings: Vec<Diagnostic>,
}

/// Expands an environment. Looks at no state and nothing live, so it is the same on the first run and on every later one.
///
/// # Errors
/// All mistakes of the project with all warnings, those of loading among them, in file order.
pub fn expand(
    loaded: &Loaded,
    known: &Known<'_>,
    files: &dyn Files,
    schemas: &Schemas,
) -> Result<Expanded, Vec<Diagnostic>> {
    if loaded.broken {
        // Names that seem to be missing may stand in what could not be read.
        return Err(loaded.diagnostics.clone());
    }
    let mut mistakes = Mistakes::default();
    mistakes.extend(loaded.diagnostics.iter().cloned());
    let mut tree = Tree::new(loaded, environment(loaded, known), known.data.clone());
    let left = rounds::run(&mut tree, schemas, files);
    if known.reading == Reading::Never {
        settle_switches(&mut tree, &left);
    }
    let (graph, requests) = {
        let facts = Predicted::new(&tree.scopes, &tree.resources, schemas, files);
        let evaluator = Evaluator::new(&tree.scopes, &facts, files);
        variables::check(&tree, &evaluator, &mut mistakes);
        values::check(&tree, schemas, &evaluator, &mut mistakes);
        mistakes.extend(names::taken_twice(&tree, schemas, &evaluator));
        for (address, finding) in data::local_findings(&tree, schemas, &evaluator) {
            mistakes.extend(data::told(&tree.data[&address], finding));
        }
        let requests = match known.reading {
            Reading::Asked => data::requests(&tree, schemas, &evaluator),
            Reading::Never => Vec::new(),
        };
        let waiting = known.reading == Reading::Never || !requests.is_empty();
        undecided(&tree, left, waiting, schemas, &mut mistakes);
        let mut graph = graph(&tree);
        addresses::check(&tree, &mut graph, &mut mistakes);
        exclusions::check(&graph, schemas, &mut mistakes);
        stages::check(&tree, &mut graph, &evaluator, &mut mistakes);
        graph.scopes.files.extend(evaluator.files_read());
        (graph, requests)
    };
    mistakes.extend(cycles(&graph));
    mistakes.extend(probe::check(&tree, schemas, files));
    let diagnostics = mistakes.finish();
    if has_error(&diagnostics) {
        return Err(diagnostics);
    }
    let expansion = match requests[..] {
        [] => Expansion::Graph(Box::new(graph)),
        _ => Expansion::NeedsData(requests),
    };
    Ok(Expanded { expansion, warnings: diagnostics })
}

fn environment(loaded: &Loaded, known: &Known<'_>) -> EnvironmentFacts {
    let settings = loaded.settings();
    EnvironmentFacts {
        name: loaded.name.clone(),
        region: settings.region.clone(),
        account: settings.account.clone().or_else(|| known.account.map(str::to_owned)),
        partition: partition(&settings.region).to_owned(),
    }
}

/// The partition that a region belongs to.
fn partition(region: &str) -> &'static str {
    const PARTITIONS: [(&str, &str); 5] = [
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-isob-", "aws-iso-b"),
        ("us-iso-", "aws-iso"),
        ("eusc-", "aws-eusc"),
    ];
    PARTITIONS.into_iter().find(|(start, _)| region.starts_with(start)).map_or("aws", |(_, partition)| partition)
}

/// Where nothing is read, a block whose `when` alone is unknown counts as there.
fn settle_switches(tree: &mut Tree<'_>, left: &Left) {
    for site in left.open.keys() {
        if tree.pending.contains(site) && tree.repeat(site).for_each.is_none() {
            tree.decide(site, Instances::One, Vec::new());
        }
    }
}

/// Tells the blocks that could not be decided; those that wait for data are none, as long as there is data to wait for.
fn undecided(tree: &Tree<'_>, left: Left, waiting: bool, schemas: &Schemas, mistakes: &mut Mistakes) {
    let uses = Uses::new(tree);
    mistakes.extend(left.wrong);
    let (certain, waits): (Vec<_>, Vec<_>) =
        left.open.into_values().partition(|open| unknown::is_mistake(open, tree, &uses));
    let nothing_else = certain.is_empty() && !waiting && !mistakes.has_error();
    mistakes.extend(certain.iter().map(|open| unknown::told(open, tree, schemas)));
    if nothing_else {
        mistakes.extend(waits.iter().map(|open| unknown::told(open, tree, schemas)));
    }
}

fn graph(tree: &Tree<'_>) -> Graph {
    let uses = Uses::new(tree);
    let resources = tree.resources.iter().map(|(address, resource)| {
        let dependencies = uses.of_resource(resource);
        (address.clone(), Resource { dependencies, ..resource.clone() })
    });
    let unread = tree.data.iter().filter(|(address, _)| !tree.scopes.data.contains_key(*address));
    let data = unread.map(|(address, data)| {
        let dependencies = uses.of_data(data);
        (address.clone(), Data { dependencies, ..data.clone() })
    });
    Graph {
        scopes: tree.scopes.clone(),
        resources: resources.collect(),
        data: data.collect(),
        settings: tree.loaded.settings().clone(),
        ..Graph::default()
    }
}

/// Every cycle, at the header of its first member.
fn cycles(graph: &Graph) -> Vec<Diagnostic> {
    let span = |address: &Address| {
        let resource = graph.resources.get(address).map(|resource| resource.span);
        resource.or_else(|| graph.data.get(address).map(|data| data.span))
    };
    let told = |cycle: Cycle| {
        let detail = format!("these wait for each other: {cycle}");
        let first = cycle.path.first().and_then(span);
        let error = Diagnostic::error("dependency cycle", detail, first)
            .hint("take one of the references away, or move it into a resource of its own");
        let others = cycle.path.iter().skip(1).rev().skip(1).rev();
        others.fold(error, |error, address| match span(address) {
            Some(at) if Some(at) != first => error.label(at, format!("`{address}`")),
            _ => error,
        })
    };
    graph.order().err().unwrap_or_default().into_iter().map(told).collect()
}

/// An expression of ours, told at a place of the writer's.
fn expression(text: &str, sees: Sees, span: Option<Span>) -> Written {
    let span = span.unwrap_or(Span::new(FileId(0), 0, 0));
    // Every character stands for the start of that place.
    let offsets = (0..=text.len() as u32).map(|at| (at, span.start)).collect();
    Written { kind: WrittenKind::Expression(Expression { text: text.to_owned(), span, offsets, sees }), span }
}
