//! Colour: the one place that knows escapes.

use anstyle::{AnsiColor, Style as Ansi};

/// Whether texts carry colour. Everything reads the same without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Plain,
    Colour,
}

/// What a piece of text is, so that each format can show it its own way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Tone {
    #[default]
    Normal,
    /// Addresses and headings.
    Strong,
    /// Places, counts, what stays the same.
    Quiet,
    Added,
    Removed,
    Changed,
    /// Unknown values and secrets: not the value itself.
    Veiled,
    /// What is lost, what failed.
    Alarm,
    Note,
}

impl Tone {
    fn ansi(self) -> Ansi {
        let plain = Ansi::new();
        let colour = |colour: AnsiColor| plain.fg_color(Some(colour.into()));
        match self {
            Self::Normal => plain,
            Self::Strong => plain.bold(),
            Self::Quiet => plain.dimmed(),
            Self::Added => colour(AnsiColor::Green),
            Self::Removed => colour(AnsiColor::Red),
            Self::Changed => colour(AnsiColor::Yellow),
            Self::Veiled => colour(AnsiColor::Cyan),
            Self::Alarm => colour(AnsiColor::Red).bold(),
            Self::Note => colour(AnsiColor::Blue).bold(),
        }
    }

    /// The class of the HTML page.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Strong => "strong",
            Self::Quiet => "quiet",
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Veiled => "veiled",
            Self::Alarm => "alarm",
            Self::Note => "note",
        }
    }
}

impl Style {
    /// The text in this tone, with escapes only when there is colour and something to colour.
    pub(crate) fn paint(self, tone: Tone, text: &str) -> String {
        if self == Self::Plain || tone == Tone::Normal || text.is_empty() {
            return text.to_owned();
        }
        let ansi = tone.ansi();
        format!("{ansi}{text}{ansi:#}")
    }
}
