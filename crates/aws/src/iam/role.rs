//! `iam_role` (`aws-behaviour.md` 4.1 to 4.3).

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::types::Role;
use model::{
    Attribute, Kind, Live, Schema, Value, policy,
    schema::{Compare, DefaultTimeouts, Finding, Prediction, Preset, Unset},
};
use provider::{Blocker, Call, Failure, Goal, Intent, Place, Resource, Retry, RetryClass, Sent, Settled, Token, Want};
use serde::Deserialize;

use super::{
    common::{RETRIES, attached, decoded, inline_policies, of_environment, pairs, predicted_arn, reads, tags},
    limits,
};
use crate::{
    calls::{absent, consistent, count, eight_at_a_time, made_by, remove, upsert},
    client::{Attempts, Client},
    failure::failure,
    values::{Document, time},
};

pub static SCHEMA: Schema = Schema {
    name: "iam_role",
    doc: "An identity that services and people can assume.",
    attributes: &[
        Attribute::required("role_name", Kind::Text)
            .member(&limits::create_role_request::ROLE_NAME)
            .replaces()
            .doc("The name, unique in the account whatever its case."),
        Attribute::name_prefix("role_name_prefix", "role_name").member(&limits::create_role_request::ROLE_NAME),
        Attribute::required("assume_role_policy_document", Kind::Document)
            .member(&limits::create_role_request::ASSUME_ROLE_POLICY_DOCUMENT)
            .compare(Compare::Policy)
            .doc("Who may assume the role, as a table or JSON text."),
        Attribute::optional("path", Kind::Text)
            .member(&limits::create_role_request::PATH)
            .replaces()
            .doc("A path, part of the ARN. AWS's default: `/`."),
        Attribute::optional("description", Kind::Text)
            .member(&limits::create_role_request::DESCRIPTION)
            .on_unset(Unset::Clear)
            .doc("What the role is for."),
        Attribute::optional("max_session_duration", Kind::Number)
            .member(&limits::create_role_request::MAX_SESSION_DURATION)
            .on_unset(Unset::Default(Preset::Whole(3600)))
            .doc("The longest session in seconds. AWS's default: 3600."),
        Attribute::optional("permissions_boundary", Kind::Text)
            .member(&limits::create_role_request::PERMISSIONS_BOUNDARY)
            .on_unset(Unset::Clear)
            .doc("The ARN of the policy that bounds what the role can be allowed."),
        Attribute::optional("inline_policies", Kind::Map(&Kind::Document))
            .compare(Compare::Policy)
            .doc("The role's own policies by name. Once written they are ours as a whole: others are removed. Not together with `iam_role_policy`."),
        Attribute::optional("managed_policy_arns", Kind::Set(&Kind::Text))
            .doc("ARNs of attached policies. Once written they are ours as a whole: others are detached. Not together with `iam_role_policy_attachment`."),
        Attribute::optional("tags", Kind::Map(&Kind::Text))
            .member(&limits::create_role_request::TAGS)
            .per_key("")
            .doc("Tags."),
        Attribute::computed("arn", Kind::Text).predicted(arn).doc("The ARN."),
        Attribute::computed("role_id", Kind::Text).doc("The id, unique to this incarnation of the role."),
        Attribute::computed("create_date", Kind::Text).doc("When it was created, RFC 3339."),
    ],
    natural_name: &["role_name"],
    import_id: "the role's name",
    predict_id: Some(|prediction| prediction.text("role_name").map(str::to_owned)),
    revisions: false,
    global: true,
    taggable: true,
    loses: Some("its inline policies and every attachment"),
    timeouts: DefaultTimeouts { create: 120, update: 120, delete: 120 },
    check,
};

fn arn(prediction: &Prediction<'_>) -> Option<Value> {
    predicted_arn(prediction, "role", "role_name").map(Value::Text)
}

/// IAM counts the characters of policies without white space.
fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut too_long = |path: &str, length: usize, limit: usize, what: &str| {
        if length > limit {
            found.push(Finding {
                path: path.to_owned(),
                summary: "policy too long",
                detail: format!("{what} may have {limit} characters without white space; here are {length}"),
                hint: Some("move statements into an `iam_policy` and attach it".to_owned()),
                warning: false,
            });
        }
    };
    let inline = arguments.get("inline_policies").and_then(Value::as_map);
    let inline = inline.into_iter().flat_map(BTreeMap::values).map(policy_length).sum();
    too_long("inline_policies", inline, 10_240, "the inline policies of a role together");
    found
}

