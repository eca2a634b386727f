//! Stages of a rollout: what they withhold, and what their commands are given.

use std::collections::{BTreeMap, BTreeSet};

use lang::{Evaluator, Facts};
use model::{
    Address, Graph, Live, Observed, Plan, Secret, SecretSource, State, Value,
    graph::{Scopes, Stage},
};

use crate::{Engine, Error};

/// What the commands of a stage find around them.
#[derive(Debug, Default)]
pub struct Surroundings {
    /// By the name of the environment variable.
    pub variables: BTreeMap<String, Secret>,
}

/// Takes out what stages hold that are not passed yet.
pub(crate) fn held(plan: Plan, graph: &Graph, passed: &BTreeSet<String>) -> Plan {
    let mut roots = BTreeMap::new();
    for stage in graph.stages.iter().filter(|stage| !passed.contains(&stage.name)) {
        for address in plan.changes.keys().filter(|address| stage.holds(address)) {
            roots.entry(address.clone()).or_insert_with(|| format!("stage `{}` is not passed", stage.name));
        }
    }
    planner::withhold(plan, &roots, graph)
}

impl Engine<'_> {
    /// The stages of the environment, in the order in which they are written.
    ///
    /// # Errors
    /// Mistakes in TOML, or data that cannot be read.
    pub async fn stages(&self) -> Result<Vec<Stage>, Error> {
        let identity = self.identify().await?;
        Ok(self.desired(&identity).await?.graph.stages)
    }

    /// What a stage gives to its commands, from what lives now: its `environment`, and every output that is no secret as
    /// `GROMA_OUTPUT_NAME`.
    ///
    /// # Errors
    /// Values that are not known yet, secrets that were not given, failed reads.
    pub async fn surroundings(&self, stage: &Stage) -> Result<Surroundings, Error> {
        let identity = self.identify().await?;
        let graph = self.desired(&identity).await?.graph;
        let state = self.state()?.unwrap_or_else(|| self.fresh(&identity));
        let given = self.given(&graph, &self.fingerprinter()?).await;
        let observed = self.look(&graph, &state, &identity).await?;
        let facts = Known { scopes: &graph.scopes, state: &state, observed: &observed, secrets: &given.secrets };
        let evaluator = Evaluator::new(&graph.scopes, &facts, self.files);
        let mut found = Surroundings::default();
        for (name, output) in state.outputs.iter().filter(|(_, output)| !output.secret) {
            if let Some(text) = text(&output.value) {
                found.variables.insert(format!("GROMA_OUTPUT_{}", name.replace('-', "_")), text);
            }
        }
        for (name, written) in &stage.environment {
            let value = evaluator.written(written).map_err(Error::Diagnostics)?;
            let Some(text) = text(&value) else {
                let summary = format!("stage `{}`: the value of {name} is not there yet", stage.name);
                let reasons: Vec<String> = given.missing.iter().map(|(_, reason)| reason.clone()).collect();
                let hint = match reasons.is_empty() {
                    true => "it needs something that a later stage makes".to_owned(),
                    false => format!("it may need a secret: {}", reasons.join(", ")),
                };
                return Err(Error::mismatch(summary, hint));
            };
            if value.has_secret() {
                text.expose().into_iter().for_each(|text| self.scrubber.learn(text));
            }
            found.variables.insert(name.clone(), text);
        }
        Ok(found)
    }
}

/// A value as the text of an environment variable: what is no text as JSON. Nothing when it is not known, not given or null.
fn text(value: &Value) -> Option<Secret> {
    let text = match value {
        Value::Null => return None,
        Value::Text(text) => text.clone(),
        Value::Secret(secret) => secret.expose()?.to_owned(),
        other => match other.exposed_json()? {
            serde_json::Value::String(text) => text,
            json => json.to_string(),
        },
    };
    Some(Secret::new(text, Vec::new()))
}

/// What lives, and what this run was given.
struct Known<'a> {
    scopes: &'a Scopes,
    state: &'a State,
    observed: &'a Observed,
    secrets: &'a BTreeMap<SecretSource, Secret>,
}

impl Facts for Known<'_> {
    fn resource(&self, address: &Address) -> Option<Value> {
        let live: &Live = self.observed.resources.get(address)?.as_ref()?;
        let recorded = self.state.resources.get(address)?;
        let mut attributes = recorded.computed.clone();
        attributes.extend(live.attributes.clone());
        Some(Value::Map(attributes))
    }

    fn data(&self, address: &Address) -> Option<Value> {
        self.observed.data.get(address).or_else(|| self.scopes.data.get(address)).cloned()
    }

    fn secret(&self, source: &SecretSource) -> Option<Secret> {
        self.secrets.get(source).cloned()
    }
}
