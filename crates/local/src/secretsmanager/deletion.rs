//! Deletion with its recovery window, and the way back.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::refusals::{invalid, no_secret, not_now};
use super::secret::{self, Deletion, find};
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// Days, where the call names none.
const WINDOW: i64 = 30;
/// A forced deletion is asynchronous: the secret is still described, and its name not yet free.
const FORCED_TAKES: SignedDuration = SignedDuration::from_secs(10);

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let id = input["SecretId"].as_str().unwrap_or_default();
    let forced = input["ForceDeleteWithoutRecovery"].as_bool().unwrap_or_default();
    let window = window(input, forced)?;
    let now = world.now();
    let held = match find(world, caller, id) {
        Err(_) if forced => return Ok(never_there(world, caller, id)),
        held => held?,
    };
    match held.deletion {
        Some(deletion) if !forced || deletion.forced => held.alive()?,
        _ => {}
    }
    let due = if forced { now + FORCED_TAKES } else { now + SignedDuration::from_hours(24 * window) };
    held.deletion = Some(Deletion { due, forced });
    let mut answer = held.named();
    answer["DeletionDate"] = Value::from(if forced { now.to_string() } else { due.to_string() });
    Ok(answer)
}

fn window(input: &Value, forced: bool) -> Result<i64, Refusal> {
    match input["RecoveryWindowInDays"].as_i64() {
        Some(_) if forced => {
            Err(invalid("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays."))
        }
        Some(days) if !(7..=30).contains(&days) => {
            Err(invalid("The RecoveryWindowInDays value must be between 7 and 30 days (inclusive)."))
        }
        days => Ok(days.unwrap_or(WINDOW)),
    }
}

/// A forced deletion of what is not there succeeds.
fn never_there(world: &mut World, caller: &Caller, id: &str) -> Value {
    let arn = if id.starts_with("arn:") { id.to_owned() } else { secret::arn(world, caller, id) };
    json!({ "ARN": arn, "Name": id, "DeletionDate": world.now().to_string() })
}

pub(super) fn restore(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let held = find(world, caller, input["SecretId"].as_str().unwrap_or_default())?;
    match held.deletion {
        Some(deletion) if deletion.forced => Err(no_secret()),
        Some(_) => {
            held.deletion = None;
            Ok(held.named())
        }
        None => Err(not_now("The secret isn't scheduled for deletion.")),
    }
}

/// Removes what is due.
pub(super) fn finish(world: &mut World, caller: &Caller) {
    let now = world.now();
    let secrets = &mut world.region(caller).secretsmanager.secrets;
    secrets.retain(|_, secret| secret.deletion.is_none_or(|deletion| deletion.due > now));
}
