//! The state with its journal folded in. Pure: the same in a run, after a crash and for a reader.

use std::collections::BTreeMap;

use model::{
    Address, Condition, Recorded, State,
    fault::{Fault, is_planted},
    state::Deposed,
};

use crate::{
    Stored,
    entry::{Answer, Entry, Event, Intent, Outcome, Verb},
};

/// A state and what is still open.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Folded {
    pub state: State,
    /// Calls without an answer, by their number.
    pub open: BTreeMap<u64, Intent>,
    /// The number of the last entry there ever was.
    pub last: u64,
    /// When each resource was last changed, in seconds since the Unix epoch.
    changed: BTreeMap<Address, u64>,
}

/// How long a change counts as recent, in seconds.
const RECENT: u64 = 300;

/// Folds entries into a stored state; those the state already holds are skipped.
pub fn fold(stored: Stored, entries: impl IntoIterator<Item = Entry>) -> Folded {
    let last = stored.state.folded_through;
    let open = stored.open.into_iter().map(|intent| (intent.n, intent)).collect();
    let mut folded = Folded { state: stored.state, open, last, changed: BTreeMap::new() };
    for entry in entries {
        let skipped = is_planted(Fault::IntentNotFolded) && matches!(entry.event, Event::Intent(_));
        if entry.n > folded.last && !skipped {
            folded.apply(entry);
        }
    }
    folded
}

impl Folded {
    /// Takes the next entry in.
    pub fn apply(&mut self, entry: Entry) {
        self.last = entry.n;
        match entry.event {
            Event::Intent(intent) => {
                self.make_room(&intent);
                self.open.insert(entry.n, Intent { n: entry.n, ..*intent });
            }
            Event::Result(answer) => self.answer(&answer),
            Event::Record(records) => records.into_iter().for_each(|(address, record)| self.record(address, record)),
            Event::Changed(changed) => self.changed.extend(changed),
        }
    }

    /// As it is written: the state, and what is open beside it.
    pub fn stored(&self) -> Stored {
        let state = State { folded_through: self.last, ..self.state.clone() };
        Stored { state, open: self.open.values().cloned().collect() }
    }

    /// What was changed within five minutes before the newest change.
    pub(crate) fn recent(&self) -> BTreeMap<Address, u64> {
        let newest = self.changed.values().max().copied().unwrap_or_default();
        let recent = self.changed.iter().filter(|(_, at)| newest - **at <= RECENT);
        recent.map(|(address, at)| (address.clone(), *at)).collect()
    }

    /// From now on what is recorded may be deleted without a successor. A deposed object has one.
    fn make_room(&mut self, intent: &Intent) {
        let current = self.state.resources.get(&intent.address).map(|recorded| &recorded.id);
        if let Some(id) = current.filter(|id| intent.replaces && intent.id.as_ref() == Some(*id)) {
            self.state.replaced.insert(intent.address.clone(), id.clone());
        }
    }

    /// A created resource is recorded at once: its calls and waits are missing, its identity is not.
    fn answer(&mut self, answer: &Answer) {
        let Some(intent) = self.open.remove(&answer.of) else { return };
        if answer.outcome == Outcome::Done {
            self.changed.insert(intent.address.clone(), intent.at);
        }
        match (answer.outcome, intent.verb) {
            (Outcome::Done, Verb::Create) => self.made(intent, answer.id.clone().unwrap_or_default()),
            (Outcome::Done | Outcome::Unknown, Verb::Update) => self.doubt(&intent),
            // Its wait and its sweep may be missing until the resource leaves the state.
            (Outcome::Done | Outcome::Unknown, Verb::Delete) => {
                self.open.insert(intent.n, intent);
            }
            _ => {}
        }
    }

    /// What was there before is deposed when the create said so, else it is known to be gone.
    fn made(&mut self, intent: Intent, id: String) {
        let Some(record) = intent.record else { return };
        let mut deposed = Vec::new();
        if let Some(old) = self.state.resources.remove(&intent.address) {
            deposed.extend(old.deposed);
            if intent.deposes.as_ref() == Some(&old.id) {
                deposed.push(Deposed {
                    id: old.id,
                    region: old.region,
                    delete_arguments: old.delete_arguments,
                    dependencies: old.dependencies,
                });
            }
        }
        let made = Recorded { id, condition: Condition::Incomplete, deposed, ..*record };
        self.state.replaced.remove(&intent.address);
        self.state.resources.insert(intent.address, made);
    }

    /// After an update the resource is only as good as what finishing it makes of it.
    fn doubt(&mut self, intent: &Intent) {
        let recorded = self.state.resources.get_mut(&intent.address);
        let same = recorded.filter(|recorded| intent.id.as_deref() == Some(recorded.id.as_str()));
        if let Some(recorded) = same.filter(|recorded| recorded.condition == Condition::Ready) {
            recorded.condition = Condition::Incomplete;
        }
    }

    /// A record ends every doubt about its resource, but not about another create at the same address.
    fn record(&mut self, address: Address, record: Option<Recorded>) {
        self.open.retain(|_, intent| {
            intent.address != address || intent.verb == Verb::Create || still_held(record.as_ref(), intent)
        });
        match record {
            Some(record) => self.state.resources.insert(address, record),
            None => self.state.resources.remove(&address),
        };
    }
}

/// Whether a delete of this object is still to be watched under the new record.
fn still_held(record: Option<&Recorded>, intent: &Intent) -> bool {
    let delete = matches!(intent.verb, Verb::Dismantle | Verb::Delete | Verb::Sweep);
    let this = (intent.id.as_deref().unwrap_or_default(), &intent.region);
    let holds = |record: &Recorded| {
        this == (record.id.as_str(), &record.region) || record.deposed.iter().any(|old| this == (&old.id, &old.region))
    };
    delete && record.is_some_and(holds)
}
