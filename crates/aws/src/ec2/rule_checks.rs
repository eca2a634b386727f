//! What AWS would refuse of a rule, and when two ways to write one are the same.

use std::collections::BTreeMap;

use model::{Value, schema::Finding};

use super::{
    addresses::{v4, v6},
    common::{mistake, text_mistake},
};
use crate::ids;

const SIDES: [&str; 4] = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_group_id"];
/// Protocols that are shown by name.
const NAMED: [(&str, &str); 4] = [("6", "tcp"), ("17", "udp"), ("1", "icmp"), ("58", "icmpv6")];

/// A protocol as AWS shows it.
pub(super) fn protocol(written: &str) -> String {
    let lower = written.to_lowercase();
    match NAMED.iter().find(|(number, _)| *number == lower) {
        Some((_, name)) => (*name).to_owned(),
        None if lower == "all" => "-1".to_owned(),
        None => lower,
    }
}

/// Whether two protocols are the same.
pub(super) fn same_protocol(wanted: &Value, live: &Value) -> bool {
    match (wanted.as_text(), live.as_text()) {
        (Some(wanted), Some(live)) => protocol(wanted) == protocol(live),
        _ => wanted == live,
    }
}

/// Whether two ports are the same; -1 is any, as is none.
pub(super) fn same_port(wanted: &Value, live: &Value) -> bool {
    let port = |value: &Value| value.as_i64().filter(|port| *port != -1);
    port(wanted) == port(live)
}

pub(super) fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let mut found: Vec<Finding> = sides(arguments).into_iter().collect();
    for (path, kind) in
        [("group_id", ids::GROUP), ("referenced_group_id", ids::GROUP), ("prefix_list_id", ids::PREFIX_LIST)]
    {
        found.extend(kind.mistakes(path, arguments.get(path)));
    }
    let text = |name: &str| arguments.get(name).and_then(Value::as_text);
    found.extend(text("description").and_then(|text| text_mistake("description", text)));
    for (path, canonical) in [("cidr_ipv4", v4 as fn(&str) -> Option<String>), ("cidr_ipv6", v6)] {
        let wrong = text(path).filter(|written| canonical(written).is_none());
        found.extend(wrong.map(|written| {
            let detail = format!("`{written}` is no block of addresses");
            let (example, one) = if path == "cidr_ipv4" { ("10.0.0.0/16", "/32") } else { ("2001:db8::/64", "/128") };
            let whole = format!("{written}{one}");
            let hint = match canonical(&whole) {
                Some(_) => format!("write `{whole}` for this address alone"),
                None => format!("write it like `{example}`"),
            };
            mistake(path, "value not allowed", detail, &hint)
        }));
    }
    found.extend(text("ip_protocol").map(protocol).and_then(|protocol| traffic(arguments, &protocol)));
    found
}

fn sides(arguments: &BTreeMap<String, Value>) -> Option<Finding> {
    let written: Vec<&str> = SIDES.into_iter().filter(|name| arguments.contains_key(*name)).collect();
    let detail = match written.as_slice() {
        [_] => return None,
        [] => "the other side is missing: from where the rule lets in, or to where it lets out".to_owned(),
        several => format!("a rule has one other side, and `{}` are written", several.join("`, `")),
    };
    let hint = "write exactly one of `cidr_ipv4`, `cidr_ipv6`, `prefix_list_id` and `referenced_group_id`";
    Some(mistake(written.get(1).copied().unwrap_or_default(), "attributes do not go together", detail, hint))
}

