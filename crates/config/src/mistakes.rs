//! Collects what is wrong, so that one run tells everything.

use model::Diagnostic;

/// The mistakes found so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mistakes {
    found: Vec<Diagnostic>,
}

impl Mistakes {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    pub(crate) fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.found.extend(diagnostics);
    }

    pub(crate) fn has_error(&self) -> bool {
        has_error(&self.found)
    }

    /// In file order, each mistake once: many instances of a block make the same one.
    pub(crate) fn finish(self) -> Vec<Diagnostic> {
        in_order(self.found)
    }
}

/// Sorts by place (what has none comes first) and drops repetitions.
pub(crate) fn in_order(mut found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    found.sort_by(|a, b| key(a).cmp(&key(b)));
    found.dedup_by(|a, b| key(a) == key(b));
    found
}

fn key(diagnostic: &Diagnostic) -> (Option<model::Span>, &str, &str) {
    (diagnostic.span, &diagnostic.summary, &diagnostic.detail)
}

/// Whether a run must stop.
pub(crate) fn has_error(found: &[Diagnostic]) -> bool {
    found.iter().any(Diagnostic::is_error)
}
