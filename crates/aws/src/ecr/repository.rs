//! `ecr_repository` (`aws-behaviour.md` 1.1 to 1.3).

use std::collections::BTreeMap;

use aws_sdk_ecr::types::{
    EncryptionConfiguration, EncryptionType, ImageScanningConfiguration, ImageTagMutability,
    ImageTagMutabilityExclusionFilter, ImageTagMutabilityExclusionFilterType, Repository, Tag,
};
use model::{
    Attribute, Kind, Live, Schema, Value,
    schema::{Compare, DefaultTimeouts, Finding, Prediction, Preset, Unset},
};
use provider::{
    Blocker, Call, Failure, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want,
    retry::RetryPhase,
};
use serde::Deserialize;

use super::{
    contents::{counted, images},
    lifecycle, limits,
};
use crate::{
    calls::{absent, consistent, count, eight_at_a_time, made_by, remove, upsert},
    client::{Attempts, Client},
    failure::failure,
    values::{Document, arn, dns_suffix, document, object, time},
};

pub static SCHEMA: Schema = Schema {
    name: "ecr_repository",
    doc: "A repository for container images.",
    attributes: &[
        Attribute::required("repository_name", Kind::Text)
            .member(&limits::create_repository_request::REPOSITORY_NAME)
            .replaces()
            .doc("The name; it may hold `/` for namespaces."),
        Attribute::name_prefix("repository_name_prefix", "repository_name")
            .member(&limits::create_repository_request::REPOSITORY_NAME),
        Attribute::optional("image_tag_mutability", Kind::Text)
            .member(&limits::create_repository_request::IMAGE_TAG_MUTABILITY)
            .on_unset(Unset::Default(Preset::Text("MUTABLE")))
            .doc("Whether a tag may be moved to another image. AWS's default: `MUTABLE`."),
        Attribute::optional(
            "image_tag_mutability_exclusion_filters",
            Kind::Set(&Kind::Object(&[
                Attribute::required("filter_type", Kind::Text)
                    .member(&limits::image_tag_mutability_exclusion_filter::FILTER_TYPE)
                    .doc("`WILDCARD`."),
                Attribute::required("filter", Kind::Text)
                    .member(&limits::image_tag_mutability_exclusion_filter::FILTER)
                    .doc("Tags it matches, with `*`."),
            ])),
        )
        .member(&limits::create_repository_request::IMAGE_TAG_MUTABILITY_EXCLUSION_FILTERS)
        .doc("Tags that the mutability does not apply to; needs a mutability `…_WITH_EXCLUSION`."),
        Attribute::optional(
            "image_scanning_configuration",
            Kind::Object(&[Attribute::optional("scan_on_push", Kind::Flag)
                .member(&limits::image_scanning_configuration::SCAN_ON_PUSH)
                .on_unset(Unset::Default(Preset::Flag(false)))
                .doc("Scans each image when it is pushed. AWS's default: `false`.")]),
        )
        .member(&limits::create_repository_request::IMAGE_SCANNING_CONFIGURATION)
        .on_unset(Unset::Clear)
        .doc("Scanning for known vulnerabilities."),
        Attribute::optional(
            "encryption_configuration",
            Kind::Object(&[
                Attribute::required("encryption_type", Kind::Text)
                    .member(&limits::encryption_configuration::ENCRYPTION_TYPE)
                    .replaces()
                    .doc("`AES256`, `KMS` or `KMS_DSSE`."),
                Attribute::optional("kms_key", Kind::Text)
                    .member(&limits::encryption_configuration::KMS_KEY)
                    .replaces()
                    .doc("The key's ARN; without it AWS's own key for ECR."),
            ]),
        )
        .member(&limits::create_repository_request::ENCRYPTION_CONFIGURATION)
        .replaces()
        .doc("Encryption at rest; it cannot be changed later. AWS's default: `AES256`."),
        Attribute::optional("lifecycle_policy_text", Kind::Document)
            .member(&limits::put_lifecycle_policy_request::LIFECYCLE_POLICY_TEXT)
            .compare(Compare::Same(lifecycle::same))
            .on_unset(Unset::Clear)
            .doc("The rules by which images expire, as a table or JSON text."),
        Attribute::optional("policy_text", Kind::Document)
            .member(&limits::set_repository_policy_request::POLICY_TEXT)
            .compare(Compare::Policy)
            .on_unset(Unset::Clear)
            .doc("Who else may use the repository, as a table or JSON text."),
        Attribute::optional("tags", Kind::Map(&Kind::Text))
            .member(&limits::create_repository_request::TAGS)
            .per_key("")
            .doc("Tags."),
        Attribute::optional("force_delete", Kind::Flag).deletion().doc(
            "Deletes the repository together with its images. Without it, a repository with images is not deleted.",
        ),
        Attribute::computed("repository_arn", Kind::Text).predicted(repository_arn).doc("The ARN."),
        Attribute::computed("repository_uri", Kind::Text)
            .predicted(repository_uri)
            .doc("Where images are pushed to and pulled from."),
        Attribute::computed("registry_id", Kind::Text)
            .predicted(|prediction| prediction.environment.account.clone().map(Value::Text))
            .doc("The account that holds it."),
        Attribute::computed("created_at", Kind::Text).doc("When it was created, RFC 3339."),
    ],
    natural_name: &["repository_name"],
    import_id: "the repository's name",
    predict_id: Some(|prediction| prediction.text("repository_name").map(str::to_owned)),
    revisions: false,
    global: false,
    taggable: true,
    loses: Some("every image in the repository"),
    timeouts: DefaultTimeouts { create: 120, update: 120, delete: 1200 },
    check,
};

