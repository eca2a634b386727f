//! A lost state, made again from what lives, from what is written and from what is left of the old one.

mod find;

use std::collections::{BTreeMap, BTreeSet};

use executor::{Event, Unsurveyed};
use model::{
    Address, Observed, Plan, Recorded, State,
    observed::{Found, ownership},
    state::{Deposed, RecordedOutput},
    words::count,
};
use planner::Placed;
use provider::Identity;
use store::{LockedStore, Stored};

use crate::{Desired, Engine, Error, Wish};

/// How a lost state is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecoverWish {
    /// Which of several states of the environment's name.
    pub lineage: Option<String>,
    /// Further regions, beside those that are written.
    pub regions: BTreeSet<String>,
    /// Ids that are the current ones of their addresses.
    pub current: BTreeSet<String>,
}

/// What tells that something is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Its ownership tags.
    Tags,
    /// Its type takes no tags, and it has the name that is written.
    Name,
    /// What is left of the old state: its journal, or itself.
    Kept,
}

/// One resource that the new state holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recalled {
    pub how: How,
    /// Whether its block is still written; if not, the next plan deletes it.
    pub written: bool,
}

/// Something written that lives and is not ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    pub address: Address,
    pub id: String,
    /// In words.
    pub whose: String,
}

/// What was found out, for whoever decides whether it becomes the state.
#[derive(Debug, Clone, Default)]
pub struct Recall {
    pub state: State,
    pub resources: BTreeMap<Address, Recalled>,
    pub foreign: Vec<Foreign>,
    /// What is written and lives nowhere.
    pub absent: BTreeSet<Address>,
    /// Types that could not be looked through and that nothing in TOML is of.
    pub unsurveyed: Vec<Unsurveyed>,
    /// Other states of the environment's name, with how many resources carry their lineage.
    pub others: BTreeMap<String, usize>,
    /// What of the old state cannot be read, in words.
    pub damaged: Vec<String>,
    /// Calls of an earlier run without an answer, which the journal tells.
    pub unfinished: Vec<String>,
}

impl Recall {
    /// Whether there is nothing to be written: nothing was found, and nothing is left.
    pub fn is_nothing(&self) -> bool {
        self.resources.is_empty() && self.damaged.is_empty() && self.unfinished.is_empty()
    }
}

/// A state that is ready to be written; the lock is held.
pub struct Recovered<'a> {
    pub recall: Recall,
    locked: Box<dyn LockedStore + 'a>,
    stored: Stored,
    identity: Identity,
}

/// A state that was written, and what a plan says of it.
pub struct Proof {
    /// Copies of what could not be read.
    pub kept: Vec<String>,
    /// The plan, or why there is none.
    pub plan: Result<Plan, Error>,
}

impl<'a> Engine<'a> {
    /// Looks for everything of this environment and makes a state of it, without writing it.
    ///
    /// # Errors
    /// The state is there; mistakes in TOML; several states of this name; failed reads.
    pub async fn recover(&self, wish: &RecoverWish) -> Result<Recovered<'a>, Error> {
        let identity = self.identify().await?;
        let locked = self.store.lock(self.holder)?;
        let salvage = locked.salvage()?;
        let desired = self.desired(&identity).await?;
        let (found, unsurveyed) = self.survey(wish, &desired, &identity).await?;
        let (lineage, others) = self.lineage(wish, &salvage, &found)?;
        let ours: Vec<Found> =
            found.into_iter().filter(|one| one.tag(ownership::LINEAGE) == lineage.as_deref()).collect();
        let fresh = self.fresh(&identity);
        let folded = salvage.folded(State { lineage: lineage.unwrap_or_else(|| fresh.lineage.clone()), ..fresh });
        let Stored { mut state, open } = folded.stored();
        if salvage.is_whole() {
            self.refuse_whole(&state, &ours)?;
        }
        let placed = find::place(ours, &state, &desired, wish)?;
        let mut resources = merge(&mut state, placed, &desired);
        let observed = self.take_names(&mut state, &mut resources, &desired, &identity).await?;
        let state = self.remembered(state, &resources, &desired, &observed).await?;
        let recall = Recall {
            foreign: foreign(&observed, &state),
            absent: desired
                .graph
                .resources
                .keys()
                .filter(|address| !lives(&state, &observed, address))
                .cloned()
                .collect(),
            resources,
            unsurveyed,
            others,
            damaged: salvage.damaged_state.iter().chain(&salvage.damaged_journal).map(ToString::to_string).collect(),
            unfinished: open.iter().map(|intent| format!("{} ({})", intent.address, intent.operation)).collect(),
            state: state.clone(),
        };
        Ok(Recovered { recall, locked, stored: Stored { state, open }, identity })
    }

    /// Keeps what is damaged, writes the new state, resolves what the journal has left open, and plans.
    ///
    /// # Errors
    /// The state cannot be written, or what is open cannot be resolved.
    pub async fn write_recovered(
        &self,
        recovered: Recovered<'a>,
        emit: &(dyn Fn(Event) + Sync),
    ) -> Result<Proof, Error> {
        let Recovered { locked, mut stored, identity, .. } = recovered;
        let kept = locked.set_aside()?;
        stored.state.serial += 1;
        self.version.clone_into(&mut stored.state.written_by);
        locked.write(&stored)?;
        let ledger = self.opened(locked, State::default(), &identity, emit).await?;
        let fingerprinter = self.fingerprinter()?;
        let plan = self.decide(&Wish::default(), &ledger.state(), &identity, &fingerprinter).await;
        let mut plan = plan.map(|(plan, _)| plan);
        if let Ok(plan) = &mut plan {
            ledger.save(|state| remember_outputs(state, plan))?;
        }
        Ok(Proof { kept, plan })
    }

    /// A state that can be read, and beside which nothing carries its tags, lacks nothing.
    fn refuse_whole(&self, state: &State, found: &[Found]) -> Result<(), Error> {
        let known = ids(state);
        let lacks = found.iter().any(|one| !known.contains(one.live.id.as_str()));
        if state.resources.is_empty() || lacks {
            return Ok(());
        }
        let resources = count(state.resources.len(), "resource");
        let hint = format!("`groma plan {}` compares it with what lives", self.loaded.name);
        let summary =
            format!("the state is there: {resources} in {}, and nothing else carries its tags", self.store.place());
        Err(Error::mismatch(summary, hint))
    }

    /// What is written and lives alike, by the planner's eyes.
    async fn remembered(
        &self,
        state: State,
        resources: &BTreeMap<Address, Recalled>,
        desired: &Desired,
        observed: &Observed,
    ) -> Result<State, Error> {
        let fingerprinter = self.fingerprinter()?;
        let given = self.given(&desired.graph, &fingerprinter).await;
        let wish = Wish::default();
        let request = self.request(&wish, &given.secrets, &fingerprinter);
        let bare = resources.iter().filter(|(_, one)| one.how != How::Kept);
        let bare = bare.map(|(address, _)| address.clone()).collect();
        Ok(planner::remember(&desired.graph, &state, &bare, observed, self.provider.schemas(), &request))
    }
}

