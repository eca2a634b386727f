//! What happens to an instance or snapshot later, and how long RDS takes for it: the shorter end of what is reported.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::arn;
use super::instance::Instance;
use crate::world::{Caller, World};

/// Seconds, as are all below.
pub(super) const CREATE: i64 = 240;
pub(super) const BACKUP: i64 = 60;
pub(super) const SECOND_ZONE: i64 = 300;
/// So long an instance is still `available` after a change was taken.
pub(super) const BEFORE_CHANGE: i64 = 20;
pub(super) const CHANGE: i64 = 150;
pub(super) const UPGRADE: i64 = 600;
pub(super) const PASSWORD: i64 = 30;
pub(super) const CONFIGURE: i64 = 45;
pub(super) const GROUPS: i64 = 15;
pub(super) const REBOOT: i64 = 60;
pub(super) const START: i64 = 300;
pub(super) const STOP: i64 = 180;
pub(super) const DELETE: i64 = 180;
pub(super) const SNAPSHOT: i64 = 240;
/// Storage is slower for a while after it has grown, and cannot be changed again for six hours.
pub(super) const OPTIMIZE: i64 = 900;
pub(super) const STORAGE_RESTS: i64 = 6 * 3600;
/// A stopped instance starts by itself after seven days.
pub(super) const STOPPED_AT_MOST: i64 = 7 * 24 * 3600;

/// A step and its time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Due {
    pub at: Timestamp,
    pub step: Step,
}

/// Something that becomes true of an instance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Step {
    Status(String),
    /// It can be reached.
    Endpoint,
    Available,
    /// These pending values come into force.
    Apply(Vec<String>),
    GroupsJoined,
    /// The parameter group of these parameters is another one.
    ParametersWait,
    /// All parameters are in force.
    ParametersInSync,
    Gone,
}

impl Instance {
    /// Plans a step; steps of the same time run in the order of planning.
    pub(super) fn plan(&mut self, at: Timestamp, step: Step) {
        let place = self.schedule.partition_point(|due| due.at <= at);
        self.schedule.insert(place, Due { at, step });
    }

    /// Plans a step `seconds` from now.
    pub(super) fn plan_in(&mut self, now: Timestamp, seconds: i64, step: Step) {
        self.plan(now + SignedDuration::from_secs(seconds), step);
    }

    /// Runs every step that is due; whether it is still there.
    fn run_until(&mut self, now: Timestamp) -> bool {
        while self.schedule.first().is_some_and(|due| due.at <= now) {
            let Due { at, step } = self.schedule.remove(0);
            if step == Step::Gone {
                return false;
            }
            self.run(at, step);
        }
        true
    }

    fn run(&mut self, at: Timestamp, step: Step) {
        match step {
            Step::Status(status) => self.status = status,
            Step::Endpoint => {
                self.has_endpoint = true;
                self.created_at = at;
            }
            Step::Available => self.status = "available".to_owned(),
            Step::Apply(members) => self.apply(&members, at),
            Step::GroupsJoined => self.joining.clear(),
            Step::ParametersWait => self.parameters = "pending-reboot".to_owned(),
            Step::ParametersInSync => self.parameters = "in-sync".to_owned(),
            Step::Gone => {}
        }
    }

    fn apply(&mut self, members: &[String], at: Timestamp) {
        for member in members {
            let Some(value) = self.pending.remove(member) else { continue };
            match member.as_str() {
                "MasterUserPassword" => self.master_password = text(&value),
                "DBInstanceIdentifier" => self.id = text(&value),
                _ => self.settings.set(member, &value),
            }
            if is_storage(member) {
                self.storage_changed_at = Some(at);
            }
        }
    }
}

/// Whether a pending value is about storage.
pub(super) fn is_storage(member: &str) -> bool {
    ["AllocatedStorage", "Iops", "StorageThroughput", "StorageType"].contains(&member)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Does what is due of all instances and snapshots.
pub(super) fn tick(world: &mut World, caller: &Caller) {
    let now = world.now();
    let Some(region) =
        world.accounts.get_mut(&caller.account).and_then(|account| account.regions.get_mut(&caller.region))
    else {
        return;
    };
    let rds = &mut region.rds;
    for (id, mut instance) in std::mem::take(&mut rds.instances) {
        let held = rds.tags.remove(&arn(caller, "db", &id));
        if !instance.run_until(now) {
            continue;
        }
        if let Some(tags) = held {
            rds.tags.insert(arn(caller, "db", &instance.id), tags);
        }
        rds.instances.insert(instance.id.clone(), instance);
    }
    for snapshot in rds.snapshots.values_mut().filter(|snapshot| snapshot.ready_at <= now) {
        snapshot.status = "available".to_owned();
    }
}
