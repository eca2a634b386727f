//! What can be written of a `dynamodb_table`, and what DynamoDB would refuse.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Attribute, Kind, Schema, Value,
    schema::{DefaultTimeouts, Finding, Member, Prediction, Preset, Unset},
};

use super::limits;
use crate::values::arn;

const KEY_SCHEMA: Kind = Kind::List(&Kind::Object(&[
    Attribute::required("attribute_name", Kind::Text)
        .member(&limits::key_schema_element::ATTRIBUTE_NAME)
        .doc("An attribute of `attribute_definitions`."),
    Attribute::required("key_type", Kind::Text)
        .member(&limits::key_schema_element::KEY_TYPE)
        .doc("`HASH` (first) or `RANGE`."),
]));

const PROJECTION: Kind = Kind::Object(&[
    Attribute::required("projection_type", Kind::Text)
        .member(&limits::projection::PROJECTION_TYPE)
        .doc("`ALL`, `KEYS_ONLY` or `INCLUDE`."),
    Attribute::optional("non_key_attributes", Kind::Set(&Kind::Text))
        .member(&limits::projection::NON_KEY_ATTRIBUTES)
        .doc("What `INCLUDE` copies beside the keys."),
]);

const THROUGHPUT: Kind = Kind::Object(&[
    Attribute::required("read_capacity_units", Kind::Number)
        .member(&limits::provisioned_throughput::READ_CAPACITY_UNITS)
        .doc("Strongly consistent reads per second."),
    Attribute::required("write_capacity_units", Kind::Number)
        .member(&limits::provisioned_throughput::WRITE_CAPACITY_UNITS)
        .doc("Writes per second."),
]);

const ON_DEMAND: Kind = Kind::Object(&[
    Attribute::optional("max_read_request_units", Kind::Number)
        .member(&limits::on_demand_throughput::MAX_READ_REQUEST_UNITS)
        .on_unset(Unset::Default(Preset::Whole(-1)))
        .doc("The most read units per second; -1 for no limit."),
    Attribute::optional("max_write_request_units", Kind::Number)
        .member(&limits::on_demand_throughput::MAX_WRITE_REQUEST_UNITS)
        .on_unset(Unset::Default(Preset::Whole(-1)))
        .doc("The most write units per second; -1 for no limit."),
]);

/// Where an operation takes a name it takes an ARN too, and its limits are those of an ARN. These are the model's for a name.
const NAME: Member =
    Member { min: Some(3), max: Some(255), pattern: Some("[a-zA-Z0-9_.-]+"), ..limits::create_table_input::TABLE_NAME };

