//! How other services of the world write logs.

use jiff::Timestamp;

use super::group::{Event, Group, Stream};
use crate::world::{Caller, World};

/// Writes lines to a stream, in the order given; makes group and stream where they are missing.
pub fn append(world: &mut World, caller: &Caller, group: &str, stream: &str, lines: &[(Timestamp, String)]) {
    let now = world.now();
    let groups = &mut world.region(caller).logs.groups;
    let group = groups.entry(group.to_owned()).or_insert_with(|| Group::new(caller, group, now));
    let stream = group.streams.entry(stream.to_owned()).or_insert_with(|| Stream::new(now));
    for (at, message) in lines {
        let ingestion_time = now.as_millisecond();
        stream.add(Event { timestamp: at.as_millisecond(), message: message.clone(), ingestion_time });
    }
}
