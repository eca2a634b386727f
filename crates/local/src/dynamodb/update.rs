//! UpdateTable: one logical change per call.

use serde::Deserialize;
use serde_json::{Value, json};

use super::capacity::{Asked, Warm};
use super::encryption::{self, EncryptionInput};
use super::indexes::{self, IndexInput};
use super::refusals::{alone, in_use, invalid};
use super::schedule::{self, Step};
use super::schema::Definition;
use super::settings::{self, StreamInput};
use super::table::{Mode, Status, Table};
use super::{names, throughput};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateTable {
    table_name: String,
    #[serde(default)]
    attribute_definitions: Vec<Definition>,
    pub(super) billing_mode: Option<Mode>,
    #[serde(flatten)]
    pub(super) capacity: Asked,
    #[serde(default)]
    global_secondary_index_updates: Vec<IndexChange>,
    stream_specification: Option<StreamInput>,
    #[serde(rename = "SSESpecification")]
    encryption: Option<EncryptionInput>,
    table_class: Option<String>,
    deletion_protection_enabled: Option<bool>,
    replica_updates: Option<Vec<Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IndexChange {
    update: Option<IndexUpdate>,
    create: Option<IndexInput>,
    delete: Option<IndexName>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct IndexUpdate {
    pub(super) index_name: String,
    #[serde(flatten)]
    pub(super) capacity: Asked,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct IndexName {
    index_name: String,
}

impl UpdateTable {
    pub(super) fn index_updates(&self) -> impl Iterator<Item = &IndexUpdate> {
        self.global_secondary_index_updates.iter().filter_map(|change| change.update.as_ref())
    }

    fn index_creates(&self) -> impl Iterator<Item = &IndexInput> {
        self.global_secondary_index_updates.iter().filter_map(|change| change.create.as_ref())
    }

    fn index_deletes(&self) -> impl Iterator<Item = &IndexName> {
        self.global_secondary_index_updates.iter().filter_map(|change| change.delete.as_ref())
    }

    fn warms(&self) -> Vec<(Option<&str>, Warm)> {
        let table = self.capacity.warm_throughput.map(|warm| (None, warm));
        let indexes = self
            .index_updates()
            .filter_map(|update| update.capacity.warm_throughput.map(|warm| (Some(update.index_name.as_str()), warm)));
        table.into_iter().chain(indexes).collect()
    }

    /// Whether billing mode or throughput, of the table or of indexes, are to change.
    fn has_capacity(&self) -> bool {
        let given = |asked: &Asked| asked.provisioned_throughput.is_some() || asked.on_demand_throughput.is_some();
        self.billing_mode.is_some()
            || given(&self.capacity)
            || self.index_updates().any(|update| given(&update.capacity))
    }

    /// The kinds of changes in the request, in a fixed order.
    fn kinds(&self) -> Vec<&'static str> {
        let kinds = [
            ("DeletionProtectionEnabled", self.deletion_protection_enabled.is_some()),
            ("SSESpecification", self.encryption.is_some()),
            ("TableClass", self.table_class.is_some()),
            ("WarmThroughput", !self.warms().is_empty()),
            ("ReplicaUpdates", self.replica_updates.is_some()),
            ("GlobalSecondaryIndexUpdates.Create", self.index_creates().count() > 0),
            ("GlobalSecondaryIndexUpdates.Delete", self.index_deletes().count() > 0),
            ("StreamSpecification", self.stream_specification.is_some()),
            ("ProvisionedThroughput", self.has_capacity()),
        ];
        kinds.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect()
    }

    /// A switch to on-demand may come with a stream change.
    fn is_on_demand_alone(&self) -> bool {
        self.billing_mode == Some(Mode::PayPerRequest)
            && self.capacity.provisioned_throughput.is_none()
            && self.capacity.on_demand_throughput.is_none()
            && self.global_secondary_index_updates.is_empty()
    }

    fn check_alone(&self) -> Result<(), Refusal> {
        if self.index_creates().count() + self.index_deletes().count() > 1 {
            return Err(indexes::one_at_a_time());
        }
        match self.kinds().as_slice() {
            [] => Err(invalid(
                "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or \
                 SSESpecification or ReplicaUpdates is required",
            )),
            [_] => Ok(()),
            ["StreamSpecification", "ProvisionedThroughput"] if self.is_on_demand_alone() => Ok(()),
            [first, ..] => Err(alone(first)),
        }
    }
}

pub(super) fn update(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let asked: UpdateTable = read(input)?;
    let now = world.now();
    asked.check_alone()?;
    let table = names::table(world, caller, &asked.table_name)?;
    if !is_dropped_reversal(table, &asked) {
        table.refuse_busy()?;
        apply(table, caller, now, &asked)?;
    }
    // The answer echoes the old values with the new status.
    Ok(json!({ "TableDescription": table.describe(now) }))
}

/// AWS accepts the reversal of a switch to provisioned that is still running, and silently drops it.
fn is_dropped_reversal(table: &Table, asked: &UpdateTable) -> bool {
    let switching = table.schedule.iter().any(|due| due.step == Step::Billing(Mode::Provisioned));
    table.status == Status::Updating && switching && asked.is_on_demand_alone() && asked.stream_specification.is_none()
}

fn apply(table: &mut Table, caller: &Caller, now: jiff::Timestamp, asked: &UpdateTable) -> Result<(), Refusal> {
    if let Some(on) = asked.deletion_protection_enabled {
        return settings::protection(table, now, on);
    }
    if table.is_encrypting() {
        return Err(in_use("Table is being updated", &table.name));
    }
    if let Some(encryption) = &asked.encryption {
        return encryption::change(table, caller, now, encryption);
    }
    if let Some(class) = &asked.table_class {
        return settings::class(table, now, class.clone());
    }
    if asked.replica_updates.is_some() {
        return Err(Refusal::new("UnknownOperationException", "global tables are not served here"));
    }
    if let Some(index) = asked.index_creates().next() {
        return indexes::create(table, now, &asked.attribute_definitions, index.clone());
    }
    if let Some(index) = asked.index_deletes().next() {
        return indexes::delete(table, now, &index.index_name);
    }
    let warms = asked.warms();
    if !warms.is_empty() {
        return warms.into_iter().try_for_each(|(index, units)| throughput::warm(table, now, index, units));
    }
    change_together(table, now, asked)
}

/// What may come together: billing mode and throughput, or a switch to on-demand and the stream.
fn change_together(table: &mut Table, now: jiff::Timestamp, asked: &UpdateTable) -> Result<(), Refusal> {
    let stream = asked.stream_specification.as_ref().map(|stream| settings::check_stream(table, stream)).transpose()?;
    let (mut duration, mut steps) = throughput::steps(table, now, asked)?;
    if let Some(step) = stream {
        duration = if steps.is_empty() { schedule::STREAM } else { duration.max(schedule::STREAM) };
        steps.push(step);
    }
    if !steps.is_empty() {
        table.update_after(now, duration, steps);
    }
    Ok(())
}
