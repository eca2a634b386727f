//! FilterLogEvents: events of many streams in the order of time.

use serde::Deserialize;
use serde_json::{Value, json};

use super::group::Event;
use super::pattern::Pattern;
use super::refusals::{invalid, no_stream};
use super::{streams, token};
use crate::input::read;
use crate::refusal::Answer;
use crate::world::{Caller, World};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FilterLogEvents {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_names: Option<Vec<String>>,
    log_stream_name_prefix: Option<String>,
    start_time: Option<i64>,
    end_time: Option<i64>,
    #[serde(default)]
    filter_pattern: String,
    next_token: Option<String>,
    limit: Option<usize>,
}

pub(super) fn filter(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: FilterLogEvents = read(input)?;
    if asked.log_stream_names.is_some() && asked.log_stream_name_prefix.is_some() {
        return Err(invalid("logStreamNames and logStreamNamePrefix are mutually exclusive parameters."));
    }
    let pattern = Pattern::parse(&asked.filter_pattern)?;
    let group = streams::one_of(world, caller, asked.log_group_name.as_deref(), asked.log_group_identifier.as_deref())?;
    if asked.log_stream_names.iter().flatten().any(|name| !group.streams.contains_key(name)) {
        return Err(no_stream());
    }
    let mut found = Vec::new();
    for (name, stream) in group.streams.iter().filter(|(name, _)| asked.takes_stream(name)) {
        let events =
            stream.events.iter().enumerate().filter(|(_, event)| asked.takes(event) && pattern.matches(&event.message));
        found.extend(
            events.map(|(at, event)| (format!("{:020}{name}{at:09}", event.timestamp), shown(name, at, event))),
        );
    }
    found.sort_by(|one, other| one.0.cmp(&other.0));
    let (page, next) = token::page(found.into_iter(), asked.next_token.as_deref(), asked.limit.unwrap_or(10_000))?;
    Ok(json!({ "events": page, "searchedLogStreams": [], "nextToken": next }))
}

fn shown(stream: &str, at: usize, event: &Event) -> Value {
    json!({
        "logStreamName": stream,
        "timestamp": event.timestamp,
        "message": event.message,
        "ingestionTime": event.ingestion_time,
        "eventId": format!("3{:020}{at:035}", event.timestamp),
    })
}

impl FilterLogEvents {
    fn takes_stream(&self, name: &String) -> bool {
        let named = self.log_stream_names.as_ref().is_none_or(|names| names.contains(name));
        named && self.log_stream_name_prefix.as_ref().is_none_or(|prefix| name.starts_with(prefix))
    }

    /// Both ends belong to the range.
    fn takes(&self, event: &Event) -> bool {
        self.start_time.is_none_or(|start| event.timestamp >= start)
            && self.end_time.is_none_or(|end| event.timestamp <= end)
    }
}
