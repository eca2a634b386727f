//! Point-in-time recovery.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::refusals::parameter;
use super::tables::Named;
use super::{Table, names};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// The backup side learns of a new table after this.
const UNKNOWN: SignedDuration = SignedDuration::from_secs(3);

/// And can be switched on this long after the table is active.
const READY: SignedDuration = SignedDuration::from_secs(2);

/// The latest point that can be restored lies this far back.
const LAG: SignedDuration = SignedDuration::from_mins(5);

const DAYS: i64 = 35;

/// Point-in-time recovery that is on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Recovery {
    pub since: Timestamp,
    pub days: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct UpdateBackups {
    table_name: String,
    point_in_time_recovery_specification: Specification,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Specification {
    point_in_time_recovery_enabled: bool,
    recovery_period_in_days: Option<i64>,
}

pub(super) fn update(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let UpdateBackups { table_name, point_in_time_recovery_specification: wanted } = read(input)?;
    let now = world.now();
    let table = known(world, caller, &table_name)?;
    if table.active_since.is_none_or(|since| since + READY > now) {
        return Err(Refusal::new(
            "ContinuousBackupsUnavailableException",
            format!("Backups are being enabled for the table: {table_name}. Please retry later"),
        ));
    }
    table.recovery = match (wanted.point_in_time_recovery_enabled, wanted.recovery_period_in_days) {
        (false, Some(_)) => {
            return Err(parameter(
                "RecoveryPeriodInDays can only be specified when PointInTimeRecoveryEnabled is true",
            ));
        }
        (false, None) => None,
        (true, days) => {
            let old = table.recovery.take();
            let kept = old.as_ref().map_or(DAYS, |recovery| recovery.days);
            Some(Recovery { since: old.map_or(now, |recovery| recovery.since), days: days.unwrap_or(kept) })
        }
    };
    Ok(table.describe_backups(now))
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let Named { table_name } = read(input)?;
    let now = world.now();
    Ok(known(world, caller, &table_name)?.describe_backups(now))
}

fn known<'a>(world: &'a mut World, caller: &Caller, name: &str) -> Result<&'a mut Table, Refusal> {
    let now = world.now();
    let missing = || Refusal::new("TableNotFoundException", format!("Table not found: {name}"));
    let table = names::table(world, caller, name).map_err(|_| missing())?;
    if table.created + UNKNOWN > now { Err(missing()) } else { Ok(table) }
}

impl Table {
    fn describe_backups(&self, now: Timestamp) -> Value {
        let recovery = match &self.recovery {
            None => json!({ "PointInTimeRecoveryStatus": "DISABLED" }),
            Some(recovery) => json!({
                "PointInTimeRecoveryStatus": "ENABLED",
                "RecoveryPeriodInDays": recovery.days,
                "EarliestRestorableDateTime": recovery.since,
                "LatestRestorableDateTime": (now - LAG).max(recovery.since),
            }),
        };
        // The first is always on; only the second says whether recovery is.
        json!({ "ContinuousBackupsDescription": {
            "ContinuousBackupsStatus": "ENABLED",
            "PointInTimeRecoveryDescription": recovery,
        } })
    }
}
