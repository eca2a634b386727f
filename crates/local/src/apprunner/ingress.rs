//! VPC ingress connections: the way from a VPC to a private service.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

use super::answer::{invalid, not_found, page, quota, state, text, time};
use super::services::{self, Status, label};
use super::{arn, tags};

/// Connections per account and region.
const QUOTA: usize = 1;
/// How long creating, updating and deleting take, in seconds.
const TAKES: i64 = 60;

/// How far a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Progress {
    PendingCreation,
    PendingUpdate,
    PendingDeletion,
    Available,
    Deleted,
}

/// One connection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ingress {
    pub arn: String,
    pub name: String,
    pub service_arn: String,
    pub progress: Progress,
    /// When the pending change is done.
    pub due: Timestamp,
    pub domain: String,
    pub vpc_id: Option<String>,
    pub vpc_endpoint_id: Option<String>,
    pub created_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let service = services::find(world, caller, input).map_err(|refusal| invalid(refusal.message))?.clone();
    let name = text(input, "VpcIngressConnectionName")?.to_owned();
    match service.status {
        Status::Running | Status::Paused => {}
        other => {
            return Err(state(format!(
                "VPC Ingress Connection can't be created while the service is in the state: {}.",
                other.word()
            )));
        }
    }
    if service.configuration.public() {
        return Err(invalid(
            "VPC Ingress Connections are only supported for services that aren't publicly accessible.",
        ));
    }
    let mut live = world.region(caller).apprunner.ingress.values().filter(|each| each.deleted_at.is_none());
    if live.clone().any(|each| each.name == name) {
        return Err(invalid(format!("VPC Ingress Connection with the provided name already exists: {name}.")));
    }
    if live.by_ref().count() >= QUOTA {
        return Err(quota(format!("You have reached the quota of {QUOTA} VPC Ingress Connections per Region.")));
    }
    let (vpc_id, vpc_endpoint_id) = ends(&input["IngressVpcConfiguration"])?;
    let arn = arn::of(caller, &format!("vpcingressconnection/{name}/1/{}", arn::fresh_id(world)));
    tags::attach(world, caller, &arn, &input["Tags"])?;
    let now = world.now();
    let made = Ingress {
        arn: arn.clone(),
        name,
        service_arn: service.arn,
        progress: Progress::PendingCreation,
        due: now + SignedDuration::from_secs(TAKES),
        domain: format!("{}.{}.awsapprunner.com", label(world), caller.region),
        vpc_id,
        vpc_endpoint_id,
        created_at: now,
        deleted_at: None,
    };
    let shown = view(caller, &made);
    world.region(caller).apprunner.ingress.insert(arn, made);
    Ok(json!({ "VpcIngressConnection": shown }))
}

fn ends(block: &Value) -> Result<(Option<String>, Option<String>), Refusal> {
    let end = |member: &str| block[member].as_str().map(str::to_owned);
    match (end("VpcId"), end("VpcEndpointId")) {
        (vpc @ Some(_), endpoint @ Some(_)) => Ok((vpc, endpoint)),
        _ => Err(invalid("IngressVpcConfiguration needs a VpcId and a VpcEndpointId.")),
    }
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let shown = view(caller, find(world, caller, input)?);
    Ok(json!({ "VpcIngressConnection": shown }))
}

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let filter = &input["Filter"];
    let asked = |member: &str, value: Option<&str>| filter[member].as_str().is_none_or(|asked| value == Some(asked));
    let live = world.region(caller).apprunner.ingress.values().filter(|each| each.deleted_at.is_none());
    let shown = live.filter(|each| {
        asked("ServiceArn", Some(&each.service_arn)) && asked("VpcEndpointId", each.vpc_endpoint_id.as_deref())
    });
    let summaries = shown.map(|each| json!({ "VpcIngressConnectionArn": each.arn, "ServiceArn": each.service_arn }));
    page(input, "VpcIngressConnectionSummaryList", summaries.collect())
}

pub(super) fn update(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let ends = ends(&input["IngressVpcConfiguration"])?;
    let now = world.now();
    let found = find(world, caller, input)?;
    settled(found, "updated")?;
    (found.vpc_id, found.vpc_endpoint_id) = ends;
    found.progress = Progress::PendingUpdate;
    found.due = now + SignedDuration::from_secs(TAKES);
    let shown = view(caller, found);
    Ok(json!({ "VpcIngressConnection": shown }))
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let now = world.now();
    let found = find(world, caller, input)?;
    settled(found, "deleted")?;
    found.progress = Progress::PendingDeletion;
    found.due = now + SignedDuration::from_secs(TAKES);
    let shown = view(caller, found);
    Ok(json!({ "VpcIngressConnection": shown }))
}

/// Ends pending changes that are due.
pub(super) fn tick(world: &mut World, caller: &Caller) {
    let now = world.now();
    let region = &mut world.region(caller).apprunner;
    for connection in region.ingress.values_mut().filter(|each| each.due <= now) {
        match connection.progress {
            Progress::PendingCreation | Progress::PendingUpdate => connection.progress = Progress::Available,
            Progress::PendingDeletion => {
                connection.progress = Progress::Deleted;
                connection.deleted_at = Some(connection.due);
                region.tags.remove(&connection.arn);
            }
            Progress::Available | Progress::Deleted => {}
        }
    }
}

fn find<'a>(world: &'a mut World, caller: &Caller, input: &Value) -> Result<&'a mut Ingress, Refusal> {
    let given = text(input, "VpcIngressConnectionArn")?;
    let missing = || not_found(format!("VPC Ingress Connection with the provided ARN doesn't exist: {given}"));
    world.region(caller).apprunner.ingress.get_mut(given).ok_or_else(missing)
}

fn settled(connection: &Ingress, verb: &str) -> Result<(), Refusal> {
    match connection.progress {
        Progress::Available => Ok(()),
        other => Err(state(format!("VPC Ingress Connection cannot be {verb} in the current state: {}.", word(other)))),
    }
}

fn word(progress: Progress) -> &'static str {
    match progress {
        Progress::PendingCreation => "PENDING_CREATION",
        Progress::PendingUpdate => "PENDING_UPDATE",
        Progress::PendingDeletion => "PENDING_DELETION",
        Progress::Available => "AVAILABLE",
        Progress::Deleted => "DELETED",
    }
}

fn view(caller: &Caller, connection: &Ingress) -> Value {
    json!({
        "VpcIngressConnectionArn": connection.arn,
        "VpcIngressConnectionName": connection.name,
        "ServiceArn": connection.service_arn,
        "Status": word(connection.progress),
        "AccountId": caller.account,
        "DomainName": connection.domain,
        "IngressVpcConfiguration": { "VpcId": connection.vpc_id, "VpcEndpointId": connection.vpc_endpoint_id },
        "CreatedAt": time(connection.created_at),
        "DeletedAt": connection.deleted_at.map(time),
    })
}
