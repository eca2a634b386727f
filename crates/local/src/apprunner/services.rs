//! Services: create, describe, list, update.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

use super::answer::{invalid, not_found, page, passed, quota, state, text, time};
use super::blocks::{Configuration, EncryptionConfiguration};
use super::domains::Domain;
use super::neighbours::{self, Artifact};
use super::operations::{self, Kind, Operation, Running};
use super::{AppRunner, arn, auto_scaling, tags, validate};

/// Services per account and region, failed ones included.
const QUOTA: usize = 30;
/// How long after its deletion a service still counts as a user of what it referred to, in seconds.
const LINGERS: i64 = 3;

/// The state of a service as the model spells it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    CreateFailed,
    Running,
    Deleted,
    DeleteFailed,
    Paused,
    OperationInProgress,
}

impl Status {
    /// The word on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Status::CreateFailed => "CREATE_FAILED",
            Status::Running => "RUNNING",
            Status::Deleted => "DELETED",
            Status::DeleteFailed => "DELETE_FAILED",
            Status::Paused => "PAUSED",
            Status::OperationInProgress => "OPERATION_IN_PROGRESS",
        }
    }
}

/// One service.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Service {
    pub name: String,
    /// 32 hex digits.
    pub id: String,
    pub arn: String,
    /// `{label}.{region}.awsapprunner.com`, also of a private service.
    pub host: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub deleted_at: Option<Timestamp>,
    pub status: Status,
    /// While an update runs, what it brings.
    pub configuration: Configuration,
    pub encryption: Option<EncryptionConfiguration>,
    /// Oldest first.
    pub operations: Vec<Operation>,
    pub running: Option<Running>,
    /// What the instances run.
    pub artifact: Option<Artifact>,
    /// An image was pushed while an operation was under way.
    pub pushed: bool,
    pub domains: Vec<Domain>,
}

impl Service {
    /// Whether this service, or the configuration it may roll back to, refers to something.
    pub fn uses(&self, refers: impl Fn(&Configuration) -> bool) -> bool {
        let previous = self.running.as_ref().and_then(|running| running.previous.as_deref());
        self.deleted_at.is_none() && (refers(&self.configuration) || previous.is_some_and(refers))
    }

    /// As [`Service::uses`]; a service deleted a moment ago still counts.
    pub fn lately_used(&self, now: Timestamp, refers: impl Fn(&Configuration) -> bool) -> bool {
        match self.deleted_at {
            Some(at) => !passed(at, LINGERS, now) && refers(&self.configuration),
            None => self.uses(refers),
        }
    }

    /// The refusal of a verb that the present state forbids. The text is AWS's.
    pub fn not_now(&self, verb: &str) -> Refusal {
        state(format!("Service cannot be {verb} in the current state: {}.", self.status.word()))
    }
}

/// The service that the member `ServiceArn` names, deleted ones included.
pub(super) fn find<'a>(world: &'a mut World, caller: &Caller, input: &Value) -> Result<&'a mut Service, Refusal> {
    let given = text(input, "ServiceArn")?;
    let services = &mut world.region(caller).apprunner.services;
    services.values_mut().find(|service| service.arn == given).ok_or_else(|| missing(given))
}

/// As [`find`], without deleted ones.
pub(super) fn live<'a>(world: &'a mut World, caller: &Caller, input: &Value) -> Result<&'a mut Service, Refusal> {
    let given = text(input, "ServiceArn")?;
    find(world, caller, input).and_then(|service| match service.status {
        Status::Deleted => Err(missing(given)),
        _ => Ok(service),
    })
}

fn missing(arn: &str) -> Refusal {
    not_found(format!("Service with the provided ARN doesn't exist: {arn}"))
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let name = text(input, "ServiceName")?.to_owned();
    admit(&world.region(caller).apprunner, &name)?;
    let configuration = validate::configuration(world, caller, read(input)?, None)?;
    let id = arn::fresh_id(world);
    let arn = arn::of(caller, &format!("service/{name}/{id}"));
    tags::attach(world, caller, &arn, &input["Tags"])?;
    neighbours::service_linked_roles(world, caller, configuration.connector().is_some());
    let now = world.now();
    let mut service = Service {
        host: format!("{}.{}.awsapprunner.com", label(world), caller.region),
        encryption: match &input["EncryptionConfiguration"] {
            Value::Null => None,
            block => Some(read(block)?),
        },
        operations: Vec::new(),
        running: None,
        artifact: None,
        pushed: false,
        domains: Vec::new(),
        created_at: now,
        updated_at: now,
        deleted_at: None,
        status: Status::OperationInProgress,
        name,
        id,
        arn,
        configuration,
    };
    let operation = operations::begin(world, caller, &mut service, Kind::CreateService, None);
    Ok(keep(world, caller, service, Some(operation)))
}

