//! YAML text to values: YAML 1.1 scalars, aliases and merge keys, as Terraform reads them.

use std::collections::BTreeMap;

use model::{Number, Value};
use yaml_rust2::{
    parser::{Event, EventReceiver, Parser, Tag},
    scanner::TScalarStyle,
};

use super::{Call, Fault, Given, dates};
use crate::text;

/// One YAML document.
pub(super) fn decode(call: &Call<'_>) -> Given {
    let source = call.text(0)?;
    let mut loader = Loader::default();
    let mut parser = Parser::new_from_str(&source);
    parser.load(&mut loader, true).map_err(|error| Fault::at(0, format!("no YAML: {error}")))?;
    match (loader.wrong, loader.documents) {
        (Some(wrong), _) => Err(Fault::at(0, wrong)),
        (None, 1) => loader.result.ok_or_else(|| Fault::at(0, "there is no YAML document")),
        (None, 0) => Err(Fault::at(0, "there is no YAML document")),
        (None, _) => Err(Fault::at(0, "one YAML document is wanted, and there are more")),
    }
}

/// Puts values together from the parser's events.
#[derive(Default)]
struct Loader {
    open: Vec<Open>,
    anchors: BTreeMap<usize, Value>,
    result: Option<Value>,
    documents: usize,
    size: usize,
    wrong: Option<&'static str>,
}

/// A collection whose end has not come yet.
struct Open {
    anchor: usize,
    content: Content,
}

enum Content {
    List(Vec<Value>),
    /// The entries so far, those merged in, and a key that waits for its value.
    Map {
        own: BTreeMap<String, Value>,
        merged: BTreeMap<String, Value>,
        key: Option<String>,
    },
}

impl EventReceiver for Loader {
    fn on_event(&mut self, event: Event) {
        if self.wrong.is_some() {
            return;
        }
        match event {
            Event::DocumentStart => self.documents += 1,
            Event::Scalar(text, style, anchor, tag) => self.add(scalar(text, style, tag.as_ref()), anchor),
            Event::SequenceStart(anchor, _) => self.open.push(Open { anchor, content: Content::List(Vec::new()) }),
            Event::MappingStart(anchor, _) => {
                let content = Content::Map { own: BTreeMap::new(), merged: BTreeMap::new(), key: None };
                self.open.push(Open { anchor, content });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => match self.anchors.get(&anchor).cloned() {
                Some(value) => self.add(value, 0),
                None => self.wrong = Some("an alias stands for what contains it"),
            },
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
    }
}

impl Loader {
    /// More than any configuration has; stops documents whose aliases grow without end.
    const MOST: usize = 1_000_000;

    fn add(&mut self, value: Value, anchor: usize) {
        value.any(&mut |_| {
            self.size += 1;
            self.size > Self::MOST
        });
        if self.size > Self::MOST {
            self.wrong = Some("the document is too large");
            return;
        }
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.result = Some(value),
            Some(Content::List(items)) => items.push(value),
            Some(Content::Map { own, merged, key }) => match key.take() {
                None => match text::scalar(&value) {
                    Some(name) => *key = Some(name),
                    None => self.wrong = Some("a key of YAML is text"),
                },
                Some(name) if name == "<<" => merge(merged, value),
                Some(name) => {
                    own.insert(name, value);
                }
            },
        }
    }

    fn close(&mut self) {
        let Some(Open { anchor, content }) = self.open.pop() else { return };
        let value = match content {
            Content::List(items) => Value::List(items),
            Content::Map { own, mut merged, .. } => {
                merged.extend(own);
                Value::Map(merged)
            }
        };
        self.add(value, anchor);
    }
}

/// `<<` takes the entries of a map, or of several, the first winning.
fn merge(merged: &mut BTreeMap<String, Value>, value: Value) {
    match value {
        Value::Map(entries) => entries.into_iter().for_each(|(key, value)| {
            merged.entry(key).or_insert(value);
        }),
        Value::List(items) => items.into_iter().for_each(|item| merge(merged, item)),
        other => {
            merged.insert("<<".to_owned(), other);
        }
    }
}

fn scalar(text: String, style: TScalarStyle, tag: Option<&Tag>) -> Value {
    let kept_text = tag.is_some_and(|tag| matches!(tag.suffix.as_str(), "str" | "binary"));
    if style != TScalarStyle::Plain || kept_text {
        return Value::Text(text);
    }
    match text.as_str() {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => return Value::Flag(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Value::Flag(false);
        }
        _ => {}
    }
    number(&text).map(Value::Number).or_else(|| dates::normalised(&text).map(Value::Text)).unwrap_or(Value::Text(text))
}

fn number(text: &str) -> Option<Number> {
    if let Some(digits) = text.strip_prefix("0x") {
        return i64::from_str_radix(digits, 16).ok().map(Number::Whole);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return i64::from_str_radix(digits, 8).ok().map(Number::Whole);
    }
    text::parse_number(text)
}
