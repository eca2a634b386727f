//! A cloud in miniature: carries a plan out on values, and watches that nothing goes before its users.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use model::{
    Action, Address, Change, Fingerprinter, Graph, Live, Observed, Plan, Recorded, Secret, SecretSource, State, Value,
    graph::EnvironmentFacts,
    observed::ownership,
    plan::{Phase, Step, StepId},
    schema::{Owns, Prediction},
    state::{Deposed, RecordedOutput},
};

use super::fixture;

/// One live object.
#[derive(Debug, Clone)]
pub(crate) struct Thing {
    pub(crate) type_name: String,
    pub(crate) live: Live,
    /// The ids that it uses.
    pub(crate) uses: BTreeSet<String>,
}

/// What lives and what is recorded.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) things: BTreeMap<String, Thing>,
    pub(crate) made: u32,
    pub(crate) secrets: BTreeMap<SecretSource, Secret>,
}

pub(crate) struct NoFiles;

impl lang::Files for NoFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        Err(format!("no file {path}"))
    }

    fn list(&self, _: &str) -> Result<Vec<String>, String> {
        Ok(Vec::new())
    }
}

pub(crate) fn fingerprinter() -> Fingerprinter {
    Fingerprinter::new(b"key")
}

impl World {
    pub(crate) fn new() -> Self {
        let mut world = Self::default();
        world.state.lineage = "line".to_owned();
        for (name, text) in [("PW", "hunter22"), ("PW2", "hunter33")] {
            let source = SecretSource::Env(name.to_owned());
            world.secrets.insert(source.clone(), Secret::new(text, vec![source]));
        }
        world
    }

    pub(crate) fn id(&self, address: &str) -> String {
        self.state.resources[&super::dsl::address(address)].id.clone()
    }

    /// The live object of an address.
    pub(crate) fn live(&mut self, address: &str) -> &mut Live {
        let id = self.id(address);
        &mut self.things.get_mut(&id).expect("it lives").live
    }

    pub(crate) fn recorded(&mut self, address: &str) -> &mut Recorded {
        self.state.resources.get_mut(&super::dsl::address(address)).expect("it is recorded")
    }

    /// Deletes something behind the planner's back.
    pub(crate) fn lose(&mut self, address: &str) {
        let id = self.id(address);
        self.things.remove(&id);
    }

