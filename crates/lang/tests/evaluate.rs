//! Expressions over a small project: values, unknown and secret leaves.

mod project;

use project::check;

#[test]
fn a_single_expression_keeps_its_type() {
    check("${var.sizes}", r#"[1,2,3]"#);
    check("${local.port}", "8080");
    check("port ${local.port}", r#""port 8080""#);
    check("$${aws:username} and %%{x}", r#""${aws:username} and %{x}""#);
    check("plain", r#""plain""#);
}