/// The characters of a policy that count; nothing of what is not known.
fn policy_length(policy: &Value) -> usize {
    let json = crate::values::as_json(policy).to_string();
    json.chars().filter(|character| !character.is_whitespace()).count()
}

/// What can be written.
#[derive(Debug, Deserialize)]
pub struct Arguments {
    role_name: String,
    assume_role_policy_document: Document,
    path: Option<String>,
    description: Option<String>,
    max_session_duration: Option<i32>,
    permissions_boundary: Option<String>,
    inline_policies: Option<BTreeMap<String, Document>>,
    managed_policy_arns: Option<BTreeSet<String>>,
}

/// The verbs of `iam_role`.
pub struct IamRole;

impl Resource for IamRole {
    const SCHEMA: &'static Schema = &SCHEMA;
    const CREATE: (&'static str, RetryClass) = ("iam:CreateRole", RetryClass::NaturalName);
    const DELETE: &'static str = "iam:DeleteRole";
    const RETRIES: &'static [Retry] = RETRIES;
    const CONSISTENCY_WINDOW: u64 = 120;

    type Client = Client;
    type Arguments = Arguments;

    async fn create(client: &Client, place: &Place, want: &Want<Arguments>, _token: &Token) -> Result<Sent, Failure> {
        let arguments = &want.arguments;
        client
            .iam(&place.region, Attempts::Once)
            .create_role()
            .role_name(&arguments.role_name)
            .assume_role_policy_document(&arguments.assume_role_policy_document.0)
            .set_path(arguments.path.clone())
            .set_description(arguments.description.clone())
            .set_max_session_duration(arguments.max_session_duration)
            .set_permissions_boundary(arguments.permissions_boundary.clone())
            .set_tags(Some(tags(&want.tags)))
            .send()
            .await
            .map_err(|error| failure(Self::CREATE.0, error))?;
        Ok(Sent::id(&arguments.role_name))
    }

    fn next<'a>(client: &'a Client, place: &'a Place, want: &'a Want<Arguments>, live: &'a Live) -> Option<Call<'a>> {
        let update = Update { iam: reads(client, place), want, live };
        update
            .trust()
            .or_else(|| update.description_and_session())
            .or_else(|| update.boundary())
            .or_else(|| update.put_inline())
            .or_else(|| update.delete_inline())
            .or_else(|| update.attach())
            .or_else(|| update.detach())
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
        let answer = reads(client, place).delete_role().role_name(id).send().await;
        absent(answer.map_err(|error| failure(Self::DELETE, error)))?;
        Ok(Sent::id(id))
    }

    fn dismantle<'a>(
        client: &'a Client,
        place: &'a Place,
        live: &'a Live,
        _arguments: &'a BTreeMap<String, Value>,
    ) -> Option<Call<'a>> {
        let iam = reads(client, place);
        if let Some(arn) = attached_now(live).next() {
            let call = iam.detach_role_policy().role_name(&live.id).policy_arn(arn);
            return Some(remove("iam:DetachRolePolicy", format!("detaches {arn}"), call.send()));
        }
        let (name, _) = inline_now(live)?.first_key_value()?;
        let call = iam.delete_role_policy().role_name(&live.id).policy_name(name);
        Some(remove("iam:DeleteRolePolicy", format!("removes the inline policy {name}"), call.send()))
    }

    async fn blockers(
        client: &Client,
        place: &Place,
        live: &Live,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<Vec<Blocker>, Failure> {
        let pages = reads(client, place).list_instance_profiles_for_role().role_name(&live.id).into_paginator();
        let profiles = pages.items().send().try_collect().await;
        let profiles = absent(profiles.map_err(|error| failure("iam:ListInstanceProfilesForRole", error)))?;
        let held_by: Vec<String> = profiles.unwrap_or_default().into_iter().map(|profile| profile.arn).collect();
        Ok((!held_by.is_empty())
            .then(|| Blocker { what: "it is in an instance profile".to_owned(), held_by, ..Blocker::default() })
            .into_iter()
            .collect())
    }

    async fn find(client: &Client, place: &Place, intent: &Intent) -> Result<Option<String>, Failure> {
        let Some(name) = intent.identity.get("role_name").and_then(Value::as_text) else { return Ok(None) };
        Ok(made_by(live(client, place, name).await?, intent))
    }

    async fn list(client: &Client, place: &Place, environment: &str) -> Result<Vec<String>, Failure> {
        let pages = reads(client, place).list_roles().max_items(1000).into_paginator().items().send();
        let found: Vec<Role> = pages.try_collect().await.map_err(|error| failure("iam:ListRoles", error))?;
        let own = found.into_iter().filter(|role| !role.path().starts_with("/aws-service-role/"));
        let tags = own.map(|role| async move {
            let pages = reads(client, place).list_role_tags().role_name(role.role_name()).into_paginator().items();
            let tags = absent(pages.send().try_collect().await.map_err(|error| failure("iam:ListRoleTags", error)))?;
            Ok((role.role_name, tags.unwrap_or_default()))
        });
        Ok(of_environment(eight_at_a_time(tags.collect()).await?, environment))
    }

    async fn namesake(
        client: &Client,
        place: &Place,
        identity: &BTreeMap<String, Value>,
    ) -> Result<Option<String>, Failure> {
        let Some(name) = identity.get("role_name").and_then(Value::as_text) else { return Ok(None) };
        Ok(get(client, place, name).await?.map(|role| role.role_name))
    }
}

