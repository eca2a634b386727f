//! Mistakes while they travel up through an evaluation.

use model::{Diagnostic, Span, Value};

/// What an evaluation gives.
pub(crate) type Outcome<T = Value> = Result<T, Mistakes>;

/// One mistake, with whether `try` and `can` may take it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mistake {
    pub(crate) diagnostic: Diagnostic,
    /// A wrong name or a cycle is wrong whatever the values are: no `try` hides it.
    pub(crate) fixed: bool,
}

/// Everything that is wrong below one expression; never empty.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mistakes(pub(crate) Vec<Mistake>);

impl Mistakes {
    /// A mistake that depends on values.
    pub(crate) fn value(diagnostic: Diagnostic) -> Self {
        Self(vec![Mistake { diagnostic, fixed: false }])
    }

    /// A mistake that no value can mend.
    pub(crate) fn fixed(diagnostic: Diagnostic) -> Self {
        Self(vec![Mistake { diagnostic, fixed: true }])
    }

    /// The same with what to do next.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        let hint = hint.into();
        self.0.iter_mut().for_each(|mistake| mistake.diagnostic.hints.push(hint.clone()));
        self
    }

    /// The same at another place, when there is one.
    pub(crate) fn at(mut self, span: Option<Span>) -> Self {
        if span.is_some() {
            self.0.iter_mut().for_each(|mistake| mistake.diagnostic.span = span);
        }
        self
    }

    pub(crate) fn any_fixed(&self) -> bool {
        self.0.iter().any(|mistake| mistake.fixed)
    }

    /// Each diagnostic once, in the order found.
    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        let mut once: Vec<Diagnostic> = Vec::with_capacity(self.0.len());
        for mistake in self.0 {
            if !once.contains(&mistake.diagnostic) {
                once.push(mistake.diagnostic);
            }
        }
        once
    }
}

/// All outcomes, or the mistakes of all that failed.
pub(crate) fn collect<T>(outcomes: impl IntoIterator<Item = Outcome<T>>) -> Outcome<Vec<T>> {
    let mut values = Vec::new();
    let mut mistakes = Vec::new();
    for outcome in outcomes {
        match outcome {
            Ok(value) => values.push(value),
            Err(more) => mistakes.extend(more.0),
        }
    }
    if mistakes.is_empty() { Ok(values) } else { Err(Mistakes(mistakes)) }
}

/// Two outcomes, or the mistakes of both.
pub(crate) fn both<A, B>(a: Outcome<A>, b: Outcome<B>) -> Outcome<(A, B)> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(mut a), Err(b)) => {
            a.0.extend(b.0);
            Err(a)
        }
        (Err(mistakes), _) | (_, Err(mistakes)) => Err(mistakes),
    }
}
