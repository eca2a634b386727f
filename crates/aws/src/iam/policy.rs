//! `iam_policy`: a managed policy with its versions (`aws-behaviour.md` 4.4).

use std::collections::BTreeMap;

use aws_sdk_iam::types::{Policy, PolicyScopeType, PolicyVersion};
use model::{
    Attribute, Kind, Live, Schema, Value,
    schema::{Compare, DefaultTimeouts, Finding, Prediction},
};
use provider::{
    Blocker, Call, Failure, FailureKind, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want,
};
use serde::Deserialize;

use super::{
    common::{RETRIES, decoded, of_environment, pairs, predicted_arn, reads, tags},
    limits,
};
use crate::{
    calls::{absent, consistent, count, eight_at_a_time, made_by, remove, upsert},
    client::{Attempts, Client},
    failure::failure,
    values::Document,
};

/// The most versions AWS keeps of one policy.
const MOST_VERSIONS: usize = 5;

pub static SCHEMA: Schema = Schema {
    name: "iam_policy",
    doc: "A managed policy that roles, users and groups can be given.",
    attributes: &[
        Attribute::required("policy_name", Kind::Text)
            .member(&limits::create_policy_request::POLICY_NAME)
            .replaces()
            .doc("The name, unique in the account."),
        Attribute::name_prefix("policy_name_prefix", "policy_name").member(&limits::create_policy_request::POLICY_NAME),
        Attribute::required("policy_document", Kind::Document)
            .member(&limits::create_policy_request::POLICY_DOCUMENT)
            .compare(Compare::Policy)
            .doc("What it allows and denies, as a table or JSON text. A change makes a new version; the oldest goes when there are five."),
        Attribute::optional("path", Kind::Text)
            .member(&limits::create_policy_request::PATH)
            .replaces()
            .doc("A path, part of the ARN. AWS's default: `/`."),
        Attribute::optional("description", Kind::Text)
            .member(&limits::create_policy_request::DESCRIPTION)
            .replaces()
            .doc("What the policy is for; AWS cannot change it later."),
        Attribute::optional("tags", Kind::Map(&Kind::Text))
            .member(&limits::create_policy_request::TAGS)
            .per_key("")
            .doc("Tags."),
        Attribute::computed("arn", Kind::Text).predicted(arn).doc("The ARN."),
        Attribute::computed("policy_id", Kind::Text).doc("The id, unique to this incarnation of the policy."),
        Attribute::computed("default_version_id", Kind::Text)
            .changes_with(&["policy_document"])
            .doc("The version in force."),
        Attribute::computed("version_ids", Kind::List(&Kind::Text))
            .changes_with(&["policy_document"])
            .doc("All versions, oldest first."),
    ],
    natural_name: &["policy_name"],
    import_id: "the policy's ARN",
    predict_id: Some(|prediction| predicted_arn(prediction, "policy", "policy_name")),
    revisions: false,
    global: true,
    taggable: true,
    loses: Some("all its versions"),
    timeouts: DefaultTimeouts { create: 120, update: 120, delete: 120 },
    check,
};

fn arn(prediction: &Prediction<'_>) -> Option<Value> {
    predicted_arn(prediction, "policy", "policy_name").map(Value::Text)
}

fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    const LIMIT: usize = 6144;
    let json = arguments.get("policy_document").map(crate::values::as_json).unwrap_or_default().to_string();
    let length = json.chars().filter(|character| !character.is_whitespace()).count();
    let too_long = (length > LIMIT).then(|| Finding {
        path: "policy_document".to_owned(),
        summary: "policy too long",
        detail: format!("a managed policy may have {LIMIT} characters without white space; here are {length}"),
        hint: Some("split it into two policies".to_owned()),
        warning: false,
    });
    too_long.into_iter().collect()
}

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    policy_name: String,
    policy_document: Document,
    path: Option<String>,
    description: Option<String>,
}

/// The verbs of `iam_policy`.
pub struct IamPolicy;

