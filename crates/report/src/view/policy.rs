//! Policies by statement: who may do what on which resources, and what changes about it.

use std::collections::{BTreeMap, BTreeSet};

use model::{Value, words::count};

use super::value::inline_text;
use crate::{
    lines::{Line, Piece, Sign},
    style::Tone,
};

/// A policy document as sets, in which order means nothing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Policy {
    /// Version, Id and whatever else stands beside the statements.
    beside: BTreeMap<String, String>,
    statements: Vec<Statement>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Statement {
    /// `Allow "ReadTable"`
    sid: Option<String>,
    effect: String,
    /// `Action`, `Resource`, `Principal`, `Condition` and their opposites, in this order.
    parts: BTreeMap<Part, BTreeSet<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Part(usize, String);

const ORDER: [&str; 7] = ["Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/// The policy, when the value looks like one.
pub(crate) fn statements(document: &Value) -> Option<Policy> {
    let entries = document.as_map()?;
    let statements = match entries.get("Statement")? {
        Value::List(items) => items.iter().map(statement).collect::<Option<Vec<_>>>()?,
        single => vec![statement(single)?],
    };
    let beside = entries.iter().filter(|(name, _)| *name != "Statement");
    Some(Policy { beside: beside.map(|(name, value)| (name.clone(), inline_text(value))).collect(), statements })
}

fn statement(value: &Value) -> Option<Statement> {
    let entries = value.as_map()?;
    let effect = entries.get("Effect")?.as_text()?.to_owned();
    let parts = entries.iter().filter(|(name, _)| !matches!(name.as_str(), "Sid" | "Effect"));
    Some(Statement {
        sid: entries.get("Sid").map(inline_text),
        effect,
        parts: parts.map(|(name, value)| (part(name), items(value))).collect(),
    })
}

fn part(name: &str) -> Part {
    let position = ORDER.iter().position(|known| *known == name);
    Part(position.unwrap_or(ORDER.len()), name.to_owned())
}

/// Texts, lists of texts, and tables of them as `key text`.
fn items(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Text(text) => BTreeSet::from([crate::clean::clean(text)]),
        Value::List(list) => list.iter().flat_map(items).collect(),
        Value::Map(entries) => {
            let under = |(name, value): (&String, &Value)| {
                items(value).into_iter().map(|item| format!("{name} {item}")).collect::<Vec<_>>()
            };
            entries.iter().flat_map(under).collect()
        }
        other => BTreeSet::from([inline_text(other)]),
    }
}

impl Statement {
    fn title(&self) -> String {
        match &self.sid {
            Some(sid) => format!("{} {sid}", self.effect),
            None => self.effect.clone(),
        }
    }

    /// How many items two statements share.
    fn likeness(&self, other: &Self) -> usize {
        let shared = |(part, items): (&Part, &BTreeSet<String>)| {
            other.parts.get(part).map_or(0, |others| items.intersection(others).count())
        };
        self.parts.iter().map(shared).sum()
    }

    fn whole(&self, sign: Sign) -> Vec<Line> {
        let mut lines = vec![Line::text(sign.tone(), self.title()).sign(sign)];
        lines.extend(self.parts.iter().map(|(part, items)| row(sign, sign.tone(), part, items.iter())));
        lines
    }
}

/// `Action  a, b, c`, folded under the first item.
fn row<'a>(sign: Sign, tone: Tone, part: &Part, items: impl Iterator<Item = &'a String>) -> Line {
    const COLUMN: usize = 11;
    let name = format!("  {:<COLUMN$}", part.1);
    let items: Vec<&str> = items.map(String::as_str).collect();
    let hang = name.len();
    Line::new(vec![Piece::quiet(name), Piece::new(tone, items.join(", "))]).sign(sign).hang(hang)
}

/// The whole policy with one sign.
pub(crate) fn whole(policy: &Policy, sign: Sign) -> Vec<Line> {
    let beside =
        policy.beside.iter().filter(|(name, value)| (name.as_str(), value.as_str()) != ("Version", "\"2012-10-17\""));
    let mut lines: Vec<Line> = beside.map(|(name, value)| beside_line(sign, name, value)).collect();
    lines.extend(policy.statements.iter().flat_map(|statement| statement.whole(sign)));
    lines
}

fn beside_line(sign: Sign, name: &str, value: &str) -> Line {
    Line::text(sign.tone(), format!("{name} {value}")).sign(sign)
}

/// What differs: statements that came, went or changed; the others are counted.
pub(crate) fn changed(before: &Policy, after: &Policy) -> Vec<Line> {
    let mut lines = beside_changed(&before.beside, &after.beside);
    let mut old: Vec<&Statement> = before.statements.iter().collect();
    let mut fresh: Vec<&Statement> = Vec::new();
    let mut kept = 0;
    for statement in &after.statements {
        match old.iter().position(|other| *other == statement) {
            Some(at) => {
                old.remove(at);
                kept += 1;
            }
            None => fresh.push(statement),
        }
    }
    for statement in fresh {
        match counterpart(statement, &old) {
            Some(at) => lines.extend(statement_changed(old.remove(at), statement)),
            None => lines.extend(statement.whole(Sign::Added)),
        }
    }
    lines.extend(old.into_iter().flat_map(|statement| statement.whole(Sign::Removed)));
    if kept > 0 {
        lines.push(Line::text(Tone::Quiet, format!("{} unchanged", count(kept, "statement"))));
    }
    lines
}

fn beside_changed(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<Line> {
    let gone = before.iter().filter(|(name, value)| after.get(*name) != Some(value));
    let came = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
    gone.map(|(name, value)| beside_line(Sign::Removed, name, value))
        .chain(came.map(|(name, value)| beside_line(Sign::Added, name, value)))
        .collect()
}

/// The statement with the same Sid, else the most alike with the same effect.
fn counterpart(statement: &Statement, old: &[&Statement]) -> Option<usize> {
    let named = old.iter().position(|other| other.sid.is_some() && other.sid == statement.sid);
    named.or_else(|| {
        let alike = old.iter().enumerate().filter(|(_, other)| other.effect == statement.effect);
        let scored = alike.map(|(at, other)| (statement.likeness(other), std::cmp::Reverse(at)));
        scored.max().filter(|(likeness, _)| *likeness > 0).map(|(_, at)| at.0)
    })
}

fn statement_changed(before: &Statement, after: &Statement) -> Vec<Line> {
    let mut title = vec![Piece::plain(after.title())];
    if before.title() != after.title() {
        title.push(Piece::quiet(format!("  (was {})", before.title())));
    }
    let mut lines = vec![Line::new(title).sign(Sign::Changed)];
    let none = BTreeSet::new();
    let parts: BTreeSet<&Part> = before.parts.keys().chain(after.parts.keys()).collect();
    for part in parts {
        let (old, new) = (before.parts.get(part).unwrap_or(&none), after.parts.get(part).unwrap_or(&none));
        let groups = [
            (Sign::None, Tone::Quiet, old.intersection(new).collect::<Vec<_>>()),
            (Sign::Removed, Tone::Removed, old.difference(new).collect()),
            (Sign::Added, Tone::Added, new.difference(old).collect()),
        ];
        let shown = groups.into_iter().filter(|(_, _, items)| !items.is_empty());
        lines.extend(shown.map(|(sign, tone, items)| row(sign, tone, part, items.into_iter())));
    }
    lines
}
