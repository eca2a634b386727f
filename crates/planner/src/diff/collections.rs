//! Lists, sets and maps.

use std::collections::BTreeMap;

use model::Value;

use super::compare::{Likeness, Rule, value};

/// Element by element.
pub(crate) fn list(rule: Rule<'_>, want: &[Value], live: &[Value]) -> Likeness {
    if want.len() != live.len() {
        return Likeness::Differs;
    }
    worst(want.iter().zip(live).map(|(want, live)| value(rule, want, live)))
}

/// The same keys with the same values.
pub(crate) fn map(rule: Rule<'_>, want: &BTreeMap<String, Value>, live: &BTreeMap<String, Value>) -> Likeness {
    if !want.keys().eq(live.keys()) {
        return Likeness::Differs;
    }
    worst(want.iter().map(|(key, want)| value(rule, want, &live[key])))
}

/// Every element has a partner, in any order. Wildcards (members nobody wrote) make this a matching, not a sort.
pub(crate) fn set(rule: Rule<'_>, want: &[Value], live: &[Value]) -> Likeness {
    let (want, live) = (without_doubles(want), without_doubles(live));
    if want.len() != live.len() {
        return Likeness::Differs;
    }
    let likeness: Vec<Vec<Likeness>> =
        want.iter().map(|want| live.iter().map(|live| value(rule, want, live)).collect()).collect();
    for allowed in [Likeness::Same, Likeness::CannotTell, Likeness::MayDiffer] {
        if pairs(&likeness, allowed) {
            return allowed;
        }
    }
    Likeness::Differs
}

fn without_doubles(items: &[Value]) -> Vec<&Value> {
    let mut seen: Vec<&Value> = Vec::new();
    for item in items {
        if !seen.contains(&item) || !item.is_known() {
            seen.push(item);
        }
    }
    seen
}

fn worst(all: impl Iterator<Item = Likeness>) -> Likeness {
    all.max().unwrap_or(Likeness::Same)
}

/// Whether every row finds a column of its own that is at most this unlike (Kuhn's matching).
fn pairs(likeness: &[Vec<Likeness>], allowed: Likeness) -> bool {
    let mut partner: Vec<Option<usize>> = vec![None; likeness.len()];
    (0..likeness.len()).all(|row| {
        let mut tried = vec![false; likeness.len()];
        place(row, likeness, allowed, &mut partner, &mut tried)
    })
}

fn place(
    row: usize,
    likeness: &[Vec<Likeness>],
    allowed: Likeness,
    partner: &mut [Option<usize>],
    tried: &mut [bool],
) -> bool {
    for column in 0..partner.len() {
        if likeness[row][column] <= allowed && !tried[column] {
            tried[column] = true;
            if partner[column].is_none_or(|other| place(other, likeness, allowed, partner, tried)) {
                partner[column] = Some(row);
                return true;
            }
        }
    }
    false
}
