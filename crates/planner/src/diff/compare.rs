//! Whether a written and a live value mean the same.

use std::collections::BTreeMap;

use model::{
    Attribute, Kind, Number, Secret, Value,
    fault::{Fault, is_planted},
    schema::{Compare, Unset},
};

use super::{collections, policy};

/// The answer, from "nothing to do" to "something to do".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    Same,
    /// A secret was not given to this run: nobody can tell.
    CannotTell,
    /// A leaf is not known yet, or the key that compares secrets is lost; all that is known is the same.
    MayDiffer,
    Differs,
}

impl Likeness {
    pub(crate) fn of(same: bool) -> Self {
        if same { Self::Same } else { Self::Differs }
    }
}

/// How a value is compared: its kind and rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule<'a> {
    pub(crate) kind: &'a Kind,
    pub(crate) compare: Compare,
}

impl<'a> Rule<'a> {
    pub(crate) fn of(attribute: &'a Attribute) -> Self {
        Self { kind: &attribute.kind, compare: attribute.compare }
    }

    pub(crate) fn inner(self, kind: &'a Kind) -> Self {
        Self { kind, ..self }
    }

    /// Whether it is compared and shown as a whole document. A map of documents is not one.
    pub(crate) fn is_document(self) -> bool {
        let compared = matches!(self.compare, Compare::Json | Compare::Policy);
        matches!(self.kind, Kind::Document) || compared && !matches!(self.kind, Kind::Map(_))
    }
}

/// Compares an attribute; what AWS leaves out counts as the attribute's default.
pub(crate) fn attribute(spec: &Attribute, want: &Value, live: &Value) -> Likeness {
    if live.is_null()
        && let Unset::Default(preset) = spec.on_unset
        && value(Rule::of(spec), want, &preset.value()) == Likeness::Same
    {
        return Likeness::Same;
    }
    value(Rule::of(spec), want, live)
}

/// Compares by kind and rule.
pub(crate) fn value(rule: Rule<'_>, want: &Value, live: &Value) -> Likeness {
    match (want, live) {
        (Value::Unknown(_), _) => return Likeness::MayDiffer,
        (Value::Secret(want), live) => return secret(want, live),
        // What is read as a secret may be written in plain.
        (want, Value::Secret(live)) => {
            return Likeness::of(live.expose().is_some() && want.as_text() == live.expose());
        }
        (Value::Null, Value::Null) => return Likeness::Same,
        _ => {}
    }
    match rule.compare {
        Compare::Policy | Compare::Json if matches!(rule.kind, Kind::Map(_)) => by_kind(rule, want, live),
        Compare::Same(same) if want.is_known() => Likeness::of(same(want, live)),
        Compare::Same(_) => Likeness::MayDiffer,
        Compare::Policy => policy::compare(want, live),
        Compare::Json => document(want, live),
        Compare::Exact | Compare::CaseInsensitive => by_kind(rule, want, live),
    }
}

fn by_kind(rule: Rule<'_>, want: &Value, live: &Value) -> Likeness {
    match (rule.kind, want, live) {
        (Kind::Document, ..) => document(want, live),
        (_, Value::List(items), Value::Null) => Likeness::of(items.is_empty()),
        (Kind::Object(members), Value::Map(want), Value::Null) => object(members, want, &BTreeMap::new()),
        (_, Value::Map(entries), Value::Null) => Likeness::of(entries.is_empty()),
        (Kind::Set(inner), Value::List(want), Value::List(live)) if !is_planted(Fault::SetAsList) => {
            collections::set(rule.inner(inner), want, live)
        }
        (Kind::List(inner), Value::List(want), Value::List(live)) => collections::list(rule.inner(inner), want, live),
        (_, Value::List(want), Value::List(live)) => collections::list(rule, want, live),
        (Kind::Object(members), Value::Map(want), Value::Map(live)) => object(members, want, live),
        (Kind::Map(inner), Value::Map(want), Value::Map(live)) => collections::map(rule.inner(inner), want, live),
        (_, Value::Map(want), Value::Map(live)) => collections::map(rule, want, live),
        _ => Likeness::of(scalar(rule, want, live)),
    }
}

/// Only the written members are ours.
fn object(members: &[Attribute], want: &BTreeMap<String, Value>, live: &BTreeMap<String, Value>) -> Likeness {
    let written = want.iter().filter(|(_, value)| !value.is_null());
    written
        .filter_map(|(name, want)| {
            let member = members.iter().find(|member| member.name == name)?;
            (member.is_argument() && !member.write_only)
                .then(|| attribute(member, want, live.get(name).unwrap_or(&Value::Null)))
        })
        .max()
        .unwrap_or(Likeness::Same)
}

/// Numbers and texts are the same where the text is the number; flags never are texts.
fn scalar(rule: Rule<'_>, want: &Value, live: &Value) -> bool {
    match (want, live) {
        (Value::Text(want), Value::Text(live)) => {
            want == live
                || matches!(rule.compare, Compare::CaseInsensitive) && want.to_lowercase() == live.to_lowercase()
                || matches!(rule.kind, Kind::Number) && number(want).is_some_and(|want| Some(want) == number(live))
        }
        (Value::Number(number_side), Value::Text(text)) | (Value::Text(text), Value::Number(number_side)) => {
            number(text) == Some(*number_side)
        }
        (want, live) => want == live,
    }
}

fn number(text: &str) -> Option<Number> {
    Number::from_f64(text.parse().ok()?)
}

/// One that was not given cannot be compared but by its recipe. One that is generated and has no value yet is made anew by
/// this plan: what lives already is known by its fingerprint here.
pub(crate) fn secret(want: &Secret, live: &Value) -> Likeness {
    let Value::Secret(live) = live else {
        let plain = live.as_text().is_some_and(|text| want.expose() == Some(text));
        return Likeness::of(plain);
    };
    if want.fingerprint.is_some() && live.fingerprint.is_some() || want.expose().is_some() && live.expose().is_some() {
        return Likeness::of(want == live);
    }
    if want.expose().is_some() {
        return Likeness::MayDiffer;
    }
    let recipes_differ = !live.sources.is_empty() && live.sources != want.sources;
    if recipes_differ || want.is_made_anew() { Likeness::Differs } else { Likeness::CannotTell }
}

/// JSON by meaning, as a table or as text.
fn document(want: &Value, live: &Value) -> Likeness {
    if !want.is_known() {
        return Likeness::MayDiffer;
    }
    Likeness::of(parsed(want) == parsed(live))
}

/// A document as a value; text that is no JSON stays text.
pub(crate) fn parsed(document: &Value) -> Value {
    let json = document.as_text().and_then(|text| serde_json::from_str(text).ok());
    json.map_or_else(|| document.clone(), Value::from_json)
}
