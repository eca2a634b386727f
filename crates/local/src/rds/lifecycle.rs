//! Reboot, start, stop, delete.

use serde_json::{Value, json};

use super::given::{flag, text};
use super::instance::Instance;
use super::instances::{named, shown};
use super::refusals::{combination, state};
use super::schedule::{self, Step};
use super::snapshots;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

pub(super) fn reboot(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let now = world.now();
    let instance = named(world, caller, input)?;
    only(instance, "rebooted", &["available", "storage-optimization"])?;
    if flag(input, "ForceFailover") == Some(true) && !instance.settings.multi_az {
        return Err(combination(
            "You cannot specify ForceFailover on a DB instance that isn't configured for Multi-AZ.",
        ));
    }
    instance.status = "rebooting".to_owned();
    instance.plan_in(now, schedule::REBOOT, Step::ParametersInSync);
    instance.plan_in(now, schedule::REBOOT, Step::Available);
    answer(world, caller, input)
}

pub(super) fn stop(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let now = world.now();
    let instance = named(world, caller, input)?.clone();
    only(&instance, "stopped", &["available"])?;
    if let Some(given) = text(input, "DBSnapshotIdentifier") {
        let id = snapshots::free(&world.region(caller).rds, given, "DBSnapshotIdentifier")?;
        snapshots::take(world, caller, &id, &instance);
    }
    let instance = named(world, caller, input)?;
    instance.status = "stopping".to_owned();
    instance.plan_in(now, schedule::STOP, Step::Status("stopped".to_owned()));
    instance.plan_in(now, schedule::STOP + schedule::STOPPED_AT_MOST, Step::Status("starting".to_owned()));
    instance.plan_in(now, schedule::STOP + schedule::STOPPED_AT_MOST + schedule::START, Step::Available);
    answer(world, caller, input)
}

pub(super) fn start(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let now = world.now();
    let instance = named(world, caller, input)?;
    only(instance, "started", &["stopped"])?;
    instance.status = "starting".to_owned();
    instance.schedule.clear();
    instance.plan_in(now, schedule::START, Step::ParametersInSync);
    instance.plan_in(now, schedule::START, Step::Available);
    answer(world, caller, input)
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let now = world.now();
    let instance = named(world, caller, input)?.clone();
    let skips = flag(input, "SkipFinalSnapshot") == Some(true);
    if instance.settings.protected {
        let message = "Cannot delete protected DB Instance, please disable deletion protection and try again.";
        return Err(combination(message));
    }
    if instance.is(&["deleting"]) {
        return Err(state(format!("Instance {} is already being deleted.", instance.id)));
    }
    match (skips, text(input, "FinalDBSnapshotIdentifier")) {
        (true, Some(_)) => {
            let message =
                "FinalDBSnapshotIdentifier can not be specified when deleting with SkipFinalSnapshot set to true.";
            return Err(combination(message));
        }
        (false, None) => {
            let message = "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.";
            return Err(combination(message));
        }
        (false, Some(given)) => {
            let id = snapshots::free(&world.region(caller).rds, given, "FinalDBSnapshotIdentifier")?;
            snapshots::refuse_unready(&instance)?;
            snapshots::take(world, caller, &id, &instance);
        }
        (true, None) => {}
    }
    let instance = named(world, caller, input)?;
    instance.status = "deleting".to_owned();
    instance.schedule.clear();
    instance.pending.clear();
    let seconds = if skips { schedule::DELETE } else { schedule::DELETE + schedule::SNAPSHOT };
    instance.plan_in(now, seconds, Step::Gone);
    answer(world, caller, input)
}

fn only(instance: &Instance, done: &str, statuses: &[&str]) -> Result<(), Refusal> {
    match instance.is(statuses) {
        true => Ok(()),
        false => Err(state(format!(
            "Instance {} cannot be {done} as it is not in one of the following statuses: '{}'.",
            instance.id,
            statuses.join(", ")
        ))),
    }
}

fn answer(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let id = named(world, caller, input)?.id.clone();
    Ok(json!({ "DBInstance": shown(world, caller, &id) }))
}
