//! Reading an object.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::bucket::open;
use super::refusals::only;
use super::{conditions, object, range};
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// What a call may say.
const HEEDED: &[&str] =
    &["ChecksumMode", "IfMatch", "IfModifiedSince", "IfNoneMatch", "IfUnmodifiedSince", "Range", "VersionId"];

pub(super) fn object(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let (mut answer, bytes) = read(world, caller, input)?;
    answer.insert("Body".to_owned(), json!(STANDARD.encode(bytes)));
    Ok(Value::Object(answer))
}

pub(super) fn head(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    read(world, caller, input).map(|(answer, _)| Value::Object(answer))
}

/// The headers of the answer, and the bytes that were asked for.
fn read(world: &mut World, caller: &Caller, input: &Value) -> Result<(Map<String, Value>, Vec<u8>), Refusal> {
    only(input, HEEDED)?;
    let bucket = open(world, caller, input)?;
    let key = input["Key"].as_str().unwrap_or_default();
    let (version, content) = object::read(bucket, key, input["VersionId"].as_str())?;
    conditions::read(version, content, input)?;
    let whole = content.bytes();
    let part = input["Range"].as_str().map(|header| range::of(header, whole.len())).transpose()?.flatten();
    let shown = part.as_ref().map(|part| format!("bytes {}-{}/{}", part.start(), part.end(), whole.len()));
    let bytes = part.map_or_else(|| whole.clone(), |part| whole[part].to_vec());
    let mut answer = Map::from_iter([
        ("AcceptRanges".to_owned(), json!("bytes")),
        ("ContentLength".to_owned(), json!(bytes.len())),
        ("ContentRange".to_owned(), json!(shown)),
        ("ContentType".to_owned(), json!("binary/octet-stream")),
        ("ETag".to_owned(), json!(content.etag)),
        ("LastModified".to_owned(), json!(version.modified.to_string())),
        ("Metadata".to_owned(), json!(content.metadata)),
        ("ServerSideEncryption".to_owned(), json!("AES256")),
        ("VersionId".to_owned(), json!(version.shown_id(bucket.versioning))),
    ]);
    answer.extend(content.headers.iter().map(|(name, value)| (name.clone(), json!(value))));
    if input["ChecksumMode"] == "ENABLED" && shown.is_none() {
        answer.extend(content.checksum());
    }
    Ok((answer, bytes))
}