fn traffic(arguments: &BTreeMap<String, Value>, protocol: &str) -> Option<Finding> {
    let known = ["-1", "tcp", "udp", "icmp", "icmpv6"].contains(&protocol) || protocol.parse::<u8>().is_ok();
    if !known {
        let hint = "write `tcp` or `udp` with its ports, `icmp`, `icmpv6`, a number, or `-1` for everything";
        return Some(mistake("ip_protocol", "value not allowed", format!("`{protocol}` is no protocol"), hint));
    }
    let port = |name: &str| arguments.get(name).and_then(Value::as_i64);
    let missing = ["from_port", "to_port"].into_iter().find(|name| !arguments.contains_key(*name));
    match protocol {
        "tcp" | "udp" => {
            if let Some(missing) = missing {
                let detail = format!("{} needs both ports, and `{missing}` is missing", protocol.to_uppercase());
                return Some(mistake(
                    "ip_protocol",
                    "attributes do not go together",
                    detail,
                    "a single port stands in both; all ports are 0 to 65535",
                ));
            }
            let (from, to) = (port("from_port")?, port("to_port")?);
            let inside = (0..=65535).contains(&from) && (0..=65535).contains(&to);
            let detail = format!("from {from} to {to} is no range of ports");
            let hint = match inside {
                true => format!("the lower port comes first: `from_port = {to}`, `to_port = {from}`"),
                false => "ports go from 0 to 65535".to_owned(),
            };
            (!inside || from > to).then(|| mistake("to_port", "value not allowed", detail, &hint))
        }
        "icmp" => missing.map(|missing| {
            let detail = format!("ICMP needs a type and a code, and `{missing}` is missing");
            let hint = "`from_port` is the type, `to_port` the code; -1 in both means all";
            mistake("ip_protocol", "attributes do not go together", detail, hint)
        }),
        "icmpv6" => None,
        _ => {
            let meant = ["from_port", "to_port"].into_iter().find(|name| port(name).is_some_and(|port| port != -1));
            meant.map(|path| {
                let detail = format!("`ip_protocol = \"{protocol}\"` has no ports: all of them would be open");
                mistake(path, "attributes do not go together", detail, "leave the ports out, or write `tcp` or `udp`")
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(arguments: &[(&str, Value)]) -> Vec<String> {
        let arguments = arguments.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        check(&arguments).into_iter().map(|finding| format!("{}: {}", finding.path, finding.detail)).collect()
    }

    #[test]
    fn rules_are_checked() {
        let side = ("cidr_ipv4", Value::from("10.0.0.0/8"));
        let tcp = ("ip_protocol", Value::from("tcp"));
        let ports = |from: i64, to: i64| [("from_port", Value::from(from)), ("to_port", Value::from(to))];
        let with = |more: &[(&'static str, Value)]| said(&[&[side.clone(), tcp.clone()], more].concat());
        assert_eq!(with(&ports(80, 81)), Vec::<String>::new());
        assert_eq!(with(&ports(81, 80)), ["to_port: from 81 to 80 is no range of ports"]);
        assert_eq!(with(&ports(80, 81)[..1]), ["ip_protocol: TCP needs both ports, and `to_port` is missing"]);
        let two = ("cidr_ipv6", Value::from("::/0"));
        let several = said(&[side.clone(), two, ("ip_protocol", "-1".into())]);
        assert_eq!(several, ["cidr_ipv6: a rule has one other side, and `cidr_ipv4`, `cidr_ipv6` are written"]);
        assert_eq!(
            said(&[("ip_protocol", "-1".into())]),
            [": the other side is missing: from where the rule lets in, or to where it lets out"]
        );
        let all = said(&[side.clone(), ("ip_protocol", "all".into()), ("from_port", 80.into())]);
        assert_eq!(all, ["from_port: `ip_protocol = \"-1\"` has no ports: all of them would be open"]);
        let icmp = ("ip_protocol", Value::from("icmp"));
        assert_eq!(said(&[&[side.clone(), icmp.clone()], &ports(-1, -1)[..]].concat()), Vec::<String>::new());
        let open = said(&[side.clone(), icmp]);
        assert_eq!(open, ["ip_protocol: ICMP needs a type and a code, and `from_port` is missing"]);
        let named = said(&[("group_id", "web".into()), ("ip_protocol", "-1".into()), ("prefix_list_id", "s3".into())]);
        let expected = [
            "group_id: `web` is no id of a security group: those begin with `sg-`",
            "prefix_list_id: `s3` is no id of a prefix list: those begin with `pl-`",
        ];
        assert_eq!(named, expected);
        let bad = said(&[("cidr_ipv4", "10.0.0.1".into()), ("ip_protocol", "web".into())]);
        assert_eq!(bad, ["cidr_ipv4: `10.0.0.1` is no block of addresses", "ip_protocol: `web` is no protocol"]);
    }

    #[test]
    fn ways_to_write_the_same() {
        assert!(same_protocol(&"6".into(), &"tcp".into()));
        assert!(same_protocol(&"all".into(), &"-1".into()));
        assert!(same_port(&Value::from(-1_i64), &Value::Null));
        assert!(!same_port(&Value::from(0_i64), &Value::Null));
    }
}
