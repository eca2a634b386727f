//! Items: stored by key, enough to show that a table holds data. Expressions are not evaluated.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::names;
use super::refusals::{invalid, parameter};
use super::table::{Status, Table};
use crate::input::read;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

type Item = Map<String, Value>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    table_name: String,
    #[serde(default)]
    item: Item,
    #[serde(default)]
    key: Item,
    return_values: Option<String>,
    condition_expression: Option<String>,
    filter_expression: Option<String>,
    #[serde(default)]
    expression_attribute_names: Item,
    exclusive_start_key: Option<Item>,
    limit: Option<usize>,
    select: Option<String>,
}

pub(super) fn put(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let request: Request = read(input)?;
    let table = usable(world, caller, &request.table_name)?;
    let key = table.key_in(&request.item)?;
    request.refuse_condition(table.items.get(&key))?;
    let old = table.items.insert(key, request.item.clone());
    Ok(request.returned(old))
}

pub(super) fn get(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let request: Request = read(input)?;
    let table = usable(world, caller, &request.table_name)?;
    let key = table.exact_key(&request.key)?;
    Ok(json!({ "Item": table.items.get(&key) }))
}

pub(super) fn delete(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let request: Request = read(input)?;
    let table = usable(world, caller, &request.table_name)?;
    let key = table.exact_key(&request.key)?;
    request.refuse_condition(table.items.get(&key))?;
    let old = table.items.remove(&key);
    Ok(request.returned(old))
}

pub(super) fn scan(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let request: Request = read(input)?;
    if request.filter_expression.is_some() {
        return Err(not_evaluated());
    }
    let table = usable(world, caller, &request.table_name)?;
    let after = request.exclusive_start_key.as_ref().map(|key| table.exact_key(key)).transpose()?;
    let rest: Vec<_> = table.items.iter().filter(|(key, _)| after.as_ref().is_none_or(|after| *key > after)).collect();
    let page = &rest[..rest.len().min(request.limit.unwrap_or(usize::MAX))];
    let last = page.last().filter(|_| page.len() < rest.len()).map(|(_, item)| table.key_of(item));
    let items =
        (request.select.as_deref() != Some("COUNT")).then(|| page.iter().map(|(_, item)| item).collect::<Vec<_>>());
    Ok(json!({ "Items": items, "Count": page.len(), "ScannedCount": page.len(), "LastEvaluatedKey": last }))
}

fn usable<'a>(world: &'a mut World, caller: &Caller, name: &str) -> Result<&'a mut Table, Refusal> {
    let missing = || Refusal::new("ResourceNotFoundException", "Requested resource not found");
    let table = names::table(world, caller, name).map_err(|_| missing())?;
    if table.status == Status::Creating { Err(missing()) } else { Ok(table) }
}

fn not_evaluated() -> Refusal {
    Refusal::new("UnknownOperationException", "expressions are not evaluated here")
}

impl Table {
    /// The key attributes of an item.
    fn key_of(&self, item: &Item) -> Item {
        let part = |name: &String| item.get(name).map(|value| (name.clone(), value.clone()));
        self.keys.iter().filter_map(|key| part(&key.attribute_name)).collect()
    }

    /// The text of the key in a whole item.
    fn key_in(&self, item: &Item) -> Result<String, Refusal> {
        for key in &self.keys {
            let name = &key.attribute_name;
            let kind = self.attributes.get(name).map_or("S", String::as_str);
            let value = item.get(name).ok_or_else(|| parameter(format!("Missing the key {name} in the item")))?;
            if value.get(kind).is_none() {
                let actual = value.as_object().and_then(|members| members.keys().next()).map_or("", String::as_str);
                return Err(parameter(format!("Type mismatch for key {name} expected: {kind} actual: {actual}")));
            }
        }
        Ok(Value::Object(self.key_of(item)).to_string())
    }

    /// The text of a key that stands alone: nothing may miss, nothing be too much.
    fn exact_key(&self, key: &Item) -> Result<String, Refusal> {
        let mismatch = || invalid("The provided key element does not match the schema");
        if key.len() != self.keys.len() {
            return Err(mismatch());
        }
        self.key_in(key).map_err(|_| mismatch())
    }
}

impl Request {
    fn returned(&self, old: Option<Item>) -> Value {
        let wanted = self.return_values.as_deref() == Some("ALL_OLD");
        json!({ "Attributes": old.filter(|_| wanted) })
    }

    /// Knows the two conditions that tools send to create or keep an item; refuses to guess at others.
    fn refuse_condition(&self, item: Option<&Item>) -> Result<(), Refusal> {
        let Some(expression) = self.condition_expression.as_deref() else { return Ok(()) };
        let (function, rest) = expression.split_once('(').ok_or_else(not_evaluated)?;
        let name = rest.trim().strip_suffix(')').map(str::trim).ok_or_else(not_evaluated)?;
        let attribute = self.expression_attribute_names.get(name).and_then(Value::as_str).unwrap_or(name);
        let exists = item.is_some_and(|item| item.contains_key(attribute));
        let met = match function.trim() {
            "attribute_not_exists" => !exists,
            "attribute_exists" => exists,
            _ => return Err(not_evaluated()),
        };
        let failed = || Refusal::new("ConditionalCheckFailedException", "The conditional request failed");
        if met { Ok(()) } else { Err(failed()) }
    }
}
