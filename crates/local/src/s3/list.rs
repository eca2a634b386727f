//! The objects of a bucket.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::bucket::{open, owner};
use super::page::{Asked, Shown, view};
use super::refusals::{argument, only};
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

const HEEDED: &[&str] =
    &["ContinuationToken", "Delimiter", "EncodingType", "FetchOwner", "MaxKeys", "Prefix", "StartAfter"];

pub(super) fn objects(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    only(input, HEEDED)?;
    let bucket = open(world, caller, input)?;
    let asked = Asked::read(input)?;
    let after = After::read(input)?;
    let live = bucket.objects.iter().filter_map(|(key, versions)| Some((key, versions.first()?)));
    let live = live.filter(|(key, version)| version.content.is_some() && after.is_before(key));
    let (shown, more) = asked.page(live.map(|(key, version)| (key.clone(), version)));
    let next = shown.last().filter(|_| more).map(After::token);
    let contents = shown.iter().filter_map(|place| match place {
        Shown::Item((key, version)) => Some(view(asked.written(key), version)),
        Shown::Prefix(_) => None,
    });
    let mut contents: Vec<_> = contents.collect();
    if input["FetchOwner"] == true {
        contents.iter_mut().for_each(|view| view["Owner"] = owner(&caller.account));
    }
    let own = json!({
        "Contents": contents,
        "KeyCount": shown.len(),
        "ContinuationToken": input["ContinuationToken"],
        "NextContinuationToken": next,
        "StartAfter": asked.repeated(input, "StartAfter"),
    });
    Ok(asked.answer(input, &shown, more, own))
}

/// Where a list goes on.
enum After {
    Start,
    Key(String),
    Prefix(String),
}

impl After {
    fn read(input: &Value) -> Result<Self, Refusal> {
        let Some(token) = input["ContinuationToken"].as_str() else {
            return Ok(input["StartAfter"].as_str().map_or(Self::Start, |key| Self::Key(key.to_owned())));
        };
        let text = STANDARD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let read = text.as_deref().and_then(|text| match text.split_once(' ')? {
            ("key", key) => Some(Self::Key(key.to_owned())),
            ("prefix", prefix) => Some(Self::Prefix(prefix.to_owned())),
            _ => None,
        });
        let wrong = "The continuation token provided is incorrect";
        read.ok_or_else(|| argument(wrong, "continuation-token", token))
    }

    fn token<T>(last: &Shown<(String, T)>) -> String {
        STANDARD.encode(match last {
            Shown::Item((key, _)) => format!("key {key}"),
            Shown::Prefix(prefix) => format!("prefix {prefix}"),
        })
    }

    fn is_before(&self, key: &str) -> bool {
        match self {
            Self::Start => true,
            Self::Key(last) => key > last.as_str(),
            Self::Prefix(last) => key > last.as_str() && !key.starts_with(last),
        }
    }
}
