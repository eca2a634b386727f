//! What one round of reads must find out before a plan can be made.

use std::collections::{BTreeMap, BTreeSet};

use executor::{DataRead, NameRequest, ReadRequest, Requests, Unread};
use lang::{Evaluator, Facts, Predicted};
use model::{Address, Graph, Live, Observed, Resource, Secret, SecretSource, State, Value};
use provider::{Failure, Identity};

use crate::{Engine, Error};

impl Engine<'_> {
    /// Reads what is recorded, what is to be imported, the names that are to be taken, and then the data that refers to resources.
    pub(crate) async fn look(&self, graph: &Graph, state: &State, identity: &Identity) -> Result<Observed, Error> {
        let requests = self.requests(graph, state);
        let (mut observed, unread) = executor::observe(self.reader(identity), &requests).await;
        if !unread.is_empty() {
            return Err(Error::Unread(told(unread)));
        }
        let data = self.late_data(graph, &observed);
        if !data.is_empty() {
            let requests = Requests { data, ..Requests::default() };
            // Data that cannot be read yet is read when what it refers to is there.
            let (late, _) = executor::observe(self.reader(identity), &requests).await;
            observed.data = late.data;
        }
        Ok(observed)
    }

    /// Reads what is recorded, and nothing else.
    pub(crate) async fn look_at_recorded(&self, state: &State, identity: &Identity) -> Result<Observed, Error> {
        let resources = recorded(state).collect();
        let requests = Requests { resources, ..Requests::default() };
        let (observed, unread) = executor::observe(self.reader(identity), &requests).await;
        if unread.is_empty() { Ok(observed) } else { Err(Error::Unread(told(unread))) }
    }

    fn requests(&self, graph: &Graph, state: &State) -> Requests {
        let facts = Predicted::new(&graph.scopes, &graph.resources, self.provider.schemas(), self.files);
        let evaluator = Evaluator::new(&graph.scopes, &facts, self.files);
        let mut requests = Requests { resources: recorded(state).collect(), ..Requests::default() };
        let taken: BTreeSet<&Address> = state
            .resources
            .iter()
            .filter(|(_, recorded)| !recorded.id.is_empty())
            .map(|(address, _)| address)
            .collect();
        for (address, resource) in graph.resources.iter().filter(|(address, _)| !taken.contains(address)) {
            let region = self.region(&evaluator, resource);
            let (address, type_name) = (address.clone(), address.type_name.clone());
            let import = graph.imports.get(&address).map(|import| evaluator.written(&import.id));
            let is_open = match &import {
                Some(Ok(Value::Text(id))) => !state.has_replaced(&address, id),
                other => other.is_some(),
            };
            if !is_open && let Some(identity) = self.identity_of(&evaluator, resource) {
                let (address, type_name, region) = (address.clone(), type_name.clone(), region.clone());
                requests.names.push(NameRequest { address, type_name, region, identity });
            }
            if let Some(Ok(Value::Text(id))) = import {
                requests.resources.push(ReadRequest { address, type_name, region, id });
            }
        }
        requests
    }

    pub(crate) fn region(&self, evaluator: &Evaluator<'_>, resource: &Resource) -> String {
        let written = resource.region.as_ref().and_then(|region| evaluator.written(region).ok());
        match written {
            Some(Value::Text(region)) => region,
            _ => self.loaded.settings().region.clone(),
        }
    }

    /// The natural name, when every part of it is known.
    pub(crate) fn identity_of(
        &self,
        evaluator: &Evaluator<'_>,
        resource: &Resource,
    ) -> Option<BTreeMap<String, Value>> {
        let schema = self.provider.schemas().resource(&resource.address.type_name)?;
        if schema.natural_name.is_empty() || schema.revisions {
            return None;
        }
        let part = |name: &&str| {
            let value = evaluator.written(&resource.arguments.get(*name)?.value).ok()?;
            (value.is_known() && !value.is_null()).then(|| ((*name).to_owned(), value))
        };
        schema.natural_name.iter().map(part).collect()
    }

    /// Data that refers to resources and whose arguments are known from what lives.
    fn late_data(&self, graph: &Graph, observed: &Observed) -> Vec<DataRead> {
        let facts = Living { observed, read: &graph.scopes.data };
        let evaluator = Evaluator::new(&graph.scopes, &facts, self.files);
        let reads = graph.data.values().filter_map(|data| {
            let mut arguments = BTreeMap::new();
            for (name, entry) in &data.arguments {
                let value = evaluator.written(&entry.value).ok()?;
                arguments.insert(name.clone(), value);
            }
            let known = arguments.values().all(Value::is_known);
            let region = self.loaded.settings().region.clone();
            known.then(|| DataRead { address: data.address.clone(), region, arguments })
        });
        reads.collect()
    }
}

fn recorded(state: &State) -> impl Iterator<Item = ReadRequest> {
    let living = state.resources.iter().filter(|(_, recorded)| !recorded.id.is_empty());
    living.map(|(address, recorded)| ReadRequest {
        address: address.clone(),
        type_name: recorded.type_name.clone(),
        region: recorded.region.clone(),
        id: recorded.id.clone(),
    })
}

fn told(unread: Vec<Unread>) -> Vec<(String, Failure)> {
    let names = |addresses: &BTreeSet<Address>| {
        let names: Vec<String> = addresses.iter().map(Address::to_string).collect();
        names.join(", ")
    };
    unread.into_iter().map(|unread| (names(&unread.addresses), unread.failure)).collect()
}

/// Facts of what lives now, before anything is decided.
pub(crate) struct Living<'a> {
    pub(crate) observed: &'a Observed,
    pub(crate) read: &'a BTreeMap<Address, Value>,
}

impl Facts for Living<'_> {
    fn resource(&self, address: &Address) -> Option<Value> {
        let live: &Live = self.observed.resources.get(address)?.as_ref()?;
        Some(Value::Map(live.attributes.clone()))
    }

    fn data(&self, address: &Address) -> Option<Value> {
        self.read.get(address).cloned()
    }

    fn secret(&self, _: &SecretSource) -> Option<Secret> {
        None
    }
}