    /// What the reads would say: of what is recorded, what is to be imported, and what has a wanted name.
    pub(crate) fn observe(&self, graph: &Graph) -> Observed {
        let mut observed = Observed::default();
        for (address, recorded) in self.state.resources.iter().filter(|(_, recorded)| !recorded.id.is_empty()) {
            let live = self.things.get(&recorded.id).map(|thing| thing.live.clone());
            observed.resources.insert(address.clone(), live);
        }
        for (address, import) in &graph.imports {
            if let model::WrittenKind::Value(Value::Text(id)) = &import.id.kind {
                let live = self.things.get(id).map(|thing| thing.live.clone());
                observed.resources.entry(address.clone()).or_insert(live);
            }
        }
        for (address, resource) in &graph.resources {
            let schema = fixture::schemas().resource(&address.type_name).expect("a fixture");
            let own = self.state.resources.get(address).map(|recorded| recorded.id.as_str());
            let written = |name: &&'static str| match &resource.arguments.get(*name)?.value.kind {
                model::WrittenKind::Value(value) => Some((*name, value.clone())),
                _ => None,
            };
            let name: Option<Vec<_>> = schema.natural_name.iter().map(written).collect();
            let Some(name) = name.filter(|name| !name.is_empty() && !schema.revisions) else { continue };
            let found = self.things.values().find(|thing| {
                thing.type_name == address.type_name
                    && Some(thing.live.id.as_str()) != own
                    && name.iter().all(|(attribute, value)| thing.live.attributes.get(*attribute) == Some(value))
            });
            observed.namesakes.extend(found.map(|thing| (address.clone(), thing.live.clone())));
        }
        for address in graph.data.keys() {
            let answer = BTreeMap::from([("answer".to_owned(), "42".into())]);
            observed.data.insert(address.clone(), Value::Map(answer));
        }
        observed
    }

    /// Carries a plan out, highest rank first.
    pub(crate) fn apply(&mut self, plan: &Plan) {
        self.apply_until(plan, usize::MAX);
        for (name, output) in &plan.outputs {
            let value = written_down(match &output.residual {
                Some(residual) => self.evaluate(plan, residual),
                None => output.after.clone(),
            });
            if value.is_null() {
                self.state.outputs.remove(name);
            } else {
                self.state.outputs.insert(name.clone(), RecordedOutput { value, secret: output.secret });
            }
        }
        self.state.serial += 1;
    }

    /// Carries out the first so many steps.
    pub(crate) fn apply_until(&mut self, plan: &Plan, count: usize) {
        let mut done: BTreeSet<StepId> = BTreeSet::new();
        for _ in 0..plan.steps.len().min(count) {
            let free = plan.steps.iter().filter(|step| !done.contains(&step.id) && step.after.is_subset(&done));
            let next = free.max_by_key(|step| (step.rank, std::cmp::Reverse(&step.id))).expect("a step is free");
            self.step(plan, next, &done);
            done.insert(next.id.clone());
        }
    }

    fn step(&mut self, plan: &Plan, step: &Step, done: &BTreeSet<StepId>) {
        let change = &plan.changes[&step.id.address];
        match &step.id.phase {
            Phase::Read => {}
            Phase::Record => self.record(plan, change),
            Phase::Put => self.put(plan, change),
            Phase::Remove { id } => self.remove(plan, change, id, done),
        }
    }

    fn record(&mut self, plan: &Plan, change: &Change) {
        self.rename(change);
        match change.action {
            Action::Forget => {
                self.state.resources.remove(&change.address);
            }
            Action::Record => {
                self.write(plan, change, &change.want);
                let uses = self.ids(&change.dependencies);
                let id = &self.state.resources[&change.address].id;
                self.things.get_mut(id).expect("it lives").uses = uses;
            }
            _ => {}
        }
    }

    fn ids(&self, addresses: &BTreeSet<Address>) -> BTreeSet<String> {
        addresses.iter().filter_map(|used| self.state.resources.get(used)).map(|recorded| recorded.id.clone()).collect()
    }

    fn rename(&mut self, change: &Change) {
        let Some(from) = &change.moved_from else { return };
        if let Some(recorded) = self.state.resources.remove(from) {
            self.state.resources.insert(change.address.clone(), recorded);
            for other in self.state.resources.values_mut() {
                if other.dependencies.remove(from) {
                    other.dependencies.insert(change.address.clone());
                }
            }
        }
    }

    fn put(&mut self, plan: &Plan, change: &Change) {
        self.rename(change);
        let schema = fixture::schemas().resource(&change.address.type_name).expect("a fixture");
        let mut want = change.want.clone();
        for (name, written) in &change.residuals {
            want.insert(name.clone(), self.evaluate(plan, written));
        }
        let want: BTreeMap<String, Value> =
            schema.conform(want).into_iter().map(|(name, value)| (name, written_down(value))).collect();
        assert!(want.values().all(Value::is_known), "{}: {want:?}", change.address);
        let fresh = matches!(change.action, Action::Create | Action::Replace(_));
        let id = match (fresh, &change.id) {
            (false, Some(id)) => id.clone(),
            _ => {
                self.made += 1;
                format!("{}-{}", change.address.type_name, self.made)
            }
        };
        let kept = self.things.get(&id).filter(|_| !fresh).map(|thing| thing.live.clone());
        let live = self.written(plan, change, &want, kept, &id);
        let uses = self.ids(&change.dependencies);
        let type_name = change.address.type_name.clone();
        self.things.insert(id.clone(), Thing { type_name, live, uses });
        let recorded = self.state.resources.entry(change.address.clone()).or_default();
        if fresh && !recorded.id.is_empty() && self.things.contains_key(&recorded.id) {
            recorded.deposed.push(Deposed {
                id: recorded.id.clone(),
                region: recorded.region.clone(),
                delete_arguments: recorded.delete_arguments.clone(),
                dependencies: recorded.dependencies.clone(),
            });
        }
        recorded.id = id;
        recorded.condition = model::Condition::Ready;
        self.write(plan, change, &change.applied(want));
    }

    /// The object after the calls.
    fn written(
        &self,
        plan: &Plan,
        change: &Change,
        want: &BTreeMap<String, Value>,
        kept: Option<Live>,
        id: &str,
    ) -> Live {
        let schema = fixture::schemas().resource(&change.address.type_name).expect("a fixture");
        let fresh = kept.is_none();
        let mut live = kept.unwrap_or_else(|| Live::new(id));
        if fresh {
            live.attributes = fixture::defaults(schema.name);
        }
        let number = if fresh { id.to_owned() } else { format!("{id}+{}", self.made) };
        for spec in
            schema.attributes.iter().filter(|spec| !spec.deletion && !spec.write_only && spec.name != "name_prefix")
        {
            let before = live.attributes.remove(spec.name).unwrap_or_default();
            let value = match (want.get(spec.name), spec.is_argument()) {
                (Some(want), true) => merged(before, want, matches!(spec.owns, Owns::PerKey(_))),
                (None, true) => before,
                (_, false) => {
                    let environment: &EnvironmentFacts = &plan.scopes.environment;
                    let prediction = Prediction { arguments: want, environment, region: &change.region };
                    let changes = change
                        .differences
                        .iter()
                        .any(|difference| spec.changes_with.iter().any(|with| difference.path.starts_with(with)));
                    if fresh || changes {
                        spec.predicted.and_then(|predict| predict(&prediction)).unwrap_or_else(|| number.clone().into())
                    } else {
                        before
                    }
                }
            };
            live.attributes.insert(spec.name.to_owned(), value);
        }
        for path in &change.cleared {
            clear(&mut live.attributes, &path.split('.').collect::<Vec<_>>());
        }
        for (path, keys) in &change.dropped {
            drop_keys(&mut live.attributes, path, keys);
        }
        live.ownership = BTreeMap::from([
            (ownership::LINEAGE.to_owned(), self.state.lineage.clone()),
            (ownership::ADDRESS.to_owned(), ownership::address_tag(&change.address)),
        ]);
        live
    }

    fn write(&mut self, plan: &Plan, change: &Change, applied: &BTreeMap<String, Value>) {
        let _ = plan;
        let schema = fixture::schemas().resource(&change.address.type_name).expect("a fixture");
        let recorded = self.state.resources.entry(change.address.clone()).or_default();
        recorded.type_name = change.address.type_name.clone();
        recorded.region = change.region.clone();
        recorded.applied = applied.clone();
        recorded.dependencies = change.dependencies.clone();
        recorded.lifecycle = change.lifecycle.clone();
        recorded.timeouts = change.timeouts.clone();
        recorded.delete_arguments = change.delete_arguments.clone();
        if let Some(thing) = self.things.get(&recorded.id) {
            let live = &thing.live.attributes;
            recorded.computed = schema
                .computed()
                .filter_map(|spec| Some((spec.name.to_owned(), live.get(spec.name)?.clone())))
                .collect();
        }
    }

    fn remove(&mut self, plan: &Plan, change: &Change, id: &str, done: &BTreeSet<StepId>) {
        self.rename(change);
        let follows = |user: &Address| {
            let put = StepId { address: user.clone(), phase: Phase::Put };
            !done.contains(&put) && plan.steps.iter().any(|step| step.id == put)
        };
        for (user, thing) in self.things.iter().filter(|(_, thing)| thing.uses.contains(id)) {
            let owner = self.state.resources.iter().find(|(_, recorded)| recorded.id == *user);
            let later = owner.is_some_and(|(owner, _)| follows(owner)) && matches!(change.action, Action::Replace(_));
            let marked =
                thing.type_name == "log" || thing.type_name == "apprunner_service" && change.address.type_name == "log";
            let forgotten = owner.is_none();
            // Who only stands in `depends_on` need not follow a replacement.
            let unnamed = matches!(change.action, Action::Replace(_)) && !self.names(thing, id);
            assert!(later || marked || forgotten || unnamed, "{id} goes before its user {user}");
        }
        self.things.remove(id);
        let Some(recorded) = self.state.resources.get_mut(&change.address) else { return };
        recorded.deposed.retain(|old| old.id != id);
        if recorded.id == id {
            recorded.id = String::new();
        }
        if recorded.id.is_empty() && recorded.deposed.is_empty() {
            self.state.resources.remove(&change.address);
        }
    }

    /// Whether a live object holds a value of another.
    fn names(&self, thing: &Thing, used: &str) -> bool {
        let Some(used) = self.things.get(used) else { return false };
        let schema = fixture::schemas().resource(&used.type_name).expect("a fixture");
        let texts: Vec<&str> =
            schema.computed().filter_map(|spec| used.live.attributes.get(spec.name)?.as_text()).collect();
        let mut held = |value: &Value| value.as_text().is_some_and(|text| texts.iter().any(|used| text.contains(used)));
        thing.live.attributes.values().any(|value| value.any(&mut held))
    }

    fn evaluate(&self, plan: &Plan, written: &model::Written) -> Value {
        let facts = Facts { world: self, plan, unknown: RefCell::default() };
        let evaluator = lang::Evaluator::new(&plan.scopes, &facts, &NoFiles);
        evaluator.written(written).expect("it evaluates")
    }
}

