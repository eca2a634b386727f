//! What lifecycle policies do to images, once a day.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::images::Image;
use super::{Repository, images::Images};
use crate::glob;
use crate::world::{Caller, World};

/// AWS looks at each policy within a day.
const BETWEEN: SignedDuration = SignedDuration::from_hours(24);

/// Applies the policies that are due.
pub(super) fn run(world: &mut World, caller: &Caller) {
    let now = world.now();
    let Some(region) =
        world.accounts.get_mut(&caller.account).and_then(|account| account.regions.get_mut(&caller.region))
    else {
        return;
    };
    for repository in region.ecr.repositories.values_mut() {
        let due = repository.lifecycle.as_ref().is_some_and(|lifecycle| lifecycle.evaluated_at + BETWEEN <= now);
        if due {
            apply(repository, now);
        }
    }
}

fn apply(repository: &mut Repository, now: Timestamp) {
    let Some(lifecycle) = &mut repository.lifecycle else { return };
    lifecycle.evaluated_at = now;
    let mut claimed = BTreeSet::new();
    for rule in lifecycle.policy["rules"].as_array().into_iter().flatten() {
        // An image that a rule selects is nothing to the rules after it.
        let selected = selected(&repository.images, &rule["selection"], &claimed);
        claimed.extend(selected.iter().cloned());
        if rule["action"]["type"] == "expire" {
            let expired = expired(&repository.images, &rule["selection"], selected, now);
            expired.iter().for_each(|digest| drop(repository.images.remove(digest)));
        }
    }
}

/// The digests that a rule selects, newest first.
fn selected(images: &Images, selection: &Value, claimed: &BTreeSet<String>) -> Vec<String> {
    let mut selected: Vec<_> =
        images.values().filter(|image| !claimed.contains(&image.digest) && fits(image, selection)).collect();
    selected.sort_by_key(|image| (Reverse(image.pushed_at), &image.digest));
    selected.into_iter().map(|image| image.digest.clone()).collect()
}

/// Every prefix or pattern of a rule must be met by some tag of the image.
fn fits(image: &Image, selection: &Value) -> bool {
    let each = |list: &str, meets: fn(&str, &str) -> bool| {
        let wanted = selection[list].as_array().into_iter().flatten().filter_map(Value::as_str);
        wanted.into_iter().all(|wanted| image.tags.iter().any(|tag| meets(wanted, tag)))
    };
    match selection["tagStatus"].as_str() {
        Some("untagged") => image.tags.is_empty(),
        Some("tagged") => {
            !image.tags.is_empty()
                && each("tagPrefixList", |prefix, tag| tag.starts_with(prefix))
                && each("tagPatternList", glob::fits)
        }
        _ => selection["storageClass"] != "archive",
    }
}

fn expired(images: &Images, selection: &Value, selected: Vec<String>, now: Timestamp) -> Vec<String> {
    let number = selection["countNumber"].as_i64().unwrap_or(i64::MAX);
    match selection["countType"].as_str() {
        Some("imageCountMoreThan") => selected.into_iter().skip(number as usize).collect(),
        Some("sinceImagePushed") => {
            let days = SignedDuration::from_hours(24 * number.min(100_000));
            selected
                .into_iter()
                .filter(|digest| images.get(digest).is_some_and(|image| image.pushed_at + days <= now))
                .collect()
        }
        _ => Vec::new(),
    }
}
