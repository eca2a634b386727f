//! Times of the form 2026-01-31T12:00:00Z.

use std::fmt::Write;

use jiff::{SignedDuration, civil::DateTime};

use super::{Call, Fault, Function, Given};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::stop("formatdate", "form, time", formatdate),
    Function::stop("timeadd", "time, duration", timeadd),
    Function::stop("timecmp", "time, other", timecmp),
];

/// A local time with the minutes that it is ahead of UTC.
struct Moment {
    local: DateTime,
    offset: i32,
}

impl Moment {
    fn utc(&self) -> Option<DateTime> {
        self.local.checked_sub(SignedDuration::from_mins(self.offset.into())).ok()
    }

    /// To the second.
    fn rfc3339(&self) -> String {
        let whole = self.local.with().subsec_nanosecond(0).build().unwrap_or(self.local);
        let zone = if self.offset == 0 { "Z".to_owned() } else { self.zone(":") };
        format!("{whole}{zone}")
    }

    fn zone(&self, separator: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs();
        format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
    }
}

fn moment(call: &Call<'_>, index: usize) -> Given<Moment> {
    let text = call.text(index)?;
    parse(&text).ok_or_else(|| {
        Fault::at(index, format!("{text:?} is no time")).hint("a time looks like `2026-01-31T12:00:00Z`")
    })
}

/// RFC 3339: date, `T`, time, and `Z` or an offset.
fn parse(text: &str) -> Option<Moment> {
    let (local, zone) = text.split_at_checked(19)?;
    let shaped = local.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        10 => byte == b'T',
        13 | 16 => byte == b':',
        _ => byte.is_ascii_digit(),
    });
    let fraction = zone.strip_prefix('.').map_or(0, |digits| 1 + digits.bytes().take_while(u8::is_ascii_digit).count());
    let (fraction, zone) = zone.split_at_checked(fraction)?;
    if !shaped || fraction == "." {
        return None;
    }
    let local: DateTime = format!("{local}{}", fraction.get(..10).unwrap_or(fraction)).parse().ok()?;
    let seconds_fit = text.get(17..19)?.parse::<u8>().ok()? < 60;
    seconds_fit.then_some(Moment { local, offset: offset(zone)? })
}

fn offset(zone: &str) -> Option<i32> {
    if zone == "Z" {
        return Some(0);
    }
    let (sign, rest) = zone.split_at_checked(1)?;
    let (hours, minutes) = rest.split_once(':')?;
    let two_digits =
        |text: &str| text.parse::<i32>().ok().filter(|_| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()));
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    match sign {
        "+" => Some(hours * 60 + minutes),
        "-" => Some(-(hours * 60 + minutes)),
        _ => None,
    }
}

/// The time that a text of YAML is, in full: a date alone starts at midnight, fractions of seconds are left out.
pub(super) fn normalised(text: &str) -> Option<String> {
    if let Some(moment) = parse(&text.to_uppercase()) {
        return Some(moment.rfc3339());
    }
    let mut parts = text.split('-').map(|part| part.parse::<i16>().ok().filter(|_| part.len() <= 4));
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let shaped = parts.next().is_none() && text.len() >= 8 && text.find('-') == Some(4);
    let date = jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    shaped.then(|| format!("{date}T00:00:00Z"))
}

fn formatdate(call: &Call<'_>) -> Given {
    let form = call.text(0)?;
    let moment = moment(call, 1)?;
    let mut out = String::new();
    let mut rest = &*form;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let (literal, after) = quoted(&rest[1..]).ok_or_else(|| Fault::at(0, "a quote `'` is not closed"))?;
            out.push_str(&literal);
            rest = after;
        } else if first.is_ascii_alphabetic() {
            let end = rest.find(|c| c != first).unwrap_or(rest.len());
            let part = &rest[..end];
            out.push_str(&verb(part, &moment).ok_or_else(|| {
                Fault::at(0, format!("`{part}` is no part of a date"))
                    .hint("text stands in single quotes inside the form")
            })?);
            rest = &rest[end..];
        } else {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    Ok(out.into())
}