/// Name and quota of a service to be created.
fn admit(state: &AppRunner, name: &str) -> Result<(), Refusal> {
    let mut live = state.services.values().filter(|service| service.status != Status::Deleted);
    if live.clone().any(|service| service.name == name) {
        // The text is AWS's.
        return Err(invalid(format!("Service with the provided name already exists: {name}.")));
    }
    match live.by_ref().count() >= QUOTA {
        true => Err(quota(format!("You have reached the quota of {QUOTA} services per Region."))),
        false => Ok(()),
    }
}

/// Ten lower-case letters and digits, the first a letter.
pub(super) fn label(world: &mut World) -> String {
    const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let digits = world.hex(20);
    let bytes = (0..10).map(|at| u8::from_str_radix(&digits[at * 2..at * 2 + 2], 16).unwrap_or_default());
    let picks = bytes.enumerate().map(|(at, byte)| usize::from(byte) % if at == 0 { 26 } else { 36 });
    picks.map(|pick| char::from(ALPHABET[pick])).collect()
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let id = find(world, caller, input)?.id.clone();
    let state = &world.region(caller).apprunner;
    Ok(json!({ "Service": state.services.get(&id).map(|service| view(state, service)) }))
}

pub(super) fn list(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let services = &world.region(caller).apprunner.services;
    let mut shown: Vec<_> = services.values().filter(|service| service.status != Status::Deleted).collect();
    shown.sort_by_key(|service| (service.created_at, &service.name));
    let summaries = shown.into_iter().map(|service| {
        json!({
            "ServiceName": service.name,
            "ServiceId": service.id,
            "ServiceArn": service.arn,
            "ServiceUrl": url(service),
            "CreatedAt": time(service.created_at),
            "UpdatedAt": time(service.updated_at),
            "Status": service.status.word(),
        })
    });
    page(input, "ServiceSummaryList", summaries.collect())
}

pub(super) fn update(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let mut service = live(world, caller, input)?.clone();
    if service.status != Status::Running {
        return Err(service.not_now("updated"));
    }
    let wanted = validate::configuration(world, caller, read(input)?, Some(&service.configuration))?;
    neighbours::service_linked_roles(world, caller, wanted.connector().is_some());
    let previous = std::mem::replace(&mut service.configuration, wanted);
    let operation = operations::begin(world, caller, &mut service, Kind::UpdateService, Some(previous));
    Ok(keep(world, caller, service, Some(operation)))
}

/// Stores the service and answers it with the operation.
pub(super) fn keep(world: &mut World, caller: &Caller, service: Service, operation: Option<String>) -> Value {
    let state = &mut world.region(caller).apprunner;
    let id = service.id.clone();
    state.services.insert(id.clone(), service);
    let shown = state.services.get(&id).map(|service| view(state, service));
    json!({ "Service": shown, "OperationId": operation })
}

/// A private service shows no address.
fn url(service: &Service) -> Option<&str> {
    service.configuration.public().then_some(service.host.as_str())
}

fn view(state: &AppRunner, service: &Service) -> Value {
    let configuration = &service.configuration;
    json!({
        "ServiceName": service.name,
        "ServiceId": service.id,
        "ServiceArn": service.arn,
        "ServiceUrl": url(service),
        "CreatedAt": time(service.created_at),
        "UpdatedAt": time(service.updated_at),
        "DeletedAt": service.deleted_at.map(time),
        "Status": service.status.word(),
        "SourceConfiguration": configuration.source,
        "InstanceConfiguration": configuration.instance,
        "EncryptionConfiguration": service.encryption,
        "HealthCheckConfiguration": configuration.health_check,
        "AutoScalingConfigurationSummary": auto_scaling::summary(state, &configuration.auto_scaling_arn),
        "NetworkConfiguration": configuration.network,
        "ObservabilityConfiguration": configuration.observability,
    })
}
