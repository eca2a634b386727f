//! A run in words, one line for each thing that happened.

use executor::{Event, Resolution};
use model::Value;

/// The line of an event; nothing for beginnings.
pub(crate) fn line(event: &Event) -> Option<String> {
    Some(match event {
        Event::Started { .. } => return None,
        Event::Call { address, operation, does } => format!("{}: {operation}, {does}", address.name),
        Event::Waiting { address, word, elapsed } => format!("{}: {word} ({} s)", address.name, elapsed / 1000),
        Event::Log { address, source, message } => format!("{}: {source}: {message}", address.name),
        Event::Done { address, action, id, .. } => {
            format!("{} {} {}", action.mark(), address.name, id.as_deref().unwrap_or("-"))
        }
        Event::Failed { address, problem, .. } => format!("{} failed: {}", address.name, problem.summary()),
        Event::Skipped { address, because, .. } => format!("{} skipped for {}", address.name, because.name),
        Event::Left { address, .. } => format!("{} left", address.name),
        Event::Stopping { .. } => "stopping".to_owned(),
        Event::Resolving { address, operation } => format!("{}: what became of {operation}?", address.name),
        Event::Resolved { address, resolution, .. } => match resolution {
            Resolution::Made { id } => format!("{}: made {id}", address.name),
            other => format!("{}: {other:?}", address.name),
        },
    })
}

/// A value as JSON.
pub(crate) fn json(value: &Value) -> String {
    serde_json::to_string(value).unwrap()
}
