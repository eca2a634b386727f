//! The windows for backups, each day, and for maintenance, each week; both in UTC.

use model::schema::Finding;

use super::{super::super::common::finding, Arguments, text};

/// Minutes.
const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;
const SHORTEST: u32 = 30;

/// Minutes after the start of the day or week, and how many it lasts.
#[derive(Clone, Copy)]
struct Window {
    start: u32,
    length: u32,
}

pub(super) fn check(arguments: &Arguments) -> Vec<Finding> {
    let backup = window(arguments, "preferred_backup_window", time, DAY, "03:00-03:30");
    let maintenance = window(arguments, "preferred_maintenance_window", moment, WEEK, "mon:04:00-mon:04:30");
    let meeting = match (&backup, &maintenance) {
        (Some(Ok(backup)), Some(Ok(maintenance))) if meet(*backup, *maintenance) => {
            let detail = "backups and maintenance cannot be at the same time";
            Some(finding("preferred_maintenance_window", detail, "move one of the two windows"))
        }
        _ => None,
    };
    let wrong = [backup, maintenance].into_iter().flatten().filter_map(Result::err);
    wrong.chain(meeting).collect()
}

fn window(
    arguments: &Arguments,
    name: &str,
    read: fn(&str) -> Option<u32>,
    cycle: u32,
    form: &str,
) -> Option<Result<Window, Finding>> {
    let given = text(arguments, name)?;
    let ends = given.split_once('-').and_then(|(from, to)| Some((read(from)?, read(to)?)));
    let Some((start, end)) = ends else {
        let hint = format!("write it like `{form}`");
        return Some(Err(finding(name, format!("`{given}` is no window of UTC times"), &hint)));
    };
    let length = (end + cycle - start) % cycle;
    if length < SHORTEST {
        let detail = format!("`{given}` is {length} minutes long, and a window has {SHORTEST} at least");
        return Some(Err(finding(name, detail, &format!("write it like `{form}`"))));
    }
    Some(Ok(Window { start, length }))
}

/// `hh:mm`
fn time(text: &str) -> Option<u32> {
    let number = |text: &str, end: u32| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u32>().ok().filter(|number| digits && *number < end)
    };
    let (hours, minutes) = text.split_once(':')?;
    Some(number(hours, 24)? * 60 + number(minutes, 60)?)
}

/// `ddd:hh:mm`
fn moment(text: &str) -> Option<u32> {
    let (day, rest) = text.split_once(':')?;
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let day = days.iter().position(|name| name.eq_ignore_ascii_case(day))?;
    Some(u32::try_from(day).ok()? * DAY + time(rest)?)
}

/// Whether a daily and a weekly window ever share a minute.
fn meet(daily: Window, weekly: Window) -> bool {
    let after = |from: u32, to: u32| (to + WEEK - from) % DAY;
    after(daily.start, weekly.start) < daily.length || after(weekly.start, daily.start + DAY) < weekly.length
}

#[cfg(test)]
mod tests {
    use super::super::tests::said;

    #[track_caller]
    fn check(backup: &str, maintenance: &str, expected: &[&str]) {
        let windows =
            [("preferred_backup_window", backup.into()), ("preferred_maintenance_window", maintenance.into())];
        assert_eq!(said(&windows), expected, "{backup} {maintenance}");
    }

    #[test]
    fn windows_have_a_form_and_a_length() {
        check("03:00-03:30", "Mon:04:00-Mon:04:30", &[]);
        check("23:45-00:15", "sun:23:00-mon:01:00", &MEETS);
        check("23:45-00:15", "sun:23:00-sun:23:30", &[]);
        check("3-4", "mon:04:00-mon:04:30", &["preferred_backup_window: `3-4` is no window of UTC times"]);
        check(
            "+3:00-04:00",
            "mon:04:00-mon:04:30",
            &["preferred_backup_window: `+3:00-04:00` is no window of UTC times"],
        );
        let short =
            "preferred_maintenance_window: `mon:04:00-mon:04:10` is 10 minutes long, and a window has 30 at least";
        check("03:00-03:30", "mon:04:00-mon:04:10", &[short]);
    }

    const MEETS: [&str; 1] = ["preferred_maintenance_window: backups and maintenance cannot be at the same time"];

    #[test]
    fn windows_do_not_meet_on_any_day() {
        check("03:00-03:30", "wed:03:29-wed:04:00", &MEETS);
        check("03:00-03:30", "wed:02:30-wed:03:01", &MEETS);
        check("03:00-03:30", "wed:03:30-wed:04:00", &[]);
        check("03:00-03:30", "wed:02:30-wed:03:00", &[]);
        check("03:00-03:30", "wed:04:00-thu:04:00", &MEETS);
    }
}
