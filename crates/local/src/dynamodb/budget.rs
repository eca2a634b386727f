//! Changes that AWS allows only so often.

use jiff::{SignedDuration, Timestamp};

/// When another change is allowed: at most `most` within `window`. Nothing means now.
pub(super) fn next_allowed(
    done: &[Timestamp],
    most: usize,
    window: SignedDuration,
    now: Timestamp,
) -> Option<Timestamp> {
    let mut recent: Vec<Timestamp> = done.iter().copied().filter(|at| *at + window > now).collect();
    recent.sort();
    (recent.len() >= most).then(|| recent[recent.len() - most] + window)
}

/// How many of these fall on the UTC day of `now`.
pub(super) fn today(done: &[Timestamp], now: Timestamp) -> usize {
    let day = |at: Timestamp| at.strftime("%Y-%m-%d").to_string();
    done.iter().filter(|at| day(**at) == day(now)).count()
}

/// As AWS writes a point in time into its messages.
pub(super) fn spoken(at: Timestamp) -> String {
    at.strftime("%A, %B %-d, %Y at %-I:%M:%S %p Coordinated Universal Time").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_counted_change_opens_the_next() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let done = [at("2026-01-01T00:00:00Z"), at("2026-01-01T10:00:00Z")];
        let day = SignedDuration::from_hours(24);
        assert_eq!(next_allowed(&done, 2, day, at("2026-01-01T12:00:00Z")), Some(at("2026-01-02T00:00:00Z")));
        assert_eq!(next_allowed(&done, 2, day, at("2026-01-02T00:00:00Z")), None);
        assert_eq!(today(&done, at("2026-01-01T23:59:59Z")), 2);
        assert_eq!(today(&done, at("2026-01-02T00:00:00Z")), 0);
    }
}
