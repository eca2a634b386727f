//! What a state would say of resources of which it holds no more than the identity.

use std::collections::{BTreeMap, BTreeSet};

use lang::Evaluator;
use model::{Action, Address, Change, Graph, Live, Observed, Recorded, Schema, Schemas, State, Value};

use crate::{
    Request,
    decide::{Walk, is_settled},
    diff::path::Path,
    evaluate::Decided,
    view::View,
};

/// What one resource remembers may let another know its values: as many rounds as there are to be sure.
const ROUNDS: usize = 8;

/// Fills in what is written and lives alike, and what TOML says of dependencies, lifecycle and deletion. What differs is left
/// out, as if it had never been applied: a plan then shows it, and resets nothing that nobody wrote.
pub fn remember(
    desired: &Graph,
    recorded: &State,
    bare: &BTreeSet<Address>,
    observed: &Observed,
    schemas: &Schemas,
    request: &Request<'_>,
) -> State {
    let mut state = recorded.clone();
    for _ in 0..ROUNDS {
        let mut filled = state.clone();
        // What a plan would refuse is said by the plan that follows.
        let mut findings = Vec::new();
        let view = View::new(desired, &state, observed, schemas, request, &mut findings);
        let decided = Decided::new(&desired.scopes, request);
        let evaluator = Evaluator::new(&desired.scopes, &decided, request.files);
        let decisions = Walk::new(&view, &evaluator, &decided, &mut findings).all();
        for (address, recorded) in filled.resources.iter_mut().filter(|(address, _)| bare.contains(*address)) {
            let live = observed.resources.get(address).and_then(Option::as_ref);
            let (Some(live), Some(schema)) = (live, schemas.resource(&recorded.type_name)) else { continue };
            recorded.computed = computed(schema, &view.hidden(live, &BTreeMap::new()));
            let written = decisions.get(address).filter(|_| desired.resources.contains_key(address));
            if let Some(decision) = written {
                fill(schema, recorded, &decision.change);
            }
        }
        if filled == state {
            break;
        }
        state = filled;
    }
    state
}

fn fill(schema: &Schema, recorded: &mut Recorded, change: &Change) {
    recorded.dependencies.clone_from(&change.dependencies);
    recorded.lifecycle.clone_from(&change.lifecycle);
    recorded.timeouts.clone_from(&change.timeouts);
    recorded.delete_arguments.clone_from(&change.delete_arguments);
    recorded.applied = match change.action {
        Action::Replace(_) => BTreeMap::new(),
        _ => change.applied(alike(schema, change)),
    };
}

/// The written attributes that live as they are written. What nobody can read is taken to be so.
fn alike(schema: &Schema, change: &Change) -> BTreeMap<String, Value> {
    let unseen = |name: &str| schema.attribute(name).is_some_and(|spec| spec.write_only);
    let differing: BTreeSet<String> = change
        .differences
        .iter()
        .filter_map(|difference| Some(Path::parse(&difference.path)?.attribute()))
        .filter(|name| !unseen(name))
        .collect();
    let holds = |name: &str, value: &Value| !differing.contains(name) && is_settled(value) && is_given(value);
    let want = change.want.iter().filter(|(name, value)| holds(name, value));
    want.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Whether each secret in it can be compared later.
fn is_given(value: &Value) -> bool {
    !value.any(&mut |leaf| matches!(leaf, Value::Secret(secret) if secret.fingerprint.is_none()))
}

fn computed(schema: &Schema, live: &Live) -> BTreeMap<String, Value> {
    let answered = schema.computed().filter_map(|spec| Some((spec.name, live.attributes.get(spec.name)?)));
    answered.filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.to_owned(), value.clone())).collect()
}
