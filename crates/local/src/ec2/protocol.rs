//! Protocols and ports, as callers write them and as AWS keeps them.

use super::refusals::invalid;
use super::rules::Traffic;
use crate::refusal::Refusal;

/// Protocols that are shown by name.
const NAMED: &[(&str, &str)] = &[("6", "tcp"), ("17", "udp"), ("1", "icmp"), ("58", "icmpv6")];

/// Checks protocol and ports and gives them as AWS keeps them.
pub(super) fn traffic(protocol: Option<&str>, from: Option<i64>, to: Option<i64>) -> Result<Traffic, Refusal> {
    let protocol = canonical(protocol)?;
    let (from, to) = match protocol.as_str() {
        "tcp" | "udp" => ports(from, to)?,
        "icmp" | "icmpv6" => types(from, to)?,
        _ => (-1, -1),
    };
    Ok(Traffic { protocol, from, to })
}

fn canonical(given: Option<&str>) -> Result<String, Refusal> {
    let Some(given) = given else {
        return Err(Refusal::new("MissingParameter", "The request must contain the parameter ipProtocol"));
    };
    let lower = given.to_lowercase();
    if let Some((_, name)) = NAMED.iter().find(|(number, name)| *number == lower || *name == lower) {
        return Ok((*name).to_owned());
    }
    match lower.as_str() {
        "-1" | "all" => Ok("-1".to_owned()),
        "icmp6" => Ok("icmpv6".to_owned()),
        number if number.parse::<u8>().is_ok() => Ok(number.to_owned()),
        _ => Err(invalid(format!("Invalid value '{given}' for IP protocol. Unknown protocol."))),
    }
}

fn ports(from: Option<i64>, to: Option<i64>) -> Result<(i64, i64), Refusal> {
    let (Some(from), Some(to)) = (from, to) else {
        return Err(invalid("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange."));
    };
    if let Some(port) = [from, to].into_iter().find(|port| !(0..=65535).contains(port)) {
        return Err(invalid(format!("TCP/UDP port ({port}) out of range")));
    }
    match from <= to {
        true => Ok((from, to)),
        false => Err(invalid(format!("Invalid TCP/UDP port range ({from}:{to})"))),
    }
}

fn types(from: Option<i64>, to: Option<i64>) -> Result<(i64, i64), Refusal> {
    let (kind, code) = (from.unwrap_or(-1), to.unwrap_or(-1));
    for number in [kind, code] {
        if !(-1..=255).contains(&number) {
            return Err(invalid(format!("ICMP code ({number}) out of range")));
        }
    }
    match (kind, code) {
        (-1, code) if code != -1 => Err(invalid("ICMP type must be given with a code")),
        pair => Ok(pair),
    }
}

#[cfg(test)]
mod tests {
    use super::traffic;

    #[test]
    fn is_kept_in_one_way() {
        let kept = |protocol, from, to| {
            let kept = traffic(Some(protocol), from, to).unwrap();
            (kept.protocol, kept.from, kept.to)
        };
        assert_eq!(kept("6", Some(80), Some(81)), ("tcp".to_owned(), 80, 81));
        assert_eq!(kept("ALL", Some(80), Some(81)), ("-1".to_owned(), -1, -1));
        assert_eq!(kept("58", None, None), ("icmpv6".to_owned(), -1, -1));
        assert_eq!(kept("icmp", Some(8), Some(0)), ("icmp".to_owned(), 8, 0));
        assert_eq!(kept("50", None, None), ("50".to_owned(), -1, -1));
    }

    #[test]
    fn refuses() {
        let said = |protocol, from, to| traffic(Some(protocol), from, to).unwrap_err().message;
        assert_eq!(said("web", None, None), "Invalid value 'web' for IP protocol. Unknown protocol.");
        assert_eq!(said("tcp", Some(80), Some(70000)), "TCP/UDP port (70000) out of range");
        assert_eq!(said("udp", Some(81), Some(80)), "Invalid TCP/UDP port range (81:80)");
        assert_eq!(
            said("tcp", Some(80), None),
            "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange."
        );
    }
}