async fn get(client: &Client, place: &Place, name: &str) -> Result<Option<Role>, Failure> {
    let answer = reads(client, place).get_role().role_name(name).send().await;
    Ok(absent(answer.map_err(|error| failure("iam:GetRole", error)))?.and_then(|answer| answer.role))
}

async fn live(client: &Client, place: &Place, id: &str) -> Result<Option<Live>, Failure> {
    let (role, inline, attached) =
        futures::try_join!(get(client, place, id), inline_policies(client, place, id), attached(client, place, id))?;
    let Some(role) = role else { return Ok(None) };
    let boundary = role.permissions_boundary().and_then(|boundary| boundary.permissions_boundary_arn());
    Ok(Some(
        Live::new(id)
            .with("role_name", role.role_name())
            .with("assume_role_policy_document", role.assume_role_policy_document().map(decoded))
            .with("path", role.path())
            .with("description", role.description().filter(|text| !text.is_empty()).map(str::to_owned))
            .with("max_session_duration", role.max_session_duration().map(i64::from))
            .with("permissions_boundary", boundary.map(str::to_owned))
            .with("inline_policies", inline)
            .with("managed_policy_arns", attached.unwrap_or_default())
            .with("arn", role.arn())
            .with("role_id", role.role_id())
            .with("create_date", time(role.create_date()))
            .tagged(pairs(role.tags())),
    ))
}

fn inline_now(live: &Live) -> Option<&BTreeMap<String, Value>> {
    live.attributes.get("inline_policies")?.as_map()
}

fn attached_now(live: &Live) -> impl Iterator<Item = &str> {
    let attached = live.attributes.get("managed_policy_arns").and_then(Value::as_list);
    attached.unwrap_or_default().iter().filter_map(Value::as_text)
}

/// The updates of one role, each the call that is still to send or nothing.
struct Update<'a> {
    iam: aws_sdk_iam::Client,
    want: &'a Want<Arguments>,
    live: &'a Live,
}