/// What the executor knows: what lives, and what was written.
struct Facts<'a> {
    world: &'a World,
    plan: &'a Plan,
    unknown: RefCell<BTreeSet<Address>>,
}

impl lang::Facts for Facts<'_> {
    fn resource(&self, address: &Address) -> Option<Value> {
        let recorded = self.world.state.resources.get(address);
        let Some(recorded) = recorded else {
            self.unknown.borrow_mut().insert(address.clone());
            return None;
        };
        let schema = fixture::schemas().resource(&address.type_name)?;
        let live = &self.world.things.get(&recorded.id)?.live.attributes;
        let value = |name: &str| recorded.applied.get(name).or_else(|| live.get(name)).cloned().unwrap_or_default();
        Some(Value::Map(schema.attributes.iter().map(|spec| (spec.name.to_owned(), value(spec.name))).collect()))
    }

    fn data(&self, _: &Address) -> Option<Value> {
        let _ = self.plan;
        Some(Value::Map(BTreeMap::from([("answer".to_owned(), "42".into())])))
    }

    fn secret(&self, source: &SecretSource) -> Option<Secret> {
        match source {
            SecretSource::Generate { .. } => Some(Secret::new("generated", vec![source.clone()])),
            _ => self.world.secrets.get(source).cloned(),
        }
    }
}

