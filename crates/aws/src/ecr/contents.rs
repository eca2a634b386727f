//! What lies in a repository.

use std::cmp::Reverse;

use aws_sdk_ecr::types::ImageDetail;
use provider::{Failure, Place};

use crate::calls::count;
use crate::{
    client::{Attempts, Client},
    failure::failure,
};

pub(super) async fn images(client: &Client, place: &Place, id: &str) -> Result<Vec<ImageDetail>, Failure> {
    let pages = client.ecr(&place.region, Attempts::Repeat).describe_images().repository_name(id).into_paginator();
    pages.items().send().try_collect().await.map_err(|error| failure("ecr:DescribeImages", error))
}

/// `7 images (latest, v5, v4, … and 2 without a tag; 336.0 MB)`, the newest first.
pub(super) fn counted(images: &[ImageDetail]) -> String {
    const NAMED: usize = 5;
    let mut newest: Vec<&ImageDetail> = images.iter().collect();
    newest.sort_by_key(|image| (Reverse(image.image_pushed_at()), image.image_tags().first()));
    let tagged = newest.iter().filter_map(|image| image.image_tags().first());
    let mut named: Vec<&str> = tagged.clone().take(NAMED).map(String::as_str).collect();
    if tagged.clone().count() > NAMED {
        named.push("…");
    }
    let untagged = images.iter().filter(|image| image.image_tags().is_empty()).count();
    let untagged = (untagged > 0).then(|| format!("{untagged} without a tag"));
    let size: i64 = images.iter().filter_map(|image| image.image_size_in_bytes()).sum();
    let names: Vec<String> = [named.join(", ")].into_iter().filter(|names| !names.is_empty()).chain(untagged).collect();
    format!("{} ({}; {:.1} MB)", count(images.len(), "image"), names.join(" and "), size as f64 / 1e6)
}
