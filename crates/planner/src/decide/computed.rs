//! Computed attributes as they will be: kept, predicted or unknown.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Address, Attribute, Change, Live, Recorded, Schema, Value, graph::EnvironmentFacts, schema::Prediction,
    state::Condition,
};

use crate::evaluate;

/// What predictions are made of.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) address: &'a Address,
    pub(crate) region: &'a str,
    pub(crate) environment: &'a EnvironmentFacts,
    pub(crate) want: &'a BTreeMap<String, Value>,
}

impl Wanted<'_> {
    /// Of something new.
    pub(crate) fn fresh(self) -> BTreeMap<String, Value> {
        self.schema.computed().map(|spec| (spec.name.to_owned(), self.predicted(spec))).collect()
    }

    /// Of something that stays, of which these attributes change. What is not finished yet may still get what it lacks: the
    /// address of a database that is being made.
    pub(crate) fn kept(
        self,
        live: &Live,
        recorded: Option<&Recorded>,
        changed: &BTreeSet<String>,
    ) -> BTreeMap<String, Value> {
        let unfinished = recorded.is_some_and(|recorded| recorded.condition == Condition::Incomplete);
        let before = |spec: &Attribute| {
            let recorded = recorded.and_then(|recorded| recorded.computed.get(spec.name));
            let known = live.attributes.get(spec.name).or(recorded).cloned().unwrap_or_default();
            if unfinished && known.is_null() { self.predicted(spec) } else { known }
        };
        self.schema
            .computed()
            .map(|spec| {
                let moves = spec.changes_with.iter().any(|argument| changed.contains(*argument));
                (spec.name.to_owned(), if moves { self.predicted(spec) } else { before(spec) })
            })
            .collect()
    }

    fn predicted(self, spec: &Attribute) -> Value {
        let prediction = Prediction { arguments: self.want, environment: self.environment, region: self.region };
        let value = spec.predicted.and_then(|predict| predict(&prediction));
        value.unwrap_or_else(|| evaluate::unknown(self.address, spec.name))
    }
}

/// Everything others may see of a resource: what is written, what lives unwritten, what is computed.
pub(crate) fn attributes(schema: &Schema, change: &Change, kept: Option<&Live>) -> BTreeMap<String, Value> {
    let unwritten = |spec: &Attribute| match kept {
        _ if change.cleared.contains(spec.name) => Value::Null,
        Some(live) => live.attributes.get(spec.name).cloned().unwrap_or_default(),
        None if spec.deletion || spec.write_only => Value::Null,
        None => evaluate::unknown(&change.address, spec.name),
    };
    schema
        .attributes
        .iter()
        .map(|spec| {
            let known = if spec.is_argument() { &change.want } else { &change.computed };
            let value = known.get(spec.name).cloned().unwrap_or_else(|| unwritten(spec));
            (spec.name.to_owned(), read_back(value, kept.and_then(|live| live.attributes.get(spec.name))))
        })
        .collect()
}

/// A secret that this run was not given, as it lives. One that this plan makes anew is not what lives.
fn read_back(known: Value, live: Option<&Value>) -> Value {
    match (known, live) {
        (Value::Secret(secret), Some(Value::Secret(live)))
            if secret.expose().is_none() && live.expose().is_some() && !secret.is_made_anew() =>
        {
            Value::Secret(live.clone().from_sources(secret.sources))
        }
        (known, _) => known,
    }
}
