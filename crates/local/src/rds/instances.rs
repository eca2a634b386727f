//! Looking instances up.

use serde_json::Value;

use super::arn;
use super::given::{required, text};
use super::instance::Instance;
use super::page::{page, passes};
use super::refusals::no_instance;
use crate::refusal::{Answer, Refusal};
use crate::world::{Caller, World};

/// The instance that an input names.
pub(super) fn named<'a>(world: &'a mut World, caller: &Caller, input: &Value) -> Result<&'a mut Instance, Refusal> {
    let id = required(input, "DBInstanceIdentifier")?.to_lowercase();
    world.region(caller).rds.instances.get_mut(&id).ok_or_else(|| no_instance(&id))
}

/// An instance as an answer shows it.
pub(super) fn shown(world: &mut World, caller: &Caller, id: &str) -> Value {
    let rds = &world.region(caller).rds;
    rds.instances.get(id).map_or(Value::Null, |instance| instance.view(caller, rds))
}

pub(super) fn describe(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let rds = &world.region(caller).rds;
    // The identifier argument takes an ARN too.
    let asked =
        text(input, "DBInstanceIdentifier").map(|given| given.rsplit(':').next().unwrap_or(given).to_lowercase());
    if let Some(id) = asked.as_ref().filter(|id| !rds.instances.contains_key(*id)) {
        return Err(no_instance(id));
    }
    let mut found = Vec::new();
    for instance in rds.instances.values().filter(|instance| asked.as_ref().is_none_or(|id| *id == instance.id)) {
        if passes(input, |filter| values(instance, caller, filter))? {
            found.push((instance.id.clone(), instance.view(caller, rds)));
        }
    }
    page(input, "DBInstances", found)
}

fn values(instance: &Instance, caller: &Caller, filter: &str) -> Option<Vec<String>> {
    match filter {
        "db-instance-id" => Some(vec![instance.id.clone(), arn(caller, "db", &instance.id)]),
        "dbi-resource-id" => Some(vec![instance.resource_id.clone()]),
        "engine" => Some(vec![instance.engine.clone()]),
        "db-cluster-id" | "domain" => Some(Vec::new()),
        _ => None,
    }
}
