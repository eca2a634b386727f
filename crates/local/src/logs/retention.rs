//! How long a group keeps its events.

use serde::Deserialize;
use serde_json::{Value, json};

use super::group;
use super::refusals::invalid;
use crate::input::read;
use crate::refusal::Answer;
use crate::world::{Caller, World};

/// Milliseconds.
pub(super) const DAY: i64 = 24 * 60 * 60 * 1000;

/// Groups of class `DELIVERY` keep events for two days, whatever one says.
pub(super) const DELIVERY: i64 = 2;

const ALLOWED: [i64; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Retention {
    log_group_name: String,
    retention_in_days: Option<i64>,
}

pub(super) fn put(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let wanted: Retention = read(input)?;
    let days = wanted.retention_in_days.unwrap_or_default();
    if !ALLOWED.contains(&days) {
        let allowed = ALLOWED.map(|days| days.to_string()).join(", ");
        return Err(invalid(format!(
            "1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: \
             Member must satisfy enum value set: [{allowed}]"
        )));
    }
    set(world, caller, &wanted.log_group_name, Some(days))
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let wanted: Retention = read(input)?;
    set(world, caller, &wanted.log_group_name, None)
}

fn set(world: &mut World, caller: &Caller, name: &str, days: Option<i64>) -> Answer {
    let group = group::named(world, caller, name)?;
    if group.class == "DELIVERY" {
        return Err(invalid("Retention of a log group of class DELIVERY cannot be changed."));
    }
    group.retention = days;
    Ok(json!({}))
}
