//! Where an expression stands while it is evaluated: its text, its places, and the names around it.

use std::ops::Range;

use model::{Diagnostic, Expression, Span, Value, expression::Sees};

use crate::mistake::Mistakes;

/// The surroundings of an expression.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'f> {
    pub(crate) source: Source<'f>,
    /// Names of `for` expressions and of templates, innermost first.
    pub(crate) names: Option<&'f Names<'f>>,
}

/// Where the text comes from.
#[derive(Clone, Copy)]
pub(crate) enum Source<'f> {
    /// A string in TOML: everything can be seen, every byte has its place.
    Toml(&'f Expression),
    /// A template from a file or a value: only its names can be seen; mistakes are marked at the call.
    Template { text: &'f str, title: &'f str, folder: &'f str, call: Option<Span> },
}

/// Some names with their values, and the names around them.
pub(crate) struct Names<'f> {
    pub(crate) entries: Vec<(&'f str, Value)>,
    pub(crate) outer: Option<&'f Names<'f>>,
}

impl<'f> Frame<'f> {
    pub(crate) fn toml(expression: &'f Expression) -> Self {
        Self { source: Source::Toml(expression), names: None }
    }

    /// The same place with further names.
    pub(crate) fn with(self, names: Option<&'f Names<'f>>) -> Self {
        Self { names, ..self }
    }

    /// The value of a name of a `for` or a template.
    pub(crate) fn name(&self, wanted: &str) -> Option<&'f Value> {
        let mut entries = self.scopes().flat_map(|names| &names.entries);
        entries.find(|(name, _)| *name == wanted).map(|(_, value)| value)
    }

    /// All names of `for`s and templates around.
    pub(crate) fn all_names(&self) -> Vec<&'f str> {
        self.scopes().flat_map(|names| &names.entries).map(|(name, _)| *name).collect()
    }

    fn scopes(&self) -> impl Iterator<Item = &'f Names<'f>> {
        std::iter::successors(self.names, |names| names.outer)
    }

    /// Which module and iteration it sees; nothing inside templates from files.
    pub(crate) fn sees(&self) -> Option<&'f Sees> {
        match self.source {
            Source::Toml(expression) => Some(&expression.sees),
            Source::Template { .. } => None,
        }
    }

    fn whole_text(&self) -> &'f str {
        match self.source {
            Source::Toml(expression) => &expression.text,
            Source::Template { text, .. } => text,
        }
    }

    /// The text of a node as it was written.
    pub(crate) fn text(&self, node: &impl hcl_edit::Span) -> &'f str {
        let whole = self.whole_text();
        node.span().and_then(|range| whole.get(range)).unwrap_or(whole).trim()
    }

    /// The place of a node.
    pub(crate) fn span(&self, node: &impl hcl_edit::Span) -> Option<Span> {
        self.place(node.span().unwrap_or(0..self.whole_text().len()))
    }

    /// The place of a range of bytes.
    pub(crate) fn place(&self, range: Range<usize>) -> Option<Span> {
        match self.source {
            Source::Toml(expression) => Some(expression.locate(range)),
            Source::Template { call, .. } => call,
        }
    }

    /// An error at a node; inside a template from a file it says which line of it.
    pub(crate) fn error(&self, summary: &str, detail: impl Into<String>, node: &impl hcl_edit::Span) -> Diagnostic {
        self.explain(Diagnostic::error(summary, detail, self.span(node)), node)
    }

    /// Adds where in a template a mistake stands, and takes away patches that would not fit there.
    pub(crate) fn explain(&self, mut diagnostic: Diagnostic, node: &impl hcl_edit::Span) -> Diagnostic {
        if let Source::Template { text, title, .. } = self.source {
            let start = node.span().map_or(0, |range| range.start);
            let line = text.get(..start).map_or(0, |before| before.matches('\n').count()) + 1;
            diagnostic.detail = format!("{title}, line {line}: {}", diagnostic.detail);
            diagnostic.patch = None;
        }
        diagnostic
    }

    /// A mistake that depends on values, at a node.
    pub(crate) fn wrong(&self, summary: &str, detail: impl Into<String>, node: &impl hcl_edit::Span) -> Mistakes {
        Mistakes::value(self.error(summary, detail, node))
    }
}
