//! Blocks of addresses, compared as AWS keeps them: without bits of hosts.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use model::Value;

/// `10.1.0.0/16` of `10.1.2.3/16`; nothing when it is no block.
pub(super) fn v4(written: &str) -> Option<String> {
    let (address, length) = parts::<Ipv4Addr>(written, 32)?;
    let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
    Some(format!("{}/{length}", Ipv4Addr::from(u32::from(address) & mask)))
}

/// The same of IPv6, as short as it can be written.
pub(super) fn v6(written: &str) -> Option<String> {
    let (address, length) = parts::<Ipv6Addr>(written, 128)?;
    let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
    Some(format!("{}/{length}", Ipv6Addr::from(u128::from(address) & mask)))
}

fn parts<A: FromStr>(written: &str, longest: u32) -> Option<(A, u32)> {
    let (address, length) = written.split_once('/')?;
    let length = length.parse().ok().filter(|length| *length <= longest)?;
    Some((address.parse().ok()?, length))
}

/// Whether two blocks are the same.
pub(super) fn same_v4(wanted: &Value, live: &Value) -> bool {
    wanted == live || (wanted.as_text().and_then(v4), live.as_text().and_then(v4)) == both(wanted, v4)
}

/// Whether two blocks of IPv6 are the same.
pub(super) fn same_v6(wanted: &Value, live: &Value) -> bool {
    wanted == live || (wanted.as_text().and_then(v6), live.as_text().and_then(v6)) == both(wanted, v6)
}

fn both(wanted: &Value, canonical: fn(&str) -> Option<String>) -> (Option<String>, Option<String>) {
    let block = wanted.as_text().map(|text| canonical(text).unwrap_or_else(|| text.to_owned()));
    (block.clone(), block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_do_not_count() {
        assert_eq!(v4("10.1.2.3/16").as_deref(), Some("10.1.0.0/16"));
        assert_eq!(v4("10.1.2.3"), None);
        assert!(same_v4(&"10.1.2.3/16".into(), &"10.1.0.0/16".into()));
        assert!(!same_v4(&"10.1.2.3/16".into(), &"10.1.0.0/15".into()));
        assert!(!same_v4(&"everyone".into(), &Value::Null));
        assert!(same_v6(&"2001:DB8:0::/64".into(), &"2001:db8::/64".into()));
    }
}