pub static SCHEMA: Schema = Schema {
    name: "dynamodb_table",
    doc: "A DynamoDB table.",
    attributes: &[
        Attribute::required("table_name", Kind::Text)
            .member(&NAME)
            .replaces()
            .doc("The name."),
        Attribute::name_prefix("table_name_prefix", "table_name").member(&NAME),
        Attribute::required(
            "attribute_definitions",
            Kind::Set(&Kind::Object(&[
                Attribute::required("attribute_name", Kind::Text)
                    .member(&limits::attribute_definition::ATTRIBUTE_NAME)
                    .doc("The attribute's name."),
                Attribute::required("attribute_type", Kind::Text)
                    .member(&limits::attribute_definition::ATTRIBUTE_TYPE)
                    .doc("`S`, `N` or `B`."),
            ])),
        )
        .member(&limits::create_table_input::ATTRIBUTE_DEFINITIONS)
        .replaces_if(a_type_changes)
        .doc("The key attributes of the table and its indexes, and no others. Changing a type replaces the table."),
        Attribute::required("key_schema", KEY_SCHEMA)
            .member(&limits::create_table_input::KEY_SCHEMA)
            .replaces()
            .doc("The primary key, `HASH` first."),
        Attribute::optional("billing_mode", Kind::Text)
            .member(&limits::create_table_input::BILLING_MODE)
            .doc("`PAY_PER_REQUEST`, or `PROVISIONED` (AWS's default) with `provisioned_throughput`."),
        Attribute::optional("provisioned_throughput", THROUGHPUT)
            .member(&limits::create_table_input::PROVISIONED_THROUGHPUT)
            .doc("Capacity of a `PROVISIONED` table."),
        Attribute::optional("on_demand_throughput", ON_DEMAND)
            .member(&limits::create_table_input::ON_DEMAND_THROUGHPUT)
            .doc("Upper limits of a `PAY_PER_REQUEST` table."),
        Attribute::optional(
            "global_secondary_indexes",
            Kind::Set(&Kind::Object(&[
                Attribute::required("index_name", Kind::Text)
                    .member(&limits::global_secondary_index::INDEX_NAME)
                    .doc("The index's name."),
                Attribute::required("key_schema", KEY_SCHEMA)
                    .member(&limits::global_secondary_index::KEY_SCHEMA)
                    .doc("Its key; a change makes the index anew."),
                Attribute::required("projection", PROJECTION)
                    .member(&limits::global_secondary_index::PROJECTION)
                    .doc("What it copies; a change makes the index anew."),
                Attribute::optional("provisioned_throughput", THROUGHPUT)
                    .member(&limits::global_secondary_index::PROVISIONED_THROUGHPUT)
                    .doc("Capacity, on a `PROVISIONED` table."),
                Attribute::optional("on_demand_throughput", ON_DEMAND)
                    .member(&limits::global_secondary_index::ON_DEMAND_THROUGHPUT)
                    .doc("Upper limits, on a `PAY_PER_REQUEST` table."),
            ])),
        )
        .member(&limits::create_table_input::GLOBAL_SECONDARY_INDEXES)
        .per_key("index_name")
        .doc("Global secondary indexes by name. AWS makes or removes one at a time, so several changes take a while."),
        Attribute::optional(
            "local_secondary_indexes",
            Kind::Set(&Kind::Object(&[
                Attribute::required("index_name", Kind::Text)
                    .member(&limits::local_secondary_index::INDEX_NAME)
                    .doc("The index's name."),
                Attribute::required("key_schema", KEY_SCHEMA)
                    .member(&limits::local_secondary_index::KEY_SCHEMA)
                    .doc("Its key; the table's `HASH` attribute first."),
                Attribute::required("projection", PROJECTION)
                    .member(&limits::local_secondary_index::PROJECTION)
                    .doc("What it copies."),
            ])),
        )
        .member(&limits::create_table_input::LOCAL_SECONDARY_INDEXES)
        .replaces()
        .doc("Local secondary indexes; they can only be made with the table."),
        Attribute::optional(
            "stream_specification",
            Kind::Object(&[
                Attribute::required("stream_enabled", Kind::Flag)
                    .member(&limits::stream_specification::STREAM_ENABLED)
                    .doc("Whether changes are streamed."),
                Attribute::optional("stream_view_type", Kind::Text)
                    .member(&limits::stream_specification::STREAM_VIEW_TYPE)
                    .doc("What a record shows. A change ends the stream and starts another."),
            ]),
        )
        .member(&limits::create_table_input::STREAM_SPECIFICATION)
        .on_unset(Unset::Clear)
        .doc("A stream of changes."),
        Attribute::optional(
            "sse_specification",
            Kind::Object(&[
                Attribute::optional("enabled", Kind::Flag)
                    .member(&limits::sse_specification::ENABLED)
                    .doc("`true` for a KMS key, `false` for AWS's own key."),
                Attribute::optional("sse_type", Kind::Text)
                    .member(&limits::sse_specification::SSE_TYPE)
                    .doc("`KMS`."),
                Attribute::optional("kms_master_key_id", Kind::Text)
                    .member(&limits::sse_specification::KMS_MASTER_KEY_ID)
                    .doc("The key's ARN; without it the account's key for DynamoDB."),
            ]),
        )
        .member(&limits::create_table_input::SSE_SPECIFICATION)
        .on_unset(Unset::Clear)
        .doc("Encryption at rest."),
        Attribute::optional("table_class", Kind::Text)
            .member(&limits::create_table_input::TABLE_CLASS)
            .on_unset(Unset::Default(Preset::Text("STANDARD")))
            .doc("`STANDARD` (AWS's default) or `STANDARD_INFREQUENT_ACCESS`."),
        Attribute::optional("deletion_protection_enabled", Kind::Flag)
            .member(&limits::create_table_input::DELETION_PROTECTION_ENABLED)
            .on_unset(Unset::Default(Preset::Flag(false)))
            .doc("Refuses the table's deletion while it is on. AWS's default: `false`."),
        Attribute::optional(
            "time_to_live_specification",
            Kind::Object(&[
                Attribute::required("enabled", Kind::Flag)
                    .member(&limits::time_to_live_specification::ENABLED)
                    .doc("Whether items expire."),
                Attribute::required("attribute_name", Kind::Text)
                    .member(&limits::time_to_live_specification::ATTRIBUTE_NAME)
                    .doc("The attribute that holds the time of expiry, in seconds since 1970. AWS allows one change in about 31 minutes."),
            ]),
        )
        .member(&limits::update_time_to_live_input::TIME_TO_LIVE_SPECIFICATION)
        .on_unset(Unset::Clear)
        .doc("Expiry of items."),
        Attribute::optional(
            "point_in_time_recovery_specification",
            Kind::Object(&[
                Attribute::required("point_in_time_recovery_enabled", Kind::Flag)
                    .member(&limits::point_in_time_recovery_specification::POINT_IN_TIME_RECOVERY_ENABLED)
                    .doc("Whether the table can be restored to any second."),
                Attribute::optional("recovery_period_in_days", Kind::Number)
                    .member(&limits::point_in_time_recovery_specification::RECOVERY_PERIOD_IN_DAYS)
                    .doc("How far back. AWS's default: 35."),
            ]),
        )
        .member(&limits::update_continuous_backups_input::POINT_IN_TIME_RECOVERY_SPECIFICATION)
        .on_unset(Unset::Clear)
        .doc("Point-in-time recovery."),
        Attribute::optional("tags", Kind::Map(&Kind::Text))
            .member(&limits::create_table_input::TAGS)
            .per_key("")
            .doc("Tags."),
        Attribute::computed("table_arn", Kind::Text).predicted(table_arn).doc("The ARN."),
        Attribute::computed("table_id", Kind::Text).doc("The id, unique to this incarnation of the table."),
        Attribute::computed("latest_stream_arn", Kind::Text)
            .changes_with(&["stream_specification"])
            .doc("The ARN of the newest stream."),
        Attribute::computed("creation_date_time", Kind::Text).doc("When it was created, RFC 3339."),
    ],
    natural_name: &["table_name"],
    import_id: "the table's name",
    predict_id: Some(|prediction| prediction.text("table_name").map(str::to_owned)),
    revisions: false,
    global: false,
    taggable: true,
    loses: Some("every item in the table"),
    timeouts: DefaultTimeouts { create: 600, update: 3600, delete: 1800 },
    check,
};

