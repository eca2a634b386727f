//! The secrets that a run needs: found in what is written, read once.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::BoxFuture;
use model::{Fingerprinter, Graph, Secret, SecretSource, Written, WrittenKind};
use provider::Secrets;

use crate::Engine;

/// The secrets of a run: those that were given, and why others were not.
#[derive(Debug, Clone, Default)]
pub(crate) struct Given {
    pub(crate) secrets: BTreeMap<SecretSource, Secret>,
    pub(crate) missing: Vec<(String, String)>,
}

impl Engine<'_> {
    /// Reads every secret that the graph refers to. What is not to be had is named, and shown in a plan as not given.
    pub(crate) async fn given(&self, graph: &Graph, fingerprinter: &Fingerprinter) -> Given {
        let mut given = Given::default();
        for (name, secret) in &self.loaded.secrets {
            given.secrets.insert(SecretSource::Variable(name.clone()), fingerprinter.seal(secret.clone()));
        }
        let known = |source: &SecretSource| matches!(source, SecretSource::Generate { .. } | SecretSource::Variable(_));
        let wanted: Vec<SecretSource> = sources(graph).into_iter().filter(|source| !known(source)).collect();
        if wanted.is_empty() {
            return given;
        }
        for (source, secret) in self.secrets.read(&wanted).await {
            match secret {
                Ok(secret) => drop(given.secrets.insert(source, fingerprinter.seal(secret))),
                Err(reason) => given.missing.push((source.to_string(), reason)),
            }
        }
        given
    }
}

/// What this run has read already, variables among it; the rest from where it is kept.
pub(crate) struct AtHand<'a> {
    pub(crate) given: &'a BTreeMap<SecretSource, Secret>,
    pub(crate) rest: &'a dyn Secrets,
}

impl Secrets for AtHand<'_> {
    fn read<'a>(
        &'a self,
        sources: &'a [SecretSource],
    ) -> BoxFuture<'a, BTreeMap<SecretSource, Result<Secret, String>>> {
        Box::pin(async move {
            let (given, missing): (Vec<_>, Vec<_>) =
                sources.iter().cloned().partition(|source| self.given.contains_key(source));
            let mut read = if missing.is_empty() { BTreeMap::new() } else { self.rest.read(&missing).await };
            read.extend(given.into_iter().map(|source| (source.clone(), Ok(self.given[&source].clone()))));
            read
        })
    }
}

/// Every source that is written anywhere.
fn sources(graph: &Graph) -> BTreeSet<SecretSource> {
    let mut found = BTreeSet::new();
    for scope in graph.scopes.modules.values() {
        scope.variables.values().filter_map(|variable| variable.value.as_ref()).for_each(|w| collect(w, &mut found));
        scope.locals.values().for_each(|written| collect(written, &mut found));
        scope.outputs.values().for_each(|output| collect(&output.value, &mut found));
    }
    for stage in &graph.stages {
        stage.environment.values().for_each(|written| collect(written, &mut found));
    }
    for resource in graph.resources.values() {
        resource.arguments.values().for_each(|entry| collect(&entry.value, &mut found));
    }
    found
}

fn collect(written: &Written, found: &mut BTreeSet<SecretSource>) {
    match &written.kind {
        WrittenKind::Secret(source) => drop(found.insert(source.clone())),
        WrittenKind::List(items) => items.iter().for_each(|item| collect(item, found)),
        WrittenKind::Map(entries) => entries.values().for_each(|entry| collect(&entry.value, found)),
        WrittenKind::Value(_) | WrittenKind::Expression(_) => {}
    }
}
