//! IAM policies by meaning (`aws-behaviour.md` 18.1).

use model::Value;

use crate::diff::{compare::Likeness, policy};

fn check(want: &str, live: &str, same: bool) {
    let (want, live) = (Value::from(want), Value::from(live));
    assert_eq!(policy::compare(&want, &live), Likeness::of(same), "{want:?} {live:?}");
    assert_eq!(policy::compare(&live, &want), Likeness::of(same), "{live:?} {want:?}");
}

/// A policy of one statement.
fn one(statement: &str) -> String {
    format!(r#"{{"Version": "2012-10-17", "Statement": [{{{statement}}}]}}"#)
}

fn statements(want: &str, live: &str, same: bool) {
    check(&one(want), &one(live), same);
}

#[test]
fn space_and_key_order_do_not_count() {
    statements(r#""Effect": "Allow", "Action": "a:B""#, r#""Action":"a:B","Effect":"Allow""#, true);
}

#[test]
fn version_counts() {
    check(r#"{"Statement": []}"#, r#"{"Version": "2008-10-17"}"#, true);
    check(r#"{"Statement": []}"#, r#"{"Version": "2012-10-17"}"#, false);
}

#[test]
fn single_values_are_lists_of_one() {
    statements(r#""Action": "a:B""#, r#""Action": ["a:B"]"#, true);
    statements(r#""Resource": "*""#, r#""Resource": ["*"]"#, true);
    statements(r#""Principal": {"Service": "x"}"#, r#""Principal": {"Service": ["x"]}"#, true);
    statements(r#""Condition": {"Bool": {"k": "v"}}"#, r#""Condition": {"Bool": {"k": ["v"]}}"#, true);
    check(r#"{"Statement": {"Effect": "Deny"}}"#, r#"{"Statement": [{"Effect": "Deny"}]}"#, true);
}

#[test]
fn order_and_doubles_do_not_count() {
    statements(r#""Action": ["a:B", "c:D"]"#, r#""Action": ["c:D", "a:B", "c:D"]"#, true);
    check(r#"{"Statement": [{"Sid": "a"}, {"Sid": "b"}]}"#, r#"{"Statement": [{"Sid": "b"}, {"Sid": "a"}]}"#, true);
    check(r#"{"Statement": [{"Sid": "a"}]}"#, r#"{"Statement": [{"Sid": "b"}]}"#, false);
}

#[test]
fn case_counts_where_aws_says_so() {
    statements(r#""Action": "s3:GetObject""#, r#""Action": "S3:getobject""#, true);
    statements(r#""NotAction": "s3:GetObject""#, r#""NotAction": "s3:getobject""#, true);
    statements(r#""Resource": "arn:A""#, r#""Resource": "arn:a""#, false);
    statements(
        r#""Condition": {"StringEquals": {"aws:X": "v"}}"#,
        r#""Condition": {"stringequals": {"AWS:x": "v"}}"#,
        true,
    );
    statements(r#""Condition": {"StringEquals": {"k": "v"}}"#, r#""Condition": {"StringEquals": {"k": "V"}}"#, false);
}

#[test]
fn flags_and_numbers_are_their_text() {
    statements(r#""Condition": {"Bool": {"k": true}}"#, r#""Condition": {"Bool": {"k": "true"}}"#, true);
    statements(
        r#""Condition": {"NumericLessThan": {"k": 5}}"#,
        r#""Condition": {"NumericLessThan": {"k": "5"}}"#,
        true,
    );
    statements(r#""Condition": {"Bool": {"k": true}}"#, r#""Condition": {"Bool": {"k": "false"}}"#, false);
}

#[test]
fn principals_have_several_spellings() {
    statements(r#""Principal": "*""#, r#""Principal": {"AWS": "*"}"#, true);
    statements(
        r#""Principal": {"AWS": "123456789012"}"#,
        r#""Principal": {"AWS": ["arn:aws:iam::123456789012:root"]}"#,
        true,
    );
    statements(
        r#""Principal": {"AWS": "arn:aws:iam::123456789012:role/r"}"#,
        r#""Principal": {"AWS": "AROAABCDEFGH"}"#,
        false,
    );
    statements(r#""Principal": {"Service": "*"}"#, r#""Principal": "*""#, false);
    statements(r#""Principal": "*""#, r#""NotPrincipal": "*""#, false);
}

#[test]
fn what_is_empty_is_absent() {
    statements(r#""Effect": "Allow", "Condition": {}"#, r#""Effect": "Allow""#, true);
    statements(r#""Effect": "Allow", "Sid": """#, r#""Effect": "Allow""#, true);
    check(r#"{"Id": "a"}"#, r#"{}"#, false);
}

#[test]
fn effects_count() {
    statements(r#""Effect": "Allow""#, r#""Effect": "Deny""#, false);
}

#[test]
fn what_is_no_policy_is_compared_as_json() {
    check(r#"{"Rules": [1, 2]}"#, r#"{ "Rules": [1,2] }"#, true);
    check(r#"{"Rules": [1, 2]}"#, r#"{"Rules": [2, 1]}"#, false);
    check("not json", "not json", true);
    check("not json", "{}", false);
}

#[test]
fn tables_and_texts_are_the_same() {
    let table = Value::from_json(serde_json::json!({"Statement": {"Action": "A:b"}}));
    let text = Value::from(r#"{"Statement":[{"Action":["a:b"]}]}"#);
    assert_eq!(policy::compare(&table, &text), Likeness::Same);
}