fn table_arn(prediction: &Prediction<'_>) -> Option<Value> {
    let name = prediction.text("table_name")?;
    arn(prediction, "dynamodb", &format!("table/{name}")).map(Value::Text)
}

/// Whether an attribute that is in use has another type; DynamoDB itself adds and drops definitions with the indexes.
fn a_type_changes(live: &Value, wanted: &Value) -> bool {
    let (live, wanted) = (types(live), types(wanted));
    live.iter().any(|(name, kind)| wanted.get(name).is_some_and(|other| other != kind))
}

fn types(definitions: &Value) -> BTreeMap<&str, &str> {
    let definitions = definitions.as_list().unwrap_or_default().iter().filter_map(Value::as_map);
    definitions
        .filter_map(|entry| Some((entry.get("attribute_name")?.as_text()?, entry.get("attribute_type")?.as_text()?)))
        .collect()
}

fn check(arguments: &BTreeMap<String, Value>) -> Vec<Finding> {
    let mut found = Vec::new();
    if arguments.get("billing_mode").is_none_or(Value::is_known) {
        found.extend(check_billing(arguments));
    }
    if arguments.values().all(Value::is_known) {
        found.extend(check_definitions(arguments));
    }
    for name in ["global_secondary_indexes", "local_secondary_indexes"] {
        let indexes = arguments.get(name).and_then(Value::as_list).unwrap_or_default();
        let limit = if name.starts_with("local") { 5 } else { 20 };
        if indexes.len() > limit {
            found.push(finding(name, format!("a table may have {limit} of them; here are {}", indexes.len()), None));
        }
        found.extend(indexes.iter().filter_map(|index| check_projection(name, index)));
    }
    let keys = arguments.get("key_schema").and_then(Value::as_list).unwrap_or_default();
    if keys.first().and_then(|key| key.as_map()?.get("key_type")?.as_text()).is_some_and(|kind| kind != "HASH") {
        found.push(finding("key_schema", "the `HASH` element must come first".to_owned(), None));
    }
    found
}

