//! What the first name of a reference means.

use std::rc::Rc;

use hcl_edit::{Decorated, Ident, expr::TraversalOperator as Step};
use model::{Diagnostic, Unknown, Value, expression::Sees, graph::Scope};

use super::Evaluator;
use crate::{
    frame::Frame,
    mistake::{Mistakes, Outcome},
    suggest::{nearest, unknown_name},
};

/// The first names of references, beside resource types and the names of `for`s.
pub(crate) const ROOTS: [&str; 7] = ["data", "each", "env", "local", "module", "path", "var"];

impl Evaluator<'_> {
    /// The value that the leading steps name, and how many steps that took.
    pub(super) fn root(
        &self,
        frame: Frame<'_>,
        name: &Decorated<Ident>,
        steps: &[Decorated<Step>],
    ) -> Outcome<(Rc<Value>, usize)> {
        if let Some(value) = frame.name(name.as_str()) {
            return Ok((Rc::new(value.clone()), 0));
        }
        let Some(sees) = frame.sees() else {
            let detail = format!("the template was not given `{name}`", name = name.as_str());
            let known = frame.all_names();
            let diagnostic = unknown_name("unknown name", detail, frame.span(name), name.as_str(), known);
            return Err(Mistakes::fixed(frame.explain(diagnostic, name)));
        };
        match name.as_str() {
            "var" => {
                let wanted = attribute(frame, name, steps, "the name of a variable")?;
                Ok((self.variable_value(&sees.module, wanted.as_str(), frame.span(wanted))?, 1))
            }
            "local" => {
                let wanted = attribute(frame, name, steps, "the name of a local")?;
                Ok((self.local_value(&sees.module, wanted.as_str(), frame.span(wanted))?, 1))
            }
            "env" => self.environment(frame, name, steps).map(|value| (Rc::new(value), 1)),
            "path" => self.path(frame, sees, name, steps).map(|value| (Rc::new(value), 1)),
            "each" => self.each(frame, sees, name, steps).map(|value| (Rc::new(value), 1)),
            "module" => self.module(frame, sees, name, steps),
            "data" => self.data(frame, sees, name, steps),
            _ => {
                let scope = self.scope(&sees.module, frame.span(name))?;
                match steps.first().map(|step| step.value()) {
                    Some(Step::GetAttr(second)) if !is_foreign(name.as_str()) => {
                        self.resource(frame, sees, scope, name, second, &steps[1..])
                    }
                    _ => Err(unknown_root(frame, scope, name)),
                }
            }
        }
    }

    fn environment(&self, frame: Frame<'_>, root: &Decorated<Ident>, steps: &[Decorated<Step>]) -> Outcome {
        let facts = &self.scopes.environment;
        let wanted = attribute(frame, root, steps, "name, region, account or partition")?;
        match wanted.as_str() {
            "name" => Ok(facts.name.as_str().into()),
            "region" => Ok(facts.region.as_str().into()),
            "partition" => Ok(facts.partition.as_str().into()),
            "account" => Ok(facts.account.as_deref().map_or_else(
                || Value::Unknown(Unknown { expression: "env.account".to_owned(), needs: Default::default() }),
                Value::from,
            )),
            other => Err(no_such(frame, "env", other, wanted, &["name", "region", "account", "partition"])),
        }
    }

    /// Folders relative to the project folder, as `file` takes them from anywhere.
    fn path(&self, frame: Frame<'_>, sees: &Sees, root: &Decorated<Ident>, steps: &[Decorated<Step>]) -> Outcome {
        let wanted = attribute(frame, root, steps, "module or root")?;
        let module = match wanted.as_str() {
            "module" => sees.module.clone(),
            "root" => Default::default(),
            other => return Err(no_such(frame, "path", other, wanted, &["module", "root"])),
        };
        let folder = &self.scope(&module, frame.span(root))?.folder;
        Ok(if folder.is_empty() { ".".into() } else { folder.as_str().into() })
    }

    fn each(&self, frame: Frame<'_>, sees: &Sees, root: &Decorated<Ident>, steps: &[Decorated<Step>]) -> Outcome {
        let Some(each) = &sees.each else {
            let detail = "`each` is there only in a block with `for_each`";
            return Err(Mistakes::fixed(frame.error("unknown name", detail, root)));
        };
        let wanted = attribute(frame, root, steps, "key or value")?;
        match wanted.as_str() {
            "key" => Ok(each.key.as_str().into()),
            "value" => self.value(&each.value),
            other => Err(no_such(frame, "each", other, wanted, &["key", "value"])),
        }
    }
}

/// The attribute that must follow a root.
pub(super) fn attribute<'s>(
    frame: Frame<'_>,
    root: &Decorated<Ident>,
    steps: &'s [Decorated<Step>],
    wanted: &str,
) -> Outcome<&'s Decorated<Ident>> {
    match steps.first().map(|step| step.value()) {
        Some(Step::GetAttr(name)) => Ok(name),
        _ => {
            let detail = format!("after `{}` comes `.` and {wanted}", root.as_str());
            Err(Mistakes::fixed(frame.error("incomplete reference", detail, root)))
        }
    }
}

fn no_such(frame: Frame<'_>, root: &str, wrong: &str, node: &Decorated<Ident>, known: &[&str]) -> Mistakes {
    let detail = format!("`{root}` has no `{wrong}`");
    Mistakes::fixed(unknown_name("unknown attribute", detail, frame.span(node), wrong, known.iter().copied()))
}

/// Roots of Terraform that are not ours.
fn is_foreign(name: &str) -> bool {
    matches!(name, "count" | "self" | "terraform")
}

fn unknown_root(frame: Frame<'_>, scope: &Scope, node: &Decorated<Ident>) -> Mistakes {
    let name = node.as_str();
    let detail = format!("`{name}` is no variable, local, resource or other name that can be seen here");
    let error = |hint: &str| Mistakes::fixed(frame.error("unknown name", detail.as_str(), node)).hint(hint);
    match name {
        "count" => return error("there is no `count`: use `for_each` with `each.key`, or `when`"),
        "self" => return error("write the address of the resource instead: `TYPE.NAME.ATTRIBUTE`"),
        "terraform" => return error("the name of the environment is `env.name`"),
        _ => {}
    }
    let found = [("var", scope.variables.contains_key(name)), ("local", scope.locals.contains_key(name))];
    if let Some((root, _)) = found.into_iter().find(|(_, there)| *there) {
        let mistakes = error(&format!("did you mean `{root}.{name}`?"));
        return patched(mistakes, frame, node, &format!("{root}.{name}"));
    }
    if name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_') {
        return error(&format!("to write `${{{name}}}` itself, double the sign: `$${{{name}}}`"));
    }
    let types = scope.resources.keys().filter_map(|block| block.split('.').next());
    let known = frame.all_names().into_iter().chain(ROOTS).chain(types);
    match nearest(name, known) {
        Some(near) => patched(error(&format!("did you mean `{near}`?")), frame, node, near),
        None => error("text inside an expression stands in double quotes"),
    }
}

fn patched(mut mistakes: Mistakes, frame: Frame<'_>, node: &Decorated<Ident>, text: &str) -> Mistakes {
    if let (Some(span), Some(first)) = (frame.span(node), mistakes.0.first_mut()) {
        first.diagnostic = Diagnostic { patch: None, ..first.diagnostic.clone() }.patch(span, text);
    }
    mistakes
}
