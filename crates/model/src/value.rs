//! Values of the language, leaf by leaf known, unknown or secret.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::{self, Deserializer};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

use crate::{Address, Number, Secret};

/// A leaf that is known only after something has been made or read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    /// The expression it will come from, as written: what a plan shows instead of the value.
    pub expression: String,
    /// The resources and data that must be settled first.
    pub needs: BTreeSet<Address>,
}

/// A value of the language.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Value {
    #[default]
    Null,
    Flag(bool),
    Number(Number),
    Text(String),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
    Unknown(Unknown),
    Secret(Secret),
}

impl Value {
    /// What a person calls its kind: "text", "a list" …
    pub fn kind_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Flag(_) => "a bool",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Unknown(_) => "a value not known yet",
            Self::Secret(_) => "a secret",
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.as_i64(),
            _ => None,
        }
    }

    pub fn as_flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_map(&self) -> Option<&BTreeMap<String, Value>> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether no leaf is unknown. Secrets count as known.
    pub fn is_known(&self) -> bool {
        !self.any(&mut |leaf| matches!(leaf, Self::Unknown(_)))
    }

    /// Whether any leaf is secret.
    pub fn has_secret(&self) -> bool {
        self.any(&mut |leaf| matches!(leaf, Self::Secret(_)))
    }

    /// Whether the test holds for this value or anything inside it.
    pub fn any(&self, test: &mut impl FnMut(&Self) -> bool) -> bool {
        test(self)
            || match self {
                Self::List(items) => items.iter().any(|item| item.any(test)),
                Self::Map(entries) => entries.values().any(|item| item.any(test)),
                _ => false,
            }
    }

    /// Everything the unknown leaves wait for.
    pub fn needs(&self) -> BTreeSet<Address> {
        let mut needs = BTreeSet::new();
        self.any(&mut |leaf| {
            if let Self::Unknown(unknown) = leaf {
                needs.extend(unknown.needs.iter().cloned());
            }
            false
        });
        needs
    }

    /// The same value with each leaf (whatever is no list and no map) replaced.
    #[must_use]
    pub fn map_leaves(self, change: &mut impl FnMut(Self) -> Self) -> Self {
        match self {
            Self::List(items) => Self::List(items.into_iter().map(|item| item.map_leaves(change)).collect()),
            Self::Map(entries) => {
                Self::Map(entries.into_iter().map(|(key, item)| (key, item.map_leaves(change))).collect())
            }
            leaf => change(leaf),
        }
    }

    /// The value with every secret carrying its fingerprint, ready to be written down.
    #[must_use]
    pub fn sealed(self, fingerprinter: &crate::Fingerprinter) -> Self {
        self.map_leaves(&mut |leaf| match leaf {
            Self::Secret(secret) => Self::Secret(fingerprinter.seal(secret)),
            other => other,
        })
    }

    /// From plain JSON, in which nothing is unknown or secret.
    pub fn from_json(json: serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(flag) => Self::Flag(flag),
            serde_json::Value::Number(number) => number
                .as_i64()
                .map(Number::Whole)
                .or_else(|| number.as_f64().and_then(Number::from_f64))
                .map_or(Self::Null, Self::Number),
            serde_json::Value::String(text) => Self::Text(text),
            serde_json::Value::Array(items) => Self::List(items.into_iter().map(Self::from_json).collect()),
            serde_json::Value::Object(entries) => {
                Self::Map(entries.into_iter().map(|(key, item)| (key, Self::from_json(item))).collect())
            }
        }
    }

    /// As plain JSON for a call to AWS: secrets are exposed. Nothing when a leaf is unknown or a secret was not given.
    pub fn exposed_json(&self) -> Option<serde_json::Value> {
        Some(match self {
            Self::Null => serde_json::Value::Null,
            Self::Flag(flag) => (*flag).into(),
            Self::Number(Number::Whole(whole)) => (*whole).into(),
            Self::Number(Number::Real(real)) => serde_json::Number::from_f64(*real)?.into(),
            Self::Text(text) => text.clone().into(),
            Self::List(items) => items.iter().map(Self::exposed_json).collect::<Option<Vec<_>>>()?.into(),
            Self::Map(entries) => serde_json::Value::Object(
                entries.iter().map(|(key, item)| Some((key.clone(), item.exposed_json()?))).collect::<Option<_>>()?,
            ),
            Self::Unknown(_) => return None,
            Self::Secret(secret) => secret.expose()?.into(),
        })
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<i64> for Value {
    fn from(whole: i64) -> Self {
        Self::Number(Number::Whole(whole))
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(item: Option<T>) -> Self {
        item.map_or(Self::Null, Into::into)
    }
}

impl From<BTreeMap<String, Value>> for Value {
    fn from(entries: BTreeMap<String, Value>) -> Self {
        Self::Map(entries)
    }
}

const UNKNOWN: &str = "$unknown";
const SECRET: &str = "$secret";

/// Natural JSON, with `{"$unknown": …}` and `{"$secret": …}` for the marks; a user's key that starts with `$` gets one more.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(entries) => serializer.collect_map(entries.iter().map(|(key, item)| (escape_key(key), item))),
            Self::Unknown(unknown) => marked(serializer, UNKNOWN, unknown),
            Self::Secret(secret) => marked(serializer, SECRET, secret),
        }
    }
}

fn marked<S: Serializer>(serializer: S, mark: &str, content: &impl Serialize) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(mark, content)?;
    map.end()
}

fn escape_key(key: &str) -> String {
    if key.starts_with('$') { format!("${key}") } else { key.to_owned() }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        restore(serde_json::Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

fn restore(json: serde_json::Value) -> Result<Value, serde_json::Error> {
    Ok(match json {
        serde_json::Value::Object(mut entries) if entries.len() == 1 && entries.contains_key(UNKNOWN) => {
            Value::Unknown(serde_json::from_value(entries[UNKNOWN].take())?)
        }
        serde_json::Value::Object(mut entries) if entries.len() == 1 && entries.contains_key(SECRET) => {
            Value::Secret(serde_json::from_value(entries[SECRET].take())?)
        }
        serde_json::Value::Object(entries) => Value::Map(
            entries
                .into_iter()
                .map(|(key, item)| Ok((key.strip_prefix('$').map_or(key.clone(), str::to_owned), restore(item)?)))
                .collect::<Result<_, serde_json::Error>>()?,
        ),
        serde_json::Value::Array(items) => Value::List(items.into_iter().map(restore).collect::<Result<_, _>>()?),
        leaf => Value::from_json(leaf),
    })
}
