//! What happens to a table later, and how long DynamoDB takes for it (measured; the middle of each range).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::encryption::Encryption;
use super::table::{Mode, OnDemand, Status, Table, Units};

pub(super) const CREATE: SignedDuration = SignedDuration::from_secs(6);
pub(super) const CREATE_WITH_INDEXES: SignedDuration = SignedDuration::from_secs(18);
pub(super) const DELETE: SignedDuration = SignedDuration::from_secs(6);
pub(super) const CAPACITY: SignedDuration = SignedDuration::from_secs(2);
pub(super) const FIRST_TO_PROVISIONED: SignedDuration = SignedDuration::from_secs(80);
pub(super) const FIRST_TO_ON_DEMAND: SignedDuration = SignedDuration::from_secs(150);
pub(super) const LATER_SWITCH: SignedDuration = SignedDuration::from_secs(5);
pub(super) const STREAM: SignedDuration = SignedDuration::from_secs(5);
pub(super) const CLASS: SignedDuration = SignedDuration::from_secs(5);
pub(super) const ENCRYPTION: SignedDuration = SignedDuration::from_secs(22);
pub(super) const WARMING: SignedDuration = SignedDuration::from_mins(6);
pub(super) const INDEX_ALLOCATION: SignedDuration = SignedDuration::from_secs(40);
pub(super) const INDEX_CREATE: SignedDuration = SignedDuration::from_mins(12);
pub(super) const INDEX_DELETE: SignedDuration = SignedDuration::from_secs(4);

/// A step and its time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Due {
    pub at: Timestamp,
    pub step: Step,
}

/// Something that becomes true of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Step {
    /// The table and the indexes it was created with are ready.
    Created,
    Billing(Mode),
    /// Of the table, or of the named index.
    Provisioned(Option<String>, Units),
    OnDemand(Option<String>, OnDemand),
    Stream(Option<String>),
    Class(String),
    Encrypted(Option<Encryption>),
    Warmed(Option<String>, Units),
    /// The table is active again.
    Updated,
    IndexBackfills(String),
    IndexCreated(String),
    IndexDeleted(String),
    Deleted,
}

impl Table {
    /// Plans a step; steps of the same time run in the order of planning.
    pub(super) fn plan(&mut self, at: Timestamp, step: Step) {
        let place = self.schedule.partition_point(|due| due.at <= at);
        self.schedule.insert(place, Due { at, step });
    }

    /// The table is updating, shows its old values, and gets the new ones after `duration`.
    pub(super) fn update_after(&mut self, now: Timestamp, duration: SignedDuration, steps: Vec<Step>) {
        self.status = Status::Updating;
        for step in steps {
            self.plan(now + duration, step);
        }
        self.plan(now + duration, Step::Updated);
    }

    /// Runs every step that is due.
    pub(super) fn run_until(&mut self, now: Timestamp) {
        while self.schedule.first().is_some_and(|due| due.at <= now) {
            let Due { at, step } = self.schedule.remove(0);
            self.run(at, step);
        }
    }

    fn run(&mut self, at: Timestamp, step: Step) {
        match step {
            Step::Created => self.become_created(at),
            Step::Billing(mode) => self.become_billed(at, mode),
            Step::Provisioned(index, units) => self.become_provisioned(at, index, units),
            Step::OnDemand(index, limits) => self.with_capacity(index, |capacity| capacity.on_demand = limits),
            Step::Stream(view) => self.become_streamed(at, view),
            Step::Class(name) => self.class.name = Some(name),
            Step::Encrypted(encryption) => self.encryption = encryption,
            Step::Warmed(index, units) => self.with_capacity(index, |capacity| {
                capacity.warm = units;
                capacity.warming = false;
            }),
            Step::Updated => self.status = Status::Active,
            Step::IndexBackfills(name) => {
                self.global_index(&name).into_iter().for_each(|index| index.backfilling = true)
            }
            Step::IndexCreated(name) => self.index_is_active(&name),
            Step::IndexDeleted(name) => {
                self.global_indexes.retain(|index| index.name != name);
                self.prune_attributes();
            }
            Step::Deleted => self.gone = true,
        }
    }

    fn become_created(&mut self, at: Timestamp) {
        self.status = Status::Active;
        self.active_since = Some(at);
        self.global_indexes.iter_mut().for_each(|index| index.status = Status::Active);
    }

    fn index_is_active(&mut self, name: &str) {
        if let Some(index) = self.global_index(name) {
            index.status = Status::Active;
            index.backfilling = false;
        }
    }
}
