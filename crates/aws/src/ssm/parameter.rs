//! `ssm_parameter` (`aws-behaviour.md` 8.4).

use std::collections::BTreeMap;

use aws_sdk_ssm::types::{ParameterTier, ParameterType, ResourceTypeForTagging, Tag};
use model::{
    Attribute, Kind, Live, Schema, SecretSource, Value,
    observed::ownership,
    schema::{Compare, DefaultTimeouts, Finding, Prediction, Preset, Unset},
};
use provider::{
    Call, Failure, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want, retry::RetryPhase,
};
use serde::Deserialize;

use super::{
    limits,
    reads::{metadata, service, value, values},
};
use crate::{
    calls::{absent, consistent, count, eight_at_a_time, made_by, upsert},
    client::{Attempts, Client},
    failure::failure,
    values::arn,
};

const SECURE: &str = "SecureString";
/// The data type whose values are machine images.
const IMAGE: &str = "aws:ec2:image";

pub static SCHEMA: Schema = Schema {
    name: "ssm_parameter",
    doc: "A parameter of the Parameter Store. The value of a `SecureString` is a secret and never written down.",
    attributes: &[
        Attribute::required("name", Kind::Text)
            .member(&limits::put_parameter_request::NAME)
            .replaces()
            .doc("The name; with `/` in it, it starts with one."),
        Attribute::required("type", Kind::Text)
            .member(&limits::put_parameter_request::TYPE)
            .replaces()
            .doc("`String`, `StringList` (items joined by commas) or `SecureString`."),
        Attribute::required("value", Kind::Text)
            .member(&limits::put_parameter_request::VALUE)
            .may_generate()
            .doc("The value; for a `SecureString` a secret, which may be generated."),
        Attribute::optional("description", Kind::Text)
            .member(&limits::put_parameter_request::DESCRIPTION)
            .compare(Compare::Same(same_text))
            .on_unset(Unset::Default(Preset::Text("")))
            .doc("What it is for."),
        Attribute::optional("tier", Kind::Text)
            .member(&limits::put_parameter_request::TIER)
            .compare(Compare::Same(same_tier))
            .replaces_if(downgrades)
            .doc("`Standard` (AWS's default), `Advanced` or `Intelligent-Tiering`. The way back from `Advanced` is a replacement."),
        Attribute::optional("key_id", Kind::Text)
            .member(&limits::put_parameter_request::KEY_ID)
            .on_unset(Unset::Default(Preset::Text("alias/aws/ssm")))
            .doc("The key that encrypts a `SecureString`. AWS's default: `alias/aws/ssm`."),
        Attribute::optional("allowed_pattern", Kind::Text)
            .member(&limits::put_parameter_request::ALLOWED_PATTERN)
            .compare(Compare::Same(same_text))
            .on_unset(Unset::Default(Preset::Text("")))
            .doc("A regular expression that every value must match."),
        Attribute::optional("data_type", Kind::Text)
            .member(&limits::put_parameter_request::DATA_TYPE)
            .on_unset(Unset::Default(Preset::Text("text")))
            .doc("`text` (AWS's default) or `aws:ec2:image`, whose value AWS checks."),
        Attribute::optional("tags", Kind::Map(&Kind::Text))
            .member(&limits::put_parameter_request::TAGS)
            .per_key("")
            .doc("Tags."),
        Attribute::computed("arn", Kind::Text).predicted(parameter_arn).doc("The ARN."),
    ],
    natural_name: &["name"],
    import_id: "the parameter's name",
    predict_id: Some(|prediction| prediction.text("name").map(str::to_owned)),
    revisions: false,
    global: false,
    taggable: true,
    loses: Some("the parameter's value and its earlier versions"),
    timeouts: DefaultTimeouts { create: 180, update: 60, delete: 60 },
    check,
};

fn parameter_arn(prediction: &Prediction<'_>) -> Option<Value> {
    let name = prediction.text("name")?;
    arn(prediction, "ssm", &format!("parameter/{}", name.trim_start_matches('/'))).map(Value::Text)
}

/// Nothing and an empty text are the same.
fn same_text(want: &Value, live: &Value) -> bool {
    want.as_text().unwrap_or_default() == live.as_text().unwrap_or_default()
}

