//! The one place that prints.
#![expect(clippy::print_stderr, reason = "the command line's one place that prints")]

use std::io::{IsTerminal, Write};

use model::{Diagnostic, Scrubber, Sources};
use report::Style;
use store::StoreError;

use crate::{
    args::{Color, Global},
    exit::Exit,
};

/// How this run prints.
#[derive(Debug, Clone)]
pub(crate) struct Out {
    pub(crate) style: Style,
    /// For errors and progress, which may go elsewhere.
    pub(crate) error_style: Style,
    pub(crate) width: usize,
    /// Shared with the session, which teaches it.
    pub(crate) scrubber: Scrubber,
    may_ask: bool,
}

/// Why a command ended early.
pub(crate) enum Problem {
    Diagnostics { list: Vec<Diagnostic>, sources: Sources },
    Engine { error: Box<engine::Error>, sources: Sources },
    Words { summary: String, detail: String, hints: Vec<String> },
}

impl Problem {
    pub(crate) fn words(summary: &str, detail: impl Into<String>) -> Self {
        Self::Words { summary: summary.to_owned(), detail: detail.into(), hints: Vec::new() }
    }

    #[must_use]
    pub(crate) fn hint(mut self, hint: &str) -> Self {
        if let Self::Words { hints, .. } = &mut self {
            hints.push(hint.to_owned());
        }
        self
    }

    pub(crate) fn engine(error: engine::Error, sources: Sources) -> Self {
        match error {
            engine::Error::Diagnostics(list) => Self::Diagnostics { list, sources },
            error => Self::Engine { error: Box::new(error), sources },
        }
    }
}

impl Out {
    pub(crate) fn new(global: &Global) -> Self {
        let style = |terminal: bool| match global.color {
            Color::Always => Style::Colour,
            Color::Never => Style::Plain,
            Color::Auto if terminal && std::env::var_os("NO_COLOR").is_none() => Style::Colour,
            Color::Auto => Style::Plain,
        };
        let width = terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0));
        Self {
            style: style(std::io::stdout().is_terminal()),
            error_style: style(std::io::stderr().is_terminal()),
            width: width.clamp(60, 120),
            scrubber: Scrubber::default(),
            may_ask: !global.no_input && std::io::stdin().is_terminal(),
        }
    }

    /// Text for standard output, as it is.
    pub(crate) fn text(&self, text: &str) {
        self.bare(&self.scrubber.scrub(text));
    }

    /// Text for standard output that may be a secret, because a secret was asked for.
    pub(crate) fn bare(&self, text: &str) {
        let mut stdout = std::io::stdout().lock();
        // A closed pipe (`groma plan dev | head`) is no mistake.
        let _ = stdout.write_all(text.as_bytes());
        let _ = stdout.flush();
    }

    /// A line of progress.
    pub(crate) fn progress(&self, line: &str) {
        eprintln!("{}", self.scrubber.scrub(line));
    }

    pub(crate) fn diagnostics(&self, list: &[Diagnostic], sources: &Sources) {
        if !list.is_empty() {
            let text = report::diagnostics(list, sources, self.error_style, self.width);
            eprint!("{}", self.scrubber.scrub(&text));
        }
    }

    /// Prints a problem and gives the exit code that goes with it.
    pub(crate) fn problem(&self, problem: &Problem) -> Exit {
        match problem {
            Problem::Diagnostics { list, sources } => {
                self.diagnostics(list, sources);
                Exit::Failed
            }
            Problem::Engine { error, sources } => {
                self.diagnostics(&[spoken(error)], sources);
                Exit::of_blame(error.blame())
            }
            Problem::Words { summary, detail, hints } => {
                let mut diagnostic = Diagnostic::error(summary, detail.clone(), None);
                diagnostic.hints.clone_from(hints);
                self.diagnostics(&[diagnostic], &Sources::default());
                Exit::Failed
            }
        }
    }

    /// Says that a command would have to ask.
    pub(crate) fn nobody(&self, command: &str) -> Exit {
        let detail = format!("`{command}` asks before it changes anything, and this is no terminal");
        let problem = Problem::words("nobody can be asked", detail);
        self.problem(&problem.hint("add `--auto-approve` to go on without a question"));
        Exit::Usage
    }

    /// Asks whether to go on; `None` when nobody can be asked.
    pub(crate) fn ask(&self, question: &str) -> Option<bool> {
        if !self.may_ask {
            return None;
        }
        Some(inquire::Confirm::new(question).with_default(false).prompt().unwrap_or(false))
    }
}

/// An error of the engine as a diagnostic without a place.
fn spoken(error: &engine::Error) -> Diagnostic {
    let list = |items: &[(String, provider::Failure)]| {
        items.iter().map(|(what, failure)| format!("{what}: {failure}")).collect::<Vec<_>>().join("\n")
    };
    let detail = match error {
        engine::Error::Call { failure, .. } => failure.to_string(),
        engine::Error::Unread(failed) | engine::Error::Unresolved(failed) => list(failed),
        engine::Error::SecretsMissing(missing) => {
            missing.iter().map(|(source, reason)| format!("{source}: {reason}")).collect::<Vec<_>>().join("\n")
        }
        engine::Error::Unsound(broken) => broken.join("\n"),
        engine::Error::Store(error) => cause(error),
        engine::Error::Diagnostics(_) | engine::Error::Mismatch { .. } => String::new(),
    };
    let mut diagnostic = Diagnostic::error(&error.to_string(), detail, None);
    diagnostic.hints = error.hints();
    diagnostic
}

fn cause(error: &StoreError) -> String {
    let mut parts = Vec::new();
    let mut next = std::error::Error::source(error);
    while let Some(error) = next {
        parts.push(error.to_string());
        next = error.source();
    }
    parts.join(": ")
}
