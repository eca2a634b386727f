//! Images of a repository, as records: no layers, but what a service that runs them would find out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One image of a repository.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Image {
    /// `sha256:` and 64 hex digits.
    pub digest: String,
    /// The manifest as it was put or made up.
    pub manifest: String,
    pub media_type: String,
    pub artifact_media_type: String,
    pub size_in_bytes: u64,
    pub pushed_at: Timestamp,
    pub pulled_at: Option<Timestamp>,
    /// The tags that point at this image now.
    pub tags: BTreeSet<String>,
    pub marks: ImageMarks,
}

/// What happens when the image runs: App Runner obeys it. The default is an image that does everything right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImageMarks {
    /// The one port the application listens on; none: whichever it is asked for.
    pub port: Option<u16>,
    /// The paths that answer 200, for example `/api/health`; none: every path.
    pub healthy_paths: Option<Vec<String>>,
    /// `amd64` or `arm64`.
    pub architecture: String,
    /// The lines the application logs while it crashes at its start; none: it does not crash.
    pub crash: Option<Vec<String>>,
}

impl Default for ImageMarks {
    fn default() -> Self {
        Self { port: None, healthy_paths: None, architecture: "amd64".to_owned(), crash: None }
    }
}

/// The images of one repository, by digest.
pub type Images = BTreeMap<String, Image>;

/// The image that a tag or a digest (`sha256:…`) names.
pub(super) fn named<'a>(images: &'a Images, tag_or_digest: &str) -> Option<&'a Image> {
    match images.get(tag_or_digest) {
        Some(image) => Some(image),
        None => images.values().find(|image| image.tags.contains(tag_or_digest)),
    }
}
