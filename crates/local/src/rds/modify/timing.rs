//! When the values to come are in force, and the states until then.

use std::collections::BTreeSet;

use super::super::instance::Instance;
use super::super::schedule::{self, Step, is_storage};
use super::super::window;

/// Pending values that do not wait for the maintenance window.
const SOON: &[&str] = &["MasterUserPassword", "Port"];

/// Plans when the pending values come into force, and the states until then.
pub(super) fn plan(instance: &mut Instance, now: jiff::Timestamp, immediately: bool, status: Option<&str>) {
    let mut due: BTreeSet<String> = instance.pending.keys().cloned().collect();
    let mut later: Vec<String> = Vec::new();
    if !immediately {
        let soon = |member: &String| SOON.contains(&member.as_str());
        later = due.iter().filter(|member| !soon(member)).cloned().collect();
        due.retain(soon);
    }
    instance.schedule.retain(|planned| !matches!(planned.step, Step::Apply(_)));
    let status = word(&due).or(status.map(str::to_owned));
    if let Some(status) = status {
        let takes = seconds(&due);
        instance.schedule.retain(|planned| !matches!(planned.step, Step::Status(_) | Step::Available));
        instance.plan_in(now, schedule::BEFORE_CHANGE, Step::Status(status));
        let end = schedule::BEFORE_CHANGE + takes;
        let due: Vec<String> = due.into_iter().collect();
        let grows = due.iter().any(|member| is_storage(member));
        instance.plan_in(now, end, Step::Apply(due));
        if grows {
            instance.plan_in(now, end, Step::Status("storage-optimization".to_owned()));
            instance.plan_in(now, end + schedule::OPTIMIZE, Step::Available);
        } else {
            instance.plan_in(now, end, Step::Available);
        }
    }
    if !later.is_empty() {
        let at = window::next_maintenance(&instance.settings.maintenance_window, now);
        let end = at + jiff::SignedDuration::from_secs(schedule::UPGRADE);
        instance.plan(at, Step::Status("modifying".to_owned()));
        instance.plan(end, Step::Apply(later));
        instance.plan(end, Step::Available);
    }
}

/// The status while these values are brought into force.
fn word(due: &BTreeSet<String>) -> Option<String> {
    let has = |member: &str| due.contains(member);
    let word = match due.len() {
        0 => return None,
        1 if has("MasterUserPassword") => "resetting-master-credentials",
        1 if has("DBInstanceIdentifier") => "renaming",
        1 if has("IAMDatabaseAuthenticationEnabled") => "configuring-iam-database-auth",
        _ if has("EngineVersion") => "upgrading",
        _ => "modifying",
    };
    Some(word.to_owned())
}

fn seconds(due: &BTreeSet<String>) -> i64 {
    let has = |member: &str| due.contains(member);
    match due.len() {
        0 => schedule::CONFIGURE,
        1 if has("MasterUserPassword") => schedule::PASSWORD,
        _ if has("EngineVersion") => schedule::UPGRADE,
        _ if has("MultiAZ") => schedule::CHANGE + schedule::SECOND_ZONE,
        _ => schedule::CHANGE,
    }
}