/// A value as it comes back from a file: secrets are fingerprints alone.
fn written_down(value: Value) -> Value {
    serde_json::from_value(serde_json::to_value(value.sealed(&fingerprinter())).unwrap()).unwrap()
}

/// What a service keeps: what is sent over what was there.
fn merged(before: Value, want: &Value, per_key: bool) -> Value {
    match (before, want) {
        (Value::Map(mut before), Value::Map(want)) if per_key || before.keys().any(|key| key == "on_push") => {
            before.extend(want.clone());
            Value::Map(before)
        }
        (Value::List(before), Value::List(want)) if per_key => {
            let name = |item: &Value| item.as_map().and_then(|item| item.get("name").cloned());
            let mut all: Vec<Value> =
                before.into_iter().filter(|old| !want.iter().any(|new| name(new) == name(old))).collect();
            all.extend(want.iter().cloned());
            Value::List(all)
        }
        (_, want) => want.clone(),
    }
}

fn clear(attributes: &mut BTreeMap<String, Value>, names: &[&str]) {
    match names {
        [last] => {
            attributes.insert((*last).to_owned(), Value::Null);
        }
        [first, rest @ ..] => {
            if let Some(Value::Map(inner)) = attributes.get_mut(*first) {
                clear(inner, rest);
            }
        }
        [] => {}
    }
}

fn drop_keys(attributes: &mut BTreeMap<String, Value>, path: &str, keys: &BTreeSet<String>) {
    match attributes.get_mut(path) {
        Some(Value::Map(entries)) => entries.retain(|key, _| !keys.contains(key)),
        Some(Value::List(items)) => items.retain(|item| {
            let name = item.as_map().and_then(|item| item.get("name")).and_then(Value::as_text);
            name.is_none_or(|name| !keys.contains(name))
        }),
        _ => {}
    }
}
