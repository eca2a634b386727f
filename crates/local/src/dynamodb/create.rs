//! CreateTable.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Value, json};

use super::capacity::{self, Asked};
use super::encryption::{self, EncryptionInput};
use super::indexes::IndexInput;
use super::policies::ResourcePolicy;
use super::refusals::parameter;
use super::schedule::{self, Step};
use super::schema::{self, Definition};
use super::settings::{self, StreamInput};
use super::table::{Billing, Class, KeyElement, LocalIndex, Mode, OnDemand, Status, Table};
use super::tags::{self, Tag};
use super::ttl::TimeToLive;
use super::{names, policies};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

const GLOBAL_INDEXES: usize = 20;
const LOCAL_INDEXES: usize = 5;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateTable {
    table_name: String,
    #[serde(default)]
    attribute_definitions: Vec<Definition>,
    #[serde(default)]
    key_schema: Vec<KeyElement>,
    local_secondary_indexes: Option<Vec<LocalIndex>>,
    global_secondary_indexes: Option<Vec<IndexInput>>,
    billing_mode: Option<Mode>,
    #[serde(flatten)]
    capacity: Asked,
    stream_specification: Option<StreamInput>,
    #[serde(rename = "SSESpecification")]
    encryption: Option<EncryptionInput>,
    #[serde(default)]
    tags: Vec<Tag>,
    table_class: Option<String>,
    #[serde(default)]
    deletion_protection_enabled: bool,
    resource_policy: Option<String>,
}

pub(super) fn create(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let wanted: CreateTable = read(input)?;
    let name = wanted.table_name.clone();
    names::check(&name)?;
    let types = wanted.check()?;
    let tags = tags::accepted(&wanted.tags, &BTreeMap::new())?;
    if world.region(caller).dynamodb.tables.contains_key(&name) {
        return Err(in_use_already(&name));
    }
    let table = wanted.build(world, caller, types, tags)?;
    let answer = json!({ "TableDescription": table.describe(world.now()) });
    world.region(caller).dynamodb.tables.insert(name, table);
    Ok(answer)
}

fn in_use_already(name: &str) -> Refusal {
    Refusal::new("ResourceInUseException", format!("Table already exists: {name}"))
}

impl CreateTable {
    fn mode(&self) -> Mode {
        self.billing_mode.unwrap_or(Mode::Provisioned)
    }

    fn locals(&self) -> &[LocalIndex] {
        self.local_secondary_indexes.as_deref().unwrap_or_default()
    }

    fn globals(&self) -> &[IndexInput] {
        self.global_secondary_indexes.as_deref().unwrap_or_default()
    }

    /// Refuses what AWS refuses; gives the types of the key attributes.
    fn check(&self) -> Result<BTreeMap<String, String>, Refusal> {
        let types = schema::definitions(&self.attribute_definitions)?;
        schema::simple_key(&self.key_schema)?;
        self.check_lists()?;
        let mut keys: Vec<&[KeyElement]> = Vec::new();
        for index in self.locals() {
            schema::local_index(&self.key_schema, index)?;
            keys.push(&index.key_schema);
        }
        for index in self.globals() {
            index.check()?;
            keys.push(&index.key_schema);
        }
        schema::exactly(&types, &self.key_schema, &keys)?;
        self.capacity.check(self.mode())?;
        self.globals().iter().try_for_each(|index| index.capacity.check_index(self.mode(), &index.index_name))?;
        self.stream_specification.iter().try_for_each(StreamInput::check)?;
        Ok(types)
    }

    fn check_lists(&self) -> Result<(), Refusal> {
        if self.local_secondary_indexes.as_ref().is_some_and(Vec::is_empty) {
            return Err(parameter("List of LocalSecondaryIndexes is empty"));
        }
        if self.global_secondary_indexes.as_ref().is_some_and(Vec::is_empty) {
            return Err(parameter("List of GlobalSecondaryIndexes is empty"));
        }
        if self.locals().len() > LOCAL_INDEXES {
            return Err(parameter(format!(
                "Number of LocalSecondaryIndexes exceeds per-table limit of {LOCAL_INDEXES}"
            )));
        }
        if self.globals().len() > GLOBAL_INDEXES {
            return Err(parameter(format!(
                "GlobalSecondaryIndex count exceeds the per-table limit of {GLOBAL_INDEXES}"
            )));
        }
        let names = self.locals().iter().map(|i| &i.index_name).chain(self.globals().iter().map(|i| &i.index_name));
        let mut seen = BTreeSet::new();
        for name in names {
            if !seen.insert(name) {
                return Err(parameter(format!("Duplicate index name: {name}")));
            }
        }
        let projections =
            self.locals().iter().map(|i| &i.projection).chain(self.globals().iter().map(|i| &i.projection));
        let included: usize = projections.filter_map(|p| p.non_key_attributes.as_ref()).map(Vec::len).sum();
        if included > schema::NON_KEY_TOTAL {
            return Err(parameter("Number of NonKeyAttributes of all indexes exceeds the per-table limit of 100"));
        }
        Ok(())
    }

    fn build(
        self,
        world: &mut World,
        caller: &Caller,
        attributes: BTreeMap<String, String>,
        tags: BTreeMap<String, String>,
    ) -> Result<Table, Refusal> {
        let now = world.now();
        let mode = self.mode();
        let encryption = match &self.encryption {
            Some(asked) => encryption::wanted(caller, asked)?,
            None => None,
        };
        let policy = match self.resource_policy {
            Some(text) => Some(ResourcePolicy { revision: policies::revision(world), text: policies::accepted(text)? }),
            None => None,
        };
        let duration = match self.global_secondary_indexes {
            Some(_) => schedule::CREATE_WITH_INDEXES,
            None => schedule::CREATE,
        };
        let globals = self.global_secondary_indexes.unwrap_or_default();
        let mut table = Table {
            id: world.uuid(),
            arn: names::arn(caller, &self.table_name),
            name: self.table_name,
            created: now,
            status: Status::Creating,
            schedule: Vec::new(),
            gone: false,
            attributes,
            keys: self.key_schema,
            local_indexes: self.local_secondary_indexes.unwrap_or_default(),
            global_indexes: globals.into_iter().map(|index| index.build(mode)).collect(),
            billing: Billing { mode, on_demand_since: (mode == Mode::PayPerRequest).then_some(now), switched: false },
            capacity: capacity::first(mode, &self.capacity, OnDemand::default()),
            class: Class { name: self.table_class, changed: Vec::new() },
            stream: None,
            stream_label: None,
            encryption,
            encrypted: Vec::new(),
            protected: self.deletion_protection_enabled,
            protection_changed: None,
            ttl: TimeToLive::default(),
            recovery: None,
            active_since: None,
            tags,
            tags_locked_until: None,
            policy,
            items: BTreeMap::new(),
        };
        if let Some(view) = self.stream_specification.and_then(StreamInput::view) {
            settings::start_stream(&mut table, now, view);
        }
        table.plan(now + duration, Step::Created);
        Ok(table)
    }
}