/// Everything that a state knows by its id, old objects too.
fn ids(state: &State) -> BTreeSet<&str> {
    let old = state.resources.values().flat_map(|recorded| &recorded.deposed).map(|old| old.id.as_str());
    state.resources.values().map(|recorded| recorded.id.as_str()).chain(old).collect()
}

/// Joins what was found with what is left of the old state. Of the same object that knows more; of another at its address
/// the newer one is current, and what is gone is left out.
fn merge(state: &mut State, placed: Placed, desired: &Desired) -> BTreeMap<Address, Recalled> {
    let Placed { current, mut old } = placed;
    let recalled = |address: &Address, how| Recalled { how, written: desired.graph.resources.contains_key(address) };
    let mut resources: BTreeMap<Address, Recalled> =
        state.resources.keys().map(|address| (address.clone(), recalled(address, How::Kept))).collect();
    for (address, found) in current {
        let old = old.remove(&address).unwrap_or_default();
        let known = state.resources.remove(&address);
        let mut record = match known {
            Some(known) if known.id == found.live.id => known,
            known => {
                resources.insert(address.clone(), recalled(&address, How::Tags));
                let kept = known.map(|known| deposing(known, &old)).unwrap_or_default();
                Recorded { deposed: kept, ..bare(found) }
            }
        };
        let news = old.into_iter().filter(|one| record.deposed.iter().all(|kept| kept.id != one.live.id));
        let news: Vec<Deposed> = news.map(deposed).collect();
        record.deposed.extend(news);
        record.deposed.retain(|old| old.id != record.id);
        state.resources.insert(address, record);
    }
    resources
}

/// What a record leaves to be deleted when a newer object takes its place: its old objects, and itself while it lives.
fn deposing(known: Recorded, living: &[Found]) -> Vec<Deposed> {
    let Recorded { id, region, delete_arguments, dependencies, mut deposed, .. } = known;
    if living.iter().any(|one| one.live.id == id) {
        deposed.push(Deposed { id, region, delete_arguments, dependencies });
    }
    deposed
}

/// What is known of it by itself.
fn bare(found: Found) -> Recorded {
    let create_token = found.tag(ownership::CREATE).map(str::to_owned);
    Recorded {
        type_name: found.type_name,
        id: found.live.id,
        region: found.region,
        create_token,
        ..Recorded::default()
    }
}

fn deposed(found: Found) -> Deposed {
    Deposed {
        id: found.live.id,
        region: found.region,
        delete_arguments: BTreeMap::new(),
        dependencies: BTreeSet::new(),
    }
}

fn lives(state: &State, observed: &Observed, address: &Address) -> bool {
    let recorded = state.resources.contains_key(address) && !matches!(observed.resources.get(address), Some(None));
    recorded || observed.namesakes.contains_key(address)
}

/// Where nothing is to be changed, the outputs are what they will be.
fn remember_outputs(state: &mut State, plan: &mut Plan) {
    if plan.shown().next().is_some() || plan.is_gated() {
        return;
    }
    for (name, output) in plan.outputs.iter_mut().filter(|(_, output)| output.after.is_known()) {
        if !output.after.is_null() {
            let recorded = RecordedOutput { value: output.after.clone(), secret: output.secret };
            state.outputs.insert(name.clone(), recorded);
            output.before = output.after.clone();
        }
    }
}

/// Names that are to be taken and are somebody else's.
fn foreign(observed: &Observed, state: &State) -> Vec<Foreign> {
    let others = observed.namesakes.iter().filter(|(address, _)| !state.resources.contains_key(*address));
    others
        .map(|(address, live)| {
            let tag = |key: &str| live.ownership.get(key);
            let whose = match (tag(ownership::ENVIRONMENT), tag(ownership::LINEAGE)) {
                (Some(name), Some(lineage)) if *lineage != state.lineage => {
                    format!("its tags name environment `{name}`, lineage {lineage}")
                }
                (Some(name), _) => format!("its tags name environment `{name}`"),
                (None, _) => "it has no tags of groma".to_owned(),
            };
            Foreign { address: address.clone(), id: live.id.clone(), whose }
        })
        .collect()
}
