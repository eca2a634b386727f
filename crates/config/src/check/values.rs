//! Written values against what a schema says of them.

use std::collections::BTreeMap;

use model::{
    Attribute, Diagnostic, Kind, Number, SecretSource, Sources, Span, Value, Written, WrittenKind, expression::Entry,
    schema::Member,
};

use super::{credential, document, limits};
use crate::{
    mistakes::Mistakes,
    syntax::{kind_name, wrong_type},
};

/// Checks values of one block.
pub(crate) struct Checker<'a> {
    pub(crate) mistakes: &'a mut Mistakes,
    /// The files, when what is checked stands there as it is; nothing when it came out of an expression.
    pub(crate) sources: Option<&'a Sources>,
}

/// One place: what it is called and what is known of it.
#[derive(Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) path: &'a str,
    pub(super) member: Option<&'static Member>,
    /// What stands here in plain is told as a secret already.
    pub(super) secret: bool,
}

impl Checker<'_> {
    /// Checks the value of an attribute. `path` is how a person finds it: `health_check_configuration.interval`.
    pub(crate) fn attribute(&mut self, path: &str, attribute: &Attribute, written: &Written) {
        let spot = Spot { path, member: attribute.member, secret: attribute.secret };
        if attribute.secret {
            self.plain_secret(path, written);
        }
        if !attribute.generates {
            self.generated(path, written);
        }
        match (&written.kind, attribute.begins) {
            (WrittenKind::Value(Value::Text(prefix)), Some(whole)) => self.begun(whole, spot, prefix, written.span),
            _ => self.value(spot, &attribute.kind, written),
        }
    }

    /// The limits of a name hold for what its prefix becomes.
    fn begun(&mut self, whole: &str, spot: Spot<'_>, prefix: &str, span: Span) {
        let path = format!("{} (as the start of `{whole}`, with eight digits more)", spot.path);
        self.text(Spot { path: &path, ..spot }, &format!("{prefix}00000000"), span);
    }

    /// Refuses a generated secret where nobody could read it again.
    fn generated(&mut self, path: &str, written: &Written) {
        let generated = |source: &SecretSource| matches!(source, SecretSource::Generate { .. });
        let found = match &written.kind {
            WrittenKind::Secret(source) => generated(source),
            WrittenKind::Value(Value::Secret(secret)) => secret.sources.iter().any(generated),
            _ => false,
        };
        if found {
            let detail = format!("`{path}` does not keep a generated secret where it could be read again");
            self.mistakes.push(Diagnostic::error("secret not kept", detail, Some(written.span)).hint(
                "generate it as the value of a `secretsmanager_secret` or a secure `ssm_parameter`, and refer to that",
            ));
        }
    }

    /// Refuses null inside a list or map, where it cannot mean "not written".
    fn null(&mut self, path: &str, written: &Written) {
        if let WrittenKind::Value(Value::Null) = written.kind {
            self.mistakes.push(
                Diagnostic::error("null value", format!("`{path}` is null"), Some(written.span))
                    .hint("leave it out: `[for x in LIST : x if x != null]`"),
            );
        }
    }

    /// Checks tags of an environment or a module, which no schema describes.
    pub(crate) fn tags(&mut self, tags: &BTreeMap<String, Entry>) {
        for (key, entry) in tags {
            let path = format!("tags[\"{key}\"]");
            self.value(Spot { path: &path, member: None, secret: false }, &Kind::Text, &entry.value);
        }
        super::tags::written(tags, self.mistakes);
    }

    fn value(&mut self, spot: Spot<'_>, kind: &Kind, written: &Written) {
        let span = written.span;
        match (kind, &written.kind) {
            (_, WrittenKind::Expression(_) | WrittenKind::Value(Value::Unknown(_) | Value::Null)) => {}
            (Kind::Any, _) => {}
            (Kind::Text | Kind::Number | Kind::Document, WrittenKind::Secret(_)) => {}
            (Kind::Text | Kind::Number | Kind::Document, WrittenKind::Value(Value::Secret(_))) => {}
            (Kind::Text | Kind::Number | Kind::Flag, WrittenKind::Value(value)) => self.scalar(spot, kind, value, span),
            (Kind::List(inner) | Kind::Set(inner), WrittenKind::List(items)) => {
                self.size(spot, limits::ENTRIES, items.len() as i64, span);
                for (index, item) in items.iter().enumerate() {
                    let path = format!("{}[{index}]", spot.path);
                    self.null(&path, item);
                    self.value(Spot { path: &path, member: None, ..spot }, inner, item);
                }
            }
            (Kind::Map(inner), WrittenKind::Map(entries)) => {
                self.size(spot, limits::ENTRIES, entries.len() as i64, span);
                for (key, entry) in entries {
                    let path = format!("{}[\"{key}\"]", spot.path);
                    self.null(&path, &entry.value);
                    self.value(Spot { path: &path, member: None, ..spot }, inner, &entry.value);
                }
            }
            (Kind::Object(attributes), WrittenKind::Map(entries)) => self.object(spot.path, attributes, entries, span),
            (Kind::Document, WrittenKind::Map(_) | WrittenKind::List(_)) => {}
            (Kind::Document, WrittenKind::Value(Value::Text(text))) => self.document(spot, text, span),
            (_, found) => self.wrong_kind(spot, kind, found, span),
        }
    }

    /// An expression is not mended by writing another value over it.
    fn tell(&mut self, found: Option<Diagnostic>) {
        let patched = self.sources.is_some();
        self.mistakes.extend(found.map(|found| Diagnostic { patch: found.patch.filter(|_| patched), ..found }));
    }

    fn object(&mut self, path: &str, attributes: &[Attribute], entries: &BTreeMap<String, Entry>, span: Span) {
        let inside = |name: &str| format!("{path}.{name}");
        super::attributes::unknown(&format!("`{path}`"), attributes, entries, &[], self.mistakes);
        super::attributes::missing(&format!("`{path}`"), attributes, entries, span, self.mistakes);
        for (name, entry) in entries {
            if let Some(attribute) = attributes.iter().find(|attribute| attribute.name == name) {
                self.attribute(&inside(name), attribute, &entry.value);
            }
        }
    }

    fn scalar(&mut self, spot: Spot<'_>, kind: &Kind, value: &Value, span: Span) {
        match (kind, value) {
            (Kind::Text, Value::Text(text)) => self.text(spot, text, span),
            (Kind::Text, Value::Number(number)) => self.text(spot, &number.to_string(), span),
            (Kind::Number, Value::Number(number)) => self.number(spot, *number, span),
            (Kind::Number, Value::Text(text)) => match Number::parse_exact(text) {
                Some(number) => self.number(spot, number, span),
                None => self.wrong_kind(spot, kind, &WrittenKind::Value(value.clone()), span),
            },
            (Kind::Flag, Value::Flag(_)) => {}
            (_, other) => self.wrong_kind(spot, kind, &WrittenKind::Value(other.clone()), span),
        }
    }

    fn text(&mut self, spot: Spot<'_>, text: &str, span: Span) {
        if self.sources.is_some() && !spot.secret {
            self.mistakes.extend(credential::told(spot.path, text, span));
        }
        let Some(member) = spot.member else { return };
        let length = text.chars().count() as i64;
        if !member.values.is_empty() {
            self.tell(limits::listed(spot.path, member, text, span));
        } else if !self.size(spot, limits::CHARACTERS, length, span) {
            self.mistakes.extend(limits::form(spot.path, member, text, span));
        }
    }

    fn number(&mut self, spot: Spot<'_>, number: Number, span: Span) {
        let Some(member) = spot.member else { return };
        self.mistakes.extend(limits::range(spot.path, member, number, span));
    }

    /// Whether a length was refused.
    fn size(&mut self, spot: Spot<'_>, unit: limits::Unit, size: i64, span: Span) -> bool {
        let found = spot.member.and_then(|member| limits::size(spot.path, member, unit, size, span));
        let refused = found.is_some();
        self.mistakes.extend(found);
        refused
    }

    fn document(&mut self, spot: Spot<'_>, text: &str, span: Span) {
        match document::parse(text) {
            Ok(()) => {}
            Err(broken) => {
                let place = self.sources.map(|sources| document::place(sources, span, broken.offset));
                let detail = format!("`{}` is no JSON: {}", spot.path, broken.message);
                self.mistakes.push(
                    Diagnostic::error("invalid JSON", detail, Some(place.unwrap_or(span)))
                        .hint("a document may be written as a TOML table instead"),
                );
            }
        }
    }

    fn wrong_kind(&mut self, spot: Spot<'_>, kind: &Kind, found: &WrittenKind, span: Span) {
        let expected = expected(kind);
        let error = wrong_type(&format!("`{}`", spot.path), expected, kind_name(found), span);
        let mended = match (kind, found) {
            (Kind::Text, WrittenKind::Value(Value::Flag(flag))) => Some(format!("\"{flag}\"")),
            (Kind::Flag, WrittenKind::Value(Value::Text(text))) if text == "true" || text == "false" => {
                Some(text.clone())
            }
            _ => None,
        };
        self.mistakes.push(match (mended, self.sources) {
            (Some(mended), Some(_)) => error.hint(format!("write {mended}")).patch(span, mended),
            (Some(mended), None) => error.hint(format!("bools and text never convert; make it {mended}")),
            (None, _) => match (kind, found) {
                (Kind::List(_) | Kind::Set(_), WrittenKind::Value(_)) => error.hint("put it into [ ]"),
                (Kind::Text, WrittenKind::Map(entries)) if is_secret(entries) => {
                    error.hint("a secret names its source: { secret = { env = \"NAME\" } }")
                }
                _ => error,
            },
        });
    }

    fn plain_secret(&mut self, path: &str, written: &Written) {
        match &written.kind {
            WrittenKind::Value(Value::Text(text)) if !text.is_empty() => {
                let detail = format!("`{path}` is a secret, and its value is not marked as one");
                self.mistakes.push(
                    Diagnostic::warning("secret in plain", detail, Some(written.span)).hint(
                        "write { secret = { env = \"NAME\" } }, or give it through a variable with `secret = true`",
                    ),
                );
            }
            // A secret without a source is told as a value of the wrong type.
            WrittenKind::Map(entries) if is_secret(entries) => {}
            WrittenKind::Map(entries) => entries.values().for_each(|entry| self.plain_secret(path, &entry.value)),
            WrittenKind::List(items) => items.iter().for_each(|item| self.plain_secret(path, item)),
            _ => {}
        }
    }
}

/// Whether a table is meant to be `{ secret = … }`.
fn is_secret(entries: &BTreeMap<String, Entry>) -> bool {
    entries.len() == 1 && entries.contains_key("secret")
}

/// What a kind takes, in words.
fn expected(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Number => "a number",
        Kind::Flag => "true or false",
        Kind::Document => "a table or JSON text",
        Kind::List(_) | Kind::Set(_) => "a list",
        Kind::Map(_) | Kind::Object(_) => "a table",
        Kind::Any => "anything",
    }
}
