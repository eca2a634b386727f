//! Plans in files.

use std::collections::{BTreeMap, BTreeSet};

use model::{Plan, Secret, SecretSource, Value};

use crate::{Engine, Error};

impl Engine<'_> {
    /// The secrets of a plan, all of them; `have` are those that are at hand.
    pub(crate) async fn all_given(
        &self,
        have: &BTreeMap<SecretSource, Secret>,
        plan: &Plan,
    ) -> Result<BTreeMap<SecretSource, Secret>, Error> {
        let mut secrets = have.clone();
        for (name, secret) in &self.loaded.secrets {
            secrets.insert(SecretSource::Variable(name.clone()), secret.clone());
        }
        let known = |source: &SecretSource| matches!(source, SecretSource::Generate { .. });
        let missing: Vec<SecretSource> =
            sources(plan).into_iter().filter(|source| !secrets.contains_key(source) && !known(source)).collect();
        let mut reasons = Vec::new();
        if !missing.is_empty() {
            for (source, secret) in self.secrets.read(&missing).await {
                match secret {
                    Ok(secret) => drop(secrets.insert(source, secret)),
                    Err(reason) => reasons.push((source.to_string(), reason)),
                }
            }
        }
        if reasons.is_empty() { Ok(secrets) } else { Err(Error::SecretsMissing(reasons)) }
    }
}

/// Where the secrets of a plan come from: also of what it keeps, which nobody can tell without them.
fn sources(plan: &Plan) -> BTreeSet<SecretSource> {
    let mut found = BTreeSet::new();
    for change in plan.changes.values() {
        for value in change.want.values() {
            value.any(&mut |leaf| {
                if let Value::Secret(secret) = leaf {
                    found.extend(secret.sources.iter().cloned());
                }
                false
            });
        }
    }
    found
}
