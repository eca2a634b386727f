//! Module calls against the variables of the module, and what `depends_on` names.

use model::{Diagnostic, Span};

use crate::{
    load::Loaded,
    mistakes::Mistakes,
    suggest,
    syntax::{Call, Dependency, Module, Target},
};

/// Checks what a call gives to its module.
pub(super) fn call(name: &str, call: &Call, loaded: &Loaded, mistakes: &mut Mistakes) {
    let Some(module) = loaded.modules.get(&call.folder).filter(|module| !module.broken) else { return };
    for (given, entry) in call.arguments.iter().filter(|(given, _)| !module.variables.contains_key(*given)) {
        let detail = format!("module `{name}` has no variable `{given}`");
        let known: Vec<&str> = module.variables.keys().map(String::as_str).collect();
        mistakes.push(suggest::unknown("unknown variable", detail, entry.key_span, given, known.iter().copied()));
    }
    let unset = |(given, _): &(&String, _)| !call.arguments.contains_key(*given);
    for (missing, variable) in module.variables.iter().filter(unset) {
        if variable.default.is_none() {
            let detail = format!("module `{name}` needs a value for its variable `{missing}`");
            mistakes.push(
                Diagnostic::error("missing variable", detail, Some(call.span))
                    .label(variable.span, "declared here, without a default")
                    .hint(format!("write `{missing} = …` in this table, or give the variable a default")),
            );
        }
    }
}

/// Checks what the blocks of a module name in `depends_on`.
pub(super) fn dependencies(module: &Module, loaded: &Loaded, mistakes: &mut Mistakes) {
    if loaded.broken {
        return;
    }
    let blocks = module.resources.values().chain(module.data.values()).map(|block| &block.depends_on);
    let calls = module.calls.values().map(|call| &call.depends_on);
    for dependency in blocks.chain(calls).flatten() {
        mistakes.extend(unknown_target(module, dependency));
    }
}

fn unknown_target(module: &Module, dependency: &Dependency) -> Option<Diagnostic> {
    let (word, name, known): (_, _, Vec<&String>) = match &dependency.on {
        Target::Module(path) => ("module", path.0.first()?.name.clone(), module.calls.keys().collect()),
        Target::Instance(address) => {
            let name = format!("{}.{}", address.type_name, address.name);
            let blocks = if address.data { &module.data } else { &module.resources };
            (if address.data { "data" } else { "resource" }, name, blocks.keys().collect())
        }
    };
    (!known.contains(&&name)).then(|| not_here(word, &name, &known, dependency.span))
}

fn not_here(word: &str, name: &str, known: &[&String], span: Span) -> Diagnostic {
    let error = Diagnostic::error("unknown address", format!("there is no {word} `{name}` in this folder"), Some(span));
    let names = || known.iter().map(|name| name.as_str());
    match (suggest::nearest(name, names()), suggest::listed(names())) {
        (Some(near), _) => error.hint(format!("did you mean `{near}`?")),
        (None, Some(list)) => error.hint(format!("{word}s here: {list}")),
        (None, None) => error.hint(format!("this folder has no {word} at all")),
    }
}
