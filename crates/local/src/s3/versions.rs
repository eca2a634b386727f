//! All versions of a bucket's objects, the markers of deleted ones among them.

use serde_json::{Value, json};

use super::bucket::{Bucket, open, owner};
use super::object::Version;
use super::page::{Asked, Shown, view};
use super::refusals::{argument, only};
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

const HEEDED: &[&str] = &["Delimiter", "EncodingType", "KeyMarker", "MaxKeys", "Prefix", "VersionIdMarker"];

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    only(input, HEEDED)?;
    let bucket = open(world, caller, input)?;
    let asked = Asked::read(input)?;
    let left = after(bucket, &asked, input)?;
    let (shown, more) = asked.page(left.into_iter());
    let (mut versions, mut markers) = (Vec::new(), Vec::new());
    for place in &shown {
        let Shown::Item((key, (version, is_latest))) = place else { continue };
        let mut view = view(asked.written(key), version);
        view["IsLatest"] = json!(is_latest);
        view["VersionId"] = json!(version.id);
        view["Owner"] = owner(&caller.account);
        if version.content.is_some() { versions.push(view) } else { markers.push(view) }
    }
    let (next_key, next_version) = match shown.last().filter(|_| more) {
        Some(Shown::Item((key, (version, _)))) => (Some(asked.written(key)), Some(version.id.as_str())),
        Some(Shown::Prefix(prefix)) => (Some(asked.written(prefix)), None),
        None => (None, None),
    };
    let own = json!({
        "KeyMarker": asked.repeated(input, "KeyMarker").unwrap_or_default(),
        "VersionIdMarker": input["VersionIdMarker"].as_str().unwrap_or_default(),
        "NextKeyMarker": next_key,
        "NextVersionIdMarker": next_version,
        "Versions": versions,
        "DeleteMarkers": markers,
    });
    Ok(asked.answer(input, &shown, more, own))
}

/// A version with whether it is the newest, by its key.
type Entry<'a> = (String, (&'a Version, bool));

/// The versions that come after the markers.
fn after<'a>(bucket: &'a Bucket, asked: &Asked<'_>, input: &Value) -> Result<Vec<Entry<'a>>, Refusal> {
    let key = input["KeyMarker"].as_str().unwrap_or_default();
    let id = input["VersionIdMarker"].as_str().filter(|id| !id.is_empty());
    if let (true, Some(id)) = (key.is_empty(), id) {
        let message = "A version-id marker cannot be specified without a key marker.";
        return Err(argument(message, "version-id-marker", id));
    }
    let rolled_up = asked.common(key).is_some_and(|prefix| prefix == key);
    let mut left = Vec::new();
    for (name, versions) in &bucket.objects {
        if name.as_str() < key || (rolled_up && name.starts_with(key)) {
            continue;
        }
        // Of the marker's own key the versions after that of the marker are left: none, if it names none.
        let from = if name == key { rest(versions, id) } else { 0 };
        let numbered = versions.iter().enumerate().skip(from);
        left.extend(numbered.map(|(at, version)| (name.clone(), (version, at == 0))));
    }
    Ok(left)
}

fn rest(versions: &[Version], id: Option<&str>) -> usize {
    let at = id.and_then(|id| versions.iter().position(|version| version.id == id));
    at.map_or(versions.len(), |at| at + 1)
}
