use super::*;
use crate::samples::*;

#[test]
fn a_whole_comment() {
    insta::assert_snapshot!(plan_markdown(&example()));
}

#[test]
fn values_cannot_leave_their_block() {
    let evil = "```\n</details> @team #12 | <b>";
    let mut change = differs(change("a_b.c", model::Action::Update), "x", "1", evil);
    change.address.key = Some("a|`b".to_owned());
    change.reasons = vec![evil.to_owned()];
    let expected = r#"### Plan for dev

**Plan: 1 to update.**

us-east-2 · account 123456789012 · local cloud

| | resource | action | where and why |
|---|---|---|---|
| `~` | `` a_b.c["a\|`b"] `` | update | environments/dev.toml:12; &#96;&#96;&#96; &#60;/details&#62; &#64;team &#35;12 &#124; &#60;b&#62; |

<details><summary><code>~</code> <code>a_b.c["a|`b"]</code> update</summary>

````diff
! x  "1" → "```\n</details> @team #12 | <b>"
````

</details>
"#;
    let text = plan_markdown(&plan([change]));
    assert_eq!(text, expected, "\n{text}");
}

#[test]
fn a_comment_ends_before_it_is_too_long() {
    let many = (0..3000)
        .map(|n| wants(change(&format!("a_b.n{n:04}"), model::Action::Create), [("x", "y".repeat(200).into())]));
    let text = plan_markdown(&plan(many.take(400)));
    assert!(text.len() < 65_536, "{}", text.len());
    assert!(text.ends_with(" more in the plan as text, JSON or HTML.\n"), "{}", &text[text.len() - 200..]);
}
