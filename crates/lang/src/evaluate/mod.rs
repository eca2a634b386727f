//! Values of what was written.

mod call;
mod collections;
mod condition;
mod expression;
mod lazy;
mod memo;
mod modules;
mod operators;
mod resources;
mod roots;
mod template;
mod traversal;

use std::{collections::BTreeMap, rc::Rc};

use model::{Diagnostic, ModulePath, Scopes, Secret, Span, Value, Written, WrittenKind, graph::Scope};

use crate::{
    Facts, Files,
    frame::Frame,
    mistake::{Mistakes, Outcome, collect},
    parse,
};

pub(crate) use memo::Memo;
pub(crate) use operators::surely_different;

/// Evaluates what was written; locals, variables and module outputs lazily, each once.
pub struct Evaluator<'a> {
    scopes: &'a Scopes,
    facts: &'a dyn Facts,
    files: &'a dyn Files,
    memo: Rc<Memo>,
}

impl<'a> Evaluator<'a> {
    pub fn new(scopes: &'a Scopes, facts: &'a dyn Facts, files: &'a dyn Files) -> Self {
        Self::sharing(scopes, facts, files, Rc::default())
    }

    /// An evaluator that goes on with what another one of the same facts has worked out.
    pub(crate) fn sharing(scopes: &'a Scopes, facts: &'a dyn Facts, files: &'a dyn Files, memo: Rc<Memo>) -> Self {
        Self { scopes, facts, files, memo }
    }

    /// The value of what was written.
    ///
    /// # Errors
    /// All mistakes inside, each once, in the order in which they stand.
    pub fn written(&self, written: &Written) -> Result<Value, Vec<Diagnostic>> {
        self.value(written).map_err(Mistakes::into_diagnostics)
    }

    /// The value of a module's output.
    ///
    /// # Errors
    /// All mistakes on the way to it.
    pub fn output(&self, module: &ModulePath, name: &str) -> Result<Value, Vec<Diagnostic>> {
        self.output_value(module, name, None).map(Rc::unwrap_or_clone).map_err(Mistakes::into_diagnostics)
    }

    /// The texts that `file` and its like have used so far, by path relative to the project folder.
    pub fn files_read(&self) -> BTreeMap<String, String> {
        self.memo.files_read()
    }

    pub(crate) fn value(&self, written: &Written) -> Outcome {
        match &written.kind {
            WrittenKind::Value(value) => Ok(value.clone()),
            WrittenKind::Expression(expression) => {
                let _deeper = self.memo.deeper(Some(written.span))?;
                let template =
                    self.memo.template(&expression.text, Some(written.span), || parse::template(expression))?;
                self.template(Frame::toml(expression), &template)
            }
            WrittenKind::List(items) => collect(items.iter().map(|item| self.value(item))).map(Value::List),
            WrittenKind::Map(entries) => {
                let outcomes = entries.iter().map(|(key, entry)| Ok((key.clone(), self.value(&entry.value)?)));
                Ok(Value::Map(collect(outcomes)?.into_iter().collect()))
            }
            WrittenKind::Secret(source) => {
                let given = self.facts.secret(source);
                Ok(Value::Secret(given.unwrap_or_else(|| Secret::not_given(vec![source.clone()]))))
            }
        }
    }

    /// The scope of a module instance.
    fn scope(&self, module: &ModulePath, span: Option<Span>) -> Outcome<&'a Scope> {
        self.scopes.modules.get(module).ok_or_else(|| {
            let detail = format!("there is no `{module}`");
            Mistakes::fixed(Diagnostic::error("unknown module", detail, span))
        })
    }
}
