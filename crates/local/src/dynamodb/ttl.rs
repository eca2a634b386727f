//! Time to live.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::names;
use super::refusals::invalid;
use super::tables::Named;
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// A change shows as under way for so long.
const CHANGING: SignedDuration = SignedDuration::from_secs(1);

/// Two changes need this much between them.
const INTERVAL: SignedDuration = SignedDuration::from_mins(31);

/// The attribute that holds the end of an item's life, and since when.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TimeToLive {
    /// None while it is off: a disabled table does not report the old name.
    pub attribute: Option<String>,
    pub changed: Option<Timestamp>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UpdateTimeToLive {
    table_name: String,
    time_to_live_specification: Specification,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Specification {
    enabled: bool,
    attribute_name: String,
}

pub(super) fn update(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let UpdateTimeToLive { table_name, time_to_live_specification: wanted } = read(input)?;
    let now = world.now();
    let table = names::table(world, caller, &table_name)?;
    table.refuse_busy()?;
    table.ttl.refuse(&wanted, now)?;
    table.ttl = TimeToLive { attribute: wanted.enabled.then(|| wanted.attribute_name.clone()), changed: Some(now) };
    Ok(json!({ "TimeToLiveSpecification": wanted }))
}

impl TimeToLive {
    fn refuse(&self, wanted: &Specification, now: Timestamp) -> Result<(), Refusal> {
        match (&self.attribute, wanted.enabled) {
            (None, false) => return Err(invalid("TimeToLive is already disabled")),
            (Some(current), _) if *current != wanted.attribute_name => {
                return Err(invalid(format!(
                    "TimeToLive is active on a different AttributeName: current AttributeName is {current}"
                )));
            }
            (Some(_), true) => return Err(invalid("TimeToLive is already enabled")),
            _ => {}
        }
        if self.changed.is_some_and(|at| at + INTERVAL > now) {
            return Err(invalid("Time to live has been modified multiple times within a fixed interval"));
        }
        Ok(())
    }

    fn status(&self, now: Timestamp) -> &'static str {
        let changing = self.changed.is_some_and(|at| at + CHANGING > now);
        match (&self.attribute, changing) {
            (Some(_), true) => "ENABLING",
            (Some(_), false) => "ENABLED",
            (None, true) => "DISABLING",
            (None, false) => "DISABLED",
        }
    }
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let Named { table_name } = read(input)?;
    let now = world.now();
    let ttl = &names::table(world, caller, &table_name)?.ttl;
    Ok(json!({ "TimeToLiveDescription": { "TimeToLiveStatus": ttl.status(now), "AttributeName": ttl.attribute } }))
}
