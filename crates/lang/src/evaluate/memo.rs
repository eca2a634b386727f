//! What an evaluation remembers: values worked out, values being worked out, syntax trees, files.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    fmt,
    rc::Rc,
};

use hcl_edit::template::Template;
use model::{Diagnostic, ModulePath, Span, Value};

use crate::mistake::{Mistakes, Outcome};

/// A lazily evaluated name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) module: ModulePath,
    pub(crate) root: Root,
    pub(crate) name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Root {
    Variable,
    Local,
    Output,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.module.is_root() {
            write!(f, "{}.", self.module)?;
        }
        let root = match self.root {
            Root::Variable => "var",
            Root::Local => "local",
            Root::Output => "output",
        };
        write!(f, "{root}.{}", self.name)
    }
}

/// Shared by all evaluations over the same facts.
#[derive(Default)]
pub(crate) struct Memo {
    values: RefCell<BTreeMap<Key, Outcome<Rc<Value>>>>,
    running: RefCell<Vec<Key>>,
    templates: RefCell<BTreeMap<String, Rc<Template>>>,
    files: RefCell<BTreeMap<String, String>>,
}

thread_local! {
    /// How many expressions stand inside one another on this thread's stack, whichever evaluators they belong to.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// Goes one level up when dropped.
pub(crate) struct Deeper;

impl Drop for Deeper {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

impl Memo {
    /// Expressions inside expressions, counted through locals, variables and outputs. Keeps the stack within 2 MiB.
    const DEEPEST: usize = 200;

    /// From this depth on only texts that nest little are parsed, for the parser needs stack too.
    const DEEP: usize = 60;
    const NESTS_LITTLE: usize = 20;

    /// One level deeper, or an error where that would endanger the stack.
    pub(crate) fn deeper(&self, span: Option<Span>) -> Outcome<Deeper> {
        let depth = DEPTH.get();
        if depth >= Self::DEEPEST {
            return Err(too_deep(span));
        }
        DEPTH.set(depth + 1);
        Ok(Deeper)
    }

    /// The value of a key, evaluated at most once.
    pub(crate) fn once(&self, key: Key, span: Option<Span>, evaluate: impl FnOnce() -> Outcome) -> Outcome<Rc<Value>> {
        if let Some(known) = self.values.borrow().get(&key) {
            return known.clone();
        }
        if let Some(cycle) = self.cycle(&key) {
            let diagnostic = Diagnostic::error("values that need each other", cycle, span)
                .hint("break the cycle: one of them must not refer to the next");
            return Err(Mistakes::fixed(diagnostic));
        }
        self.running.borrow_mut().push(key.clone());
        let outcome = evaluate().map(Rc::new);
        self.running.borrow_mut().pop();
        self.values.borrow_mut().insert(key, outcome.clone());
        outcome
    }

    /// The whole path of a cycle that evaluating the key now would close.
    fn cycle(&self, key: &Key) -> Option<String> {
        let running = self.running.borrow();
        let start = running.iter().position(|other| other == key)?;
        let path: Vec<String> = running[start..].iter().chain([key]).map(Key::to_string).collect();
        Some(path.join(" → "))
    }

    /// The syntax tree of a text, parsed at most once.
    pub(crate) fn template(
        &self,
        text: &str,
        span: Option<Span>,
        parse: impl FnOnce() -> Outcome<Template>,
    ) -> Outcome<Rc<Template>> {
        if let Some(known) = self.templates.borrow().get(text) {
            return Ok(Rc::clone(known));
        }
        if DEPTH.get() > Self::DEEP && nesting(text) > Self::NESTS_LITTLE {
            return Err(too_deep(span));
        }
        let parsed = Rc::new(parse()?);
        self.templates.borrow_mut().insert(text.to_owned(), Rc::clone(&parsed));
        Ok(parsed)
    }

    pub(crate) fn remember_file(&self, path: String, text: String) {
        self.files.borrow_mut().insert(path, text);
    }

    pub(crate) fn files_read(&self) -> BTreeMap<String, String> {
        self.files.borrow().clone()
    }
}

fn too_deep(span: Option<Span>) -> Mistakes {
    let detail = "so many expressions stand inside one another that they cannot be evaluated";
    Mistakes::fixed(Diagnostic::error("expressions nested too deeply", detail, span))
}

/// At most how deep brackets stand inside one another.
fn nesting(text: &str) -> usize {
    let depths = text.bytes().scan(0usize, |depth, byte| {
        *depth = match byte {
            b'(' | b'[' | b'{' => *depth + 1,
            b')' | b']' | b'}' => depth.saturating_sub(1),
            _ => *depth,
        };
        Some(*depth)
    });
    // `%{ if }` closes its own brace, so its content is counted apart.
    depths.max().unwrap_or(0) + text.matches("%{").count()
}
