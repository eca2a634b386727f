//! What the TOML asks for, expanded: every instance with what it refers to.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use petgraph::{algo::tarjan_scc, graphmap::DiGraphMap};

use crate::{Address, ModulePath, Span, Value, Written, expression::Entry};

/// The facts behind `env.` and `path.`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvironmentFacts {
    pub name: String,
    pub region: String,
    /// Twelve digits; nothing while it is neither pinned nor asked for.
    pub account: Option<String>,
    pub partition: String,
}

/// Everything expressions may look at, beside live values. Serialisable: a saved plan carries what its residuals need.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Scopes {
    pub environment: EnvironmentFacts,
    pub modules: BTreeMap<ModulePath, Scope>,
    /// What `file` and its like have read, by path relative to the project folder.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    /// Data that was read, by address; `Value::Map` of its attributes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub data: BTreeMap<Address, Value>,
}

/// One module instance, or the environment itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Scope {
    /// Its folder, relative to the project folder.
    pub folder: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, Variable>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub locals: BTreeMap<String, Written>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outputs: BTreeMap<String, Output>,
    /// `TYPE.NAME` of each resource block.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub resources: BTreeMap<String, Instances>,
    /// `TYPE.NAME` of each data block.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub data: BTreeMap<String, Instances>,
    /// The name of each module block.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub modules: BTreeMap<String, Instances>,
}

/// What a block became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instances {
    One,
    /// `for_each`: a map by key to others.
    Keyed(BTreeSet<String>),
    /// `when = false`: null to others.
    Absent,
    /// `for_each` over something that `validate` cannot know: one instance shown as `[*]`.
    Symbolic,
}

/// A declared variable with what it was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Variable {
    pub kind: VariableType,
    /// Given by the caller (expressions see the caller's scope) or by the command line; else the default.
    pub value: Option<Written>,
    pub secret: bool,
}

/// The type of a variable, as its `type` text says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VariableType {
    Any,
    Text,
    Number,
    Flag,
    List(Box<VariableType>),
    Set(Box<VariableType>),
    Map(Box<VariableType>),
    Tuple(Vec<VariableType>),
    /// Members with whether they may be left out.
    Object(BTreeMap<String, (VariableType, bool)>),
    /// An object's member with the value it has when left out, as JSON text: `optional(number, 3)`.
    Preset(Box<VariableType>, String),
}

/// A declared output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Output {
    pub value: Written,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default)]
    pub secret: bool,
}

/// The wishes about a resource's life.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Lifecycle {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub prevent_destroy: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignore_changes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_before_destroy: Option<bool>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub retain: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub adopt: bool,
}

/// Written timeouts, in seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timeouts {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete: Option<u64>,
}

/// One resource instance as it is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    pub address: Address,
    /// The block's header in TOML.
    pub span: Span,
    pub region: Option<Written>,
    /// What was written, without the meta-attributes.
    pub arguments: BTreeMap<String, Entry>,
    /// Tags of the environment and of the modules around, to be overlaid by the resource's own.
    pub inherited_tags: BTreeMap<String, Entry>,
    /// Every instance it refers to or names in `depends_on`, through locals, variables, outputs and data.
    pub dependencies: BTreeSet<Address>,
    pub lifecycle: Lifecycle,
    pub timeouts: Timeouts,
}

/// One data instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Data {
    pub address: Address,
    pub span: Span,
    pub region: Option<Written>,
    pub arguments: BTreeMap<String, Entry>,
    /// Resources it refers to: then it is read with the observed values and decides no key.
    pub dependencies: BTreeSet<Address>,
}

/// `[moved]`: what stands at `from` in the state is now at `to`.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    pub from: String,
    pub to: String,
    pub span: Span,
}

/// `[removed."ADDR"]`
#[derive(Debug, Clone, PartialEq)]
pub struct Removed {
    pub address: Address,
    pub retain: bool,
    pub span: Span,
}

/// `[import."ADDR"]`
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    pub address: Address,
    pub id: Written,
    pub span: Span,
}

/// An environment, expanded.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graph {
    pub scopes: Scopes,
    pub resources: BTreeMap<Address, Resource>,
    pub data: BTreeMap<Address, Data>,
    pub moved: Vec<Moved>,
    pub removed: Vec<Removed>,
    pub imports: BTreeMap<Address, Import>,
    /// Settings of `[environment]` that decide where a run happens.
    pub settings: Settings,
    /// In the order in which they are written.
    pub stages: Vec<Stage>,
}

