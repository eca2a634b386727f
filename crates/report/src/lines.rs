//! Lines made of toned pieces, and how they are folded into a width.

mod fold;

use unicode_width::UnicodeWidthStr;

pub(crate) use fold::fold;

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
            merged(pieces).iter().for_each(|piece| out.push_str(&style.paint(piece.tone, &piece.text)));
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

/// Neighbours of one tone as one piece, with the spaces between them, so that there are few escapes. Spaces at the end go.
fn merged(pieces: &[Piece]) -> Vec<Piece> {
    let is_space = |piece: &Piece| piece.text.bytes().all(|byte| byte == b' ');
    let mut merged: Vec<Piece> = Vec::new();
    let mut spaces = String::new();
    for piece in pieces {
        if is_space(piece) {
            spaces.push_str(&piece.text);
            continue;
        }
        match merged.last_mut() {
            Some(last) if last.tone == piece.tone => {
                last.text.push_str(&spaces);
                last.text.push_str(&piece.text);
            }
            _ if spaces.is_empty() => merged.push(piece.clone()),
            _ => merged.extend([Piece::plain(spaces.clone()), piece.clone()]),
        }
        spaces.clear();
    }
    merged
}

#[cfg(test)]
mod tests;
