//! One `check` for each area: a world, a wish, and the whole plan that comes of it.

mod actions;
mod admission;
mod cloud;
mod collections;
mod deletes;
mod drifts;
mod dsl;
mod fixture;
mod laws;
mod moving;
mod names;
mod orders;
mod policies;
mod replacing;
mod secrets;
mod targets;
mod unsetting;
mod waiting;
mod withholding;

use std::collections::{BTreeMap, BTreeSet};

use model::{Change, Diagnostic, Plan, Value, plan::Phase, state::World as Which};

use crate::{PlanError, Request, plan};
use cloud::{NoFiles, World, fingerprinter};
use dsl::short;

/// How a test asks for a plan.
#[derive(Default)]
struct Ask<'t> {
    targets: &'t [&'t str],
    replace: &'t [&'t str],
    destroy: bool,
    no_secrets: bool,
    no_key: bool,
    tags: &'t [(&'t str, &'t str)],
}

/// A world in which this was applied.
fn applied(text: &str) -> World {
    let mut world = World::new();
    if !text.trim().is_empty() {
        let plan = ask(&world, text, &Ask::default()).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        world.apply(&plan);
    }
    world
}

fn ask(world: &World, desired: &str, ask: &Ask<'_>) -> Result<Plan, PlanError> {
    let mut parsed = dsl::parse(desired);
    for resource in parsed.graph.resources.values_mut() {
        for (key, value) in ask.tags {
            let value = model::Written::value((*value).into(), resource.span);
            let entry = model::expression::Entry { key_span: resource.span, value };
            resource.inherited_tags.insert((*key).to_owned(), entry);
        }
    }
    let observed = world.observe(&parsed.graph);
    let key = fingerprinter();
    let request = Request {
        targets: ask.targets.iter().map(|target| dsl_target(target)).collect(),
        replace: ask.replace.iter().map(|text| dsl::address(text)).collect(),
        destroy: ask.destroy,
        checks: false,
        secrets: if ask.no_secrets { BTreeMap::new() } else { world.secrets.clone() },
        files: &NoFiles,
        sources: &parsed.sources,
        made_by: "test".to_owned(),
        world: Which::Local,
        lifts: BTreeSet::new(),
        fingerprinter: if ask.no_key { None } else { Some(&key) },
        sources_digest: String::new(),
    };
    let plan = plan(&parsed.graph, &world.state, &observed, &fixture::schemas(), &request)?;
    assert_eq!(crate::verify(&plan), Ok(()), "{desired}");
    Ok(plan)
}

fn dsl_target(text: &str) -> String {
    if text.contains('.') { text.to_owned() } else { dsl::address(text).to_string() }
}

/// Plans `desired` in a world where `existing` was applied.
fn check(existing: &str, desired: &str, expected: &str) {
    check_in(applied(existing), desired, &Ask::default(), expected);
}

fn check_in(world: World, desired: &str, how: &Ask<'_>, expected: &str) {
    assert_eq!(shown(&ask(&world, desired, how)), expected.trim(), "\n{desired}");
}

/// The same with a world that was changed by hand.
fn check_after(existing: &str, change: impl FnOnce(&mut World), desired: &str, expected: &str) {
    let mut world = applied(existing);
    change(&mut world);
    check_in(world, desired, &Ask::default(), expected);
}

fn shown(plan: &Result<Plan, PlanError>) -> String {
    match plan {
        Ok(plan) => {
            let changes = plan.shown().map(line);
            let outputs = plan
                .outputs
                .iter()
                .filter(|(_, output)| output.before != output.after)
                .map(|(name, output)| format!("output {name} {}→{}", value(&output.before), value(&output.after)));
            let warnings = plan.warnings.iter().map(refusal);
            changes.chain(outputs).chain(warnings).collect::<Vec<_>>().join("\n")
        }
        Err(error) => error.diagnostics.iter().map(refusal).collect::<Vec<_>>().join("\n"),
    }
}

fn refusal(diagnostic: &Diagnostic) -> String {
    let kind = if diagnostic.is_error() { "error" } else { "warning" };
    format!("{kind}: {}: {}", diagnostic.summary, diagnostic.detail).replace(".x`", "`")
}

/// `MARK ADDRESS PATH before→after…`; `!` marks what forces a replacement.
fn line(change: &Change) -> String {
    let mut words = vec![change.action.mark().to_owned(), short(&change.address)];
    for difference in &change.differences {
        let force = if difference.replaces { "!" } else { "" };
        let drifted = if difference.drifted { "*" } else { "" };
        words.push(format!(
            "{}{force}{drifted} {}→{}",
            difference.path,
            value(&difference.before),
            value(&difference.after)
        ));
    }
    words.join(" ")
}

fn value(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Unknown(unknown) => format!("?{}", unknown.expression.replace(".x.", ".")),
        Value::Secret(secret) if secret.fingerprint.is_none() => "(secret, not given)".to_owned(),
        Value::Secret(_) => "(secret)".to_owned(),
        Value::List(items) => format!("[{}]", items.iter().map(self::value).collect::<Vec<_>>().join(",")),
        Value::Map(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, item)| format!("{key}:{}", self::value(item))).collect();
            format!("{{{}}}", entries.join(","))
        }
        other => serde_json::to_string(other).unwrap(),
    }
}

/// The reasons of all shown changes.
fn check_reasons(world: World, desired: &str, expected: &str) {
    let plan = ask(&world, desired, &Ask::default()).unwrap_or_else(|error| panic!("{error:?}"));
    let lines: Vec<String> =
        plan.shown().map(|change| format!("{}: {}", short(&change.address), change.reasons.join("; "))).collect();
    assert_eq!(lines.join("\n").replace(".x`", "`"), expected.trim(), "\n{desired}");
}

/// The steps of a plan, each with what it waits for.
fn check_steps(world: &World, desired: &str, how: &Ask<'_>, expected: &str) {
    let plan = match ask(world, desired, how) {
        Ok(plan) => plan,
        refused => panic!("{}", shown(&refused)),
    };
    let name = |step: &model::plan::StepId| match &step.phase {
        Phase::Record => format!("record {}", short(&step.address)),
        Phase::Read => format!("read {}", short(&step.address)),
        Phase::Put => format!("put {}", short(&step.address)),
        Phase::Remove { id } => format!("remove {id}"),
    };
    let lines: Vec<String> = plan
        .steps
        .iter()
        .map(|step| {
            let after: Vec<String> = step.after.iter().map(name).collect();
            let after = if after.is_empty() { String::new() } else { format!(" < {}", after.join(", ")) };
            format!("{}{after}", name(&step.id))
        })
        .collect();
    let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    assert_eq!(lines.join("\n"), expected.join("\n"), "\n{desired}");
}
