//! Settings that are changed alone: stream, table class, deletion protection.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::budget::{next_allowed, spoken};
use super::refusals::{invalid, limit, parameter};
use super::schedule::{self, Step};
use super::table::Table;
use crate::refusal::Refusal;

/// Two toggles of the deletion protection need this much between them.
const TOGGLE: SignedDuration = SignedDuration::from_secs(15);

/// Changes of the table class within thirty days.
const CLASS_CHANGES: usize = 2;

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StreamInput {
    stream_enabled: bool,
    stream_view_type: Option<String>,
}

impl StreamInput {
    pub(super) fn check(&self) -> Result<(), Refusal> {
        match (self.stream_enabled, &self.stream_view_type) {
            (true, None) => Err(parameter("StreamViewType must be specified when StreamEnabled is true")),
            (false, Some(_)) => Err(parameter("StreamViewType cannot be specified when StreamEnabled is false")),
            _ => Ok(()),
        }
    }

    /// The view type of a stream that is to be on.
    pub(super) fn view(self) -> Option<String> {
        self.stream_view_type.filter(|_| self.stream_enabled)
    }
}

/// Each stream has its own label and so its own ARN.
pub(super) fn start_stream(table: &mut Table, at: Timestamp, view: String) {
    table.stream = Some(view);
    table.stream_label = Some(at.strftime("%Y-%m-%dT%H:%M:%S%.3f").to_string());
}

impl Table {
    pub(super) fn become_streamed(&mut self, at: Timestamp, view: Option<String>) {
        match view {
            Some(view) => start_stream(self, at, view),
            // The label stays when the stream is off.
            None => self.stream = None,
        }
    }
}

pub(super) fn check_stream(table: &Table, asked: &StreamInput) -> Result<Step, Refusal> {
    asked.check()?;
    match (&table.stream, asked.stream_enabled) {
        (Some(_), true) => Err(invalid(format!("Table already has an enabled stream: TableName: {}", table.name))),
        (None, false) => Err(invalid(format!("Table has no stream to disable: TableName: {}", table.name))),
        _ => Ok(Step::Stream(asked.clone().view())),
    }
}

pub(super) fn class(table: &mut Table, now: Timestamp, name: String) -> Result<(), Refusal> {
    let current = table.class.name.as_deref().unwrap_or("STANDARD");
    if current == name {
        return Ok(());
    }
    let month = SignedDuration::from_hours(24 * 30);
    if let Some(next) = next_allowed(&table.class.changed, CLASS_CHANGES, month, now) {
        return Err(limit(format!(
            "Subscriber limit exceeded: Updates to TableClass are limited to {CLASS_CHANGES} times in 30 day(s). Next update can be made at {}",
            spoken(next)
        )));
    }
    table.class.changed.push(now);
    table.update_after(now, schedule::CLASS, vec![Step::Class(name)]);
    Ok(())
}

/// Takes effect at once; sending the value that stands is no toggle.
pub(super) fn protection(table: &mut Table, now: Timestamp, on: bool) -> Result<(), Refusal> {
    if table.protected == on {
        return Ok(());
    }
    match table.protection_changed.map(|at| at + TOGGLE).filter(|next| *next > now) {
        Some(next) => Err(Refusal::new("ThrottlingException", format!("Please try again after {}", spoken(next)))),
        None => {
            table.protected = on;
            table.protection_changed = Some(now);
            Ok(())
        }
    }
}
