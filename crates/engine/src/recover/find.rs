//! What carries the environment's tags, and what has a name that is written.

use std::collections::{BTreeMap, BTreeSet};

use executor::{NameRequest, Requests, Unsurveyed};
use lang::{Evaluator, Predicted};
use model::{Address, Observed, Recorded, State, observed::Found, words::count};
use planner::{Placed, Undecided};
use provider::Identity;
use store::Salvage;

use super::{How, Recalled, RecoverWish};
use crate::{Desired, Engine, Error, look::Living};

impl Engine<'_> {
    /// Looks through every type with tags, in every region that is written or asked for. What cannot be looked through is an
    /// error where anything of it is written.
    pub(super) async fn survey(
        &self,
        wish: &RecoverWish,
        desired: &Desired,
        identity: &Identity,
    ) -> Result<(Vec<Found>, Vec<Unsurveyed>), Error> {
        let home = &self.loaded.settings().region;
        let mut regions = wish.regions.clone();
        regions.insert(home.clone());
        let graph = &desired.graph;
        let facts = Predicted::new(&graph.scopes, &graph.resources, self.provider.schemas(), self.files);
        let evaluator = Evaluator::new(&graph.scopes, &facts, self.files);
        regions.extend(graph.resources.values().map(|resource| self.region(&evaluator, resource)));
        let taggable = self.provider.schemas().resources.values().filter(|schema| schema.taggable);
        let places: BTreeSet<(String, String)> = taggable
            .flat_map(|schema| {
                let fits = |region: &&String| !schema.global || *region == home;
                regions.iter().filter(fits).map(|region| (schema.name.to_owned(), region.clone()))
            })
            .collect();
        let (found, unsurveyed) = executor::survey(self.reader(identity), &self.loaded.name, &places).await;
        let written: BTreeSet<&str> = graph.resources.keys().map(|address| address.type_name.as_str()).collect();
        let (needed, rest): (Vec<_>, Vec<_>) =
            unsurveyed.into_iter().partition(|one| written.contains(one.type_name.as_str()));
        if needed.is_empty() {
            return Ok((found, rest));
        }
        let told = needed.into_iter().map(|one| (format!("{} in {}", one.type_name, one.region), one.failure));
        Err(Error::Unread(told.collect()))
    }

    /// The lineage of the lost state, and what carries others. A state that can still be read knows its own.
    pub(super) fn lineage(
        &self,
        wish: &RecoverWish,
        salvage: &Salvage,
        found: &[Found],
    ) -> Result<(Option<String>, BTreeMap<String, usize>), Error> {
        let mut lineages = planner::lineages(found);
        let kept = salvage.stored.as_ref().filter(|stored| !stored.state.resources.is_empty());
        let wanted = wish.lineage.clone().or_else(|| kept.map(|stored| stored.state.lineage.clone()));
        let chosen = match (wanted, lineages.len()) {
            (Some(wanted), _) if lineages.contains_key(&wanted) || wish.lineage.is_none() => Some(wanted),
            (Some(wanted), _) => {
                let hint = format!("there are: {}", told(&lineages));
                return Err(Error::mismatch(format!("nothing carries the lineage `{wanted}`"), hint));
            }
            (None, 0 | 1) => lineages.keys().next().cloned(),
            (None, count) => {
                let name = &self.loaded.name;
                return Err(Error::mismatch(
                    format!("{count} states call themselves `{name}` here: {}", told(&lineages)),
                    "say which one is this project's with `--lineage ID`; the other belongs to another project or folder",
                ));
            }
        };
        if let Some(chosen) = &chosen {
            lineages.remove(chosen);
        }
        Ok((chosen, lineages.into_iter().map(|(lineage, some)| (lineage, some.len())).collect()))
    }

    /// Takes in what has no tags and the name that is written, and reads everything that is recorded then.
    pub(super) async fn take_names(
        &self,
        state: &mut State,
        resources: &mut BTreeMap<Address, Recalled>,
        desired: &Desired,
        identity: &Identity,
    ) -> Result<Observed, Error> {
        let known = self.look_at_recorded(state, identity).await?;
        let names = self.untagged_names(state, desired, &known);
        let requests = Requests { names, ..Requests::default() };
        let (observed, _) = executor::observe(self.reader(identity), &requests).await;
        for request in requests.names {
            let Some(live) = observed.namesakes.get(&request.address) else { continue };
            let NameRequest { address, type_name, region, .. } = request;
            let record = Recorded { type_name, id: live.id.clone(), region, ..Recorded::default() };
            state.resources.insert(address.clone(), record);
            resources.insert(address, Recalled { how: How::Name, written: true });
        }
        self.look(&desired.graph, state, identity).await
    }

    /// The names of what is written, of types without tags, as far as what lives lets them be known.
    fn untagged_names(&self, state: &State, desired: &Desired, observed: &Observed) -> Vec<NameRequest> {
        let graph = &desired.graph;
        let living = Living { observed, read: &graph.scopes.data };
        let predicted = Predicted::new(&graph.scopes, &graph.resources, self.provider.schemas(), self.files);
        let by_life = Evaluator::new(&graph.scopes, &living, self.files);
        let by_text = Evaluator::new(&graph.scopes, &predicted, self.files);
        let untagged = |address: &Address| {
            let schema = self.provider.schemas().resource(&address.type_name);
            schema.is_some_and(|schema| !schema.taggable) && !state.resources.contains_key(address)
        };
        let written = graph.resources.iter().filter(|(address, _)| untagged(address));
        let named = written.filter_map(|(address, resource)| {
            let identity = self.identity_of(&by_life, resource).or_else(|| self.identity_of(&by_text, resource))?;
            let (type_name, region) = (address.type_name.clone(), self.region(&by_text, resource));
            Some(NameRequest { address: address.clone(), type_name, region, identity })
        });
        named.collect()
    }
}

/// Where nothing else tells which object is current, what was recorded does.
pub(super) fn place(
    found: Vec<Found>,
    recorded: &State,
    desired: &Desired,
    wish: &RecoverWish,
) -> Result<Placed, Error> {
    let written = desired.graph.resources.keys().collect();
    let recorded = recorded.resources.values().map(|recorded| recorded.id.clone()).collect();
    let placed = planner::place(found.clone(), &written, &wish.current);
    let placed = placed.or_else(|_| planner::place(found, &written, &(&wish.current | &recorded)));
    placed.map_err(|undecided| {
        let told = |one: &Undecided| format!("`{}`: {}", one.address, one.ids.join(", "));
        let told: Vec<String> = undecided.iter().map(told).collect();
        Error::mismatch(
            format!("more than one object of the same address: {}", told.join("; ")),
            "say which one is to stay with `--current ID`; the next plan shows the deletion of the others",
        )
    })
}

/// `lineage (3 resources, such as `a`, `b`)`, for each.
fn told(lineages: &BTreeMap<String, BTreeSet<String>>) -> String {
    let one = |(lineage, addresses): (&String, &BTreeSet<String>)| {
        let some: Vec<String> = addresses.iter().take(2).map(|address| format!("`{address}`")).collect();
        format!("{lineage} ({}: {})", count(addresses.len(), "resource"), some.join(", "))
    };
    let all: Vec<String> = lineages.iter().map(one).collect();
    if all.is_empty() { "none at all".to_owned() } else { all.join(", ") }
}
