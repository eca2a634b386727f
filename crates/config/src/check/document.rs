//! JSON texts: whether they parse, and where they do not.

use model::{Expression, Sources, Span};

use crate::read;

/// Why a text is no JSON.
pub(super) struct Broken {
    pub(super) message: String,
    /// Where, in bytes of the text.
    pub(super) offset: usize,
}

/// Whether a text is JSON.
pub(super) fn parse(text: &str) -> Result<(), Broken> {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(_) => Ok(()),
        Err(error) => {
            let whole = error.to_string();
            let message = whole.split(" at line ").next().unwrap_or_default();
            let line = error.line().saturating_sub(1);
            let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
            let offset = (start + error.column().saturating_sub(1)).min(text.len());
            let message = format!("{message} (line {}, column {})", error.line(), error.column());
            Err(Broken { message, offset })
        }
    }
}

/// The place in the file of one character of a text that stands there, quotes included, at `span`.
pub(super) fn place(sources: &Sources, span: Span, offset: usize) -> Span {
    let source = sources.text(span);
    let placed = read::placed(source, span.start as usize);
    let inner = Span::new(span.file, placed.start, placed.end);
    let expression = Expression { text: String::new(), span: inner, offsets: placed.offsets, sees: Default::default() };
    let mut at = expression.locate(offset..offset);
    if at.start >= inner.end {
        at.start = inner.end.saturating_sub(1).max(inner.start);
    }
    let file = sources.get(span.file).map_or("", |file| &file.text);
    let width = file.get(at.start as usize..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
    Span { end: at.start + width as u32, ..at }
}
