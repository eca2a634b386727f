//! What would stop the deletes of a plan, asked before the first call.

use std::collections::BTreeMap;

use futures::stream::{FuturesUnordered, StreamExt};
use model::{Address, Change, Live, Plan, State, Value, plan::Phase, state::Deposed};
use provider::{Blocker, Failure};

use crate::{
    context::place,
    limits::{Slots, service},
    observe::Reader,
};

/// The object that a step is to remove: the resource itself or an old one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Removal {
    pub address: Address,
    pub id: String,
}

/// Reads the blockers of everything that the plan removes, in one round. What is gone already has none.
///
/// # Errors
/// Per object, why it could not be found out.
pub async fn blockers(
    reader: Reader<'_>,
    plan: &Plan,
    state: &State,
) -> BTreeMap<Removal, Result<Vec<Blocker>, Failure>> {
    let slots = Slots::new(reader.options);
    let removals = plan.steps.iter().filter_map(|step| match &step.id.phase {
        Phase::Remove { id } => Some(Removal { address: step.id.address.clone(), id: id.clone() }),
        _ => None,
    });
    let (reader, slots) = (&reader, &slots);
    let reads: FuturesUnordered<_> = removals
        .map(|removal| async move {
            let found = one(reader, slots, plan, state, &removal).await;
            (removal, found)
        })
        .collect();
    reads.collect().await
}

async fn one(
    reader: &Reader<'_>,
    slots: &Slots,
    plan: &Plan,
    state: &State,
    removal: &Removal,
) -> Result<Vec<Blocker>, Failure> {
    let Some(resource) = reader.provider.resource(&removal.address.type_name) else { return Ok(Vec::new()) };
    let Some(change) = plan.changes.get(&removal.address) else { return Ok(Vec::new()) };
    let recorded = state.resources.get(&removal.address);
    let deposed = recorded.and_then(|recorded| recorded.deposed.iter().find(|old| old.id == removal.id));
    let region = deposed.map(|old| &old.region).or(recorded.map(|recorded| &recorded.region));
    let place = place(reader.identity, region.unwrap_or(&change.region));
    let arguments = deletion(change, deposed);
    let _slot = slots.take(service(resource.create_operation().0), 0).await;
    let live: Option<Live> = match change.observed.as_ref().filter(|live| live.id == removal.id) {
        Some(live) => Some(live.clone()),
        None => resource.read(&place, std::slice::from_ref(&removal.id)).await?.into_iter().next().flatten(),
    };
    match live {
        Some(live) => resource.blockers(&place, &live, &arguments).await,
        None => Ok(Vec::new()),
    }
}

/// How an object is deleted: one that a replacement left as it was written then, if nothing is written now.
pub(crate) fn deletion(change: &Change, deposed: Option<&Deposed>) -> BTreeMap<String, Value> {
    let mut arguments = change.deletion();
    if let Some(old) = deposed.filter(|_| change.delete_arguments.is_empty()) {
        old.delete_arguments.iter().for_each(|(name, value)| {
            arguments.entry(name.clone()).or_insert_with(|| value.clone());
        });
    }
    arguments
}
