//! What was written earlier and is no longer (`semantics.md` 3).

use model::{
    Attribute, Kind, Value,
    fault::{Fault, is_planted},
    schema::{Owns, Unset},
};

use super::{
    NULL, Three, Walk,
    compare::{self, Likeness, Rule},
    path::{self, Path},
    per_key::by_key,
};

impl Walk<'_> {
    /// One attribute or member that was applied and is not written now.
    pub(super) fn unset(&mut self, spec: &Attribute, path: &Path, live: &Value, applied: &Value, replacing: bool) {
        if self.is_ignored(path) || is_planted(Fault::DroppedOnUnset) {
            return;
        }
        if let Owns::PerKey(member) = spec.owns {
            let keys = by_key(applied, member).into_keys().collect();
            return self.drop_keys(path, &by_key(live, member), keys);
        }
        match spec.on_unset {
            Unset::Default(preset) => self.set_back(spec, path, live, preset.value(), replacing),
            Unset::Clear => self.clear(spec, path, live, replacing),
            Unset::Leave => self.leave(spec, path, live, applied, replacing),
        }
    }

    fn set_back(&mut self, spec: &Attribute, path: &Path, live: &Value, default: Value, replacing: bool) {
        let likeness = compare::attribute(spec, &default, live);
        let replacing = replacing || self.replaces(spec, &default, live);
        if likeness == Likeness::Same {
            return;
        }
        if replacing && self.sides.schema.loses.is_some() {
            return self.note(path, live);
        }
        let three = Three { want: &default, live, applied: None, certain: true };
        self.leaf(Rule::of(spec), path, three, likeness, replacing);
        path::put(&mut self.found.want, path, Some(default.clone()));
        let whole = !self.sides.want.contains_key(&path.attribute());
        self.found.reset.insert(if whole { path.attribute() } else { path.to_string() });
    }

    fn clear(&mut self, spec: &Attribute, path: &Path, live: &Value, replacing: bool) {
        let replacing = replacing || self.replaces(spec, NULL, live);
        if is_nothing(live) {
            return;
        }
        if replacing && self.sides.schema.loses.is_some() {
            return self.note(path, live);
        }
        let three = Three { want: NULL, live, applied: None, certain: true };
        self.leaf(Rule::of(spec), path, three, Likeness::Differs, replacing);
        self.found.cleared.insert(path.to_string());
    }

    /// Objects whose members say what becomes of them are asked member by member.
    fn leave(&mut self, spec: &Attribute, path: &Path, live: &Value, applied: &Value, replacing: bool) {
        match (&spec.kind, live, applied) {
            (Kind::Object(members), Value::Map(live), Value::Map(applied))
                if members.iter().any(|member| !matches!(member.on_unset, Unset::Leave)) =>
            {
                for member in members.iter().filter(|member| member.is_argument()) {
                    if let Some(applied) = applied.get(member.name).filter(|value| !value.is_null()) {
                        let live = live.get(member.name).unwrap_or(NULL);
                        self.unset(member, &path.member(member.name), live, applied, replacing);
                    }
                }
            }
            _ => self.note(path, live),
        }
    }

    fn note(&mut self, path: &Path, live: &Value) {
        let stays = if is_nothing(live) { String::new() } else { format!(", it stays {}", shown(live)) };
        self.found.notes.push(format!("`{path}` is no longer managed{stays}"));
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        _ => false,
    }
}

/// A value in a sentence.
fn shown(value: &Value) -> String {
    if value.has_secret() {
        return "(secret)".to_owned();
    }
    match value {
        Value::Text(text) => format!("\"{text}\""),
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}
