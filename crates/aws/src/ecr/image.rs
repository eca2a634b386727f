//! `data.ecr_image`: an image that is in a repository (`aws-behaviour.md` 1.4).

use std::collections::BTreeMap;

use aws_sdk_ecr::types::ImageIdentifier;
use model::{
    Attribute, Kind, Value,
    schema::{DataSchema, Finding},
};
use provider::{DataSource, Failure, FailureKind, Place};

use crate::{
    client::{Attempts, Client},
    failure::failure,
    values::time,
};

pub static SCHEMA: DataSchema = DataSchema {
    name: "ecr_image",
    doc: "An image in a repository, by tag or digest.",
    attributes: &[
        Attribute::required("repository_name", Kind::Text).doc("The repository's name."),
        Attribute::optional("image_tag", Kind::Text).doc("The tag; without tag and digest the newest image is taken."),
        Attribute::optional("image_digest", Kind::Text).doc("The digest, `sha256:…`."),
        Attribute::computed("image_uri", Kind::Text)
            .doc("The image with its digest: it stays what it is when the tag moves."),
        Attribute::computed("image_tags", Kind::Set(&Kind::Text)).doc("All its tags."),
        Attribute::computed("image_size_in_bytes", Kind::Number).doc("Its size as pushed."),
        Attribute::computed("image_pushed_at", Kind::Text).doc("When it was pushed, RFC 3339."),
    ],
    local: None,
    check,
};

fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let both = arguments.contains_key("image_tag") && arguments.contains_key("image_digest");
    let finding = both.then(|| Finding {
        path: "image_digest".to_owned(),
        summary: "attributes do not go together",
        detail: "an image is named by `image_tag` or by `image_digest`".to_owned(),
        hint: Some("leave one out".to_owned()),
        warning: false,
    });
    finding.into_iter().collect()
}

/// The read of `data.ecr_image`.
pub struct EcrImage;

impl DataSource for EcrImage {
    const SCHEMA: &'static DataSchema = &SCHEMA;
    type Client = Client;

    async fn read(
        client: &Client,
        place: &Place,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<BTreeMap<String, Value>, Failure> {
        const OPERATION: &str = "ecr:DescribeImages";
        let text = |name: &str| arguments.get(name).and_then(Value::as_text);
        let repository = text("repository_name").unwrap_or_default();
        let named = text("image_tag").is_some() || text("image_digest").is_some();
        let id = ImageIdentifier::builder()
            .set_image_tag(text("image_tag").map(str::to_owned))
            .set_image_digest(text("image_digest").map(str::to_owned))
            .build();
        let call = client.ecr(&place.region, Attempts::Repeat).describe_images().repository_name(repository);
        let call = call.set_image_ids(named.then(|| vec![id])).into_paginator().items().send();
        let found: Vec<_> = call.try_collect().await.map_err(|error| failure(OPERATION, error))?;
        let newest = found.into_iter().max_by_key(|image| image.image_pushed_at().map(|time| time.as_nanos()));
        let Some(image) = newest else {
            let message = format!("the repository {repository} holds no image");
            return Err(Failure::new(FailureKind::NotFound, OPERATION, message));
        };
        let digest = image.image_digest().unwrap_or_default();
        let suffix = crate::values::dns_suffix(&place.partition);
        let host = format!("{}.dkr.ecr.{}.{suffix}", place.account, place.region);
        let mut values = arguments.clone();
        values.extend([
            ("image_digest".to_owned(), digest.into()),
            ("image_uri".to_owned(), format!("{host}/{repository}@{digest}").into()),
            ("image_tags".to_owned(), image.image_tags().to_vec().into()),
            ("image_size_in_bytes".to_owned(), image.image_size_in_bytes().into()),
            ("image_pushed_at".to_owned(), image.image_pushed_at().map(time).into()),
        ]);
        Ok(values)
    }
}
