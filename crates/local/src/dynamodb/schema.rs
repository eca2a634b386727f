//! What DynamoDB demands of keys, attributes and projections beyond the service model.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::refusals::{invalid, parameter};
use super::table::{KeyElement, LocalIndex, Projection};
use crate::refusal::Refusal;

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Definition {
    pub(super) attribute_name: String,
    pub(super) attribute_type: String,
}

/// A global index may have up to four attributes of each kind in its key.
const INDEX_PARTS: usize = 4;

/// At most so many non-key attributes in one index, and in all of a table's together.
const NON_KEY: usize = 20;
pub(super) const NON_KEY_TOTAL: usize = 100;

pub(super) fn definitions(given: &[Definition]) -> Result<BTreeMap<String, String>, Refusal> {
    let mut types = BTreeMap::new();
    for Definition { attribute_name: name, attribute_type: kind } in given {
        if types.insert(name.clone(), kind.clone()).is_some_and(|other| other != *kind) {
            return Err(parameter(format!("Cannot redefine attribute '{name}'")));
        }
    }
    Ok(types)
}

/// The key of a table or a local index: a hash, then perhaps a range.
pub(super) fn simple_key(keys: &[KeyElement]) -> Result<(), Refusal> {
    match keys {
        [] => Err(invalid(
            "No defined key schema.  A key schema containing at least a hash key must be defined for all tables",
        )),
        [hash, ..] if hash.key_type != "HASH" => {
            Err(invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type"))
        }
        [_] => Ok(()),
        [_, range] if range.key_type != "RANGE" => {
            Err(invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"))
        }
        [hash, range] if hash.attribute_name == range.attribute_name => {
            Err(invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name"))
        }
        [_, _] => Ok(()),
        _ => Err(invalid("Invalid KeySchema: The key schema has more than two elements")),
    }
}

/// The key of a global index: one to four hashes, then up to four ranges, each attribute once.
pub(super) fn index_key(keys: &[KeyElement]) -> Result<(), Refusal> {
    let hashes = keys.iter().take_while(|key| key.key_type == "HASH").count();
    let ranges = &keys[hashes..];
    if hashes == 0 {
        return Err(invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type"));
    }
    if ranges.iter().any(|key| key.key_type != "RANGE") {
        return Err(invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"));
    }
    if hashes > INDEX_PARTS || ranges.len() > INDEX_PARTS {
        return Err(invalid("Invalid KeySchema: An index key has at most 4 HASH and 4 RANGE elements"));
    }
    let names: BTreeSet<_> = keys.iter().map(|key| &key.attribute_name).collect();
    if names.len() < keys.len() {
        return Err(invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name"));
    }
    Ok(())
}

pub(super) fn local_index(table: &[KeyElement], index: &LocalIndex) -> Result<(), Refusal> {
    let name = &index.index_name;
    if table.len() < 2 {
        return Err(parameter(
            "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
        ));
    }
    simple_key(&index.key_schema)?;
    let [hash, _] = index.key_schema.as_slice() else {
        return Err(parameter(format!("Index KeySchema does not have a range key for index: {name}")));
    };
    if hash.attribute_name != table[0].attribute_name {
        return Err(parameter(format!(
            "Index KeySchema does not have the same leading hash key as table KeySchema for index: {name}. \
             index hash key: {}, table hash key: {}",
            hash.attribute_name, table[0].attribute_name
        )));
    }
    projection(&index.projection)
}

pub(super) fn projection(projection: &Projection) -> Result<(), Refusal> {
    let names = projection.non_key_attributes.as_deref();
    match (projection.projection_type.as_deref(), names) {
        (None, _) => Err(parameter("Unknown ProjectionType: null")),
        (Some("INCLUDE"), None | Some([])) => {
            Err(parameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified"))
        }
        (Some("INCLUDE"), Some(names)) if names.len() > NON_KEY => {
            Err(parameter(format!("Number of NonKeyAttributes exceeds the per-index limit of {NON_KEY}")))
        }
        (Some("INCLUDE"), Some(_)) | (Some(_), None) => Ok(()),
        (Some(kind), Some(_)) => Err(parameter(format!("ProjectionType is {kind}, but NonKeyAttributes is specified"))),
    }
}

/// Definitions must be exactly the attributes that keys use.
pub(super) fn exactly(
    types: &BTreeMap<String, String>,
    table: &[KeyElement],
    indexes: &[&[KeyElement]],
) -> Result<(), Refusal> {
    let keys: Vec<&KeyElement> = table.iter().chain(indexes.iter().copied().flatten()).collect();
    let used: BTreeSet<&String> = keys.iter().map(|key| &key.attribute_name).collect();
    let missing = |keys: &[KeyElement]| keys.iter().any(|key| !types.contains_key(&key.attribute_name));
    let defined = list(types.keys());
    if let Some(keys) = std::iter::once(table).chain(indexes.iter().copied()).find(|keys| missing(keys)) {
        let keys = list(keys.iter().map(|key| &key.attribute_name));
        return Err(parameter(format!(
            "Some index key attributes are not defined in AttributeDefinitions. Keys: [{keys}], AttributeDefinitions: [{defined}]"
        )));
    }
    if used.len() == types.len() {
        return Ok(());
    }
    if indexes.is_empty() {
        return Err(parameter(
            "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions",
        ));
    }
    Err(parameter(format!(
        "Some AttributeDefinitions are not used. AttributeDefinitions: [{defined}], keys used: [{}]",
        list(used.into_iter())
    )))
}

fn list<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}
