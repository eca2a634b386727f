//! The names that a bucket may have.

use std::net::Ipv4Addr;

use crate::refusal::Refusal;

/// Refuses a name that no bucket can have.
pub(super) fn check(name: &str) -> Result<(), Refusal> {
    if is_valid(name) {
        return Ok(());
    }
    Err(Refusal::new("InvalidBucketName", "The specified bucket is not valid.").with("BucketName", name))
}

fn is_valid(name: &str) -> bool {
    const PREFIXES: &[&str] = &["xn--", "sthree-", "amzn-s3-demo-"];
    const SUFFIXES: &[&str] = &["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let ends = |byte: Option<&u8>| byte.is_some_and(|byte| is_plain(*byte));
    let bytes = name.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.iter().all(|byte| is_plain(*byte) || matches!(byte, b'-' | b'.'))
        && ends(bytes.first())
        && ends(bytes.last())
        && !name.contains("..")
        && name.parse::<Ipv4Addr>().is_err()
        && !PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        && !SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_s3_wants_them() {
        for name in ["abc", "groma-state", "a.b-c.1", &"a".repeat(63)] {
            assert!(check(name).is_ok(), "{name}");
        }
        let long = "a".repeat(64);
        for name in ["ab", "Team", "a_b", "-abc", "abc.", "a..b", "10.0.0.1", "xn--abc", "abc--x-s3", &long] {
            assert!(check(name).is_err(), "{name}");
        }
    }
}
