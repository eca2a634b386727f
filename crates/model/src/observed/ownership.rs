//! The ownership tags: their keys, and the form that an address has as the value of one.

use sha2::{Digest, Sha256};

use crate::Address;

pub const ENVIRONMENT: &str = "groma:environment";
pub const ADDRESS: &str = "groma:address";
pub const LINEAGE: &str = "groma:lineage";
pub const CREATE: &str = "groma:create";
pub const PREFIX: &str = "groma:";

/// Where a form that is too long is cut, and how many digits follow.
const CUT: usize = 180;
const DIGEST: usize = 16;

/// Many services take only `[\p{L}\p{Z}\p{N}_.:/=+\-@]` and 256 characters, so an address has a form of its own as a tag:
/// instance keys as `/key`, other bytes as `=XX`; longer than 200 it is cut at 180 and ends in 16 hex of its SHA-256.
pub fn address_tag(address: &Address) -> String {
    let plain = address.to_string().replace("[\"", "/").replace("\"]", "");
    let mut tag = String::new();
    for byte in plain.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b':' | b'/' | b'+' | b'-' | b'@' | b' ' => {
                tag.push(char::from(byte));
            }
            other => tag.push_str(&format!("={other:02X}")),
        }
    }
    if tag.len() > 200 {
        let digest: String = Sha256::digest(&tag).iter().take(DIGEST / 2).map(|byte| format!("{byte:02x}")).collect();
        tag.truncate(CUT);
        tag.push('=');
        tag.push_str(&digest);
    }
    tag
}

/// An address of a type that has this form. Nothing for one that was cut: then only the address itself tells that it is meant.
///
/// Dots and slashes in keys make the form ambiguous; of several addresses that have it, one is given. Whoever knows the
/// addresses in question compares their forms first.
pub fn tagged_address(tag: &str, type_name: &str) -> Option<Address> {
    if is_cut(tag) {
        return None;
    }
    Form { tag, type_name }.read(&unescaped(tag)?, "")
}

/// Whether it ends as a form does that was cut. The digest may begin like an escaped byte.
fn is_cut(tag: &str) -> bool {
    let digest = tag.split_at_checked(CUT).and_then(|(_, end)| end.strip_prefix('='));
    digest.is_some_and(|digest| {
        digest.len() == DIGEST && digest.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
    })
}

struct Form<'a> {
    tag: &'a str,
    type_name: &'a str,
}

impl Form<'_> {
    /// The address that `before` begins and `rest` ends.
    fn read(&self, rest: &str, before: &str) -> Option<Address> {
        let own = rest.strip_prefix(self.type_name).and_then(|rest| rest.strip_prefix('.'));
        let own = own.and_then(|own| format!("{before}{}.{}", self.type_name, bracketed(own)).parse().ok());
        own.filter(|address| address_tag(address) == self.tag).or_else(|| self.read_inside(rest, before))
    }

    /// The same, one module further in. Its key may hold dots, so that each may be the end.
    fn read_inside(&self, rest: &str, before: &str) -> Option<Address> {
        let module = rest.strip_prefix("module.")?;
        module.match_indices('.').find_map(|(end, _)| {
            self.read(&module[end + 1..], &format!("{before}module.{}.", bracketed(&module[..end])))
        })
    }
}

/// `web/prod` as `web["prod"]`.
fn bracketed(step: &str) -> String {
    step.split_once('/').map_or_else(|| step.to_owned(), |(name, key)| format!("{name}[\"{key}\"]"))
}

fn unescaped(tag: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = tag.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        if *first == b'=' {
            let digits = std::str::from_utf8(more.get(..2)?).ok()?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = &more[2..];
        } else {
            bytes.push(*first);
            rest = more;
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, tag: &str) {
        let address: Address = address.parse().unwrap();
        assert_eq!(address_tag(&address), tag);
        assert_eq!(tagged_address(tag, &address.type_name), Some(address));
    }

    #[test]
    fn an_address_comes_back_from_its_tag() {
        check("ecr_repository.app", "ecr_repository.app");
        check("apprunner_service.web[\"prod\"]", "apprunner_service.web/prod");
        check("module.a[\"x\"].module.b.iam_role.task[\"k\"]", "module.a/x.module.b.iam_role.task/k");
        check("iam_role.task[\"a=b?\"]", "iam_role.task/a=3Db=3F");
        check("iam_role.task[\"q\\\"t\\\\\"]", "iam_role.task/q=5C=22t=5C=5C");
        check("iam_role.task[\"ü\"]", "iam_role.task/=C3=BC");
    }

    #[test]
    fn keys_with_dots_and_slashes_come_back() {
        check("iam_role.task[\"a/b.c\"]", "iam_role.task/a/b.c");
        check("module.a[\"x.y\"].iam_role.task", "module.a/x.y.iam_role.task");
        check("module.a[\"x.iam\"].module.b.iam_role.task[\"1.2/3\"]", "module.a/x.iam.module.b.iam_role.task/1.2/3");
    }

    #[test]
    fn a_tag_that_is_none_gives_nothing() {
        let long: Address = format!("iam_role.task[\"{}\"]", "k".repeat(240)).parse().unwrap();
        // Some of these digests begin like an escaped byte.
        for length in 240..300 {
            let cut: Address = format!("iam_role.task[\"{}\"]", "k".repeat(length)).parse().unwrap();
            assert_eq!(tagged_address(&address_tag(&cut), "iam_role"), None, "{length}");
        }
        for (tag, kind) in [
            (address_tag(&long).as_str(), "iam_role"),
            ("iam_role.task", "iam_policy"),
            ("", "iam_role"),
            ("iam_role.task/=4", "iam_role"),
            ("iam_role.task/=FF", "iam_role"),
            ("somebody's own words", "iam_role"),
        ] {
            assert_eq!(tagged_address(tag, kind), None, "{tag}");
        }
    }
}
