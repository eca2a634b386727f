//! The meta-attributes: words that mean the same on every block.

use std::collections::BTreeMap;

use model::{
    Address, Diagnostic, ModulePath, Span, Value, Written, WrittenKind,
    expression::Entry,
    graph::{Lifecycle, Timeouts},
};

use super::{
    Repeat,
    literal::{Table, not_literal},
};
use crate::mistakes::Mistakes;

/// Words that no variable may have as its name, because a module call or a resource uses them itself.
pub(crate) const META_WORDS: [&str; 8] =
    ["source", "for_each", "when", "depends_on", "region", "tags", "timeouts", "lifecycle"];

/// The meta-attributes of a resource.
pub(crate) const RESOURCE_WORDS: [&str; 6] = ["for_each", "when", "depends_on", "region", "timeouts", "lifecycle"];

/// The meta-attributes of data.
pub(crate) const DATA_WORDS: [&str; 4] = ["for_each", "when", "depends_on", "region"];

/// One entry of `depends_on`, as the module it stands in sees it.
#[derive(Debug, Clone)]
pub(crate) struct Dependency {
    pub(crate) on: Target,
    pub(crate) span: Span,
}

/// What `depends_on` can name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Instance(Address),
    Module(ModulePath),
}

/// Takes `for_each` and `when` out of a block's entries.
pub(crate) fn repeat(entries: &mut BTreeMap<String, Entry>, mistakes: &mut Mistakes) -> Repeat {
    let for_each = entries.remove("for_each").map(|entry| entry.value);
    let when = entries.remove("when").map(|entry| entry.value);
    if let Some(written) = &for_each
        && let WrittenKind::Value(_) | WrittenKind::Secret(_) = written.kind
    {
        mistakes.push(not_literal("`for_each`", "a list of texts or a map", &written.kind, written.span));
        return Repeat { for_each: None, when };
    }
    match &when {
        Some(written) if !matches!(written.kind, WrittenKind::Expression(_) | WrittenKind::Value(Value::Flag(_))) => {
            mistakes.push(not_literal("`when`", "true or false", &written.kind, written.span));
            Repeat { for_each, when: None }
        }
        _ => Repeat { for_each, when },
    }
}

/// Takes `depends_on` out of a block's entries.
pub(crate) fn depends_on(entries: &mut BTreeMap<String, Entry>, mistakes: &mut Mistakes) -> Vec<Dependency> {
    let Some(entry) = entries.remove("depends_on") else { return Vec::new() };
    let WrittenKind::List(items) = &entry.value.kind else {
        mistakes.push(not_literal("`depends_on`", "a list of addresses", &entry.value.kind, entry.value.span));
        return Vec::new();
    };
    items.iter().filter_map(|item| dependency(item, mistakes)).collect()
}

fn dependency(written: &Written, mistakes: &mut Mistakes) -> Option<Dependency> {
    let text = match &written.kind {
        WrittenKind::Value(Value::Text(text)) => text.trim(),
        // `"${ecr_repository.app}"` names the resource, it does not ask for its value.
        WrittenKind::Expression(expression) => {
            let text = expression.text.trim();
            text.strip_prefix("${").and_then(|text| text.strip_suffix('}')).unwrap_or(text).trim()
        }
        other => {
            mistakes.push(not_literal("an entry of `depends_on`", "an address", other, written.span));
            return None;
        }
    };
    let address = text.parse::<Address>().ok().filter(|address| address.module.is_root()).map(Target::Instance);
    let module = || text.parse::<ModulePath>().ok().filter(|path| path.0.len() == 1).map(Target::Module);
    let Some(on) = address.or_else(module) else {
        let detail = format!("`{text}` is no resource, data or module of this folder");
        mistakes.push(
            Diagnostic::error("invalid address", detail, Some(written.span))
                .hint("write addresses like \"ecr_repository.app\", \"data.ecr_image.app\" or \"module.network\""),
        );
        return None;
    };
    Some(Dependency { on, span: written.span })
}

/// Takes `timeouts` out of a block's entries.
pub(crate) fn timeouts(entries: &mut BTreeMap<String, Entry>, mistakes: &mut Mistakes) -> Timeouts {
    let Some(entry) = entries.remove("timeouts") else { return Timeouts::default() };
    let Some(table) = Table::of(&entry.value, "`timeouts`", mistakes) else { return Timeouts::default() };
    table.only("`timeouts`", &["create", "update", "delete"], mistakes);
    let mut seconds = |key| {
        let (text, span) = table.text(key, mistakes)?;
        match text.parse::<jiff::SignedDuration>() {
            Ok(duration) if duration.as_secs() > 0 => Some(duration.as_secs().unsigned_abs()),
            _ => {
                let detail = format!("`{text}` is no length of time");
                mistakes.push(
                    Diagnostic::error("invalid duration", detail, Some(span))
                        .hint("write a length of time like \"45m\", \"1h 30m\" or \"90s\""),
                );
                None
            }
        }
    };
    Timeouts { create: seconds("create"), update: seconds("update"), delete: seconds("delete") }
}

/// Takes `lifecycle` out of a block's entries, with the places of its `ignore_changes`.
pub(crate) fn lifecycle(entries: &mut BTreeMap<String, Entry>, mistakes: &mut Mistakes) -> (Lifecycle, Vec<Span>) {
    const WORDS: [&str; 5] = ["prevent_destroy", "ignore_changes", "create_before_destroy", "retain", "adopt"];
    let none = (Lifecycle::default(), Vec::new());
    let Some(entry) = entries.remove("lifecycle") else { return none };
    let Some(table) = Table::of(&entry.value, "`lifecycle`", mistakes) else { return none };
    table.only("`lifecycle`", &WORDS, mistakes);
    let (ignore_changes, ignored) =
        table.texts("ignore_changes", mistakes).into_iter().map(|(text, span)| (text.to_owned(), span)).unzip();
    let lifecycle = Lifecycle {
        prevent_destroy: table.flag("prevent_destroy", mistakes).unwrap_or(false),
        ignore_changes,
        create_before_destroy: table.flag("create_before_destroy", mistakes),
        retain: table.flag("retain", mistakes).unwrap_or(false),
        adopt: table.flag("adopt", mistakes).unwrap_or(false),
    };
    (lifecycle, ignored)
}
