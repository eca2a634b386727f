//! Log streams.

use serde::Deserialize;
use serde_json::{Value, json};

use super::group::{self, Group, Stream};
use super::refusals::{exists, invalid, no_stream};
use super::token;
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OneStream {
    log_group_name: String,
    log_stream_name: String,
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let wanted: OneStream = read(input)?;
    let now = world.now();
    let group = group::named(world, caller, &wanted.log_group_name)?;
    if group.streams.contains_key(&wanted.log_stream_name) {
        return Err(exists("log stream"));
    }
    group.streams.insert(wanted.log_stream_name, Stream::new(now));
    Ok(json!({}))
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let wanted: OneStream = read(input)?;
    let group = group::named(world, caller, &wanted.log_group_name)?;
    group.streams.remove(&wanted.log_stream_name).map(|_| json!({})).ok_or_else(no_stream)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DescribeLogStreams {
    log_group_name: Option<String>,
    log_group_identifier: Option<String>,
    log_stream_name_prefix: Option<String>,
    order_by: Option<String>,
    #[serde(default)]
    descending: bool,
    next_token: Option<String>,
    limit: Option<usize>,
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: DescribeLogStreams = read(input)?;
    let by_time = asked.order_by.as_deref() == Some("LastEventTime");
    if by_time && asked.log_stream_name_prefix.is_some() {
        return Err(invalid("Cannot order by LastEventTime with a logStreamNamePrefix."));
    }
    let group = one_of(world, caller, asked.log_group_name.as_deref(), asked.log_group_identifier.as_deref())?;
    let prefix = asked.log_stream_name_prefix.unwrap_or_default();
    let mut streams: Vec<_> = group.streams.iter().filter(|(name, _)| name.starts_with(&prefix)).collect();
    if by_time {
        streams.sort_by_key(|(_, stream)| stream.events.last().map(|event| event.timestamp));
    }
    if asked.descending {
        streams.reverse();
    }
    // Positions, not names, are the keys: the order need not be that of the names.
    let views =
        streams.into_iter().enumerate().map(|(at, (name, stream))| (format!("{at:09}"), view(group, name, stream)));
    let (page, next) = token::page(views, asked.next_token.as_deref(), asked.limit.unwrap_or(50))?;
    Ok(json!({ "logStreams": page, "nextToken": next }))
}

fn view(group: &Group, name: &str, stream: &Stream) -> Value {
    json!({
        "logStreamName": name,
        "creationTime": stream.created.as_millisecond(),
        "firstEventTimestamp": stream.events.first().map(|event| event.timestamp),
        "lastEventTimestamp": stream.events.last().map(|event| event.timestamp),
        "lastIngestionTime": stream.last_ingestion,
        "uploadSequenceToken": stream.last_ingestion.map(super::events::sequence),
        "arn": format!("{}:log-stream:{name}", group.arn),
        "storedBytes": 0,
    })
}

/// The group that a call names in one of two ways.
pub(super) fn one_of<'a>(
    world: &'a mut World,
    caller: &Caller,
    name: Option<&str>,
    identifier: Option<&str>,
) -> Result<&'a mut Group, Refusal> {
    match (name, identifier) {
        (Some(name), None) => group::named(world, caller, name),
        (None, Some(identifier)) => group::identified(world, caller, identifier),
        _ => Err(invalid("Exactly one of logGroupName and logGroupIdentifier must be specified.")),
    }
}
