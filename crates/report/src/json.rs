//! The plan as JSON: `formats.md` says what each member means.

use std::collections::BTreeMap;

use model::{
    Address, Change, Place, Plan, Secret, Value,
    plan::{Difference, Gate, Withheld},
};
use serde_json::{Map, json};

use crate::{
    diagnostics::diagnostic_json,
    view::{action, counts, in_order, old_objects, value::is_given},
};

/// Grows when a member is renamed, removed or changes its meaning; new members may come without.
pub(crate) const FORMAT_VERSION: u32 = 1;

/// The plan as JSON, in the order of execution, without secrets.
pub fn plan_json(plan: &Plan) -> String {
    let counted = counts(plan);
    let unchanged = plan.changes.len() - counted.iter().map(|(_, count)| count).sum::<usize>();
    let mut summary: Map<String, serde_json::Value> =
        counted.iter().map(|(action, count)| (action::name(*action).to_owned(), json!(count))).collect();
    summary.insert("unchanged".to_owned(), json!(unchanged));
    let old = old_objects(plan);
    let none = Vec::new();
    let changes = in_order(plan, &old).into_iter();
    let changes: Vec<_> =
        changes.map(|change| change_json(change, old.get(&change.address).unwrap_or(&none))).collect();
    let warnings: Vec<_> = plan.warnings.iter().map(|warning| diagnostic_json(warning, &plan.sources)).collect();
    pretty(&json!({
        "format_version": FORMAT_VERSION,
        "groma_version": plan.made_by,
        "environment": plan.environment,
        "world": plan.world.as_str(),
        "account": plan.account,
        "region": plan.region,
        "destroy": plan.destroy,
        "partial": plan.partial,
        "empty": plan.is_empty(),
        "summary": summary,
        "changes": changes,
        "outputs": outputs(plan),
        "gates": gates_json(&plan.gates),
        "withheld": withheld_json(&plan.withheld),
        "warnings": warnings,
    }))
}

pub(crate) fn gates_json(gates: &[Gate]) -> serde_json::Value {
    let gate = |gate: &Gate| json!({ "address": gate.address.to_string(), "missing": gate.missing, "commands": gate.commands });
    gates.iter().map(gate).collect()
}

pub(crate) fn withheld_json(withheld: &BTreeMap<Address, Withheld>) -> serde_json::Value {
    let one = |(address, held): (&Address, &Withheld)| {
        json!({
            "address": address.to_string(),
            "action": action::name(held.action),
            "because": held.because,
            "place": held.place.as_ref().map(place_json),
        })
    };
    withheld.iter().map(one).collect()
}

fn change_json(change: &Change, old: &[&str]) -> serde_json::Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: serde_json::Value| {
        let empty = match &value {
            serde_json::Value::Null => true,
            serde_json::Value::Array(items) => items.is_empty(),
            serde_json::Value::Object(entries) => entries.is_empty(),
            _ => false,
        };
        if !empty {
            members.insert(name.to_owned(), value);
        }
    };
    put("address", json!(change.address.to_string()));
    put("type", json!(change.address.type_name));
    put("action", json!(action::name(change.action)));
    if let model::Action::Replace(order) = change.action {
        put("replace_order", json!(order));
    }
    put("region", json!(change.region));
    put("id", json!(change.id));
    put("place", json!(change.place.as_ref().map(place_json)));
    put("moved_from", json!(change.moved_from.as_ref().map(ToString::to_string)));
    put("reasons", json!(change.reasons));
    put("loses", json!(change.loses));
    put("lifts", json!(change.lifts));
    put("differences", change.differences.iter().map(difference_json).collect());
    put("attributes", entries(&change.want));
    put("delete_arguments", entries(&change.deletion()));
    put("old_objects", json!(old));
    put("depends_on", change.dependencies.iter().map(ToString::to_string).collect());
    members.into()
}

pub(crate) fn difference_json(difference: &Difference) -> serde_json::Value {
    let (before, after) = (&difference.before, &difference.after);
    let mut members = Map::new();
    members.insert("path".to_owned(), json!(difference.path));
    members.insert("before".to_owned(), value(before));
    members.insert("after".to_owned(), value(after));
    if let Some(place) = &difference.place {
        members.insert("place".to_owned(), place_json(place));
    }
    for (name, holds) in [
        ("forces_replacement", difference.replaces),
        ("document", difference.document),
        ("changed_outside", difference.drifted),
    ] {
        if holds {
            members.insert(name.to_owned(), json!(true));
        }
    }
    members.into()
}

fn outputs(plan: &Plan) -> serde_json::Value {
    let outputs = plan.outputs.iter().map(|(name, output)| {
        let shown = |side: &Value| if output.secret { veiled(side) } else { value(side) };
        let members = json!({
            "before": shown(&output.before),
            "after": shown(&output.after),
            "changed": output.before != output.after,
            "secret": output.secret,
        });
        (name.clone(), members)
    });
    serde_json::Value::Object(outputs.collect())
}

/// A value that is secret as a whole.
fn veiled(side: &Value) -> serde_json::Value {
    match side {
        Value::Null => serde_json::Value::Null,
        Value::Unknown(_) => value(side),
        _ => json!({ "$secret": "given" }),
    }
}

pub(crate) fn entries<'a>(entries: impl IntoIterator<Item = (&'a String, &'a Value)>) -> serde_json::Value {
    serde_json::Value::Object(entries.into_iter().map(|(name, item)| (escaped(name), value(item))).collect())
}

/// Natural JSON; `{"$unknown": "expression"}` and `{"$secret": "given" | "not given"}` for the marks.
/// A user's key that starts with `$` gets one more.
pub(crate) fn value(value: &Value) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Flag(flag) => json!(flag),
        Value::Number(number) => json!(number),
        Value::Text(text) => json!(text),
        Value::List(items) => items.iter().map(self::value).collect(),
        Value::Map(map) => entries(map),
        Value::Unknown(unknown) => json!({ "$unknown": unknown.expression }),
        Value::Secret(secret) => json!({ "$secret": secret_state(secret) }),
    }
}

fn secret_state(secret: &Secret) -> &'static str {
    if is_given(secret) { "given" } else { "not given" }
}

fn escaped(key: &str) -> String {
    if key.starts_with('$') { format!("${key}") } else { key.to_owned() }
}

pub(crate) fn place_json(place: &Place) -> serde_json::Value {
    json!({ "file": place.file, "line": place.line, "column": place.column })
}

/// With two spaces and a newline at the end.
pub(crate) fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}

#[cfg(test)]
mod tests;
