//! A part of an object.

use std::ops::RangeInclusive;

use crate::refusal::Refusal;

/// The bytes that a `Range` header asks for; nothing where it asks for the whole, or in a way that S3 ignores.
pub(super) fn of(header: &str, size: usize) -> Result<Option<RangeInclusive<usize>>, Refusal> {
    let Some((first, last)) = header.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Ok(None);
    };
    let range = match (first.trim().parse::<usize>(), last.trim().parse::<usize>()) {
        (Ok(first), Ok(last)) if first <= last => (first, last.min(size.saturating_sub(1))),
        (Ok(first), Err(_)) if last.trim().is_empty() => (first, size.saturating_sub(1)),
        (Err(_), Ok(length)) if first.trim().is_empty() && length > 0 => {
            (size.saturating_sub(length), size.saturating_sub(1))
        }
        (Err(_), Ok(0)) if first.trim().is_empty() => (size, 0),
        _ => return Ok(None),
    };
    if range.0 < size {
        return Ok(Some(range.0..=range.1));
    }
    Err(Refusal::new("InvalidRange", "The requested range is not satisfiable")
        .with("RangeRequested", header)
        .with("ActualObjectSize", size.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_to_the_object() {
        let cases = [
            ("bytes=0-3", Some(0..=3)),
            ("bytes=2-99", Some(2..=9)),
            ("bytes=4-", Some(4..=9)),
            ("bytes=-3", Some(7..=9)),
            ("bytes=-99", Some(0..=9)),
            ("bytes=3-1", None),
            ("bytes=0-1,3-4", None),
            ("lines=1-2", None),
        ];
        for (header, expected) in cases {
            assert_eq!(of(header, 10).unwrap(), expected, "{header}");
        }
        for (header, size) in [("bytes=10-", 10), ("bytes=-0", 10), ("bytes=0-", 0)] {
            assert_eq!(of(header, size).unwrap_err().code, "InvalidRange", "{header}");
        }
    }
}
