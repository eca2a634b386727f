//! Drift: only what the user wrote is owned.

use super::*;
use crate::{Drifted, drift};

fn check(existing: &str, change: impl FnOnce(&mut World), expected: &str) {
    let mut world = applied(existing);
    change(&mut world);
    let observed = world.observe(&dsl::parse("").graph);
    let found = drift(&world.state, &observed, &fixture::schemas());
    let lines: Vec<String> = found
        .entries
        .iter()
        .map(|(address, drifted)| match drifted {
            Drifted::Gone => format!("{} gone", short(address)),
            Drifted::Changed(differences) => {
                let all = differences.iter().map(|difference| {
                    format!("{} {}→{}", difference.path, value(&difference.before), value(&difference.after))
                });
                format!("{} {}", short(address), all.collect::<Vec<_>>().join(", "))
            }
        })
        .collect();
    assert_eq!(lines.join("\n"), expected);
}

#[test]
fn nothing_changed_is_no_drift() {
    check("subnet(note=a); vpc(cidr=1)", |_| {}, "");
}

#[test]
fn written_attributes_drift() {
    check(
        "subnet(note=a, size=2)",
        |world| *world.live("subnet") = world.live("subnet").clone().with("note", "b"),
        "subnet note a→b",
    );
}

#[test]
fn unwritten_ones_do_not() {
    check("subnet", |world| *world.live("subnet") = world.live("subnet").clone().with("note", "b"), "");
    check(
        "vpc(cidr=1, tags={a: 1})",
        |world| {
            let tags: BTreeMap<String, Value> = BTreeMap::from([("b".to_owned(), "2".into())]);
            *world.live("vpc") = world.live("vpc").clone().with("tags", tags);
        },
        "vpc tags[\"a\"] 1→null",
    );
}

#[test]
fn gone_ones_are_named() {
    check("subnet; vpc(cidr=1)", |world| world.lose("vpc"), "vpc gone");
}

#[test]
fn ignored_and_write_only_do_not_drift() {
    check(
        "subnet(note=a) !ignore=note",
        |world| *world.live("subnet") = world.live("subnet").clone().with("note", "b"),
        "",
    );
    check("table(name=t, token=x)", |_| {}, "");
}
