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
    depth: Cell<usize>,
}

/// Goes one level up when dropped.
pub(crate) struct Deeper<'m>(&'m Cell<usize>);

impl Drop for Deeper<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

impl Memo {
    /// Expressions inside expressions, counted through locals, variables and outputs. Keeps the stack within 2 MiB.
    const DEEPEST: usize = 200;

    /// One level deeper, or an error where that would endanger the stack.
    pub(crate) fn deeper(&self, span: Option<Span>) -> Outcome<Deeper<'_>> {
        let depth = self.depth.get();
        if depth >= Self::DEEPEST {
            let detail = format!("more than {} expressions stand inside one another", Self::DEEPEST);
            return Err(Mistakes::fixed(Diagnostic::error("expressions nested too deeply", detail, span)));
        }
        self.depth.set(depth + 1);
        Ok(Deeper(&self.depth))
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
    pub(crate) fn template(&self, text: &str, parse: impl FnOnce() -> Outcome<Template>) -> Outcome<Rc<Template>> {
        if let Some(known) = self.templates.borrow().get(text) {
            return Ok(Rc::clone(known));
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
