use super::*;

fn check(text: &str, width: usize, expected: &str) {
    let line = Line::text(Tone::Normal, text).hang(2);
    assert_eq!(line.render(0, Style::Plain, width), expected);
}

#[test]
fn lines_break_at_spaces() {
    check("one two three four five", 18, "  one two three\n    four five\n");
    check("fits", 18, "  fits\n");
    check("", 18, "\n");
}

#[test]
fn words_that_are_too_wide_break_after_punctuation() {
    check(
        "arn:aws:iam::123456789012:role/some-very-long-name",
        30,
        "  arn:aws:iam::123456789012:\n    role/some-very-long-name\n",
    );
    check(&"x".repeat(40), 22, &format!("  {}\n    {}\n    {}\n", "x".repeat(20), "x".repeat(18), "x".repeat(2)));
}

#[test]
fn wide_characters_take_two_columns() {
    check("日本語日本語日本語 日本語", 20, "  日本語日本語日本語\n    日本語\n");
}

#[test]
fn whole_pieces_are_never_broken() {
    let line = Line::new(vec![Piece::plain("next: "), Piece::whole(Tone::Strong, "groma apply some-environment")]);
    assert_eq!(line.render(0, Style::Plain, 20), "  next:\n  groma apply some-environment\n");
}

#[test]
fn colour_adds_escapes_and_nothing_else() {
    let line = Line::new(vec![Piece::new(Tone::Added, "a b")]).sign(Sign::Added);
    assert_eq!(line.render(0, Style::Colour, 20), "\u{1b}[32m+\u{1b}[0m \u{1b}[32ma b\u{1b}[0m\n");
}
