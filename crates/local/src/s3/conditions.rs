//! The conditions under which an object is written, read or deleted.

use jiff::Timestamp;
use serde_json::Value;

use super::bucket::Bucket;
use super::object::{Content, Version};
use super::refusals::{no_key, not_implemented, precondition};
use crate::refusal::Refusal;

const ANY: &str = "*";

/// An ETag counts the same with and without its quotes.
fn fits(wanted: &str, etag: &str) -> bool {
    wanted == ANY || wanted.trim().trim_matches('"') == etag.trim_matches('"')
}

/// `If-None-Match: *`: the key must be free. `If-Match`: the newest version must be this one.
pub(super) fn write(bucket: &Bucket, key: &str, input: &Value) -> Result<(), Refusal> {
    let current = bucket.current(key).and_then(|version| version.content.as_ref());
    match (input["IfNoneMatch"].as_str(), input["IfMatch"].as_str()) {
        (None, None) => Ok(()),
        (Some(ANY), None) => {
            if current.is_none() {
                Ok(())
            } else {
                Err(precondition("If-None-Match"))
            }
        }
        (Some(_), _) => Err(not_implemented("If-None-Match")),
        (None, Some(ANY)) => Err(not_implemented("If-Match")),
        (None, Some(wanted)) => match current {
            None => Err(no_key(key)),
            Some(content) if fits(wanted, &content.etag) => Ok(()),
            Some(_) => Err(precondition("If-Match")),
        },
    }
}

/// Whether the newest version is the one that may be deleted; `*` is any that is there. What AWS says of a key that never
/// was, and of one that is marked as deleted, is known from others' reports alone.
pub(super) fn delete(bucket: &Bucket, key: &str, wanted: Option<&str>) -> Result<(), Refusal> {
    let Some(wanted) = wanted else { return Ok(()) };
    let newest = bucket.objects.get(key).and_then(|versions| versions.first()).ok_or_else(|| no_key(key))?;
    let met = newest.content.as_ref().is_some_and(|content| fits(wanted, &content.etag));
    if met { Ok(()) } else { Err(precondition("If-Match")) }
}

/// By ETag, where one is given, else by time.
pub(super) fn read(version: &Version, content: &Content, input: &Value) -> Result<(), Refusal> {
    let moment = |name: &str| input[name].as_str().and_then(|text| text.parse::<Timestamp>().ok());
    let later = |than: Timestamp| version.modified.as_second() > than.as_second();
    match (input["IfMatch"].as_str(), moment("IfUnmodifiedSince")) {
        (Some(wanted), _) if !fits(wanted, &content.etag) => return Err(precondition("If-Match")),
        (None, Some(since)) if later(since) => return Err(precondition("If-Unmodified-Since")),
        _ => {}
    }
    let unchanged = match (input["IfNoneMatch"].as_str(), moment("IfModifiedSince")) {
        (Some(known), _) => known.split(',').any(|known| fits(known.trim(), &content.etag)),
        (None, Some(since)) => !later(since),
        (None, None) => false,
    };
    if unchanged { Err(not_modified(version, content)) } else { Ok(()) }
}

fn not_modified(version: &Version, content: &Content) -> Refusal {
    Refusal::new("NotModified", "Not Modified")
        .header("etag", content.etag.as_str())
        .header("last-modified", crate::wire::http_date(version.modified))
}
