use super::*;
use crate::samples::*;

#[test]
fn a_whole_page() {
    insta::assert_snapshot!(plan_html(&example()).replace(PAGE, "(page.css)"));
}

#[test]
fn nothing_of_the_plan_becomes_markup() {
    let evil = "<script>alert(1)</script>\"'&";
    let mut change = differs(change("a_b.c", model::Action::Update), evil, evil, format!("{evil}2"));
    change.address.key = Some(evil.to_owned());
    change.reasons = vec![evil.to_owned()];
    change.loses = vec![evil.to_owned()];
    let mut plan = plan([change]);
    plan.environment = evil.to_owned();
    plan.warnings = vec![model::Diagnostic::warning(evil, evil, None)];
    let page = plan_html(&plan);
    assert!(!page.contains("<script"));
    assert!(!page.contains("alert(1)</script>"));
    // Every quote that opens an attribute is closed by the page itself.
    assert!(page.contains("id=\"a_b.c[&quot;&lt;script&gt;alert(1)&lt;/script&gt;\\&quot;'&amp;&quot;]\""), "{page}");
}

#[test]
fn the_page_needs_nothing_else() {
    let page = plan_html(&example());
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("url("));
}
