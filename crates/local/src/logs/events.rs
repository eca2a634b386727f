//! Events of one stream: put and get.

use serde::Deserialize;
use serde_json::{Value, json};

use super::group::{self, Event};
use super::refusals::invalid;
use super::retention::DAY;
use super::streams;
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// Bytes of one batch, 26 for each event counted in.
const BATCH: usize = 1_048_576;
const BATCH_EVENTS: usize = 10_000;

/// Milliseconds: how far an event may lie in the past and in the future.
const OLDEST: i64 = 14 * DAY;
const NEWEST: i64 = 2 * 60 * 60 * 1000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PutLogEvents {
    log_group_name: String,
    log_stream_name: String,
    log_events: Vec<InputEvent>,
}

#[derive(Deserialize)]
struct InputEvent {
    timestamp: i64,
    message: String,
}

pub(super) fn put(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let batch: PutLogEvents = read(input)?;
    let now = world.now().as_millisecond();
    let group = group::named(world, caller, &batch.log_group_name)?;
    let kept = group.retention.map_or(OLDEST, |days| OLDEST.min(days * DAY));
    let stream = group.stream(&batch.log_stream_name)?;
    batch.check()?;
    let too_old = batch.log_events.iter().filter(|event| event.timestamp < now - OLDEST).count();
    let expired = batch.log_events.iter().filter(|event| event.timestamp < now - kept).count();
    let accepted = batch.log_events.iter().filter(|event| event.timestamp <= now + NEWEST).count();
    let (first, last) = (too_old.max(expired), accepted);
    let rejected = json!({
        "tooOldLogEventEndIndex": (too_old > 0).then_some(too_old),
        "expiredLogEventEndIndex": (expired > too_old).then_some(expired),
        "tooNewLogEventStartIndex": (accepted < batch.log_events.len()).then_some(accepted),
    });
    let any = first > 0 || last < batch.log_events.len();
    for event in batch.log_events.into_iter().take(last).skip(first) {
        stream.add(Event { timestamp: event.timestamp, message: event.message, ingestion_time: now });
    }
    Ok(json!({ "nextSequenceToken": sequence(now), "rejectedLogEventsInfo": any.then_some(rejected) }))
}

/// Sequence tokens are no longer checked, but still given.
pub(super) fn sequence(ingestion: i64) -> String {
    format!("4{ingestion:055}")
}

impl PutLogEvents {
    fn check(&self) -> Result<(), Refusal> {
        let events = &self.log_events;
        if !events.is_sorted_by_key(|event| event.timestamp) {
            return Err(invalid("Log events in a single PutLogEvents request must be in chronological order."));
        }
        if let (Some(first), Some(last)) = (events.first(), events.last())
            && last.timestamp - first.timestamp > DAY
        {
            return Err(invalid(
                "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
            ));
        }
        let size: usize = events.iter().map(|event| event.message.len() + 26).sum();
        if size > BATCH || events.len() > BATCH_EVENTS {
            return Err(invalid(format!("Upload too large: {size} bytes exceeds limit of {BATCH}")));
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GetLogEvents {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name: String,
    start_time: Option<i64>,
    end_time: Option<i64>,
    next_token: Option<String>,
    limit: Option<usize>,
    #[serde(default)]
    start_from_head: bool,
}

pub(super) fn get(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: GetLogEvents = read(input)?;
    let group = streams::one_of(world, caller, asked.log_group_name.as_deref(), asked.log_group_identifier.as_deref())?;
    let stream = group.stream(&asked.log_stream_name)?;
    let within = |event: &&Event| {
        asked.start_time.is_none_or(|start| event.timestamp >= start)
            && asked.end_time.is_none_or(|end| event.timestamp < end)
    };
    let events: Vec<&Event> = stream.events.iter().filter(within).collect();
    let (from, to) = asked.range(events.len())?;
    Ok(json!({
        "events": events[from..to],
        "nextForwardToken": format!("f/{to:056}"),
        "nextBackwardToken": format!("b/{from:056}"),
    }))
}

impl GetLogEvents {
    /// Which events to show. A token holds a position; at the end the same token comes back.
    fn range(&self, all: usize) -> Result<(usize, usize), Refusal> {
        let limit = self.limit.unwrap_or(10_000);
        let forward = |at: usize| (at.min(all), (at.saturating_add(limit)).min(all));
        let backward = |at: usize| (at.min(all).saturating_sub(limit), at.min(all));
        match self.next_token.as_deref() {
            None if self.start_from_head => Ok(forward(0)),
            None => Ok(backward(all)),
            Some(token) => {
                let refused = || invalid("The specified nextToken is invalid.");
                let (direction, at) = token.split_once('/').ok_or_else(refused)?;
                let at = at.parse().map_err(|_| refused())?;
                match direction {
                    "f" => Ok(forward(at)),
                    "b" => Ok(backward(at)),
                    _ => Err(refused()),
                }
            }
        }
    }
}
