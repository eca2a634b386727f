//! What can be refused before anything is evaluated; the same checks run again over evaluated values.

mod attributes;
mod blocks;
mod calls;
mod credential;
mod document;
mod limits;
mod resolve;
mod tags;
mod values;

use lang::check_syntax;
use model::{Schemas, Written, expression::Entry};

use crate::{
    load::Loaded,
    mistakes::Mistakes,
    syntax::{Module, Repeat},
};

pub(crate) use attributes::missing;
pub(crate) use blocks::{findings, region};
pub(crate) use resolve::{resolved, unknown};
pub(crate) use tags::{effective as effective_tags, written as written_tags};
pub(crate) use values::Checker;

/// Checks everything that is written out.
pub(crate) fn everything(loaded: &Loaded, schemas: &Schemas, mistakes: &mut Mistakes) {
    Checker { mistakes, sources: Some(&loaded.sources) }.tags(&loaded.environment.tags);
    syntax(loaded.environment.tags.values().map(|entry| &entry.value), mistakes);
    for module in std::iter::once(&loaded.root).chain(loaded.modules.values()) {
        expressions(module, mistakes);
        for block in module.resources.values() {
            blocks::resource(block, loaded, schemas, mistakes);
        }
        for block in module.data.values() {
            blocks::data(block, loaded, schemas, mistakes);
        }
        for (name, call) in &module.calls {
            Checker { mistakes, sources: Some(&loaded.sources) }.tags(&call.tags);
            calls::call(name, call, loaded, mistakes);
        }
        calls::dependencies(module, loaded, mistakes);
    }
    syntax(loaded.environment.imports.iter().map(|import| &import.id), mistakes);
}

/// Syntax of every expression of a module, whether it ever gets an instance or not.
fn expressions(module: &Module, mistakes: &mut Mistakes) {
    syntax(values(&module.locals), mistakes);
    syntax(module.outputs.values().map(|output| &output.value), mistakes);
    for variable in module.variables.values() {
        let parts = variable.validations.iter();
        syntax(parts.flat_map(|validation| [&validation.condition, &validation.error_message]), mistakes);
    }
    for block in module.resources.values().chain(module.data.values()) {
        repeat(&block.repeat, mistakes);
        syntax(&block.region, mistakes);
        syntax(values(&block.arguments), mistakes);
    }
    for call in module.calls.values() {
        repeat(&call.repeat, mistakes);
        syntax(values(&call.tags), mistakes);
        syntax(values(&call.arguments), mistakes);
    }
}

fn values(entries: &std::collections::BTreeMap<String, Entry>) -> impl Iterator<Item = &Written> {
    entries.values().map(|entry| &entry.value)
}

fn repeat(repeat: &Repeat, mistakes: &mut Mistakes) {
    syntax(repeat.for_each.iter().chain(&repeat.when), mistakes);
}

fn syntax<'a>(written: impl IntoIterator<Item = &'a Written>, mistakes: &mut Mistakes) {
    for written in written {
        written.expressions(&mut |expression| mistakes.extend(check_syntax(expression)));
    }
}
