//! Where what carries an environment's tags belongs, when no state says it.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Address,
    observed::{Found, ownership},
};

/// What was found, by the address that its tags name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Placed {
    pub current: BTreeMap<Address, Found>,
    /// What an interrupted replacement has left beside the current one.
    pub old: BTreeMap<Address, Vec<Found>>,
}

/// Several objects of one address, none of which is known to be the newest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    pub address: Address,
    pub ids: Vec<String>,
}

/// The lineages of what was found, each with the forms of its addresses.
pub fn lineages(found: &[Found]) -> BTreeMap<String, BTreeSet<String>> {
    let mut lineages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for one in found {
        let Some(lineage) = one.tag(ownership::LINEAGE) else { continue };
        let address = one.tag(ownership::ADDRESS).unwrap_or_default();
        lineages.entry(lineage.to_owned()).or_default().insert(address.to_owned());
    }
    lineages
}

/// Gives each its address. `written` are the addresses in TOML, `chosen` the ids that somebody has called the current ones.
///
/// # Errors
/// Every address with several objects of which nobody can say which one is current.
pub fn place(
    found: Vec<Found>,
    written: &BTreeSet<&Address>,
    chosen: &BTreeSet<String>,
) -> Result<Placed, Vec<Undecided>> {
    let forms: BTreeMap<String, &Address> =
        written.iter().map(|address| (ownership::address_tag(address), *address)).collect();
    let mut by_address: BTreeMap<Address, Vec<Found>> = BTreeMap::new();
    for one in found {
        by_address.entry(address(&one, &forms)).or_default().push(one);
    }
    let mut placed = Placed::default();
    let mut undecided = Vec::new();
    for (address, mut some) in by_address {
        match current(&some, chosen) {
            Some(at) => {
                placed.current.insert(address.clone(), some.remove(at));
                if !some.is_empty() {
                    placed.old.insert(address, some);
                }
            }
            None => undecided.push(Undecided { address, ids: some.into_iter().map(|one| one.live.id).collect() }),
        }
    }
    if undecided.is_empty() { Ok(placed) } else { Err(undecided) }
}

/// The address that is written or that the tag spells out. Of one that was cut and is no longer written only the type is known:
/// the end of its form tells it from others.
fn address(found: &Found, written: &BTreeMap<String, &Address>) -> Address {
    let tag = found.tag(ownership::ADDRESS).unwrap_or_default();
    if let Some(address) = written.get(tag).filter(|address| address.type_name == found.type_name) {
        return (*address).clone();
    }
    ownership::tagged_address(tag, &found.type_name).unwrap_or_else(|| {
        let end = tag.rsplit_once('=').map_or(found.live.id.as_str(), |(_, digest)| digest);
        Address::resource(Default::default(), &found.type_name, "recovered", Some(end))
    })
}

/// Which of them is current: the only one, the chosen one, or the one that was created last. Tokens of creates are ids in the
/// order of time; what has none was imported, before groma made anything else there.
fn current(some: &[Found], chosen: &BTreeSet<String>) -> Option<usize> {
    if some.len() == 1 {
        return Some(0);
    }
    if let Some(at) = some.iter().position(|one| chosen.contains(&one.live.id)) {
        return Some(at);
    }
    let times: Vec<Option<&str>> = some.iter().map(|one| one.tag(ownership::CREATE)).collect();
    let newest = times.iter().flatten().max()?;
    let is_timed = times.iter().flatten().all(|token| is_ordered(token));
    let mut at = times.iter().enumerate().filter(|(_, token)| token.as_ref() == Some(newest)).map(|(at, _)| at);
    match (at.next(), at.next()) {
        (Some(at), None) if is_timed => Some(at),
        _ => None,
    }
}

/// Whether it is a UUID of version 7, which begins with its time.
fn is_ordered(token: &str) -> bool {
    let shape = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        14 => byte == b'7',
        _ => byte.is_ascii_hexdigit(),
    };
    token.len() == 36 && token.bytes().enumerate().all(shape)
}

#[cfg(test)]
mod tests {
    use model::Live;

    use super::*;

