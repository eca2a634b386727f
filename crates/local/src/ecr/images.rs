//! Images of a repository, as records: no layers, but what a service that runs them would find out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Repository, mutability, refusals};
use crate::apprunner;
use crate::refusal::Refusal;
use crate::world::{Caller, World};

const MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const CONFIG: &str = "application/vnd.docker.container.image.v1+json";
const LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar.gzip";

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

/// An image before it is in a repository.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) digest: String,
    pub(super) manifest: String,
    pub(super) media_type: String,
    pub(super) artifact_media_type: String,
    pub(super) size_in_bytes: u64,
    pub(super) marks: ImageMarks,
}

impl Made {
    /// An image with the given content, which may be any text: the same text makes the same image.
    pub(crate) fn new(content: &str, digest: Option<String>, marks: ImageMarks) -> Self {
        const SIZE: u64 = 48_000_000;
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": { "mediaType": CONFIG, "size": 1500, "digest": sha256(&format!("config {content}")) },
            "layers": [{ "mediaType": LAYER, "size": SIZE, "digest": sha256(&format!("layer {content}")) }],
        });
        let manifest = format!("{manifest:#}");
        Self {
            digest: digest.unwrap_or_else(|| sha256(&manifest)),
            manifest,
            media_type: MANIFEST.to_owned(),
            artifact_media_type: CONFIG.to_owned(),
            size_in_bytes: SIZE,
            marks,
        }
    }
}

pub(super) fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest.iter().fold("sha256:".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

/// The image that a tag or a digest (`sha256:…`) names.
pub(super) fn named<'a>(images: &'a Images, tag_or_digest: &str) -> Option<&'a Image> {
    match images.get(tag_or_digest) {
        Some(image) => Some(image),
        None => images.values().find(|image| image.tags.contains(tag_or_digest)),
    }
}

/// Puts an image into a repository; its tag leaves the image that had it.
pub(crate) fn add(
    world: &mut World,
    caller: &Caller,
    repository: &str,
    made: Made,
    tag: Option<&str>,
) -> Result<(), Refusal> {
    let now = world.now();
    let held = world.region(caller).ecr.repositories.get_mut(repository);
    let held = held.ok_or_else(|| refusals::no_repository(caller, repository))?;
    if let Some(tag) = tag {
        free(held, &made.digest, tag)?;
    }
    let image = held.images.entry(made.digest.clone()).or_insert_with(|| Image {
        digest: made.digest,
        manifest: made.manifest,
        media_type: made.media_type,
        artifact_media_type: made.artifact_media_type,
        size_in_bytes: made.size_in_bytes,
        pushed_at: now,
        pulled_at: None,
        tags: BTreeSet::new(),
        marks: ImageMarks::default(),
    });
    image.marks = made.marks;
    image.tags.extend(tag.map(str::to_owned));
    // A service that follows the tag deploys the image.
    tag.into_iter().for_each(|tag| apprunner::image_pushed(world, caller, repository, tag));
    Ok(())
}

/// Takes a tag from the image that has it, unless the tag is immutable.
fn free(repository: &mut Repository, digest: &str, tag: &str) -> Result<(), Refusal> {
    let immutable = mutability::is_immutable(repository, tag);
    let name = repository.name.clone();
    let holder = repository.images.values_mut().find(|image| image.tags.contains(tag) && image.digest != digest);
    match holder {
        Some(_) if immutable => Err(refusals::tag_immutable(&name, tag)),
        Some(holder) => {
            holder.tags.remove(tag);
            Ok(())
        }
        None => Ok(()),
    }
}

/// Lets the expected images of a repository arrive, those that are not there.
pub(crate) fn arrive(world: &mut World, caller: &Caller, repository: &str) {
    let ecr = &world.region(caller).ecr;
    let Some(held) = ecr.repositories.get(repository) else { return };
    let of_this = |reference: &&String| {
        reference.rsplit_once(':').is_some_and(|(name, tag)| name == repository && held.image(tag).is_none())
    };
    let missing: Vec<_> = ecr.expected.values().flatten().filter(of_this).cloned().collect();
    for reference in missing {
        let made = Made::new(&reference, None, ImageMarks::default());
        let tag = reference.rsplit_once(':').map(|(_, tag)| tag);
        // The repository is there and the tag is free, so nothing can refuse it.
        let _ = add(world, caller, repository, made, tag);
    }
}
