//! The calls about images.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::images::{Image, ImageMarks, Made, add, sha256};
use super::page::page;
use super::refusals::{self, invalid};
use super::{Repository, repository};
use crate::input;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// How a request names an image.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ImageId {
    image_digest: Option<String>,
    image_tag: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ImageIds {
    image_ids: Option<Vec<ImageId>>,
}

impl ImageId {
    fn shown(&self) -> Value {
        let mut shown = Map::new();
        shown.extend(self.image_digest.as_ref().map(|digest| ("imageDigest".to_owned(), json!(digest))));
        shown.extend(self.image_tag.as_ref().map(|tag| ("imageTag".to_owned(), json!(tag))));
        Value::Object(shown)
    }

    /// The image, or the code and reason of the failure.
    fn find<'a>(&self, repository: &'a Repository) -> Result<&'a Image, (&'static str, &'static str)> {
        const GONE: (&str, &str) = ("ImageNotFound", "Requested image not found");
        match (&self.image_digest, &self.image_tag) {
            (None, None) => {
                Err(("MissingDigestAndTag", "Invalid request parameters: both tag and digest cannot be null"))
            }
            (Some(digest), _) if !is_digest(digest) => Err((
                "InvalidImageDigest",
                "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
            )),
            (Some(digest), tag) => {
                let image = repository.images.get(digest).ok_or(GONE)?;
                match tag {
                    Some(tag) if !image.tags.contains(tag) => {
                        Err(("ImageTagDoesNotMatchDigest", "Requested image not found"))
                    }
                    _ => Ok(image),
                }
            }
            (None, Some(tag)) => repository.image(tag).ok_or(GONE),
        }
    }

    fn failure(&self, (code, reason): (&str, &str)) -> Value {
        json!({ "imageId": self.shown(), "failureCode": code, "failureReason": reason })
    }
}

fn is_digest(digest: &str) -> bool {
    let hex = |text: &str| !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_hexdigit());
    digest.split_once(':').is_some_and(|(kind, rest)| !kind.is_empty() && hex(rest))
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: ImageIds = input::read(input)?;
    let held = repository(world, caller, input)?;
    let Some(ids) = asked.image_ids else {
        let all = held.images.values().filter(|image| passes(image, &input["filter"]));
        let all = all.map(|image| (image.digest.clone(), detail(caller, held, image))).collect();
        let (page, next) = page(all, input, 100)?;
        return Ok(json!({ "imageDetails": page, "nextToken": next }));
    };
    if let Some(member) = ["maxResults", "nextToken"].into_iter().find(|member| !input[*member].is_null()) {
        return Err(invalid(member, format!("{member} cannot be specified together with imageIds")));
    }
    let mut details = Vec::new();
    for id in &ids {
        let absent = |_| refusals::no_image(caller, &held.name, id.image_digest.as_deref(), id.image_tag.as_deref());
        let found = detail(caller, held, id.find(held).map_err(absent)?);
        if !details.contains(&found) {
            details.push(found);
        }
    }
    Ok(json!({ "imageDetails": details }))
}

fn passes(image: &Image, filter: &Value) -> bool {
    let by_tags = match filter["tagStatus"].as_str() {
        Some("TAGGED") => !image.tags.is_empty(),
        Some("UNTAGGED") => image.tags.is_empty(),
        _ => true,
    };
    // Nothing is archived here.
    by_tags && matches!(filter["imageStatus"].as_str(), None | Some("ACTIVE" | "ANY"))
}

fn detail(caller: &Caller, repository: &Repository, image: &Image) -> Value {
    let tags = if image.tags.is_empty() { Value::Null } else { json!(image.tags) };
    json!({
        "registryId": caller.account,
        "repositoryName": repository.name,
        "imageDigest": image.digest,
        "imageTags": tags,
        "imageSizeInBytes": image.size_in_bytes,
        "imagePushedAt": image.pushed_at,
        "imageManifestMediaType": image.media_type,
        "artifactMediaType": image.artifact_media_type,
        "lastRecordedPullTime": image.pulled_at,
        "imageStatus": "ACTIVE",
    })
}

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let held = repository(world, caller, input)?;
    let mut all = Vec::new();
    for image in held.images.values().filter(|image| passes(image, &input["filter"])) {
        if image.tags.is_empty() {
            all.push((image.digest.clone(), json!({ "imageDigest": image.digest })));
        }
        let tagged =
            |tag: &String| (format!("{} {tag}", image.digest), json!({ "imageDigest": image.digest, "imageTag": tag }));
        all.extend(image.tags.iter().map(tagged));
    }
    let (page, next) = page(all, input, 100)?;
    Ok(json!({ "imageIds": page, "nextToken": next }))
}

