//! Deleting objects: for ever, or by a marker where the bucket has versions.

use serde_json::{Map, Value, json};

use super::bucket::{Bucket, Versioning, open, version_id};
use super::conditions;
use super::object::{Version, check_id};
use super::refusals::{not_implemented, only};
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// The most keys of one call.
const MOST: usize = 1000;

/// What a deletion did: the version it took away or marked.
struct Done {
    id: Option<String>,
    /// A marker was made, or taken away.
    marker: bool,
}

pub(super) fn object(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    only(input, &["IfMatch", "VersionId"])?;
    let done = one(world, caller, input, input)?;
    Ok(json!({ "VersionId": done.id, "DeleteMarker": done.marker.then_some(true) }))
}

pub(super) fn objects(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    only(input, &["ChecksumAlgorithm", "Delete"])?;
    open(world, caller, input)?;
    let asked = input["Delete"]["Objects"].as_array().cloned().unwrap_or_default();
    if asked.is_empty() || asked.len() > MOST {
        let message = "The XML you provided was not well-formed or did not validate against our published schema";
        return Err(Refusal::new("MalformedXML", message));
    }
    let (mut deleted, mut errors) = (Vec::new(), Vec::new());
    for object in &asked {
        let mut named = Map::from_iter([("Key".to_owned(), object["Key"].clone())]);
        named.extend(object["VersionId"].as_str().map(|id| ("VersionId".to_owned(), json!(id))));
        let condition = json!({ "Key": object["Key"], "VersionId": object["VersionId"], "IfMatch": object["ETag"] });
        match conditional(object).and_then(|()| one(world, caller, input, &condition)) {
            Ok(done) => {
                if done.marker {
                    named.insert("DeleteMarker".to_owned(), json!(true));
                    named.insert("DeleteMarkerVersionId".to_owned(), json!(done.id));
                }
                deleted.push(Value::Object(named));
            }
            Err(refusal) => {
                named.insert("Code".to_owned(), json!(refusal.code));
                named.insert("Message".to_owned(), json!(refusal.message));
                errors.push(Value::Object(named));
            }
        }
    }
    let quiet = input["Delete"]["Quiet"] == true;
    Ok(json!({ "Deleted": if quiet { Vec::new() } else { deleted }, "Errors": errors }))
}

/// Time and size are conditions of directory buckets alone.
fn conditional(object: &Value) -> Result<(), Refusal> {
    let other = ["LastModifiedTime", "Size"].into_iter().find(|name| !object[name].is_null());
    other.map_or(Ok(()), |name| Err(not_implemented(name)))
}

fn one(world: &mut World, caller: &Caller, input: &Value, object: &Value) -> Result<Done, Refusal> {
    let key = object["Key"].as_str().unwrap_or_default();
    let bucket = open(world, caller, input)?;
    conditions::delete(bucket, key, object["IfMatch"].as_str())?;
    match (object["VersionId"].as_str(), bucket.versioning) {
        (Some(id), _) => version(bucket, key, id),
        (None, None) => {
            bucket.objects.remove(key);
            Ok(Done { id: None, marker: false })
        }
        (None, Some(versioning)) => mark(world, caller, input, key, versioning),
    }
}

/// A version that is not there is as good as deleted.
fn version(bucket: &mut Bucket, key: &str, id: &str) -> Result<Done, Refusal> {
    check_id(id)?;
    let removed = bucket.remove(key, id);
    let id = bucket.versioning.map(|_| id.to_owned());
    Ok(Done { id, marker: removed.is_some_and(|version| version.content.is_none()) })
}

fn mark(world: &mut World, caller: &Caller, input: &Value, key: &str, versioning: Versioning) -> Result<Done, Refusal> {
    let (id, modified) = (version_id(world, Some(versioning)), world.now());
    open(world, caller, input)?.add(key, Version { id: id.clone(), modified, content: None });
    Ok(Done { id: Some(id), marker: true })
}
