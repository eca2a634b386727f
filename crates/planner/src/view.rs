//! What is known before anything is decided: state after `[moved]`, live resources, schemas.

use std::collections::{BTreeMap, BTreeSet};

use model::{Address, Diagnostic, Graph, Live, Observed, Place, Recorded, Schema, Schemas, Span, State, Value};

use crate::{Request, moves};

/// Everything a decision may look at.
pub(crate) struct View<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) state: &'a State,
    pub(crate) observed: &'a Observed,
    pub(crate) schemas: &'a Schemas,
    pub(crate) request: &'a Request<'a>,
    /// What is recorded, under the addresses that hold after `[moved]`.
    pub(crate) recorded: BTreeMap<Address, Recorded>,
    /// The address in state of what has moved.
    pub(crate) moved_from: BTreeMap<Address, Address>,
}

/// What the reads said of a recorded resource.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Seen<'a> {
    Live(&'a Live),
    Gone,
    /// Nobody looked.
    Unread,
}

/// A refusal or warning, with the resource it is about.
pub(crate) type Finding = (Option<Address>, Diagnostic);

impl<'a> View<'a> {
    pub(crate) fn new(
        graph: &'a Graph,
        state: &'a State,
        observed: &'a Observed,
        schemas: &'a Schemas,
        request: &'a Request<'a>,
        findings: &mut Vec<Finding>,
    ) -> Self {
        let moved = moves::apply(graph, state, findings);
        Self { graph, state, observed, schemas, request, recorded: moved.recorded, moved_from: moved.moved_from }
    }

    pub(crate) fn schema(&self, address: &Address) -> Option<&'static Schema> {
        self.schemas.resource(&address.type_name)
    }

    /// What lives under an address; reads may have used the address in state.
    pub(crate) fn seen(&self, address: &Address) -> Seen<'a> {
        let before = self.moved_from.get(address).and_then(|from| self.observed.resources.get(from));
        match before.or_else(|| self.observed.resources.get(address)) {
            Some(Some(live)) => Seen::Live(live),
            Some(None) => Seen::Gone,
            None => Seen::Unread,
        }
    }

    /// What lives, with its secrets hidden where they were written as such.
    pub(crate) fn hidden(&self, live: &Live, written: &BTreeMap<String, Value>) -> Live {
        match self.request.fingerprinter {
            Some(fingerprinter) => live.clone().hidden(written, fingerprinter),
            None => live.clone(),
        }
    }

    pub(crate) fn place(&self, span: Span) -> Option<Place> {
        self.request.sources.place(span)
    }

    /// Where the block of an address stands.
    pub(crate) fn span(&self, address: &Address) -> Option<Span> {
        self.graph.resources.get(address).map(|resource| resource.span)
    }

    /// Everything that what is recorded at an address still uses, its old objects too.
    pub(crate) fn used_by(&self, address: &Address) -> BTreeSet<Address> {
        let Some(recorded) = self.recorded.get(address) else { return BTreeSet::new() };
        let deposed = recorded.deposed.iter().flat_map(|deposed| &deposed.dependencies);
        recorded.dependencies.iter().chain(deposed).cloned().collect()
    }

    /// A recorded resource as it would live, for those that nobody looked at.
    pub(crate) fn assumed(recorded: &Recorded) -> Live {
        let mut live = Live::new(recorded.id.clone());
        live.attributes = recorded.computed.clone();
        live.attributes.extend(recorded.applied.clone());
        live
    }
}

/// The texts by which others may name a resource: its id and what AWS answered.
pub(crate) fn identities<'a>(
    id: Option<&'a str>,
    attributes: impl IntoIterator<Item = &'a Value>,
) -> BTreeSet<&'a str> {
    const SHORTEST: usize = 4;
    let texts = attributes.into_iter().filter_map(Value::as_text);
    id.into_iter().chain(texts).filter(|text| text.len() >= SHORTEST).collect()
}
