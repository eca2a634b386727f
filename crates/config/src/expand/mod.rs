//! Modules and `for_each` expanded: every instance with what it refers to.

use std::collections::BTreeMap;

use lang::Files;
use model::{Address, Diagnostic, Graph, Schemas, Span, Value};

use crate::load::Loaded;

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
    _known: &Known<'_>,
    _files: &dyn Files,
    _schemas: &Schemas,
) -> Result<Expanded, Vec<Diagnostic>> {
    if loaded.has_error() {
        return Err(loaded.diagnostics.clone());
    }
    Ok(Expanded { expansion: Expansion::Graph(Box::default()), warnings: loaded.diagnostics.clone() })
}
