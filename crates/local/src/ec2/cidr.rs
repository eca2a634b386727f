//! Blocks of addresses, in the form that AWS keeps: without bits of hosts, IPv6 as short as it can be.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use super::refusals::invalid;
use crate::refusal::Refusal;

/// A block of IPv4 addresses.
pub(super) fn v4(written: &str) -> Result<String, Refusal> {
    let (address, length) = parts::<Ipv4Addr>(written, 32)?;
    let mask = u32::MAX.checked_shl(32 - length).unwrap_or(0);
    Ok(format!("{}/{length}", Ipv4Addr::from(u32::from(address) & mask)))
}

/// A block of IPv6 addresses.
pub(super) fn v6(written: &str) -> Result<String, Refusal> {
    let (address, length) = parts::<Ipv6Addr>(written, 128)?;
    let mask = u128::MAX.checked_shl(128 - length).unwrap_or(0);
    Ok(format!("{}/{length}", Ipv6Addr::from(u128::from(address) & mask)))
}

fn parts<A: FromStr>(written: &str, longest: u32) -> Result<(A, u32), Refusal> {
    let found = written.split_once('/').and_then(|(address, length)| {
        let length = length.parse::<u32>().ok().filter(|length| *length <= longest)?;
        Some((address.parse::<A>().ok()?, length))
    });
    found.ok_or_else(|| invalid(format!("CIDR block {written} is malformed")))
}

#[cfg(test)]
mod tests {
    use super::{v4, v6};

    #[test]
    fn hosts_are_masked() {
        assert_eq!(v4("10.1.2.3/16").unwrap(), "10.1.0.0/16");
        assert_eq!(v4("0.0.0.0/0").unwrap(), "0.0.0.0/0");
        assert_eq!(v4("10.1.2.3/32").unwrap(), "10.1.2.3/32");
        assert_eq!(v6("2001:DB8:0:0::1/64").unwrap(), "2001:db8::/64");
        assert_eq!(v6("::/0").unwrap(), "::/0");
        for bad in ["10.0.0.0", "10.0.0.0/33", "10.0.0/8", "::/0"] {
            assert_eq!(v4(bad).unwrap_err().message, format!("CIDR block {bad} is malformed"));
        }
    }
}
