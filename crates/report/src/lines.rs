//! Lines made of toned pieces, and how they are folded into a width.

use unicode_width::UnicodeWidthStr;

use crate::style::{Style, Tone};

/// What stands before a line of a difference.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Sign {
    #[default]
    None,
    Added,
    Removed,
    Changed,
}

impl Sign {
    pub(crate) fn mark(self) -> &'static str {
        match self {
            Self::None => " ",
            Self::Added => "+",
            Self::Removed => "-",
            Self::Changed => "~",
        }
    }

    pub(crate) fn tone(self) -> Tone {
        match self {
            Self::None => Tone::Normal,
            Self::Added => Tone::Added,
            Self::Removed => Tone::Removed,
            Self::Changed => Tone::Changed,
        }
    }
}

/// A run of text in one tone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) tone: Tone,
    pub(crate) text: String,
    /// Never broken, also when it is wider than the line: addresses, places, commands.
    pub(crate) whole: bool,
}

impl Piece {
    pub(crate) fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into(), whole: false }
    }

    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self::new(Tone::Normal, text)
    }

    pub(crate) fn quiet(text: impl Into<String>) -> Self {
        Self::new(Tone::Quiet, text)
    }

    pub(crate) fn whole(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into(), whole: true }
    }
}

/// One line before it is folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) sign: Sign,
    /// Columns before the sign.
    pub(crate) indent: usize,
    pub(crate) pieces: Vec<Piece>,
    /// Columns by which its continuation is set in.
    pub(crate) hang: usize,
}

impl Line {
    pub(crate) fn new(pieces: Vec<Piece>) -> Self {
        Self { pieces, ..Self::default() }
    }

    pub(crate) fn text(tone: Tone, text: impl Into<String>) -> Self {
        Self::new(vec![Piece::new(tone, text)])
    }

    pub(crate) fn sign(mut self, sign: Sign) -> Self {
        self.sign = sign;
        self
    }

    pub(crate) fn hang(mut self, hang: usize) -> Self {
        self.hang = hang;
        self
    }

    /// The same line further in.
    pub(crate) fn inset(mut self, columns: usize) -> Self {
        self.indent += columns;
        self
    }