/// `[stage.NAME]`: what a rollout does before it goes on, and what is withheld until then.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    pub name: String,
    pub span: Span,
    /// Resources, blocks or modules ([`Address::is_within`]) that are withheld until the stage is passed.
    pub hold: Vec<(String, Span)>,
    /// Commands of the shell, in this order.
    pub run: Vec<String>,
    /// What the commands find in their environment.
    pub environment: BTreeMap<String, Written>,
    /// Variables of groma's own environment that the commands find too.
    pub inherit: Vec<String>,
    /// The command that ends with 0 when the stage is passed.
    pub gate: Option<String>,
}

/// `[environment]`, as far as it is known before anything is evaluated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    pub region: String,
    pub account: Option<String>,
    pub profile: Option<String>,
    pub assume_role: Option<String>,
    /// `[environment.local] images`
    pub local_images: Vec<String>,
}

/// `[state]`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum StateHome {
    #[default]
    Files,
    S3(S3Home),
    /// It is written and cannot be read: no other may be taken for it.
    Unclear,
}

/// `[state] s3`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Home {
    pub bucket: String,
    /// What the keys of all its objects begin with, without a slash at its end.
    pub key: String,
    pub region: String,
}

/// Resources that wait for each other: `a → b → c → a`, the first again at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle {
    pub path: Vec<Address>,
}

impl Stage {
    /// Whether it withholds a resource.
    pub fn holds(&self, address: &Address) -> bool {
        self.hold.iter().any(|(text, _)| address.is_within(text))
    }
}

impl Graph {
    /// Resources and data with what each refers to.
    pub fn edges(&self) -> BTreeMap<&Address, &BTreeSet<Address>> {
        let resources = self.resources.iter().map(|(address, resource)| (address, &resource.dependencies));
        let data = self.data.iter().map(|(address, data)| (address, &data.dependencies));
        resources.chain(data).collect()
    }

    /// All instances, dependencies first; within what is free, by address.
    ///
    /// # Errors
    /// Every cycle, with its whole path.
    pub fn order(&self) -> Result<Vec<Address>, Vec<Cycle>> {
        order(&self.edges())
    }
}

/// Sorts addresses so that each comes after what it refers to; ties go by address. References to what is not there do not count.
///
/// # Errors
/// Every cycle, with its whole path.
pub fn order(edges: &BTreeMap<&Address, &BTreeSet<Address>>) -> Result<Vec<Address>, Vec<Cycle>> {
    let mut waiting: BTreeMap<&Address, usize> = BTreeMap::new();
    let mut users: BTreeMap<&Address, Vec<&Address>> = BTreeMap::new();
    for (address, references) in edges {
        let known = references.iter().filter(|reference| edges.contains_key(reference));
        waiting.insert(address, known.clone().count());
        known.for_each(|reference| users.entry(reference).or_default().push(address));
    }
    let mut free: BTreeSet<&Address> =
        waiting.iter().filter(|(_, count)| **count == 0).map(|(address, _)| *address).collect();
    let mut sorted = Vec::with_capacity(edges.len());
    while let Some(address) = free.pop_first() {
        sorted.push(address.clone());
        for user in users.get(address).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(*user) {
                *count -= 1;
                if *count == 0 {
                    free.insert(user);
                }
            }
        }
    }
    if sorted.len() == edges.len() { Ok(sorted) } else { Err(cycles(edges)) }
}

/// One path for each knot of the graph, starting at its smallest address.
fn cycles(edges: &BTreeMap<&Address, &BTreeSet<Address>>) -> Vec<Cycle> {
    let mut graph: DiGraphMap<&Address, ()> = DiGraphMap::new();
    for (address, references) in edges {
        for reference in references.iter().filter(|reference| edges.contains_key(reference)) {
            graph.add_edge(address, reference, ());
        }
    }
    let mut found: Vec<Cycle> = tarjan_scc(&graph)
        .into_iter()
        .filter(|knot| knot.len() > 1 || knot.iter().any(|only| graph.contains_edge(only, only)))
        .filter_map(|knot| shortest_round(&graph, &knot.into_iter().collect()))
        .collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The shortest way from the smallest address of a knot back to itself.
fn shortest_round(graph: &DiGraphMap<&Address, ()>, knot: &BTreeSet<&Address>) -> Option<Cycle> {
    let start = *knot.first()?;
    let mut came_from: BTreeMap<&Address, &Address> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        let mut next: Vec<&Address> = graph.neighbors(at).filter(|to| knot.contains(to)).collect();
        next.sort();
        for to in next {
            if to == start {
                let mut path = vec![start.clone()];
                let mut step = at;
                while step != start {
                    path.insert(0, step.clone());
                    step = came_from.get(step)?;
                }
                path.insert(0, start.clone());
                return Some(Cycle { path });
            }
            if !came_from.contains_key(to) {
                came_from.insert(to, at);
                queue.push_back(to);
            }
        }
    }
    None
}

impl std::fmt::Display for Cycle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<String> = self.path.iter().map(Address::to_string).collect();
        f.write_str(&names.join(" → "))
    }
}