fn finding(path: &str, detail: String, hint: Option<&str>) -> Finding {
    Finding {
        path: path.to_owned(),
        summary: "not a table that DynamoDB takes",
        detail,
        hint: hint.map(str::to_owned),
        warning: false,
    }
}

fn check_billing(arguments: &BTreeMap<String, Value>) -> Option<Finding> {
    let on_demand = arguments.get("billing_mode").and_then(Value::as_text) == Some("PAY_PER_REQUEST");
    let throughput = arguments.contains_key("provisioned_throughput");
    match (on_demand, throughput) {
        (true, true) => Some(finding(
            "provisioned_throughput",
            "a `PAY_PER_REQUEST` table takes no `provisioned_throughput`".to_owned(),
            Some("leave it out, or set `billing_mode = \"PROVISIONED\"`"),
        )),
        (false, false) => Some(finding(
            "billing_mode",
            "a `PROVISIONED` table (AWS's default) needs `provisioned_throughput`".to_owned(),
            Some("set `billing_mode = \"PAY_PER_REQUEST\"`, or write `provisioned_throughput`"),
        )),
        _ => None,
    }
}

fn check_projection(name: &str, index: &Value) -> Option<Finding> {
    let projection = index.as_map()?.get("projection")?.as_map()?;
    let includes = projection.get("projection_type")?.as_text()? == "INCLUDE";
    let listed = projection.contains_key("non_key_attributes");
    (includes != listed).then(|| {
        finding(
            name,
            "`non_key_attributes` belongs to `projection_type = \"INCLUDE\"`, and that needs it".to_owned(),
            None,
        )
    })
}

/// Definitions must be exactly the key attributes.
fn check_definitions(arguments: &BTreeMap<String, Value>) -> Option<Finding> {
    let null = Value::Null;
    let defined: BTreeSet<&str> = types(arguments.get("attribute_definitions").unwrap_or(&null)).into_keys().collect();
    let mut used: BTreeSet<&str> = key_names(arguments.get("key_schema").unwrap_or(&null)).collect();
    for name in ["global_secondary_indexes", "local_secondary_indexes"] {
        let indexes = arguments.get(name).and_then(Value::as_list).unwrap_or_default();
        used.extend(indexes.iter().filter_map(|index| index.as_map()?.get("key_schema")).flat_map(key_names));
    }
    let list = |names: Vec<&&str>| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let missing = list(used.difference(&defined).collect());
    let unused = list(defined.difference(&used).collect());
    let detail = match (missing.is_empty(), unused.is_empty()) {
        (true, true) => return None,
        (false, _) => format!("{missing} is a key and has no definition"),
        (true, false) => format!("{unused} is defined and no key uses it"),
    };
    Some(finding("attribute_definitions", detail, Some("define exactly the attributes that keys use")))
}

fn key_names(keys: &Value) -> impl Iterator<Item = &str> {
    let keys = keys.as_list().unwrap_or_default().iter();
    keys.filter_map(|key| key.as_map()?.get("attribute_name")?.as_text())
}