fn repository_arn(prediction: &Prediction<'_>) -> Option<Value> {
    let name = prediction.text("repository_name")?;
    arn(prediction, "ecr", &format!("repository/{name}")).map(Value::Text)
}

fn repository_uri(prediction: &Prediction<'_>) -> Option<Value> {
    let name = prediction.text("repository_name")?;
    let account = prediction.environment.account.as_ref()?;
    let suffix = dns_suffix(&prediction.environment.partition);
    Some(format!("{account}.dkr.ecr.{}.{suffix}/{name}", prediction.region).into())
}

fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let mut found = lifecycle::check(arguments);
    let mutability = arguments.get("image_tag_mutability");
    let excluding = mutability.and_then(Value::as_text).is_some_and(|text| text.ends_with("_WITH_EXCLUSION"));
    let filters = arguments.contains_key("image_tag_mutability_exclusion_filters");
    if excluding != filters && mutability.is_none_or(Value::is_known) {
        found.push(Finding {
            path: if filters { "image_tag_mutability_exclusion_filters" } else { "image_tag_mutability" }.to_owned(),
            summary: "attributes do not go together",
            detail: "`image_tag_mutability_exclusion_filters` and a mutability `…_WITH_EXCLUSION` need each other"
                .to_owned(),
            hint: Some("write both, or neither".to_owned()),
            warning: false,
        });
    }
    let encryption = arguments.get("encryption_configuration").and_then(Value::as_map);
    if let Some(encryption) = encryption
        && encryption.get("encryption_type").and_then(Value::as_text) == Some("AES256")
        && encryption.contains_key("kms_key")
    {
        found.push(Finding {
            path: "encryption_configuration.kms_key".to_owned(),
            summary: "attributes do not go together",
            detail: "`AES256` takes no `kms_key`".to_owned(),
            hint: Some("use `encryption_type = \"KMS\"`, or leave the key out".to_owned()),
            warning: false,
        });
    }
    found
}

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    repository_name: String,
    image_tag_mutability: Option<String>,
    #[serde(default)]
    image_tag_mutability_exclusion_filters: Vec<ExclusionFilter>,
    image_scanning_configuration: Option<Scanning>,
    encryption_configuration: Option<Encryption>,
    lifecycle_policy_text: Option<Document>,
    policy_text: Option<Document>,
}

#[derive(Debug, Deserialize)]
struct ExclusionFilter {
    filter_type: String,
    filter: String,
}

#[derive(Debug, Deserialize)]
struct Scanning {
    #[serde(default)]
    scan_on_push: bool,
}

#[derive(Debug, Deserialize)]
struct Encryption {
    encryption_type: String,
    kms_key: Option<String>,
}

/// The verbs of `ecr_repository`.
pub struct EcrRepository;

