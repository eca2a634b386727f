use super::*;

const DEV: &str = r#"[environment]
region = "us-east-2"

[resource.ecr_repository.app]
repository_nam = "friendly-advice"
image_tag_mutability = "SOMETIMES"
[resource.ecr_repository.app.image_scanning_configuration]
	scan_on_push = "${ecr_repository.app.foo}" # with a tab
name = "日本語 ${x.y.z}"
policy = """
{
  "Statement": []
}
"""
last = 1"#;

fn span(file: model::FileId, text: &str, part: &str) -> Span {
    let start = text.find(part).expect("the test's marker");
    Span::new(file, start, start + part.len())
}

#[test]
fn every_kind_of_span() {
    let mut sources = Sources::default();
    let dev = sources.add("environments/dev.toml", DEV);
    let crlf_text = "[a]\r\nx = 1\r\n\tyy = \"2\"\r\n";
    let crlf = sources.add("modules/m/crlf.toml", crlf_text);
    let empty = sources.add("environments/empty.toml", "");
    let at = |part: &str| Some(span(dev, DEV, part));
    let end = DEV.len();
    let list = vec![
        Diagnostic::error("unknown attribute", "`ecr_repository` has no attribute `repository_nam`", at("repository_nam"))
            .hint("did you mean `repository_name`?")
            .patch(at("repository_nam").unwrap(), "repository_name"),
        Diagnostic::error("value is not allowed", "`image_tag_mutability` must be one of MUTABLE, IMMUTABLE, MUTABLE_WITH_EXCLUSION, IMMUTABLE_WITH_EXCLUSION", at("\"SOMETIMES\""))
            .label(at("ecr_repository.app]").unwrap(), "of this resource"),
        Diagnostic::error("unknown reference", "no attribute `foo`", at("ecr_repository.app.foo")),
        Diagnostic::error("unknown reference", "no such root `x`", at("x.y.z")),
        Diagnostic::error("policy is empty", "it has no statement", at("\"\"\"\n{\n  \"Statement\": []\n}\n\"\"\"")),
        Diagnostic::warning("file ends early", "something was expected here", Some(Span::new(dev, end, end))),
        Diagnostic::warning("out of range", "a span that does not fit", Some(Span::new(dev, end + 10, end + 20))),
        Diagnostic::error("zero", "in an empty file", Some(Span::new(empty, 0, 0))),
        Diagnostic::error("wrong type", "expected a number", Some(span(crlf, crlf_text, "\"2\""))).label(at("region").unwrap(), "declared here"),
        Diagnostic::error("line end", "span on the line break", Some(span(crlf, crlf_text, "\r\n"))),
        Diagnostic::error("cannot reach AWS", "no credentials were found: neither AWS_PROFILE nor AWS_ACCESS_KEY_ID is set, and this machine has no role", None).hint("run `aws sso login`"),
        Diagnostic::warning("insert", "needs a comma", Some(span(dev, DEV, "us-east-2"))).patch(Span::new(dev, 15, 15), "groma = \">=0.1\"\n"),
    ];
    insta::assert_snapshot!(diagnostics(&list, &sources, Style::Plain, 80));
    insta::assert_snapshot!("json", diagnostics_json(&list[..3], &sources));
}

#[test]
fn long_lines_and_labels_stay_within_the_width() {
    use unicode_width::UnicodeWidthStr;
    let text = format!("short = 1\nlong = \"{} here {}\"\n", "x".repeat(300), "y".repeat(300));
    let mut sources = Sources::default();
    let file = sources.add("environments/dev.toml", text.clone());
    let mark = span(file, &text, "here");
    let long =
        "a detail with many words that does not fit beside its carets at all, however wide the terminal of today is";
    let list = [
        Diagnostic::error("long line", "short detail", Some(mark)),
        Diagnostic::error("long detail", long, Some(mark)).hint(long),
        Diagnostic::error("long detail", long, None).hint("first\n  second"),
    ];
    let text = diagnostics(&list, &sources, Style::Plain, 80);
    insta::assert_snapshot!(text);
    assert!(text.lines().all(|line| line.width() <= 80), "{text}");
}
