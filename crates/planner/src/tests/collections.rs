//! Lists, sets, maps, objects, documents, numbers in text.

use super::*;

#[test]
fn sets_have_no_order() {
    check("table(name=a, names=[x, y])", "table(name=a, names=[y, x])", "");
    check("table(name=a, names=[x, y])", "table(name=a, names=[x, x, y])", "= table");
    check("table(name=a, names=[x, y])", "table(name=a, names=[x, z])", "~ table names [x,y]→[x,z]");
}

#[test]
fn lists_have_order() {
    check("table(name=a, steps=[x, y])", "table(name=a, steps=[y, x])", "~ table steps[0] x→y steps[1] y→x");
    check("table(name=a, steps=[x])", "table(name=a, steps=[x, y])", "~ table steps [x]→[x,y]");
}

#[test]
fn elements_may_have_more_members_than_written() {
    let more = |world: &mut World| {
        let key = |field: &str, kind: &str| {
            Value::Map([("field", field), ("kind", kind)].map(|(key, value)| (key.to_owned(), value.into())).into())
        };
        world.live("table").attributes.insert("keys".to_owned(), Value::List(vec![key("b", "K"), key("a", "K")]));
    };
    check_after(
        "table(name=t, keys=[{field: a}, {field: b}])",
        more,
        "table(name=t, keys=[{field: a}, {field: b}])",
        "",
    );
}

#[test]
fn an_absent_member_counts_as_its_default() {
    check("table(name=t, keys=[{field: a}])", "table(name=t, keys=[{field: a, order: up}])", "= table");
    check(
        "table(name=t, keys=[{field: a}])",
        "table(name=t, keys=[{field: a, order: down}])",
        "~ table keys [{field:a}]→[{field:a,order:down}]",
    );
}

#[test]
fn objects_differ_member_by_member() {
    check(
        "repo(name=a, scan={on_push: true})",
        "repo(name=a, scan={on_push: true, mode: B})",
        "~ repo scan.mode null→B",
    );
    check(
        "table(name=a, parts=[{name: p, size: 1}])",
        "table(name=a, parts=[{name: p, size: 2}])",
        "~ table parts[0].size 1→2",
    );
}

#[test]
fn whole_maps_are_ours() {
    check(
        "apprunner_service(name=s, env={A: 1, B: 2})",
        "apprunner_service(name=s, env={A: 1, C: 3})",
        "~ apprunner_service env[\"B\"] 2→null env[\"C\"] null→3",
    );
    check("apprunner_service(name=s)", "apprunner_service(name=s, env={})", "= apprunner_service");
}

#[test]
fn tags_are_ours_key_by_key() {
    let theirs = |world: &mut World| {
        let mut tags = world.live("vpc").attributes["tags"].as_map().cloned().unwrap_or_default();
        tags.insert("theirs".to_owned(), "1".into());
        world.live("vpc").attributes.insert("tags".to_owned(), tags.into());
    };
    check_after("vpc(cidr=1, tags={a: 1})", theirs, "vpc(cidr=1, tags={a: 1})", "");
    check_after("vpc(cidr=1, tags={a: 1})", theirs, "vpc(cidr=1)", "~ vpc tags[\"a\"] 1→null");
    check("vpc(cidr=1, tags={a: 1, b: 2})", "vpc(cidr=1, tags={a: 3})", "~ vpc tags[\"a\"] 1→3 tags[\"b\"] 2→null");
    check_after("vpc(cidr=1)", theirs, "vpc(cidr=1, tags={theirs: 1})", "= vpc");
}

#[test]
fn tags_of_the_environment_are_overlaid() {
    let how = Ask { tags: &[("team", "x"), ("a", "env")], ..Ask::default() };
    check_in(applied("vpc(cidr=1, tags={a: 1})"), "vpc(cidr=1, tags={a: 1})", &how, "~ vpc tags[\"team\"] null→x");
    check_in(applied("vpc(cidr=1)"), "vpc(cidr=1)", &how, "~ vpc tags[\"a\"] null→env tags[\"team\"] null→x");
    check_in(applied("iam_role_policy(role=r, name=p)"), "iam_role_policy(role=r, name=p)", &how, "");
}

#[test]
fn lists_may_be_ours_by_a_member() {
    let theirs = |world: &mut World| {
        let Some(Value::List(indexes)) = world.live("table").attributes.get_mut("indexes") else { panic!() };
        indexes.insert(0, Value::Map([("name".to_owned(), "theirs".into())].into()));
    };
    let before = "table(name=t, indexes=[{name: a, size: 1}, {name: b}])";
    check_after(before, theirs, before, "");
    check_after(
        before,
        theirs,
        "table(name=t, indexes=[{name: a, size: 2}])",
        "~ table indexes[\"a\"].size 1→2 indexes[\"b\"] {name:b}→null",
    );
}

#[test]
fn numbers_in_text_are_the_same() {
    check("apprunner_service(name=s)", "apprunner_service(name=s, cpu=1024)", "= apprunner_service");
    check("apprunner_service(name=s, cpu=1024)", "apprunner_service(name=s, cpu=\"1024\")", "");
    let text = |world: &mut World| *world.live("subnet") = world.live("subnet").clone().with("size", "1");
    check_after("subnet(size=1)", text, "subnet(size=1)", "");
    check(
        "apprunner_service(name=s, env={A: true})",
        "apprunner_service(name=s, env={A: \"true\"})",
        "~ apprunner_service env[\"A\"] true→true",
    );
}

#[test]
fn own_rules_compare() {
    check("table(name=t, mode=PAY)", "table(name=t, mode=pay)", "");
    check("table(name=t, zone=abc)", "table(name=t, zone=axx)", "");
    check("table(name=t, zone=abc)", "table(name=t, zone=bbc)", "~ table zone abc→bbc");
}

#[test]
fn documents_compare_by_meaning() {
    let text = |world: &mut World| {
        *world.live("repo") = world.live("repo").clone().with("rules", "{ \"b\": [1, 2],\n \"a\": {\"c\": true} }");
    };
    check_after(
        "repo(name=r, rules={a: {c: true}, b: [1, 2]})",
        text,
        "repo(name=r, rules={a: {c: true}, b: [1, 2]})",
        "",
    );
    check("repo(name=r, rules={a: 1})", "repo(name=r, rules={a: 2})", "~ repo rules {a:1}→{a:2}");
}

#[test]
fn a_test_decides_about_replacement() {
    check("subnet(size=2)", "subnet(size=3)", "~ subnet size 2→3");
    check("subnet(size=2)", "subnet(size=1)", "+/- subnet size! 2→1");
}