impl Resource for EcrRepository {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("ecr:CreateRepository", RetryClass::NaturalName);
    const DELETE: &'static str = "ecr:DeleteRepository";
    const RETRIES: &'static [Retry] = &[Retry {
        code: "InvalidParameterException",
        fragment: "invalid repository policy provided",
        phases: &[RetryPhase::Create, RetryPhase::Update],
        window: 120,
        fresh_only: true,
        waiting_for: "IAM",
    }];

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let arguments = &want.arguments;
        let scanning = arguments.image_scanning_configuration.as_ref();
        client
            .ecr(&place.region, Attempts::Once)
            .create_repository()
            .repository_name(&arguments.repository_name)
            .set_image_tag_mutability(arguments.image_tag_mutability.as_deref().map(ImageTagMutability::from))
            .set_image_tag_mutability_exclusion_filters(exclusion_filters(arguments))
            .set_image_scanning_configuration(
                scanning
                    .map(|scanning| ImageScanningConfiguration::builder().scan_on_push(scanning.scan_on_push).build()),
            )
            .set_encryption_configuration(arguments.encryption_configuration.as_ref().map(encryption))
            .set_tags(Some(tags(&want.tags)))
            .send()
            .await
            .map_err(|error| failure("ecr:CreateRepository", error))?;
        Ok(Sent::id(&arguments.repository_name))
    }

    fn next<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        let update = Update { client, place, want, live };
        update
            .mutability()
            .or_else(|| update.scanning())
            .or_else(|| update.lifecycle_policy())
            .or_else(|| update.policy())
            .or_else(|| update.set_tags())
            .or_else(|| update.remove_tags())
    }

    async fn settle(
        client: &Client,
        place: &Place,
        id: &str,
        _operation: Option<&str>,
        goal: Goal,
    ) -> Result<Settled, Failure> {
        let found = !describe(client, place, &[id.to_owned()]).await?.is_empty();
        Ok(consistent(found, goal, 2))
    }

    async fn read(client: &Client, place: &Place, ids: &[String]) -> Result<Vec<Option<Live>>, Failure> {
        let found = describe(client, place, ids).await?;
        let found: BTreeMap<&str, &Repository> =
            found.iter().filter_map(|repository| Some((repository.repository_name()?, repository))).collect();
        let found = &found;
        let reads = ids.iter().map(|id| async move {
            match found.get(id.as_str()) {
                Some(repository) => live(client, place, id, repository).await,
                None => Ok(None),
            }
        });
        eight_at_a_time(reads.collect()).await
    }

    async fn delete(
        client: &Client,
        place: &Place,
        id: &str,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<Sent, Failure> {
        let force = arguments.get("force_delete").and_then(Value::as_flag).unwrap_or(false);
        let answer = client
            .ecr(&place.region, Attempts::Repeat)
            .delete_repository()
            .repository_name(id)
            .force(force)
            .send()
            .await
            .map_err(|error| failure(Self::DELETE, error));
        match answer {
            Err(failure) if !failure.is_not_found() => Err(failure),
            _ => Ok(Sent::id(id)),
        }
    }

    async fn blockers(
        client: &Client,
        place: &Place,
        live: &Live,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<Vec<Blocker>, Failure> {
        let images = images(client, place, &live.id).await?;
        if images.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![Blocker {
            what: counted(&images),
            toml: Some("force_delete = true".to_owned()),
            flag: Some("--delete-images".to_owned()),
            cleared: arguments.get("force_delete").and_then(Value::as_flag) == Some(true),
            ..Blocker::default()
        }])
    }

    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        let Some(name) = intent.identity.get("repository_name").and_then(Value::as_text) else { return Ok(None) };
        let found = Self::read(client, place, &[name.to_owned()]).await?.into_iter().flatten().next();
        Ok(made_by(found, intent))
    }

    async fn list(client: &Client, place: &Place, _environment: &str) -> Result<Vec<String>, Failure> {
        Ok(all(client, place).await?.into_iter().filter_map(|repository| repository.repository_name).collect())
    }

    async fn namesake(
        client: &Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let Some(name) = identity.get("repository_name").and_then(Value::as_text) else { return Ok(None) };
        let found = describe(client, place, &[name.to_owned()]).await?;
        Ok(found.first().and_then(|repository| repository.repository_name()).map(str::to_owned))
    }
}

/// The repositories of these names that exist. One missing name fails the whole call, so then all are listed.
async fn describe(client: &Client, place: &Place, names: &[String]) -> Result<Vec<Repository>, Failure> {
    let ecr = client.ecr(&place.region, Attempts::Repeat);
    if names.len() <= 100 {
        let answer = ecr.describe_repositories().set_repository_names(Some(names.to_vec())).send().await;
        match answer.map_err(|error| failure("ecr:DescribeRepositories", error)) {
            Ok(answer) => return Ok(answer.repositories.unwrap_or_default()),
            Err(failure) if !failure.is_not_found() => return Err(failure),
            Err(_) if names.len() == 1 => return Ok(Vec::new()),
            Err(_) => {}
        }
    }
    Ok(all(client, place)
        .await?
        .into_iter()
        .filter(|found| names.iter().any(|name| found.repository_name() == Some(name)))
        .collect())
}

