//! All changes with their order. The planner makes it, the executor carries it out, `report` shows it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    Address, Diagnostic, Place, Scopes, Sources, Value, Written,
    graph::{Lifecycle, Timeouts},
    state::World,
};

/// Which half of a replacement comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplaceOrder {
    DeleteFirst,
    CreateFirst,
}

/// What happens to one resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Keep,
    /// Only the state changes: what is written already holds.
    Record,
    /// Data that must wait for resources.
    Read,
    Create,
    /// Takes over an existing one with the same natural name (`lifecycle.adopt`).
    Adopt,
    Import,
    /// Only the address changes.
    Move,
    Update,
    /// Sends what an interrupted create has left.
    Finish,
    Replace(ReplaceOrder),
    Delete,
    /// Leaves it alive and no longer ours.
    Forget,
}

impl Action {
    /// The mark of `design.md` 9; a space for what stays.
    pub fn mark(self) -> &'static str {
        match self {
            Self::Keep => " ",
            Self::Record => "=",
            Self::Read => "<=",
            Self::Create => "+",
            Self::Adopt | Self::Finish => "!",
            Self::Import => "@",
            Self::Move => ">",
            Self::Update => "~",
            Self::Replace(ReplaceOrder::DeleteFirst) => "-/+",
            Self::Replace(ReplaceOrder::CreateFirst) => "+/-",
            Self::Delete => "-",
            Self::Forget => "#",
        }
    }

    /// Whether anything at AWS changes.
    pub fn is_mutation(self) -> bool {
        !matches!(self, Self::Keep | Self::Record | Self::Read | Self::Move | Self::Forget)
    }
}

/// One attribute that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Like `image_scanning_configuration.scan_on_push` or `tags["team"]`.
    pub path: String,
    /// Live, or null when there is none.
    pub before: Value,
    /// Wanted, or null when it goes.
    pub after: Value,
    /// This one forces the replacement.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replaces: bool,
    /// Compared and shown as a policy or JSON document.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub document: bool,
    /// Where the attribute is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Somebody changed it outside: last applied was the same as what is written now.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub drifted: bool,
}

/// A protection that a named flag of the run lifts, a step of its own before the deletion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifted {
    /// As it is typed: `--allow-unprotect`.
    pub flag: String,
    /// What stands in the way: "deletion protection is on".
    pub what: String,
}

/// The change of one resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub address: Address,
    pub action: Action,
    pub region: String,
    /// The id of what lives, when something does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The block that asked for it; nothing for what only the state knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Why, in words: "scan_on_push changed", "gone since …", "no longer written in environments/dev.toml".
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<Difference>,
    /// What a deletion or replacement loses, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loses: Vec<String>,
    /// Protections that go before the deletion, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lifts: Vec<Lifted>,
    /// All written attributes with effective tags: known, unknown or secret.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub want: BTreeMap<String, Value>,
    /// Attributes written earlier and not now, to be cleared (`Unset::Clear`).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub cleared: BTreeSet<String>,
    /// For attributes owned key by key: the keys written earlier and not now.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dropped: BTreeMap<String, BTreeSet<String>>,
    /// Paths that stand in `want` only to be set back to their default (`Unset::Default`): sent, not recorded as applied
    /// ([`Change::applied`]).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub reset: BTreeSet<String>,
    /// The expressions of attributes that are not wholly known yet, or that hold a secret.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub residuals: BTreeMap<String, Written>,
    /// The computed attributes as they will be: kept, predicted or unknown.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub computed: BTreeMap<String, Value>,
    /// The live values that decided the action; a saved plan is refused when they differ at apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed: Option<crate::Live>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub dependencies: BTreeSet<Address>,
    #[serde(default)]
    pub lifecycle: Lifecycle,
    #[serde(default)]
    pub timeouts: Timeouts,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub delete_arguments: BTreeMap<String, Value>,
    /// What flags of the run add to them, for this deletion alone: never recorded of what takes its place.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lifted_arguments: BTreeMap<String, Value>,
    /// The address in state, when a move goes with the change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<Address>,
}

