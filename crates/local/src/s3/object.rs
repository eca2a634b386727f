//! An object's versions, and what calls say of them.

use std::collections::BTreeMap;
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::{DeflateDecoder, DeflateEncoder};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::bucket::{Bucket, Versioning};
use super::refusals::{argument, no_key, no_version};
use crate::refusal::Refusal;

/// One version of an object: its content, or the mark that it was deleted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Version {
    /// `null` for what was written without versions.
    pub id: String,
    pub modified: Timestamp,
    /// None in a delete marker.
    pub content: Option<Content>,
}

/// The bytes of an object and what is kept beside them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// Packed, since every call writes the whole world anew and versions are kept; in base64.
    pub object_body: String,
    /// In bytes.
    pub size: usize,
    /// The MD5 of the bytes in quotes.
    pub etag: String,
    /// The algorithm of the checksum, and the checksum in base64.
    pub checksum: (String, String),
    /// Headers that come back as they were given, by the names of the model.
    pub headers: BTreeMap<String, String>,
    /// The user's own headers, without `x-amz-meta-`.
    pub metadata: BTreeMap<String, String>,
}

impl Content {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let (packed, mut bytes) = (STANDARD.decode(&self.object_body).unwrap_or_default(), Vec::new());
        // What this service packed itself can be unpacked; a world changed by hand holds what can be read of it.
        let _ = DeflateDecoder::new(packed.as_slice()).read_to_end(&mut bytes);
        bytes
    }

    /// The checksum as the model's members.
    pub(super) fn checksum(&self) -> [(String, Value); 2] {
        let (algorithm, sum) = &self.checksum;
        [(format!("Checksum{algorithm}"), json!(sum)), ("ChecksumType".to_owned(), json!("FULL_OBJECT"))]
    }
}

impl Version {
    /// The id as answers give it: only of a bucket that has versions.
    pub(super) fn shown_id(&self, versioning: Option<Versioning>) -> Option<&str> {
        versioning.map(|_| self.id.as_str())
    }

    /// As a refusal says of a delete marker that stands in the way.
    pub(super) fn mark(&self, refusal: Refusal) -> Refusal {
        refusal.header("x-amz-delete-marker", "true").header("x-amz-version-id", self.id.as_str())
    }
}

/// Bytes as a content holds them.
pub(super) fn packed(bytes: &[u8]) -> String {
    let mut packed = Vec::new();
    // Reading from memory cannot fail.
    let _ = DeflateEncoder::new(bytes, Compression::fast()).read_to_end(&mut packed);
    STANDARD.encode(packed)
}

/// The version that a call names, else the newest, with its content.
pub(super) fn read<'a>(bucket: &'a Bucket, key: &str, id: Option<&str>) -> Result<(&'a Version, &'a Content), Refusal> {
    let versions = bucket.objects.get(key).map(Vec::as_slice).unwrap_or_default();
    let version = match id {
        Some(id) => {
            check_id(id)?;
            versions.iter().find(|version| version.id == id).ok_or_else(|| no_version(key, id))?
        }
        None => versions.first().ok_or_else(|| no_key(key))?,
    };
    match (&version.content, id) {
        (Some(content), _) => Ok((version, content)),
        (None, None) => Err(version.mark(no_key(key))),
        (None, Some(_)) => {
            let message = "The specified method is not allowed against this resource.";
            let refusal = Refusal::new("MethodNotAllowed", message).with("ResourceType", "DeleteMarker");
            Err(version.mark(refusal).header("allow", "DELETE"))
        }
    }
}

/// Refuses what is no version's id anywhere.
pub(super) fn check_id(id: &str) -> Result<(), Refusal> {
    let known = id == super::bucket::NO_VERSION || id.len() == 32;
    if known { Ok(()) } else { Err(argument("Invalid version id specified", "versionId", id)) }
}
