//! What exists in the simulated cloud.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use model::Value;

use super::{Trouble, VirtualClock};
use crate::Clock;

/// What every ARN begins with.
pub(super) const ARN: &str = "arn:sim:";

/// One thing that exists.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object {
    pub type_name: String,
    pub attributes: BTreeMap<String, Value>,
    pub tags: BTreeMap<String, String>,
    /// The token of its create call.
    pub token: String,
    /// Looks until the operation under way is done.
    pub looks: u32,
    /// The operation under way, or the last one.
    pub operation: u64,
    /// Set: the operation under way ends in failure, and this is what is put back (nothing: the create failed).
    pub rollback: Option<Option<BTreeMap<String, Value>>>,
    pub failed: bool,
    pub deleting: bool,
}

/// Everything there is, and everything that was done.
#[derive(Debug, Clone, Default)]
pub struct World {
    pub objects: BTreeMap<String, Object>,
    /// What deleted objects have left behind.
    pub leftovers: BTreeSet<String>,
    /// Mutating calls so far, also those in trouble.
    pub calls: u64,
    /// Every mutating call that had an effect: `sim:Create named/a`.
    pub effects: Vec<String>,
    /// What must never be asked for: deleting what is in use, a second object with the same token.
    pub breaches: Vec<String>,
    pub troubles: BTreeMap<u64, Trouble>,
    /// Set: the process has ended, nothing has an effect any more.
    pub stopped: bool,
    /// How long reads do not show a new object, by this clock.
    pub lag: Duration,
    pub clock: Option<Arc<VirtualClock>>,
    /// When new objects begin to show.
    pub(super) hidden: BTreeMap<String, Duration>,
    pub(super) numbers: u64,
}

impl World {
    /// The objects that use this one.
    pub fn users(&self, id: &str) -> Vec<&String> {
        let uses = |object: &Object| {
            let used = object.attributes.get("uses").and_then(Value::as_list).unwrap_or_default();
            used.iter().filter_map(Value::as_text).any(|used| used.strip_prefix(ARN) == Some(id))
        };
        self.objects.iter().filter(|(_, object)| uses(object)).map(|(user, _)| user).collect()
    }

    /// Somebody looks: the operation under way comes nearer to its end.
    pub(super) fn look(&mut self, id: &str) {
        let Some(object) = self.objects.get_mut(id) else { return };
        if object.looks == 0 && object.deleting {
            self.objects.remove(id);
        } else {
            object.looks = object.looks.saturating_sub(1);
        }
    }

    /// Whether a read shows it.
    pub(super) fn shows(&self, id: &str) -> bool {
        self.objects.contains_key(id) && self.hidden.get(id).is_none_or(|until| *until <= self.now())
    }

    /// Hides a new object from reads for a while.
    pub(super) fn hide(&mut self, id: &str) {
        self.hidden.insert(id.to_owned(), self.now() + self.lag);
    }

    fn now(&self) -> Duration {
        self.clock.as_ref().map(|clock| clock.now()).unwrap_or_default()
    }

    pub(super) fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }
}