impl Change {
    /// A change of which only address, action and region are known.
    pub fn blank(address: &Address, action: Action, region: &str) -> Self {
        Self {
            address: address.clone(),
            action,
            region: region.to_owned(),
            id: None,
            place: None,
            reasons: Vec::new(),
            differences: Vec::new(),
            loses: Vec::new(),
            lifts: Vec::new(),
            want: BTreeMap::new(),
            cleared: BTreeSet::new(),
            dropped: BTreeMap::new(),
            reset: BTreeSet::new(),
            residuals: BTreeMap::new(),
            computed: BTreeMap::new(),
            observed: None,
            dependencies: BTreeSet::new(),
            lifecycle: Lifecycle::default(),
            timeouts: Timeouts::default(),
            delete_arguments: BTreeMap::new(),
            lifted_arguments: BTreeMap::new(),
            moved_from: None,
        }
    }

    /// How this run deletes it: as it is written, and as its flags say.
    #[must_use]
    pub fn deletion(&self) -> BTreeMap<String, Value> {
        let mut arguments = self.delete_arguments.clone();
        arguments.extend(self.lifted_arguments.clone());
        arguments
    }

    /// What State records as applied of the values that were sent: without those that were only set back to their default.
    #[must_use]
    pub fn applied(&self, mut sent: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
        for path in &self.reset {
            let names: Vec<&str> = path.split('.').collect();
            forget(&mut sent, &names);
        }
        sent
    }
}

fn forget(entries: &mut BTreeMap<String, Value>, names: &[&str]) {
    match names {
        [] => {}
        [last] => {
            entries.remove(*last);
        }
        [first, rest @ ..] => {
            if let Some(Value::Map(inner)) = entries.get_mut(*first) {
                forget(inner, rest);
            }
        }
    }
}

/// What one step of the execution does.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// State only: move, record, forget.
    Record,
    /// Reads data.
    Read,
    /// Brings into being or changes: create, adopt, import, update, finish, the new half of a replacement.
    Put,
    /// Deletes the object with this id: a delete, the old half of a replacement, a deposed object.
    Remove { id: String },
}

/// One step; there is at most one with the same address and phase.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StepId {
    pub address: Address,
    pub phase: Phase,
}

/// A step with what must be done before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    pub id: StepId,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub after: BTreeSet<StepId>,
    /// The longest path behind it; the highest rank goes first.
    pub rank: u32,
}

/// An output as it will be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedOutput {
    pub before: Value,
    pub after: Value,
    /// Set when `after` is not wholly known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub residual: Option<Written>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
}

/// Something that must be there before a change can be made; until then the change is withheld.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// The resource whose change waits.
    pub address: Address,
    /// In words: "the image shop:latest is not in its repository".
    pub missing: String,
    /// What brings it, as it is typed, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<String>,
}

/// A change that a later run will make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    pub action: Action,
    /// Why, in words: "its gate is not passed", "it waits for apprunner_service.app".
    pub because: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// What a run is about to do, and nothing else.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The version of the format.
    pub format: u32,
    /// The version of groma that made it.
    pub made_by: String,
    pub world: World,
    pub environment: String,
    pub account: Option<String>,
    pub region: String,
    /// Binds the plan to the state it was made from.
    pub lineage: String,
    pub serial: u64,
    /// SHA-256 of all sources and variables, hex.
    pub sources_digest: String,
    /// Some resources were left out by `--target`.
    #[serde(default)]
    pub partial: bool,
    /// Everything is to be deleted.
    #[serde(default)]
    pub destroy: bool,
    /// Every resource, kept ones too, by address.
    pub changes: BTreeMap<Address, Change>,
    /// Execution order as a graph, sorted by id.
    pub steps: Vec<Step>,
    pub outputs: BTreeMap<String, PlannedOutput>,
    /// What must be there before something that is withheld can be done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<Gate>,
    /// Changes that this run leaves to a later one; they are not among `changes`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub withheld: BTreeMap<Address, Withheld>,
    /// What residuals look at.
    #[serde(default)]
    pub scopes: Scopes,
    #[serde(default)]
    pub sources: Sources,
    /// Warnings for the person who reads the plan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Diagnostic>,
}

impl Plan {
    /// The changes that are shown: everything but what stays.
    pub fn shown(&self) -> impl Iterator<Item = &Change> {
        self.changes.values().filter(|change| change.action != Action::Keep)
    }

    /// Whether a later run has to go on where this one ends.
    pub fn is_gated(&self) -> bool {
        !self.gates.is_empty() || !self.withheld.is_empty()
    }

    /// Whether applying it would do nothing, also not to the state.
    pub fn is_empty(&self) -> bool {
        self.shown().next().is_none() && self.outputs.values().all(|output| output.before == output.after)
    }
}