    const OLD: &str = "01900000-0000-7000-8000-000000000000";
    const NEW: &str = "01900000-0001-7000-8000-000000000000";

    fn found(id: &str, tag: &str, token: Option<&str>) -> Found {
        let mut live = Live::new(id);
        live.ownership.insert(ownership::ADDRESS.to_owned(), tag.to_owned());
        live.ownership.insert(ownership::LINEAGE.to_owned(), "l".to_owned());
        live.ownership.extend(token.map(|token| (ownership::CREATE.to_owned(), token.to_owned())));
        Found { type_name: "repo".to_owned(), region: "here".to_owned(), live }
    }

    /// `ADDRESS: CURRENT OLD…`, a line each.
    #[track_caller]
    fn check(found: &[Found], written: &[&str], chosen: &[&str], expected: &[&str]) {
        let written: Vec<Address> = written.iter().map(|text| text.parse().unwrap()).collect();
        let chosen = chosen.iter().map(|id| (*id).to_owned()).collect();
        let said: Vec<String> = match place(found.to_vec(), &written.iter().collect(), &chosen) {
            Ok(placed) => {
                let old = |address: &Address| -> String {
                    placed.old.get(address).into_iter().flatten().map(|one| format!(" {}", one.live.id)).collect()
                };
                let line = |(address, one): (&Address, &Found)| format!("{address}: {}{}", one.live.id, old(address));
                placed.current.iter().map(line).collect()
            }
            Err(undecided) => {
                undecided.into_iter().map(|one| format!("{}? {}", one.address, one.ids.join(" "))).collect()
            }
        };
        assert_eq!(said, expected);
    }

    #[test]
    fn an_address_is_written_or_spelled_out() {
        let some = [found("a", "repo.a", None), found("b", "module.m/k.repo.b", None)];
        check(&some, &[], &[], &["repo.a: a", "module.m[\"k\"].repo.b: b"]);
        // Both addresses have this form: the one that is written is meant.
        let twin = [found("b", "module.m/k.repo.b", None)];
        check(&twin, &["module.m[\"k\"].repo.b"], &[], &["module.m[\"k\"].repo.b: b"]);
    }

    #[test]
    fn a_cut_address_is_known_by_what_is_written() {
        let long = format!("repo.a[\"{}\"]", "k".repeat(300));
        let tag = ownership::address_tag(&long.parse().unwrap());
        check(&[found("a", &tag, None)], &[&long], &[], &[&format!("{long}: a")]);
        let end = tag.rsplit_once('=').unwrap().1;
        check(&[found("a", &tag, None)], &[], &[], &[&format!("repo.recovered[\"{end}\"]: a")]);
    }

    #[test]
    fn of_two_the_newer_one_is_current() {
        let two = [found("a", "repo.a", Some(NEW)), found("b", "repo.a", Some(OLD))];
        check(&two, &[], &[], &["repo.a: a b"]);
        let imported = [found("a", "repo.a", None), found("b", "repo.a", Some(OLD))];
        check(&imported, &[], &[], &["repo.a: b a"]);
        check(&two, &[], &["b"], &["repo.a: b a"]);
    }

    #[test]
    fn of_two_that_nothing_tells_apart_none_is_current() {
        for tokens in [[Some(OLD), Some(OLD)], [None, None], [Some("t1"), Some("t2")]] {
            let two = [found("a", "repo.a", tokens[0]), found("b", "repo.a", tokens[1])];
            check(&two, &[], &[], &["repo.a? a b"]);
            check(&two, &[], &["a"], &["repo.a: a b"]);
        }
    }

    #[test]
    fn lineages_are_told_apart() {
        let mut other = found("c", "repo.c", None);
        other.live.ownership.insert(ownership::LINEAGE.to_owned(), "m".to_owned());
        let found = [found("a", "repo.a", None), found("b", "repo.b", None), other];
        let told: Vec<_> = lineages(&found).into_iter().map(|(lineage, some)| (lineage, some.len())).collect();
        assert_eq!(told, [("l".to_owned(), 2), ("m".to_owned(), 1)]);
    }
}
