//! What expressions may look at while a plan is carried out: what was kept, what has settled, data, secrets.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use model::{Action, Address, Change, Live, Plan, Secret, SecretSource, Value, Written, WrittenKind, graph::Output};
use provider::Secrets;

use crate::run::lock;

/// Values by address; they grow while the run goes on.
pub(crate) struct Facts {
    known: Mutex<Known>,
    secrets: BTreeMap<SecretSource, Result<Secret, String>>,
}

struct Known {
    resources: BTreeMap<Address, Value>,
    data: BTreeMap<Address, Value>,
}

impl Facts {
    /// What holds before the first step: everything that lives, and the data the plan was made with.
    pub(crate) fn new(plan: &Plan, secrets: BTreeMap<SecretSource, Result<Secret, String>>) -> Self {
        let kept = plan.changes.values().filter(|change| change.action != Action::Delete);
        let resources = kept.filter_map(|change| Some((change.address.clone(), kept_value(change)?))).collect();
        let known = Known { resources, data: plan.scopes.data.clone() };
        Self { known: Mutex::new(known), secrets }
    }

    /// A resource that stays was read again: what nobody wrote is known now.
    pub(crate) fn kept(&self, address: &Address, live: &Live) {
        if let Some(Value::Map(known)) = lock(&self.known).resources.get_mut(address) {
            for (name, value) in &live.attributes {
                let known = known.entry(name.clone()).or_insert_with(|| value.clone());
                read_back(known, value);
            }
        }
    }

    /// A resource has settled.
    pub(crate) fn settled(&self, address: &Address, want: &BTreeMap<String, Value>, live: &Live) {
        lock(&self.known).resources.insert(address.clone(), merged(&live.attributes, want));
    }

    /// A resource is gone.
    pub(crate) fn gone(&self, address: &Address) {
        lock(&self.known).resources.remove(address);
    }

    /// Data was read.
    pub(crate) fn read(&self, address: &Address, attributes: BTreeMap<String, Value>) {
        lock(&self.known).data.insert(address.clone(), Value::Map(attributes));
    }

    /// Why a secret is not to be had.
    pub(crate) fn missing(&self, sources: &[SecretSource]) -> Option<String> {
        sources.iter().find_map(|source| match self.secrets.get(source) {
            Some(Ok(_)) => None,
            Some(Err(reason)) => Some(format!("{source}: {reason}")),
            None => Some(format!("{source}: it was not asked for")),
        })
    }
}

impl lang::Facts for Facts {
    fn resource(&self, address: &Address) -> Option<Value> {
        lock(&self.known).resources.get(address).cloned()
    }

    fn data(&self, address: &Address) -> Option<Value> {
        lock(&self.known).data.get(address).cloned()
    }

    fn secret(&self, source: &SecretSource) -> Option<Secret> {
        self.secrets.get(source)?.as_ref().ok().cloned()
    }
}

/// A secret of which only the fingerprint was known, or its recipe, is what lives; where it was made of sources it keeps them.
fn read_back(known: &mut Value, live: &Value) {
    let (Value::Secret(held), Value::Secret(live)) = (&*known, live) else { return };
    if held.expose().is_none() && live.expose().is_some() {
        *known = Value::Secret(live.clone().from_sources(held.sources.clone()));
    }
}

/// What a kept resource is to others: as it is written, and as it lives where nothing is written.
fn kept_value(change: &Change) -> Option<Value> {
    change.id.as_ref()?;
    let mut attributes = change.observed.as_ref().map(|live| live.attributes.clone()).unwrap_or_default();
    attributes.extend(change.computed.clone());
    attributes.extend(change.want.clone());
    Some(Value::Map(attributes))
}

/// What a changed resource is to others: as it was written, and as AWS answers for the rest.
fn merged(live: &BTreeMap<String, Value>, want: &BTreeMap<String, Value>) -> Value {
    let mut attributes = live.clone();
    attributes.extend(want.iter().map(|(name, value)| (name.clone(), value.clone())));
    Value::Map(attributes)
}

/// Reads every secret that carrying out the plan may need.
pub(crate) async fn secrets(plan: &Plan, secrets: &dyn Secrets) -> BTreeMap<SecretSource, Result<Secret, String>> {
    // What is generated is made by the step whose resource keeps it.
    let given = |source: &SecretSource| !matches!(source, SecretSource::Generate { .. });
    let sources: Vec<SecretSource> = sources(plan).into_iter().filter(given).collect();
    if sources.is_empty() { BTreeMap::new() } else { secrets.read(&sources).await }
}

fn sources(plan: &Plan) -> BTreeSet<SecretSource> {
    let mut found = BTreeSet::new();
    let changing = || plan.changes.values().filter(|change| change.action != Action::Keep);
    for value in changing().flat_map(|change| change.want.values()) {
        in_value(value, &mut found);
    }
    let residuals = changing().flat_map(|change| change.residuals.values());
    let outputs = plan.outputs.values().filter_map(|output| output.residual.as_ref());
    let written: Vec<&Written> = residuals.chain(outputs).collect();
    // What an expression reaches through variables and locals is not followed: all they hold is read.
    if !written.is_empty() {
        for scope in plan.scopes.modules.values() {
            let variables = scope.variables.values().filter_map(|variable| variable.value.as_ref());
            let outputs = scope.outputs.values().map(|Output { value, .. }| value);
            variables.chain(scope.locals.values()).chain(outputs).for_each(|one| in_written(one, &mut found));
        }
    }
    written.into_iter().for_each(|one| in_written(one, &mut found));
    found
}

fn in_value(value: &Value, found: &mut BTreeSet<SecretSource>) {
    value.any(&mut |leaf| {
        if let Value::Secret(secret) = leaf {
            found.extend(secret.sources.iter().cloned());
        }
        false
    });
}

fn in_written(written: &Written, found: &mut BTreeSet<SecretSource>) {
    match &written.kind {
        WrittenKind::Secret(source) => {
            found.insert(source.clone());
        }
        WrittenKind::Value(value) => in_value(value, found),
        WrittenKind::List(items) => items.iter().for_each(|item| in_written(item, found)),
        WrittenKind::Map(entries) => entries.values().for_each(|entry| in_written(&entry.value, found)),
        WrittenKind::Expression(expression) => {
            if let Some(each) = &expression.sees.each {
                in_written(&each.value, found);
            }
        }
    }
}