/// Text up to a single quote, with doubled quotes for quotes, and what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut literal = String::new();
    let mut rest = text;
    loop {
        let end = rest.find('\'')?;
        literal.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('\'') {
            Some(more) => {
                literal.push('\'');
                rest = more;
            }
            None => return Some((literal, rest)),
        }
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

fn verb(verb: &str, moment: &Moment) -> Option<String> {
    let time = &moment.local;
    let month = MONTHS.get(usize::try_from(time.month() - 1).ok()?)?;
    let day = DAYS.get(usize::try_from(time.date().weekday().to_monday_zero_offset()).ok()?)?;
    let half = if time.hour() % 12 == 0 { 12 } else { time.hour() % 12 };
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = match verb {
        "YYYY" => write!(out, "{:04}", time.year()),
        "YY" => write!(out, "{:02}", time.year() % 100),
        "MMMM" => write!(out, "{month}"),
        "MMM" => write!(out, "{}", &month[..3]),
        "MM" => write!(out, "{:02}", time.month()),
        "M" => write!(out, "{}", time.month()),
        "DD" => write!(out, "{:02}", time.day()),
        "D" => write!(out, "{}", time.day()),
        "EEEE" => write!(out, "{day}"),
        "EEE" => write!(out, "{}", &day[..3]),
        "hh" => write!(out, "{:02}", time.hour()),
        "h" => write!(out, "{}", time.hour()),
        "HH" => write!(out, "{half:02}"),
        "H" => write!(out, "{half}"),
        "AA" => write!(out, "{}", if time.hour() < 12 { "AM" } else { "PM" }),
        "aa" => write!(out, "{}", if time.hour() < 12 { "am" } else { "pm" }),
        "mm" => write!(out, "{:02}", time.minute()),
        "m" => write!(out, "{}", time.minute()),
        "ss" => write!(out, "{:02}", time.second()),
        "s" => write!(out, "{}", time.second()),
        "ZZZZZ" => write!(out, "{}", moment.zone(":")),
        "ZZZZ" => write!(out, "{}", moment.zone("")),
        "ZZZ" if moment.offset == 0 => write!(out, "UTC"),
        "ZZZ" => write!(out, "{}", moment.zone("")),
        "Z" if moment.offset == 0 => write!(out, "Z"),
        "Z" => write!(out, "{}", moment.zone(":")),
        _ => return None,
    };
    Some(out)
}

/// Durations as Go writes them: `1h30m`, `-90s`, `1.5h`.
fn duration(text: &str) -> Option<SignedDuration> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(SignedDuration::ZERO);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total = SignedDuration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let amount: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let end = rest.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(rest.len());
        let nanoseconds = match &rest[..end] {
            "ns" => 1.0,
            "us" | "µs" | "μs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            "h" => 3600e9,
            _ => return None,
        };
        let exact = amount * nanoseconds;
        if exact.abs() > i64::MAX as f64 {
            return None;
        }
        total = total.checked_add(SignedDuration::from_nanos(exact as i64))?;
        rest = &rest[end..];
    }
    total.checked_mul(sign)
}

fn timeadd(call: &Call<'_>) -> Given {
    let moment = moment(call, 0)?;
    let text = call.text(1)?;
    let duration = duration(&text).ok_or_else(|| {
        Fault::at(1, format!("{text:?} is no duration"))
            .hint("a duration looks like `36h` or `1h30m`; the largest unit is the hour")
    })?;
    let local = moment.local.checked_add(duration).map_err(|_| Fault::whole("the time lies outside the calendar"))?;
    Ok(Moment { local, ..moment }.rfc3339().into())
}

fn timecmp(call: &Call<'_>) -> Given {
    let (one, other) = (moment(call, 0)?, moment(call, 1)?);
    let ordering = one.utc().cmp(&other.utc());
    Ok((ordering as i64).into())
}