    /// Its text alone, without sign and indent.
    pub(crate) fn content(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// Folded into `width` columns, each line with a newline. `margin` columns stand before indent, sign and a space.
    pub(crate) fn render(&self, margin: usize, style: Style, width: usize) -> String {
        let start = margin + self.indent + 2;
        let folded = fold(&self.pieces, width.saturating_sub(start), width.saturating_sub(start + self.hang));
        let mut out = String::new();
        for (index, pieces) in folded.iter().enumerate() {
            if index == 0 {
                out.push_str(&" ".repeat(start - 2));
                out.push_str(&style.paint(self.sign.tone(), self.sign.mark()));
                out.push(' ');
            } else {
                out.push_str(&" ".repeat(start + self.hang));
            }
            pieces.iter().for_each(|piece| out.push_str(&style.paint(piece.tone, &piece.text)));
            out.truncate(out.trim_end_matches(' ').len());
            out.push('\n');
        }
        out
    }
}

/// The columns that pieces take.
pub(crate) fn columns(pieces: &[Piece]) -> usize {
    pieces.iter().map(|piece| piece.text.width()).sum()
}

/// Text between two spaces: it may cross pieces and is kept together while it fits.
#[derive(Default)]
struct Word {
    spaces: usize,
    pieces: Vec<Piece>,
}

fn words(pieces: &[Piece]) -> Vec<Word> {
    let mut words = vec![Word::default()];
    for piece in pieces {
        if piece.whole {
            words.last_mut().expect("there is always a word").pieces.push(piece.clone());
            continue;
        }
        for (index, part) in piece.text.split(' ').enumerate() {
            if index > 0 {
                match words.last_mut() {
                    Some(word) if word.pieces.is_empty() => word.spaces += 1,
                    _ => words.push(Word { spaces: 1, pieces: Vec::new() }),
                }
            }
            if !part.is_empty() {
                words.last_mut().expect("there is always a word").pieces.push(Piece::new(piece.tone, part));
            }
        }
    }
    words
}

/// Breaks at newlines, at spaces, and within words only where a word alone is wider than a line.
pub(crate) fn fold(pieces: &[Piece], first: usize, rest: usize) -> Vec<Vec<Piece>> {
    /// Narrower than this nothing is readable: better too wide.
    const NARROWEST: usize = 16;
    let (first, rest) = (first.max(NARROWEST), rest.max(NARROWEST));
    let mut lines = Vec::new();
    for row in rows(pieces) {
        let first = if lines.is_empty() { first } else { rest };
        lines.extend(fold_row(&row, first, rest));
    }
    lines
}

/// The pieces between newlines.
fn rows(pieces: &[Piece]) -> Vec<Vec<Piece>> {
    let mut rows = vec![Vec::new()];
    for piece in pieces {
        for (index, text) in piece.text.split('\n').enumerate() {
            if index > 0 {
                rows.push(Vec::new());
            }
            push(&mut rows, Piece { text: text.to_owned(), ..*piece });
        }
    }
    rows
}

fn fold_row(pieces: &[Piece], first: usize, rest: usize) -> Vec<Vec<Piece>> {
    let mut lines: Vec<Vec<Piece>> = vec![Vec::new()];
    let (mut used, mut room) = (0, first);
    for Word { spaces, pieces: mut todo } in words(pieces) {
        let width = columns(&todo);
        let whole = todo.iter().any(|piece| piece.whole);
        if used + spaces + width > room && used > 0 && (width <= rest || whole || used + spaces + rest / 4 > room) {
            lines.push(Vec::new());
            (used, room) = (0, rest);
        } else if spaces > 0 {
            push(&mut lines, Piece::plain(" ".repeat(spaces)));
            used += spaces;
        }
        while !whole && used + columns(&todo) > room {
            let tail = split(&mut todo, room.saturating_sub(used).max(1));
            todo.drain(..).for_each(|piece| push(&mut lines, piece));
            lines.push(Vec::new());
            (used, room, todo) = (0, rest, tail);
        }
        used += columns(&todo);
        todo.into_iter().for_each(|piece| push(&mut lines, piece));
    }
    lines
}

fn push(lines: &mut [Vec<Piece>], piece: Piece) {
    if let Some(line) = lines.last_mut() {
        line.push(piece);
    }
}

/// Leaves what fits into `room` and gives back the rest.
fn split(pieces: &mut Vec<Piece>, room: usize) -> Vec<Piece> {
    let mut used = 0;
    for index in 0..pieces.len() {
        let width = pieces[index].text.width();
        if used + width <= room {
            used += width;
            continue;
        }
        // At least one character goes, or nothing would ever end.
        let first = pieces[index].text.chars().next().filter(|_| index == 0).map_or(0, char::len_utf8);
        let end = break_at(&pieces[index].text, room - used).max(first);
        let tail = pieces[index].text.split_off(end);
        let mut rest = vec![Piece::new(pieces[index].tone, tail)];
        rest.extend(pieces.drain(index + 1..));
        return rest;
    }
    Vec::new()
}

/// The byte before which a text is broken: after what separates the parts of an ARN or path, else after what separates words.
fn break_at(text: &str, room: usize) -> usize {
    const PARTS: [char; 7] = ['/', ':', ',', ';', '=', '&', '?'];
    const WORDS: [char; 3] = ['.', '-', '_'];
    let (mut end, mut part, mut word) = (0, 0, 0);
    for (at, character) in text.char_indices() {
        let after = at + character.len_utf8();
        if text[..after].width() > room {
            break;
        }
        end = after;
        if PARTS.contains(&character) {
            part = after;
        }
        if WORDS.contains(&character) {
            word = after;
        }
    }
    match (end - part, end - word) {
        (0..=32, _) if part > 0 => part,
        (_, 0..=24) if word > 0 => word,
        _ => end,
    }
}

#[cfg(test)]
mod tests {
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
        assert_eq!(
            line.render(0, Style::Colour, 20),
            "\u{1b}[32m+\u{1b}[0m \u{1b}[32ma\u{1b}[0m \u{1b}[32mb\u{1b}[0m\n"
        );
    }
}