async fn all(client: &Client, place: &Place) -> Result<Vec<Repository>, Failure> {
    let ecr = client.ecr(&place.region, Attempts::Repeat);
    let pages = ecr.describe_repositories().max_results(1000).into_paginator().items().send();
    pages.try_collect().await.map_err(|error| failure("ecr:DescribeRepositories", error))
}

/// Everything about one repository; nothing when it went away meanwhile.
async fn live(client: &Client, place: &Place, id: &str, found: &Repository) -> Result<Option<Live>, Failure> {
    let ecr = client.ecr(&place.region, Attempts::Repeat);
    let arn = found.repository_arn().unwrap_or_default();
    let (tags, lifecycle, policy) = futures::join!(
        ecr.list_tags_for_resource().resource_arn(arn).send(),
        ecr.get_lifecycle_policy().repository_name(id).send(),
        ecr.get_repository_policy().repository_name(id).send(),
    );
    let tags = match tags.map_err(|error| failure("ecr:ListTagsForResource", error)) {
        Ok(answer) => answer.tags.unwrap_or_default(),
        Err(failure) if failure.is_not_found() => return Ok(None),
        Err(failure) => return Err(failure),
    };
    let lifecycle = absent(lifecycle.map_err(|error| failure("ecr:GetLifecyclePolicy", error)))?;
    let policy = absent(policy.map_err(|error| failure("ecr:GetRepositoryPolicy", error)))?;
    let lifecycle = lifecycle.and_then(|answer| answer.lifecycle_policy_text);
    let policy = policy.and_then(|answer| answer.policy_text);
    let filters = found.image_tag_mutability_exclusion_filters().iter().map(|filter| {
        object([("filter_type", filter.filter_type().as_str().into()), ("filter", filter.filter().into())])
    });
    let scanning = found.image_scanning_configuration().is_some_and(ImageScanningConfiguration::scan_on_push);
    let encryption = found.encryption_configuration().map(|encryption| {
        object([
            ("encryption_type", encryption.encryption_type().as_str().into()),
            ("kms_key", encryption.kms_key().map(str::to_owned).into()),
        ])
    });
    Ok(Some(
        Live::new(id)
            .with("repository_name", id)
            .with("image_tag_mutability", found.image_tag_mutability().map(|mutability| mutability.as_str().to_owned()))
            .with("image_tag_mutability_exclusion_filters", filters.collect::<Vec<_>>())
            .with("image_scanning_configuration", object([("scan_on_push", scanning.into())]))
            .with("encryption_configuration", encryption)
            .with("lifecycle_policy_text", lifecycle.as_deref().map(document))
            .with("policy_text", policy.as_deref().map(document))
            .with("repository_arn", arn)
            .with("repository_uri", found.repository_uri().map(str::to_owned))
            .with("registry_id", found.registry_id().map(str::to_owned))
            .with("created_at", found.created_at().map(time))
            .tagged(tags.into_iter().map(|tag| (tag.key, tag.value))),
    ))
}

fn tags(tags: &BTreeMap<String, String>) -> Vec<Tag> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    tags.iter().map(tag).collect::<Result<_, _>>().expect("key and value are set")
}

fn encryption(written: &Encryption) -> EncryptionConfiguration {
    EncryptionConfiguration::builder()
        .encryption_type(EncryptionType::from(written.encryption_type.as_str()))
        .set_kms_key(written.kms_key.clone())
        .build()
        .expect("the type is set")
}

fn exclusion_filters(arguments: &Arguments) -> Option<Vec<ImageTagMutabilityExclusionFilter>> {
    let filter = |written: &ExclusionFilter| {
        ImageTagMutabilityExclusionFilter::builder()
            .filter_type(ImageTagMutabilityExclusionFilterType::from(written.filter_type.as_str()))
            .filter(&written.filter)
            .build()
            .expect("type and filter are set")
    };
    let filters = &arguments.image_tag_mutability_exclusion_filters;
    (!filters.is_empty()).then(|| filters.iter().map(filter).collect())
}