/// AWS reports the tier that came of `Intelligent-Tiering`.
fn same_tier(want: &Value, live: &Value) -> bool {
    want.as_text() == Some("Intelligent-Tiering") || want == live
}

fn downgrades(live: &Value, want: &Value) -> bool {
    live.as_text() == Some("Advanced") && want.as_text() == Some("Standard")
}

/// What Systems Manager would refuse.
fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let text = |name: &str| arguments.get(name).and_then(Value::as_text);
    [
        text("name").and_then(wrong_name),
        wrong_size(text("value"), text("tier")),
        text("value").and_then(nested),
        wrong_image(text("data_type"), text("value")),
        not_secure(arguments),
        plain(arguments),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn finding(path: &str, summary: &'static str, detail: String, hint: &str) -> Finding {
    Finding { path: path.to_owned(), summary, detail, hint: Some(hint.to_owned()), warning: false }
}

fn wrong_name(name: &str) -> Option<Finding> {
    let first = name.trim_start_matches('/').split('/').next().unwrap_or_default().to_lowercase();
    let levels = name.trim_start_matches('/').split('/').count();
    let known = |character: char| character.is_ascii_alphanumeric() || "_.-/".contains(character);
    let whole = format!("write `/{name}`");
    let (detail, hint) = if first.starts_with("aws") || first.starts_with("ssm") {
        ("names that start with `aws` or `ssm` are reserved".to_owned(), "start it with another word")
    } else if !name.chars().all(known) {
        ("a parameter's name is made of letters, digits and `_.-/`".to_owned(), "for example `/app/database/url`")
    } else if name.contains('/') && !name.starts_with('/') {
        ("a name with `/` in it starts with `/`".to_owned(), whole.as_str())
    } else if levels > 15 {
        (format!("a name has at most 15 levels, and this has {levels}"), "join some of them")
    } else {
        return None;
    };
    Some(finding("name", "wrong form", detail, hint))
}

fn wrong_size(value: Option<&str>, tier: Option<&str>) -> Option<Finding> {
    let most = if tier.is_none_or(|tier| tier == "Standard") { 4096 } else { 8192 };
    let size = value?.len();
    (size > most).then(|| {
        let detail = format!("a value of this tier has at most {most} bytes, and this has {size}");
        finding("value", "wrong length", detail, "`tier = \"Advanced\"` allows 8192; more belongs into a secret")
    })
}

fn nested(value: &str) -> Option<Finding> {
    let (_, rest) = value.split_once("{{")?;
    let detail = "Systems Manager takes no value with `{{…}}` in it".to_owned();
    let hint = "a value cannot refer to another parameter; write what it stands for";
    rest.contains("}}").then(|| finding("value", "value not allowed", detail, hint))
}

/// AWS looks at it after it has said yes, and then the parameter never comes.
fn wrong_image(data_type: Option<&str>, value: Option<&str>) -> Option<Finding> {
    let value = value.filter(|value| data_type == Some(IMAGE) && !value.starts_with("ami-"))?;
    let hint = "write an id like `ami-0123456789abcdef0`, or take `data_type` away";
    Some(finding("value", "wrong form", format!("`{value}` is no id of an image"), hint))
}

/// Keys and generated values are for what is encrypted.
fn not_secure(arguments: &BTreeMap<String, Value>) -> Option<Finding> {
    let kind = arguments.get("type").and_then(Value::as_text).filter(|kind| *kind != SECURE)?;
    let generated = |source: &SecretSource| matches!(source, SecretSource::Generate { .. });
    match arguments.get("value") {
        Some(Value::Secret(secret)) if secret.sources.iter().any(generated) => {
            let detail = format!("a parameter of type `{kind}` does not keep a secret");
            return Some(finding("value", "secret not kept", detail, "write `type = \"SecureString\"`"));
        }
        _ => {}
    }
    arguments.contains_key("key_id").then(|| {
        let detail = format!("a parameter of type `{kind}` is not encrypted");
        finding("key_id", "attributes do not go together", detail, "write `type = \"SecureString\"`")
    })
}

fn plain(arguments: &BTreeMap<String, Value>) -> Option<Finding> {
    let secure = arguments.get("type").and_then(Value::as_text) == Some(SECURE);
    let written = arguments.get("value").and_then(Value::as_text).is_some();
    (secure && written).then(|| Finding {
        warning: true,
        ..finding(
            "value",
            "secret in plain",
            "the value of a `SecureString` is a secret, and is not marked as one".to_owned(),
            "write { secret = { env = \"NAME\" } }, or give it through a variable with `secret = true`",
        )
    })
}

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    name: String,
    r#type: String,
    value: String,
    description: Option<String>,
    tier: Option<String>,
    key_id: Option<String>,
    allowed_pattern: Option<String>,
    data_type: Option<String>,
}

