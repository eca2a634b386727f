//! Measured time in words.

use std::time::Duration;

/// "0.4 s", "6 s", "4 min 12 s", "1 h 3 min".
pub fn elapsed(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0 => format!("0.{} s", time.subsec_millis() / 100),
        1..60 => format!("{seconds} s"),
        60..3600 if seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ if (seconds / 60).is_multiple_of(60) => format!("{} h", seconds / 3600),
        _ => format!("{} h {} min", seconds / 3600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_said_in_two_units_at_most() {
        let check = |milliseconds: u64, expected: &str| {
            assert_eq!(elapsed(Duration::from_millis(milliseconds)), expected);
        };
        check(0, "0.0 s");
        check(449, "0.4 s");
        check(6_900, "6 s");
        check(60_000, "1 min");
        check(252_000, "4 min 12 s");
        check(3_600_000, "1 h");
        check(3_780_000, "1 h 3 min");
        check(90_059_000, "25 h");
    }
}