/// The updates of one repository, each the call that is still to send or nothing.
struct Update<'a> {
    client: &'a Client,
    place: &'a Place,
    want: &'a Want<Arguments>,
    live: &'a Live,
}

impl<'a> Update<'a> {
    fn ecr(&self) -> aws_sdk_ecr::Client {
        self.client.ecr(&self.place.region, Attempts::Repeat)
    }

    fn arn(&self) -> String {
        self.live.attributes.get("repository_arn").and_then(Value::as_text).unwrap_or_default().to_owned()
    }

    fn mutability(&self) -> Option<Call<'a>> {
        let differs = ["image_tag_mutability", "image_tag_mutability_exclusion_filters"];
        if !differs.iter().any(|name| self.want.differs(name)) {
            return None;
        }
        let arguments = &self.want.arguments;
        let wanted = arguments.image_tag_mutability.as_deref().unwrap_or("MUTABLE");
        let call = self
            .ecr()
            .put_image_tag_mutability()
            .repository_name(&self.live.id)
            .image_tag_mutability(ImageTagMutability::from(wanted))
            .set_image_tag_mutability_exclusion_filters(exclusion_filters(arguments));
        Some(upsert("ecr:PutImageTagMutability", format!("sets the tag mutability to {wanted}"), call.send()))
    }

    fn scanning(&self) -> Option<Call<'a>> {
        let name = "image_scanning_configuration";
        if !self.want.differs(name) && !self.want.clears(name) {
            return None;
        }
        let written = self.want.arguments.image_scanning_configuration.as_ref();
        let scan = written.is_some_and(|scanning| scanning.scan_on_push);
        if self.live.attributes.get(name) == Some(&object([("scan_on_push", scan.into())])) {
            return None;
        }
        let call = self.ecr().put_image_scanning_configuration().repository_name(&self.live.id);
        let call = call.image_scanning_configuration(ImageScanningConfiguration::builder().scan_on_push(scan).build());
        let does = format!("switches scanning on push {}", if scan { "on" } else { "off" });
        Some(upsert("ecr:PutImageScanningConfiguration", does, call.send()))
    }

    fn lifecycle_policy(&self) -> Option<Call<'a>> {
        let name = "lifecycle_policy_text";
        if let Some(Document(text)) = &self.want.arguments.lifecycle_policy_text
            && self.want.differs(name)
        {
            let call = self.ecr().put_lifecycle_policy().repository_name(&self.live.id).lifecycle_policy_text(text);
            return Some(upsert("ecr:PutLifecyclePolicy", "sets the lifecycle policy", call.send()));
        }
        let call = self.ecr().delete_lifecycle_policy().repository_name(&self.live.id);
        self.is_left_over(name)
            .then(|| remove("ecr:DeleteLifecyclePolicy", "removes the lifecycle policy", call.send()))
    }

    fn policy(&self) -> Option<Call<'a>> {
        let name = "policy_text";
        if let Some(Document(text)) = &self.want.arguments.policy_text
            && self.want.differs(name)
        {
            let call = self.ecr().set_repository_policy().repository_name(&self.live.id).policy_text(text);
            return Some(upsert("ecr:SetRepositoryPolicy", "sets the repository policy", call.send()));
        }
        let call = self.ecr().delete_repository_policy().repository_name(&self.live.id);
        self.is_left_over(name)
            .then(|| remove("ecr:DeleteRepositoryPolicy", "removes the repository policy", call.send()))
    }

    /// Whether an attribute is to be cleared and still there.
    fn is_left_over(&self, name: &str) -> bool {
        self.want.clears(name) && self.live.attributes.get(name).is_some_and(|value| !value.is_null())
    }

    fn set_tags(&self) -> Option<Call<'a>> {
        let wanted = self.want.tags_to_set(self.live);
        if wanted.is_empty() {
            return None;
        }
        let does = format!("sets {}", count(wanted.len(), "tag"));
        let call = self.ecr().tag_resource().resource_arn(self.arn()).set_tags(Some(tags(&wanted)));
        Some(upsert("ecr:TagResource", does, call.send()))
    }

    fn remove_tags(&self) -> Option<Call<'a>> {
        let dropped = self.want.tags_to_remove(self.live);
        if dropped.is_empty() {
            return None;
        }
        let does = format!("removes {}", count(dropped.len(), "tag"));
        let call = self.ecr().untag_resource().resource_arn(self.arn()).set_tag_keys(Some(dropped));
        Some(upsert("ecr:UntagResource", does, call.send()))
    }
}
