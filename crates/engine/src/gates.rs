//! What others must bring before a change can succeed.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use model::{Action, Address, Change, Graph, Plan, Value, plan::Gate, state::World};
use provider::{Identity, Place, Proposal};

use crate::{Engine, Error};

type Values = BTreeMap<String, Value>;

impl Engine<'_> {
    /// Asks each type about its changes; what waits for something that is missing is left to a later run.
    pub(crate) async fn gated(&self, mut plan: Plan, graph: &Graph, identity: &Identity) -> Result<Plan, Error> {
        let changes: Vec<&Change> = plan.changes.values().filter(|change| brings(change.action)).collect();
        let makes = |change: &&&Change| matches!(change.action, Action::Create | Action::Replace(_));
        let made: BTreeMap<Address, Values> =
            changes.iter().filter(makes).map(|change| (change.address.clone(), known(&change.want))).collect();
        let asked = join_all(changes.iter().map(|change| self.gates_of(change, &made, graph, identity))).await;
        let mut gates = Vec::new();
        for found in asked {
            gates.extend(found?);
        }
        let roots = gates.iter().map(|gate| (gate.address.clone(), "a gate is closed".to_owned())).collect();
        plan.gates = gates;
        Ok(planner::withhold(plan, &roots, graph))
    }

    async fn gates_of(
        &self,
        change: &Change,
        made: &BTreeMap<Address, Values>,
        graph: &Graph,
        identity: &Identity,
    ) -> Result<Vec<Gate>, Error> {
        let address = &change.address;
        let Some(resource) = self.provider.resource(&address.type_name) else { return Ok(Vec::new()) };
        let place = Place {
            region: change.region.clone(),
            account: identity.account.clone(),
            partition: identity.partition.clone(),
        };
        let arguments = known(&change.want);
        let changed = changed(change);
        // Only a cloud that is not AWS gives images by itself.
        let expected = if self.world == World::Aws { &[][..] } else { &graph.settings.local_images };
        let profile = graph.settings.profile.as_deref();
        let proposal = Proposal { arguments: &arguments, changed: &changed, made, expected, profile };
        match resource.gates(&place, &proposal).await {
            Ok(found) => Ok(found.into_iter().map(|gate| self.said(address, gate)).collect()),
            Err(failure) => Err(Error::Unread(vec![(address.to_string(), failure)])),
        }
    }

    fn said(&self, address: &Address, gate: provider::Gate) -> Gate {
        let commands = match self.world {
            World::Local => gate.local_commands,
            World::Aws => gate.commands,
            World::Endpoint => {
                let local =
                    gate.local_commands.into_iter().map(|command| format!("{command}  # on a local cloud of groma"));
                gate.commands.into_iter().chain(local).collect()
            }
        };
        Gate { address: address.clone(), missing: gate.missing, commands }
    }
}

/// Whether the action sends what is written.
fn brings(action: Action) -> bool {
    action.is_mutation() && action != Action::Delete
}

/// The names of the attributes that the change is about.
fn changed(change: &Change) -> BTreeSet<String> {
    match change.action {
        Action::Create | Action::Replace(_) | Action::Finish => change.want.keys().cloned().collect(),
        _ => {
            let first = |path: &str| path.split(['.', '[']).next().unwrap_or_default().to_owned();
            change.differences.iter().map(|difference| first(&difference.path)).collect()
        }
    }
}

/// Values without the parts that are unknown or secret.
fn known(values: &Values) -> Values {
    values.iter().filter_map(|(name, value)| Some((name.clone(), part(value)?))).collect()
}

fn part(value: &Value) -> Option<Value> {
    match value {
        Value::Map(entries) => Some(Value::Map(known(entries))),
        value if value.is_known() && !value.has_secret() => Some(value.clone()),
        _ => None,
    }
}