/// The verbs of `ssm_parameter`.
pub struct SsmParameter;

impl Resource for SsmParameter {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("ssm:PutParameter", RetryClass::NaturalName);
    const DELETE: &'static str = "ssm:DeleteParameter";
    const RETRIES: &'static [Retry] = &[
        Retry {
            code: "ParameterAlreadyExists",
            fragment: "",
            phases: &[RetryPhase::Create],
            window: 40,
            fresh_only: false,
            waiting_for: "Systems Manager to free the name",
        },
        Retry {
            code: "TooManyUpdates",
            fragment: "",
            phases: &[RetryPhase::Create, RetryPhase::Update, RetryPhase::Delete],
            window: 60,
            fresh_only: false,
            waiting_for: "Systems Manager",
        },
    ];

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let tags: Vec<Tag> = want.tags.iter().filter_map(tag).collect();
        put(client.ssm(&place.region, Attempts::Once), &want.arguments)
            .set_tags(Some(tags))
            .send()
            .await
            .map_err(|error| failure(Self::CREATE.0, error))?;
        Ok(Sent::id(&want.arguments.name))
    }

    fn next<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        let update = Update { client, place, want, live };
        update.parameter().or_else(|| update.set_tags()).or_else(|| update.remove_tags())
    }

    async fn settle(
        client: &Client,
        place: &Place,
        id: &str,
        _operation: Option<&str>,
        goal: Goal,
    ) -> Result<Settled, Failure> {
        let found = metadata(client, place, "Name", &[id.to_owned()]).await?.contains_key(id);
        Ok(consistent(found, goal, 2))
    }

    async fn read(client: &Client, place: &Place, ids: &[String]) -> Result<Vec<Option<Live>>, Failure> {
        let (values, metadata) = futures::try_join!(values(client, place, ids), metadata(client, place, "Name", ids))?;
        let (values, metadata) = (&values, &metadata);
        let reads = ids.iter().map(|id| async move {
            let (Some(held), Some(known)) = (values.get(id), metadata.get(id)) else { return Ok(None) };
            let call = service(client, place).list_tags_for_resource().resource_id(id);
            let tags = call.resource_type(ResourceTypeForTagging::Parameter).send().await;
            let tags = tags.map_err(|error| failure("ssm:ListTagsForResource", error))?.tag_list.unwrap_or_default();
            let live = Live::new(id)
                .with("name", id.as_str())
                .with("type", held.r#type().map(|kind| kind.as_str().to_owned()))
                .with("description", known.description().filter(|text| !text.is_empty()).map(str::to_owned))
                .with("tier", known.tier().map(|tier| tier.as_str().to_owned()))
                .with("key_id", known.key_id().map(str::to_owned))
                .with("allowed_pattern", known.allowed_pattern().filter(|text| !text.is_empty()).map(str::to_owned))
                .with("data_type", held.data_type().map(str::to_owned))
                .with("arn", held.arn().map(str::to_owned))
                .tagged(tags.into_iter().map(|tag| (tag.key, tag.value)));
            Ok(Some(match value(held) {
                Some(value) => live.with("value", value),
                None => live,
            }))
        });
        eight_at_a_time(reads.collect()).await
    }

    async fn delete(
        client: &Client,
        place: &Place,
        id: &str,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Sent, Failure> {
        let call = service(client, place).delete_parameter().name(id);
        absent(call.send().await.map_err(|error| failure(Self::DELETE, error)))?;
        Ok(Sent::id(id))
    }

    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        let Some(name) = intent.identity.get("name").and_then(Value::as_text) else { return Ok(None) };
        let found = Self::read(client, place, &[name.to_owned()]).await?.into_iter().flatten().next();
        Ok(made_by(found, intent))
    }

    async fn list(client: &Client, place: &Place, environment: &str) -> Result<Vec<String>, Failure> {
        let tag = format!("tag:{}", ownership::ENVIRONMENT);
        Ok(metadata(client, place, &tag, &[environment.to_owned()]).await?.into_keys().collect())
    }

    async fn namesake(
        client: &Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let Some(name) = identity.get("name").and_then(Value::as_text) else { return Ok(None) };
        Ok(metadata(client, place, "Name", &[name.to_owned()]).await?.into_keys().next())
    }
}

