//! Pages of keys in their order, with those beyond a delimiter rolled up.

use serde_json::{Value, json};

use super::object::Version;
use super::refusals::argument;
use crate::refusal::Refusal;

/// How a list is asked for.
pub(super) struct Asked<'a> {
    pub(super) prefix: &'a str,
    pub(super) delimiter: &'a str,
    pub(super) limit: usize,
    /// Whether texts are to be written as in addresses.
    encoded: bool,
}

/// A place in a list: a key, or the common prefix of many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shown<T> {
    Item(T),
    Prefix(String),
}

/// The most of a page.
const MOST: u64 = 1000;

impl<'a> Asked<'a> {
    pub(super) fn read(input: &'a Value) -> Result<Self, Refusal> {
        let text = |name: &str| input[name].as_str().unwrap_or_default();
        let limit = match &input["MaxKeys"] {
            Value::Null => MOST,
            given => given.as_u64().filter(|limit| *limit <= i32::MAX as u64).ok_or_else(|| {
                let message = "Argument maxKeys must be an integer between 0 and 2147483647";
                argument(message, "maxKeys", &given.to_string())
            })?,
        };
        let encoded = input["EncodingType"] == "url";
        let limit = limit.min(MOST) as usize;
        Ok(Self { prefix: text("Prefix"), delimiter: text("Delimiter"), limit, encoded })
    }

    /// One page of `entries`, which come in the order of their keys, and whether there is more.
    pub(super) fn page<T>(&self, entries: impl Iterator<Item = (String, T)>) -> (Vec<Shown<(String, T)>>, bool) {
        let mut shown = Vec::new();
        for (key, item) in entries.filter(|(key, _)| key.starts_with(self.prefix)) {
            let place = match self.common(&key) {
                Some(prefix) => Shown::Prefix(prefix.to_owned()),
                None => Shown::Item((key, item)),
            };
            let same =
                matches!((shown.last(), &place), (Some(Shown::Prefix(last)), Shown::Prefix(next)) if last == next);
            if same {
                continue;
            }
            if shown.len() == self.limit {
                // A page of nothing is the whole answer.
                return (shown, self.limit > 0);
            }
            shown.push(place);
        }
        (shown, false)
    }

    /// What a key has in common with all others up to the delimiter after the prefix.
    pub(super) fn common<'k>(&self, key: &'k str) -> Option<&'k str> {
        let rest = key.get(self.prefix.len()..).filter(|_| !self.delimiter.is_empty())?;
        let at = rest.find(self.delimiter)?;
        Some(&key[..self.prefix.len() + at + self.delimiter.len()])
    }

    /// A text of the answer; everything but letters, digits and `-_.*/` escaped where that was asked for.
    pub(super) fn written(&self, text: &str) -> String {
        if !self.encoded {
            return text.to_owned();
        }
        let parts = text.split('/').map(|part| form_urlencoded::byte_serialize(part.as_bytes()).collect::<String>());
        parts.collect::<Vec<_>>().join("/")
    }

    /// What every list says of a page, with members of its own.
    pub(super) fn answer<T>(&self, input: &Value, shown: &[Shown<T>], more: bool, own: Value) -> Value {
        let mut answer = own;
        answer["IsTruncated"] = json!(more);
        answer["Name"] = input["Bucket"].clone();
        answer["Prefix"] = json!(self.written(self.prefix));
        answer["Delimiter"] = json!(self.repeated(input, "Delimiter"));
        answer["MaxKeys"] = json!(self.limit);
        answer["CommonPrefixes"] = json!(self.prefixes(shown));
        answer["EncodingType"] = input["EncodingType"].clone();
        answer
    }

    fn prefixes<T>(&self, shown: &[Shown<T>]) -> Vec<Value> {
        let prefixes = shown.iter().filter_map(|place| match place {
            Shown::Prefix(prefix) => Some(json!({ "Prefix": self.written(prefix) })),
            Shown::Item(_) => None,
        });
        prefixes.collect()
    }

    /// A text that was given, as the answer repeats it.
    pub(super) fn repeated(&self, input: &Value, name: &str) -> Option<String> {
        input[name].as_str().map(|text| self.written(text))
    }
}

/// A version as lists show it; a delete marker shows less.
pub(super) fn view(key: String, version: &Version) -> Value {
    let mut view = json!({ "Key": key, "LastModified": version.modified.to_string() });
    if let Some(content) = &version.content {
        view["ETag"] = json!(content.etag);
        view["ChecksumAlgorithm"] = json!([content.checksum.0]);
        view["ChecksumType"] = json!("FULL_OBJECT");
        view["Size"] = json!(content.size);
        view["StorageClass"] = json!("STANDARD");
    }
    view
}
