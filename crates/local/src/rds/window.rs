//! The windows of an instance, in UTC: daily for backups (`03:00-03:30`), weekly for maintenance (`mon:04:00-mon:04:30`).

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::refusals::{combination, invalid};
use crate::refusal::Refusal;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;
/// The shortest window, in minutes.
const SHORTEST: u32 = 30;

/// Minutes after the start of a day or week, and how many minutes it lasts.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Span {
    start: u32,
    length: u32,
}

fn minutes(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |text: &str| (text.len() == 2).then(|| text.parse::<u32>().ok())?;
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

fn moment(text: &str) -> Option<u32> {
    let (day, time) = text.split_once(':')?;
    let day = DAYS.iter().position(|name| *name == day)?;
    Some(u32::try_from(day).ok()? * DAY + minutes(time)?)
}

fn span(text: &str, read: fn(&str) -> Option<u32>, cycle: u32) -> Option<Span> {
    let (from, to) = text.split_once('-')?;
    let (start, end) = (read(from)?, read(to)?);
    Some(Span { start, length: (end + cycle - start) % cycle })
}

/// Both windows in lower case, checked.
pub(super) fn checked(backup: &str, maintenance: &str) -> Result<(String, String), Refusal> {
    let (backup, maintenance) = (backup.to_lowercase(), maintenance.to_lowercase());
    let daily = span(&backup, minutes, DAY).ok_or_else(|| {
        invalid(format!(
            "Invalid backup window format: {backup}. Should be specified as a range hh24:mi-hh24:mi (24H Clock UTC)."
        ))
    })?;
    let weekly = span(&maintenance, moment, WEEK).ok_or_else(|| {
        invalid(format!("Invalid maintenance window format: {maintenance}. Should be specified as a range ddd:hh24:mi-ddd:hh24:mi (24H Clock UTC)."))
    })?;
    if daily.length < SHORTEST || weekly.length < SHORTEST {
        return Err(invalid("The backup window and the maintenance window must be at least 30 minutes."));
    }
    let meets = (0..7).any(|day| {
        let start = day * DAY + daily.start;
        (weekly.start + WEEK - start) % WEEK < daily.length || (start + WEEK - weekly.start) % WEEK < weekly.length
    });
    match meets {
        true => Err(combination("The backup window and maintenance window must not overlap.")),
        false => Ok((backup, maintenance)),
    }
}

/// When the next maintenance begins.
pub(super) fn next_maintenance(window: &str, now: Timestamp) -> Timestamp {
    let start = span(window, moment, WEEK).map_or(0, |span| i64::from(span.start));
    let here = now.to_zoned(TimeZone::UTC);
    let day = i64::from(here.weekday().to_monday_zero_offset());
    let minute = day * i64::from(DAY) + i64::from(here.hour()) * 60 + i64::from(here.minute());
    let wait = (start - minute).rem_euclid(i64::from(WEEK));
    let wait = if wait == 0 { i64::from(WEEK) } else { wait };
    now + SignedDuration::from_mins(wait)
}
