//! Which functions there are and how many arguments each takes: checked without any value.

use hcl_edit::{
    expr::FuncCall,
    template::Template,
    visit::{self, Visit},
};
use model::{Diagnostic, Expression};

use crate::{
    frame::Frame,
    functions::{self, Function},
    mistake::{Mistakes, Outcome},
    suggest::unknown_name,
};

/// Every unknown function and wrong number of arguments in a template.
pub(crate) fn check(expression: &Expression, template: &Template) -> Vec<Diagnostic> {
    let mut checker = Checker { frame: Frame::toml(expression), found: Vec::new() };
    checker.visit_template(template);
    checker.found
}

struct Checker<'e> {
    frame: Frame<'e>,
    found: Vec<Diagnostic>,
}

impl Visit for Checker<'_> {
    fn visit_func_call(&mut self, call: &FuncCall) {
        let outcome = function(self.frame, call).and_then(|function| match call.args.expand_final() {
            true => Ok(()),
            false => count(self.frame, call, function, call.args.len()),
        });
        if let Err(mistakes) = outcome {
            self.found.extend(mistakes.into_diagnostics());
        }
        visit::visit_func_call(self, call);
    }
}

/// The function that a call names.
pub(crate) fn function(frame: Frame<'_>, call: &FuncCall) -> Outcome<&'static Function> {
    let name = call.name.name.as_str();
    let namespaced = call.name.is_namespaced();
    if let Some(function) = functions::find(name).filter(|_| !namespaced) {
        return Ok(function);
    }
    let node = &call.name.name;
    if let Some((_, why)) = functions::REFUSED.iter().find(|(refused, _)| *refused == name && !namespaced) {
        let diagnostic = frame.error("function not offered", format!("there is no function `{name}`"), node);
        return Err(Mistakes::fixed(diagnostic.hint(*why)));
    }
    let detail = format!("there is no function `{name}`");
    let known = functions::all().map(|function| function.name);
    let mut diagnostic = unknown_name("unknown function", detail, frame.span(node), name, known);
    if namespaced {
        diagnostic.patch = None;
        diagnostic.hints = vec!["functions of providers are not offered".to_owned()];
    }
    Err(Mistakes::fixed(frame.explain(diagnostic, node)))
}

/// Checks the number of arguments.
pub(crate) fn count(frame: Frame<'_>, call: &FuncCall, function: &Function, given: usize) -> Outcome<()> {
    let (least, most) = function.arity();
    if given >= least && most.is_none_or(|most| given <= most) {
        return Ok(());
    }
    let plural = |count: usize| if count == 1 { "argument" } else { "arguments" };
    let wanted = match most {
        Some(most) if most == least => format!("{least} {}", plural(least)),
        Some(most) => format!("{least} to {most} arguments"),
        None => format!("at least {least} {}", plural(least)),
    };
    let detail = format!("`{}({})` takes {wanted}, not {given}", function.name, function.takes);
    Err(Mistakes::fixed(frame.error("wrong number of arguments", detail, call)))
}
