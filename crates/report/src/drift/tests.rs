use super::*;
use crate::samples::*;

fn sample() -> Vec<Drift> {
    let drift = |name: &str, found| Drift { address: address(name), id: "app".to_owned(), place: place(12), found };
    let mut outside = difference("image_tag_mutability", "IMMUTABLE", "MUTABLE");
    outside.drifted = true;
    vec![
        drift(
            "ecr_repository.app",
            Drifted::Differs(vec![outside, difference("tags[\"team\"]", "data", model::Value::Null)]),
        ),
        Drift { place: None, ..drift("iam_role.gone", Drifted::Gone) },
    ]
}

#[test]
fn drift_shows_recorded_and_live() {
    let text = drift_text(&sample(), 5, Style::Plain, 80);
    let expected = r#"  ~ ecr_repository.app  changed outside
    environments/dev.toml:12 · id app
    ~ image_tag_mutability  "IMMUTABLE" → "MUTABLE"
    - tags["team"]          "data"

  - iam_role.gone  gone
    id app

Drift: 1 changed, 1 gone of 5 resources.
"#;
    assert_eq!(text, expected, "\n{text}");
    assert_eq!(drift_text(&[], 1, Style::Plain, 80), "No drift: 1 resource as recorded.\n");
}

#[test]
fn drift_as_json() {
    insta::assert_snapshot!(drift_json(&sample(), 5));
}

/// For the test of the documentation.
pub(crate) fn as_json() -> String {
    drift_json(&sample(), 5)
}
