//! What the state says of a resource, at each turn of its life.

use std::collections::{BTreeMap, BTreeSet};

use model::{Address, Condition, Live, Recorded, Secret, Value};

use crate::{
    Problem,
    converge::Goods,
    run::{Halt, Step, Task},
};

impl Task<'_> {
    /// What the state says of it, without its id.
    pub(crate) fn recorded(&self, goods: &Goods, computed: BTreeMap<String, Value>) -> Recorded {
        let change = self.change;
        Recorded {
            type_name: self.schema().name.to_owned(),
            id: String::new(),
            region: change.region.clone(),
            condition: Condition::Incomplete,
            applied: change.applied(goods.values.clone()).into_iter().map(|(k, v)| (k, without_content(v))).collect(),
            computed,
            dependencies: change.dependencies.clone(),
            lifecycle: change.lifecycle.clone(),
            timeouts: change.timeouts.clone(),
            delete_arguments: change.delete_arguments.clone(),
            create_token: goods.token.clone(),
            deposed: Vec::new(),
        }
    }

    /// Everything holds: the state says so, and others may use it.
    pub(crate) fn finish(&self, id: &str, goods: &Goods, live: &Live) -> Step<String> {
        let computed = self.computed(live);
        let record = Recorded { id: id.to_owned(), condition: Condition::Ready, ..self.recorded(goods, computed) };
        self.run.context.ledger.note_record(&self.change.address, |old| {
            let deposed = old.map(|old| old.deposed.clone()).unwrap_or_default();
            Some(Recorded { deposed, ..record })
        })?;
        self.run.facts.settled(&self.change.address, &goods.values, live);
        self.as_predicted(live)?;
        Ok(id.to_owned())
    }

    pub(crate) fn computed(&self, live: &Live) -> BTreeMap<String, Value> {
        let answered = self.schema().computed().filter_map(|spec| Some((spec.name, live.attributes.get(spec.name)?)));
        answered.filter(|(_, value)| !value.is_null()).map(|(name, value)| (name.to_owned(), value.clone())).collect()
    }

    /// What was predicted went into other resources' values already; when it is wrong they must not be made.
    fn as_predicted(&self, live: &Live) -> Step {
        for spec in self.schema().computed().filter(|spec| spec.predicted.is_some()) {
            let (Some(planned), Some(found)) = (self.change.computed.get(spec.name), live.attributes.get(spec.name))
            else {
                continue;
            };
            if planned.is_known() && !found.is_null() && planned != found {
                let attribute = spec.name.to_owned();
                return Err(Problem::Differs { attribute, planned: planned.clone(), found: found.clone() }.into());
            }
        }
        Ok(())
    }

    pub(crate) fn taint(&self) -> Step {
        let tainted = |old: Option<&Recorded>| Some(Recorded { condition: Condition::Tainted, ..old?.clone() });
        Ok(self.run.context.ledger.note_record(&self.change.address, tainted)?)
    }

    /// From now on it is ours, whatever happens to the calls that follow. Of what is written nothing counts as applied yet
    /// but what nobody can read and was taken to be as written.
    pub(crate) fn take_over(&self, id: &str, goods: &Goods) -> Step {
        let unseen = |name: &str| self.schema().attribute(name).is_some_and(|spec| spec.write_only);
        let taken = goods.values.iter().filter(|(name, _)| unseen(name) && !goods.planned.contains(*name));
        let goods = Goods {
            values: taken.map(|(name, value)| (name.clone(), value.clone())).collect(),
            planned: BTreeSet::new(),
            token: None,
            write_only: false,
            timeout: 0,
            phases: &[],
        };
        let computed = self.change.observed.as_ref().map(|live| self.computed(live)).unwrap_or_default();
        let record = Recorded { id: id.to_owned(), ..self.recorded(&goods, computed) };
        Ok(self.run.context.ledger.note_record(&self.change.address, |old| {
            let deposed = old.map(|old| old.deposed.clone()).unwrap_or_default();
            Some(Recorded { deposed, ..record })
        })?)
    }

    /// A failed update leaves what was last applied, and a resource that was whole stays whole: the next plan compares again.
    pub(crate) fn restore(&self, before: Option<&Recorded>, halt: &Halt) -> Step {
        let failed = matches!(halt, Halt::Problem(Problem::Call(_)));
        let whole = before.is_some_and(|recorded| recorded.condition == Condition::Ready);
        if failed && whole && self.run.context.ledger.recorded(&self.change.address).as_ref() != before {
            let ready = |old: Option<&Recorded>| Some(Recorded { condition: Condition::Ready, ..old?.clone() });
            self.run.context.ledger.note_record(&self.change.address, ready)?;
        }
        Ok(())
    }

    /// Follows `[moved]` in the state. Its tags name the old address until the step is done: a run that ends before that
    /// leaves it to be finished.
    pub(crate) fn moved(&self) -> Step {
        let Some(from) = &self.change.moved_from else { return Ok(()) };
        let to = &self.change.address;
        let ledger = self.run.context.ledger;
        if ledger.recorded(from).is_some() && ledger.recorded(to).is_none() {
            ledger.change(|state| {
                let users = state.resources.iter().filter(|(_, user)| user.dependencies.contains(from));
                let mut records: BTreeMap<_, _> =
                    users.map(|(address, user)| (address.clone(), Some(renamed(user, from, to)))).collect();
                records.insert(to.clone(), state.resources.get(from).map(unfinished));
                records.insert(from.clone(), None);
                records
            })?;
        }
        Ok(())
    }
}

fn unfinished(recorded: &Recorded) -> Recorded {
    let whole = recorded.condition == Condition::Ready;
    let condition = if whole { Condition::Incomplete } else { recorded.condition };
    Recorded { condition, ..recorded.clone() }
}

/// A user of what has moved: deletions are ordered by these addresses.
fn renamed(user: &Recorded, from: &Address, to: &Address) -> Recorded {
    let mut user = user.clone();
    user.dependencies.remove(from);
    user.dependencies.insert(to.clone());
    user
}

/// The value with secrets by their fingerprint and sources alone.
pub(crate) fn without_content(value: Value) -> Value {
    value.map_leaves(&mut |leaf| match leaf {
        Value::Secret(secret) => {
            let mut sealed = Secret::not_given(secret.sources);
            sealed.fingerprint = secret.fingerprint;
            Value::Secret(sealed)
        }
        other => other,
    })
}