impl<'a> Update<'a> {
    fn trust(&self) -> Option<Call<'a>> {
        if !self.want.differs("assume_role_policy_document") {
            return None;
        }
        let Document(text) = &self.want.arguments.assume_role_policy_document;
        let call = self.iam.update_assume_role_policy().role_name(&self.live.id).policy_document(text);
        Some(upsert("iam:UpdateAssumeRolePolicy", "sets who may assume the role", call.send()))
    }

    /// Only what differs is sent: the other of the two stays as it is.
    fn description_and_session(&self) -> Option<Call<'a>> {
        let arguments = &self.want.arguments;
        let gone =
            self.want.clears("description") && !self.live.attributes.get("description").is_none_or(Value::is_null);
        let description = match gone {
            true => Some(String::new()),
            false => arguments.description.clone().filter(|_| self.want.differs("description")),
        };
        let session = arguments.max_session_duration.filter(|_| self.want.differs("max_session_duration"));
        if description.is_none() && session.is_none() {
            return None;
        }
        let call = self.iam.update_role().role_name(&self.live.id).set_description(description);
        let call = call.set_max_session_duration(session);
        Some(upsert("iam:UpdateRole", "sets description and session", call.send()))
    }

    fn boundary(&self) -> Option<Call<'a>> {
        let name = "permissions_boundary";
        if let Some(arn) = self.want.arguments.permissions_boundary.as_ref().filter(|_| self.want.differs(name)) {
            let call = self.iam.put_role_permissions_boundary().role_name(&self.live.id).permissions_boundary(arn);
            return Some(upsert("iam:PutRolePermissionsBoundary", "sets the permissions boundary", call.send()));
        }
        let left = self.want.clears(name) && !self.live.attributes.get(name).is_none_or(Value::is_null);
        let call = self.iam.delete_role_permissions_boundary().role_name(&self.live.id);
        left.then(|| remove("iam:DeleteRolePermissionsBoundary", "removes the permissions boundary", call.send()))
    }

    fn put_inline(&self) -> Option<Call<'a>> {
        let now = inline_now(self.live);
        let wanted = self.want.arguments.inline_policies.as_ref()?;
        let (name, Document(text)) = wanted.iter().find(|(name, document)| {
            let live = now.and_then(|now| now.get(*name));
            live.is_none_or(|live| !policy::same(&document.0.as_str().into(), live))
        })?;
        let call = self.iam.put_role_policy().role_name(&self.live.id).policy_name(name).policy_document(text);
        Some(upsert("iam:PutRolePolicy", format!("sets the inline policy {name}"), call.send()))
    }

    fn delete_inline(&self) -> Option<Call<'a>> {
        let wanted = self.want.arguments.inline_policies.as_ref()?;
        let name = inline_now(self.live)?.keys().find(|name| !wanted.contains_key(*name))?;
        let call = self.iam.delete_role_policy().role_name(&self.live.id).policy_name(name);
        Some(remove("iam:DeleteRolePolicy", format!("removes the inline policy {name}"), call.send()))
    }

    fn attach(&self) -> Option<Call<'a>> {
        let now: BTreeSet<&str> = attached_now(self.live).collect();
        let arn = self.want.arguments.managed_policy_arns.as_ref()?.iter().find(|arn| !now.contains(arn.as_str()))?;
        let call = self.iam.attach_role_policy().role_name(&self.live.id).policy_arn(arn);
        Some(upsert("iam:AttachRolePolicy", format!("attaches {arn}"), call.send()))
    }

    fn detach(&self) -> Option<Call<'a>> {
        let wanted = self.want.arguments.managed_policy_arns.as_ref()?;
        let arn = attached_now(self.live).find(|arn| !wanted.contains(*arn))?;
        let call = self.iam.detach_role_policy().role_name(&self.live.id).policy_arn(arn);
        Some(remove("iam:DetachRolePolicy", format!("detaches {arn}"), call.send()))
    }

    fn set_tags(&self) -> Option<Call<'a>> {
        let wanted = self.want.tags_to_set(self.live);
        let does = format!("sets {}", count(wanted.len(), "tag"));
        let call = self.iam.tag_role().role_name(&self.live.id).set_tags(Some(tags(&wanted)));
        (!wanted.is_empty()).then(|| upsert("iam:TagRole", does, call.send()))
    }

    fn remove_tags(&self) -> Option<Call<'a>> {
        let dropped = self.want.tags_to_remove(self.live);
        let does = format!("removes {}", count(dropped.len(), "tag"));
        let any = !dropped.is_empty();
        let call = self.iam.untag_role().role_name(&self.live.id).set_tag_keys(Some(dropped));
        any.then(|| upsert("iam:UntagRole", does, call.send()))
    }
}
