//! Values of variables: given at all, of the right type, valid.

use lang::Evaluator;
use model::{Diagnostic, ModulePath, Span, Value, Written, expression::Sees};

use super::{bind, expression, tree::Tree};
use crate::{
    mistakes::Mistakes,
    syntax::{Validation, VariableBlock},
};

/// Checks the variables of every module instance.
pub(super) fn check(tree: &Tree<'_>, evaluator: &Evaluator<'_>, mistakes: &mut Mistakes) {
    for (path, instance) in &tree.instances {
        for (name, block) in &instance.module.variables {
            let given = tree.scopes.modules[path].variables[name].value.as_ref();
            match given {
                Some(given) => value(path, name, block, given, evaluator, mistakes),
                None if path.is_root() && !block.secret => mistakes.push(missing(name, block.span)),
                None => {}
            }
        }
    }
}

fn missing(name: &str, span: Span) -> Diagnostic {
    let detail = format!("variable `{name}` has no value");
    Diagnostic::error("missing variable", detail, Some(span)).hint(format!(
        "give it by `--var {name}=…`, `GROMA_VAR_{name}`, a file environments/ENVIRONMENT.vars.toml, or a default"
    ))
}

fn value(
    path: &ModulePath,
    name: &str,
    block: &VariableBlock,
    given: &Written,
    evaluator: &Evaluator<'_>,
    mistakes: &mut Mistakes,
) {
    let sees = Sees { module: path.clone(), each: None };
    let variable = expression(&format!("${{var.{name}}}"), sees.clone(), Some(given.span));
    match evaluator.written(&variable) {
        Err(found) => mistakes.extend(found),
        Ok(Value::Null) if !block.nullable => {
            let detail = format!("variable `{name}` may not be null");
            mistakes.push(Diagnostic::error("missing variable", detail, Some(given.span)));
        }
        Ok(_) => {
            for validation in &block.validations {
                mistakes.extend(validate(name, validation, given.span, &sees, evaluator));
            }
        }
    }
}

fn validate(
    name: &str,
    validation: &Validation,
    given: Span,
    sees: &Sees,
    evaluator: &Evaluator<'_>,
) -> Vec<Diagnostic> {
    match evaluator.written(&bind::written(&validation.condition, sees)) {
        Err(found) => found,
        Ok(Value::Flag(true) | Value::Unknown(_) | Value::Secret(_)) => Vec::new(),
        Ok(Value::Flag(false)) => match evaluator.written(&bind::written(&validation.error_message, sees)) {
            Err(found) => found,
            Ok(message) => {
                let message = message.as_text().map_or_else(|| "its condition does not hold".to_owned(), str::to_owned);
                let detail = format!("variable `{name}`: {message}");
                let condition = validation.condition.span;
                vec![Diagnostic::error("invalid variable", detail, Some(given)).label(condition, "this does not hold")]
            }
        },
        Ok(other) => {
            let span = validation.condition.span;
            vec![crate::syntax::wrong_type("`condition`", "true or false", other.kind_name(), span)]
        }
    }
}
