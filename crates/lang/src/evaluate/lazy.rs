//! Variables, locals and module outputs: evaluated when first asked for.

use std::rc::Rc;

use model::{Diagnostic, ModulePath, Secret, SecretSource, Span, Unknown, Value, graph::Variable};

use super::{
    Evaluator,
    memo::{Key, Root},
};
use crate::{
    convert::convert,
    marks,
    mistake::{Mistakes, Outcome},
    suggest::unknown_name,
};

impl Evaluator<'_> {
    pub(super) fn variable_value(&self, module: &ModulePath, name: &str, span: Option<Span>) -> Outcome<Rc<Value>> {
        let scope = self.scope(module, span)?;
        let Some(variable) = scope.variables.get(name) else {
            let detail = format!("there is no variable `{name}` here");
            let known = scope.variables.keys().map(String::as_str);
            return Err(Mistakes::fixed(unknown_name("unknown variable", detail, span, name, known)));
        };
        let key = Key { module: module.clone(), root: Root::Variable, name: name.to_owned() };
        self.memo.once(key, span, || self.variable(name, variable))
    }

    fn variable(&self, name: &str, variable: &Variable) -> Outcome {
        let Some(written) = &variable.value else {
            return Ok(not_given(name, variable.secret));
        };
        let value = self.value(written)?;
        let value = convert(value, &variable.kind).map_err(|why| {
            let detail = format!("variable `{name}`: {why}");
            Mistakes::fixed(Diagnostic::error("wrong type", detail, Some(written.span)))
        })?;
        if variable.secret {
            // What came from a source of its own keeps that source.
            let own = if value.has_secret() { Vec::new() } else { vec![SecretSource::Variable(name.to_owned())] };
            return Ok(marks::hidden(value, &own));
        }
        Ok(value)
    }

    pub(super) fn local_value(&self, module: &ModulePath, name: &str, span: Option<Span>) -> Outcome<Rc<Value>> {
        let scope = self.scope(module, span)?;
        let Some(written) = scope.locals.get(name) else {
            let detail = format!("there is no local `{name}` here");
            let known = scope.locals.keys().map(String::as_str);
            return Err(Mistakes::fixed(unknown_name("unknown local", detail, span, name, known)));
        };
        let key = Key { module: module.clone(), root: Root::Local, name: name.to_owned() };
        self.memo.once(key, span, || self.value(written))
    }

    pub(super) fn output_value(&self, module: &ModulePath, name: &str, span: Option<Span>) -> Outcome<Rc<Value>> {
        let scope = self.scope(module, span)?;
        let Some(output) = scope.outputs.get(name) else {
            let owner = if module.is_root() { "the environment".to_owned() } else { format!("`{module}`") };
            let detail = format!("{owner} has no output `{name}`");
            let known = scope.outputs.keys().map(String::as_str);
            return Err(Mistakes::fixed(unknown_name("unknown output", detail, span, name, known)));
        };
        let key = Key { module: module.clone(), root: Root::Output, name: name.to_owned() };
        self.memo.once(key, span, || {
            let value = self.value(&output.value)?;
            Ok(if output.secret { marks::hidden(value, &[]) } else { value })
        })
    }
}

/// A variable without a value. `config` has said so where it matters; here it is only not known.
fn not_given(name: &str, secret: bool) -> Value {
    if secret {
        Value::Secret(Secret::not_given(vec![SecretSource::Variable(name.to_owned())]))
    } else {
        Value::Unknown(Unknown { expression: format!("var.{name}"), needs: Default::default() })
    }
}
