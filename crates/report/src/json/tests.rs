use super::*;
use crate::samples::*;

#[test]
fn a_whole_plan() {
    insta::assert_snapshot!(plan_json(&example()));
}
