use std::collections::BTreeSet;

use super::*;
use crate::samples::*;

#[test]
fn a_whole_plan() {
    insta::assert_snapshot!(plan_json(&example()));
}

#[test]
fn marks_cannot_be_forged() {
    let value = super::value(&map([("$secret", "x".into()), ("$$a", 1.into()), ("plain", unknown("a.b.c"))]));
    assert_eq!(value.to_string(), r#"{"$$$a":1,"$$secret":"x","plain":{"$unknown":"a.b.c"}}"#);
}

/// The names of all members, but not those that a user chose.
fn members(json: &serde_json::Value, found: &mut BTreeSet<String>) {
    const OF_USERS: [&str; 7] = ["before", "after", "attributes", "delete_arguments", "applied", "computed", "done"];
    match json {
        serde_json::Value::Array(items) => items.iter().for_each(|item| members(item, found)),
        serde_json::Value::Object(entries) => entries.iter().for_each(|(name, item)| {
            found.insert(name.clone());
            match (name.as_str(), item) {
                (name, _) if OF_USERS.contains(&name) => {}
                ("outputs", serde_json::Value::Object(outputs)) => {
                    outputs.values().for_each(|output| members(output, found));
                }
                _ => members(item, found),
            }
        }),
        _ => {}
    }
}

#[test]
fn every_member_is_documented() {
    let mut plan = example();
    let first = plan.changes.values_mut().next().unwrap();
    first.moved_from = Some(address("a_b.c"));
    first.dependencies = [address("a_b.c")].into();
    first.delete_arguments = [("force_delete".to_owned(), true.into())].into();
    first.differences =
        vec![Difference { drifted: true, document: true, replaces: true, place: place(1), ..difference("x", 1, 2) }];
    let texts = [plan_json(&plan), crate::diagnostics_json(&plan.warnings, &plan.sources)];
    let others = [crate::summary::tests::failed(), crate::drift::tests::as_json(), crate::state::tests::as_json()];
    let mut found = BTreeSet::new();
    for text in texts.iter().chain(&others) {
        members(&serde_json::from_str(text).unwrap(), &mut found);
    }
    assert!(found.len() > 60, "{}", found.len());
    let missing: Vec<_> = found.iter().filter(|name| !crate::FORMATS.contains(&format!("`{name}`"))).collect();
    assert_eq!(missing, Vec::<&String>::new());
}