pub(super) fn batch_get(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: ImageIds = input::read(input)?;
    let held = repository(world, caller, input)?;
    let (mut images, mut failures) = (Vec::new(), Vec::new());
    for id in asked.image_ids.unwrap_or_default() {
        match id.find(held) {
            Ok(image) => images.push(shown(caller, held, image, id.image_tag.as_deref())),
            Err(failure) => failures.push(id.failure(failure)),
        }
    }
    Ok(json!({ "images": images, "failures": failures }))
}

fn shown(caller: &Caller, repository: &Repository, image: &Image, tag: Option<&str>) -> Value {
    json!({
        "registryId": caller.account,
        "repositoryName": repository.name,
        "imageId": { "imageDigest": image.digest, "imageTag": tag },
        "imageManifest": image.manifest,
        "imageManifestMediaType": image.media_type,
    })
}

/// By digest an image goes with all its tags; by tag the tag goes, and the image with its last one.
pub(super) fn batch_delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: ImageIds = input::read(input)?;
    let held = repository(world, caller, input)?;
    let (mut gone, mut failures) = (Vec::new(), Vec::new());
    for id in asked.image_ids.unwrap_or_default() {
        let digest = match id.find(held) {
            Ok(image) => image.digest.clone(),
            Err(failure) => {
                failures.push(id.failure(failure));
                continue;
            }
        };
        gone.extend(remove(held, &digest, id.image_tag.as_deref()));
    }
    Ok(json!({ "imageIds": gone, "failures": failures }))
}

fn remove(repository: &mut Repository, digest: &str, tag: Option<&str>) -> Vec<Value> {
    let Some(image) = repository.images.get_mut(digest) else { return Vec::new() };
    if let Some(tag) = tag {
        image.tags.remove(tag);
        if image.tags.is_empty() {
            repository.images.remove(digest);
        }
        return vec![json!({ "imageDigest": digest, "imageTag": tag })];
    }
    let tags = repository.images.remove(digest).map(|image| image.tags).unwrap_or_default();
    if tags.is_empty() {
        return vec![json!({ "imageDigest": digest })];
    }
    tags.iter().map(|tag| json!({ "imageDigest": digest, "imageTag": tag })).collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Put {
    repository_name: String,
    image_manifest: String,
    image_manifest_media_type: Option<String>,
    image_tag: Option<String>,
    image_digest: Option<String>,
}

pub(super) fn put(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: Put = input::read(input)?;
    let made = made(&asked)?;
    let (digest, tag) = (made.digest.clone(), asked.image_tag.as_deref());
    let held = repository(world, caller, input)?;
    let same = held.images.get(&digest).is_some_and(|image| tag.is_none_or(|tag| image.tags.contains(tag)));
    if same {
        return Err(refusals::image_exists(caller, &held.name, &digest, tag));
    }
    add(world, caller, &asked.repository_name, made, tag)?;
    let held = repository(world, caller, input)?;
    let image = held.images.get(&digest).map(|image| shown(caller, held, image, tag));
    Ok(json!({ "image": image }))
}

/// Layers are not kept here, so the manifest's are taken to exist.
fn made(asked: &Put) -> Result<Made, Refusal> {
    let manifest: Value =
        serde_json::from_str(&asked.image_manifest).map_err(|_| invalid("ImageManifest", "Invalid JSON syntax"))?;
    let digest = sha256(&asked.image_manifest);
    if let Some(wanted) = asked.image_digest.as_ref().filter(|wanted| **wanted != digest) {
        let message = format!(
            "The specified image digest '{wanted}' does not match the digest that Amazon ECR calculated: '{digest}'"
        );
        return Err(Refusal::new("ImageDigestDoesNotMatchException", message));
    }
    let Some(media_type) = asked.image_manifest_media_type.as_deref().or(manifest["mediaType"].as_str()) else {
        return Err(invalid("imageManifestMediaType", "Media type must be given in the request or in the manifest"));
    };
    let layers = manifest["layers"].as_array().into_iter().flatten();
    let size = layers.chain([&manifest["config"]]).filter_map(|part| part["size"].as_u64()).sum();
    Ok(Made {
        digest,
        manifest: asked.image_manifest.clone(),
        media_type: media_type.to_owned(),
        artifact_media_type: manifest["config"]["mediaType"].as_str().unwrap_or_default().to_owned(),
        size_in_bytes: size,
        marks: ImageMarks::default(),
    })
}
