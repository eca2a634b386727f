//! Writing an object.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::bucket::{open, version_id};
use super::conditions;
use super::object::{Content, Version, packed};
use super::refusals::{not_implemented, only};
use crate::checksum::{self, Algorithm};
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// What is kept of the headers as it was given.
const KEPT: &[&str] =
    &["CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Expires"];

/// What else a call may say.
const HEEDED: &[&str] = &[
    "ACL",
    "Body",
    "ChecksumAlgorithm",
    "ContentLength",
    "ContentMD5",
    "IfMatch",
    "IfNoneMatch",
    "Metadata",
    "ServerSideEncryption",
    "StorageClass",
];

/// The longest key and the most metadata, in bytes.
const KEY: usize = 1024;
const METADATA: usize = 2048;

pub(super) fn object(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    check(input)?;
    let key = input["Key"].as_str().unwrap_or_default();
    let bucket = open(world, caller, input)?;
    conditions::write(bucket, key, input)?;
    let versioning = bucket.versioning;
    let content = content(input);
    let mut answer = Map::from_iter(content.checksum());
    let version = Version { id: version_id(world, versioning), modified: world.now(), content: Some(content.clone()) };
    answer.insert("ETag".to_owned(), json!(content.etag));
    answer.insert("ServerSideEncryption".to_owned(), json!("AES256"));
    answer.insert("VersionId".to_owned(), json!(version.shown_id(versioning)));
    open(world, caller, input)?.add(key, version);
    Ok(Value::Object(answer))
}

fn check(input: &Value) -> Result<(), Refusal> {
    let sums: Vec<String> = Algorithm::ALL.iter().map(|algorithm| algorithm.member()).collect();
    let known: Vec<&str> = KEPT.iter().chain(HEEDED).copied().chain(sums.iter().map(String::as_str)).collect();
    only(input, &known)?;
    let text = |name: &str| input[name].as_str().unwrap_or_default();
    if text("Key").len() > KEY {
        let size = text("Key").len().to_string();
        let refusal = Refusal::new("KeyTooLongError", "Your key is too long");
        return Err(refusal.with("Size", size).with("MaxSizeAllowed", KEY.to_string()));
    }
    if !["", "private", "bucket-owner-full-control"].contains(&text("ACL")) {
        return Err(Refusal::new("AccessControlListNotSupported", "The bucket does not allow ACLs"));
    }
    if !["", "AES256"].contains(&text("ServerSideEncryption")) {
        return Err(not_implemented("x-amz-server-side-encryption"));
    }
    if !["", "STANDARD"].contains(&text("StorageClass")) {
        return Err(not_implemented("x-amz-storage-class"));
    }
    let size: usize = texts(&input["Metadata"]).iter().map(|(name, value)| name.len() + value.len()).sum();
    if size > METADATA {
        let message = "Your metadata headers exceed the maximum allowed metadata size";
        let refusal = Refusal::new("MetadataTooLarge", message);
        return Err(refusal.with("Size", size.to_string()).with("MaxSizeAllowed", METADATA.to_string()));
    }
    Ok(())
}

/// The checksum is the given one, else S3's own choice.
fn content(input: &Value) -> Content {
    let bytes = STANDARD.decode(input["Body"].as_str().unwrap_or_default()).unwrap_or_default();
    let given = |algorithm: &&Algorithm| !input[algorithm.member()].is_null();
    let algorithm = Algorithm::ALL.iter().find(given).copied().unwrap_or(Algorithm::Crc64Nvme);
    let kept = KEPT.iter().filter_map(|name| Some(((*name).to_owned(), input[name].as_str()?.to_owned())));
    Content {
        size: bytes.len(),
        etag: format!("\"{}\"", checksum::hex(Algorithm::Md5, &bytes)),
        checksum: (algorithm.name().to_owned(), algorithm.of(&bytes)),
        headers: kept.collect(),
        metadata: texts(&input["Metadata"]),
        object_body: packed(&bytes),
    }
}

fn texts(map: &Value) -> BTreeMap<String, String> {
    let entries = map.as_object().into_iter().flatten();
    entries.map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
}