fn tag((key, value): (&String, &String)) -> Option<Tag> {
    Tag::builder().key(key).value(value).build().ok()
}

/// The one call that makes and changes parameters: everything is sent each time.
fn put(
    service: aws_sdk_ssm::Client,
    arguments: &Arguments,
) -> aws_sdk_ssm::operation::put_parameter::builders::PutParameterFluentBuilder {
    service
        .put_parameter()
        .name(&arguments.name)
        .r#type(ParameterType::from(arguments.r#type.as_str()))
        .value(&arguments.value)
        .set_description(arguments.description.clone())
        .set_tier(arguments.tier.as_deref().map(ParameterTier::from))
        .set_key_id(arguments.key_id.clone().filter(|_| arguments.r#type == SECURE))
        .set_allowed_pattern(arguments.allowed_pattern.clone())
        .set_data_type(arguments.data_type.clone())
}

/// The updates of one parameter, each the call that is still to send or nothing.
struct Update<'a> {
    client: &'a Client,
    place: &'a Place,
    want: &'a Want<Arguments>,
    live: &'a Live,
}

impl<'a> Update<'a> {
    fn parameter(&self) -> Option<Call<'a>> {
        const SENT: [&str; 6] = ["value", "description", "tier", "key_id", "allowed_pattern", "data_type"];
        let changed: Vec<&str> = SENT.into_iter().filter(|name| self.want.differs(name)).collect();
        if changed.is_empty() {
            return None;
        }
        let does = format!("sets {}", changed.join(", "));
        let call = put(self.client.ssm(&self.place.region, Attempts::Once), &self.want.arguments);
        let call = call.overwrite(true).set_tier(self.tier());
        // Each makes a version, of which there are a hundred: whether it was made is seen by reading.
        Some(Call::new("ssm:PutParameter", RetryClass::None, does, async move {
            call.send().await.map_err(|error| failure("ssm:PutParameter", error))?;
            Ok(Sent::default())
        }))
    }

    /// As written, else as it is: a put that names no tier moves the parameter to the account's default tier.
    fn tier(&self) -> Option<ParameterTier> {
        let live = self.live.attributes.get("tier").and_then(Value::as_text);
        self.want.arguments.tier.as_deref().or(live).map(ParameterTier::from)
    }

    fn set_tags(&self) -> Option<Call<'a>> {
        let wanted = self.want.tags_to_set(self.live);
        if wanted.is_empty() {
            return None;
        }
        let does = format!("sets {}", count(wanted.len(), "tag"));
        let call = service(self.client, self.place).add_tags_to_resource().resource_id(&self.live.id);
        let call = call.resource_type(ResourceTypeForTagging::Parameter);
        Some(upsert("ssm:AddTagsToResource", does, call.set_tags(Some(wanted.iter().filter_map(tag).collect())).send()))
    }

    fn remove_tags(&self) -> Option<Call<'a>> {
        let dropped = self.want.tags_to_remove(self.live);
        if dropped.is_empty() {
            return None;
        }
        let does = format!("removes {}", count(dropped.len(), "tag"));
        let call = service(self.client, self.place).remove_tags_from_resource().resource_id(&self.live.id);
        let call = call.resource_type(ResourceTypeForTagging::Parameter).set_tag_keys(Some(dropped));
        Some(upsert("ssm:RemoveTagsFromResource", does, call.send()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recorder::{Recorder, live, want};

    fn said(arguments: &[(&str, Value)]) -> Vec<String> {
        let arguments = arguments.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        check(&arguments).into_iter().map(|finding| format!("{}: {}", finding.path, finding.detail)).collect()
    }

    #[track_caller]
    fn name(name: &str, expected: &[&str]) {
        assert_eq!(said(&[("name", name.into())]), expected, "{name}");
    }

    #[test]
    fn names_have_a_form() {
        name("port", &[]);
        name("/shop/port", &[]);
        name("/shop/aws/port", &[]);
        name("shop/port", &["name: a name with `/` in it starts with `/`"]);
        name("/AWS-shop/port", &["name: names that start with `aws` or `ssm` are reserved"]);
        name("/shop port", &["name: a parameter's name is made of letters, digits and `_.-/`"]);
        name(&"/a".repeat(15), &[]);
        name(&"/a".repeat(16), &["name: a name has at most 15 levels, and this has 16"]);
    }

    #[test]
    fn the_size_depends_on_the_tier() {
        let of = |tier: Option<&str>, size| {
            let tier = tier.map(|tier| ("tier", Value::from(tier)));
            let value = ("value", Value::from("x".repeat(size)));
            said(&tier.into_iter().chain([value]).collect::<Vec<_>>())
        };
        assert_eq!(of(None, 4096), Vec::<String>::new());
        assert_eq!(of(None, 4097), ["value: a value of this tier has at most 4096 bytes, and this has 4097"]);
        assert_eq!(of(Some("Intelligent-Tiering"), 8192), Vec::<String>::new());
        assert_eq!(
            of(Some("Advanced"), 8193),
            ["value: a value of this tier has at most 8192 bytes, and this has 8193"]
        );
    }

    #[test]
    fn a_value_refers_to_no_parameter() {
        let of = |value: &str| said(&[("value", value.into())]);
        assert_eq!(of(r#"{"a":{"b":"c"}}"#), Vec::<String>::new());
        assert_eq!(of("}} {{"), Vec::<String>::new());
        assert_eq!(of("{{ssm:/shop/port}}"), ["value: Systems Manager takes no value with `{{…}}` in it"]);
    }

    #[test]
    fn an_image_is_an_id() {
        let of = |value: &str| said(&[("data_type", IMAGE.into()), ("value", value.into())]);
        assert_eq!(of("ami-0123456789abcdef0"), Vec::<String>::new());
        assert_eq!(of("my-image"), ["value: `my-image` is no id of an image"]);
    }

    #[test]
    fn tiers_only_rise() {
        assert!(downgrades(&"Advanced".into(), &"Standard".into()));
        assert!(!downgrades(&"Advanced".into(), &"Intelligent-Tiering".into()));
        assert!(same_tier(&"Intelligent-Tiering".into(), &"Advanced".into()));
        assert!(!same_tier(&"Standard".into(), &"Advanced".into()));
    }

    /// What a change of the value sends.
    fn put_of(arguments: &[(&str, Value)], tier: &str) -> serde_json::Value {
        let cloud = Recorder::new();
        let arguments = [&[("name", "/shop/port".into()), ("value", "3000".into())], arguments].concat();
        let (want, live) = (want(&arguments, &["value"]), live("/shop/port", &[("tier", tier.into())]));
        let sent = cloud.sent(SsmParameter::next(&cloud.client, &cloud.place, &want, &live));
        assert_eq!(sent[0], "ssm:PutParameter");
        serde_json::from_str(&sent[1]).expect("a body is JSON")
    }

    #[test]
    fn a_change_keeps_the_tier() {
        let with = |more: &[(&'static str, Value)]| [&[("type", "String".into())][..], more].concat();
        assert_eq!(put_of(&with(&[]), "Advanced")["Tier"], "Advanced");
        let written = with(&[("tier", "Intelligent-Tiering".into())]);
        assert_eq!(put_of(&written, "Standard")["Tier"], "Intelligent-Tiering");
    }

    #[test]
    fn a_key_is_sent_for_what_is_encrypted_alone() {
        let key = ("key_id", Value::from("alias/shop"));
        assert_eq!(put_of(&[("type", "SecureString".into()), key.clone()], "Standard")["KeyId"], "alias/shop");
        assert!(put_of(&[("type", "String".into()), key], "Standard").get("KeyId").is_none());
    }
}