impl Resource for IamPolicy {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("iam:CreatePolicy", RetryClass::NaturalName);
    const DELETE: &'static str = "iam:DeletePolicy";
    const RETRIES: &'static [Retry] = RETRIES;
    const CONSISTENCY_WINDOW: u64 = 120;

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let arguments = &want.arguments;
        let answer = client
            .iam(&place.region, Attempts::Once)
            .create_policy()
            .policy_name(&arguments.policy_name)
            .policy_document(&arguments.policy_document.0)
            .set_path(arguments.path.clone())
            .set_description(arguments.description.clone())
            .set_tags(Some(tags(&want.tags)))
            .send()
            .await
            .map_err(|error| failure(Self::CREATE.0, error))?;
        match answer.policy.and_then(|policy| policy.arn) {
            Some(arn) => Ok(Sent::id(arn)),
            None => Err(Failure::new(FailureKind::Bug, Self::CREATE.0, "the answer holds no ARN")),
        }
    }

    fn next<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        let iam = reads(client, place);
        if want.differs("policy_document") {
            return Some(match oldest_version(live).filter(|_| versions(live).count() >= MOST_VERSIONS) {
                Some(version) => delete_version(&iam, live, version),
                None => create_version(&client.iam(&place.region, Attempts::Once), live, want),
            });
        }
        let wanted = want.tags_to_set(live);
        if !wanted.is_empty() {
            let does = format!("sets {}", count(wanted.len(), "tag"));
            let call = iam.tag_policy().policy_arn(&live.id).set_tags(Some(tags(&wanted)));
            return Some(upsert("iam:TagPolicy", does, call.send()));
        }
        let dropped = want.tags_to_remove(live);
        let does = format!("removes {}", count(dropped.len(), "tag"));
        let any = !dropped.is_empty();
        let call = iam.untag_policy().policy_arn(&live.id).set_tag_keys(Some(dropped));
        any.then(|| upsert("iam:UntagPolicy", does, call.send()))
    }

    async fn settle(
        client: &Client,
        place: &Place,
        id: &str,
        _operation: Option<&str>,
        goal: Goal,
    ) -> Result<Settled, Failure> {
        Ok(consistent(get(client, place, id).await?.is_some(), goal, 1))
    }

    async fn read(client: &Client, place: &Place, ids: &[String]) -> Result<Vec<Option<Live>>, Failure> {
        eight_at_a_time(ids.iter().map(|id| live(client, place, id)).collect()).await
    }

    async fn delete(
        client: &Client,
        place: &Place,
        id: &str,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Sent, Failure> {
        let answer = reads(client, place).delete_policy().policy_arn(id).send().await;
        absent(answer.map_err(|error| failure(Self::DELETE, error)))?;
        Ok(Sent::id(id))
    }

    fn dismantle<'a>(
        client: &'a Client,
        place: &'a Place,
        live: &'a Live,
        _arguments: &'a BTreeMap<String, Value>,
    ) -> Option<Call<'a>> {
        oldest_version(live).map(|version| delete_version(&reads(client, place), live, version))
    }

    async fn blockers(
        client: &Client,
        place: &Place,
        live: &Live,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Vec<Blocker>, Failure> {
        let answer = reads(client, place).list_entities_for_policy().policy_arn(&live.id).send().await;
        let Some(users) = absent(answer.map_err(|error| failure("iam:ListEntitiesForPolicy", error)))? else {
            return Ok(Vec::new());
        };
        let roles = users.policy_roles().iter().filter_map(|role| role.role_name()).map(str::to_owned);
        let people = users.policy_users().iter().filter_map(|user| user.user_name()).map(|name| format!("user {name}"));
        let groups = users.policy_groups().iter().filter_map(|group| group.group_name());
        let groups = groups.map(|name| format!("group {name}"));
        let held_by: Vec<String> = roles.chain(people).chain(groups).collect();
        let what = format!("it is attached to {}", count(held_by.len(), "identity").replace("identitys", "identities"));
        let held = !held_by.is_empty();
        Ok(held.then_some(Blocker { what, held_by, ..Blocker::default() }).into_iter().collect())
    }

    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        match Self::namesake(client, place, &intent.identity).await? {
            Some(arn) => Ok(made_by(live(client, place, &arn).await?, intent)),
            None => Ok(None),
        }
    }

    async fn list(client: &Client, place: &Place, environment: &str) -> Result<Vec<String>, Failure> {
        let pages = reads(client, place).list_policies().scope(PolicyScopeType::Local).max_items(1000).into_paginator();
        let found = pages.items().send().try_collect().await;
        let found: Vec<Policy> = found.map_err(|error| failure("iam:ListPolicies", error))?;
        let arns = found.into_iter().filter_map(|policy| policy.arn);
        let tags = arns.map(|arn| async move {
            let pages = reads(client, place).list_policy_tags().policy_arn(&arn).into_paginator().items().send();
            let tags = absent(pages.try_collect().await.map_err(|error| failure("iam:ListPolicyTags", error)))?;
            Ok((arn, tags.unwrap_or_default()))
        });
        Ok(of_environment(eight_at_a_time(tags.collect()).await?, environment))
    }

    async fn namesake(
        client: &Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let Some(name) = identity.get("policy_name").and_then(Value::as_text) else { return Ok(None) };
        let pages = reads(client, place).list_policies().scope(PolicyScopeType::Local).max_items(1000).into_paginator();
        let mut policies = pages.items().send();
        while let Some(policy) = policies.next().await {
            let policy = policy.map_err(|error| failure("iam:ListPolicies", error))?;
            if policy.policy_name().is_some_and(|found| found.eq_ignore_ascii_case(name)) {
                return Ok(policy.arn);
            }
        }
        Ok(None)
    }
}

