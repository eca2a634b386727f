//! Wrong expressions: what is said, what is marked, what is suggested.

mod project;

/// `mistakes.txt` holds expressions, one a line, each followed by its indented diagnostics: summary, detail, «marked
/// text», hints, «text» → «replacement». The whole file is compared.
#[test]
fn mistakes_are_told_and_marked() {
    let expected = include_str!("mistakes.txt");
    let mut found = String::new();
    for expression in expected.lines().filter(|line| !line.starts_with(' ')) {
        found.push_str(&format!("{expression}\n"));
        for line in project::mistakes(expression) {
            found.push_str(&format!("  {line}\n"));
        }
    }
    assert!(found == expected, "{found}");
}