async fn get(client: &Client, place: &Place, arn: &str) -> Result<Option<Policy>, Failure> {
    let answer = reads(client, place).get_policy().policy_arn(arn).send().await;
    Ok(absent(answer.map_err(|error| failure("iam:GetPolicy", error)))?.and_then(|answer| answer.policy))
}

async fn live(client: &Client, place: &Place, id: &str) -> Result<Option<Live>, Failure> {
    let Some(policy) = get(client, place, id).await? else { return Ok(None) };
    let default = policy.default_version_id().unwrap_or_default();
    let iam = reads(client, place);
    let (version, versions) = futures::join!(
        iam.get_policy_version().policy_arn(id).version_id(default).send(),
        iam.list_policy_versions().policy_arn(id).into_paginator().items().send().try_collect(),
    );
    let version = absent(version.map_err(|error| failure("iam:GetPolicyVersion", error)))?;
    let versions = absent(versions.map_err(|error| failure("iam:ListPolicyVersions", error)))?;
    let (Some(version), Some(versions)) = (version.and_then(|answer| answer.policy_version), versions) else {
        return Ok(None);
    };
    Ok(Some(
        Live::new(id)
            .with("policy_name", policy.policy_name().unwrap_or_default())
            .with("policy_document", version.document().map(decoded))
            .with("path", policy.path().map(str::to_owned))
            .with("description", policy.description().map(str::to_owned))
            .with("arn", id)
            .with("policy_id", policy.policy_id().map(str::to_owned))
            .with("default_version_id", default)
            .with("version_ids", version_ids(versions))
            .tagged(pairs(policy.tags())),
    ))
}

/// `v2` before `v10`.
fn version_ids(versions: Vec<PolicyVersion>) -> Vec<String> {
    let mut ids: Vec<String> = versions.into_iter().filter_map(|version| version.version_id).collect();
    ids.sort_by_key(|id| id.trim_start_matches('v').parse::<u32>().unwrap_or(u32::MAX));
    ids
}

fn versions(live: &Live) -> impl Iterator<Item = &str> {
    let ids = live.attributes.get("version_ids").and_then(Value::as_list);
    ids.unwrap_or_default().iter().filter_map(Value::as_text)
}

/// The oldest version that is not in force.
fn oldest_version(live: &Live) -> Option<&str> {
    let default = live.attributes.get("default_version_id").and_then(Value::as_text);
    versions(live).find(|version| Some(*version) != default)
}

fn delete_version<'a>(iam: &aws_sdk_iam::Client, live: &'a Live, version: &'a str) -> Call<'a> {
    let call = iam.delete_policy_version().policy_arn(&live.id).version_id(version);
    remove("iam:DeletePolicyVersion", format!("removes version {version}"), call.send())
}

fn create_version<'a>(iam: &aws_sdk_iam::Client, live: &'a Live, want: &'a Want<Arguments>) -> Call<'a> {
    let call = iam.create_policy_version().policy_arn(&live.id).set_as_default(true);
    let call = call.policy_document(&want.arguments.policy_document.0);
    Call::new("iam:CreatePolicyVersion", RetryClass::None, "makes a new version", async move {
        call.send().await.map_err(|error| failure("iam:CreatePolicyVersion", error))?;
        Ok(Sent::default())
    })
}
