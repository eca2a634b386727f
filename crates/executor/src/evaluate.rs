//! Fills in what the plan could not know, and stops where it comes out other than the plan showed it.

use std::collections::BTreeMap;

use lang::{Evaluator, RecordedFiles};
use model::{Attribute, Change, Fingerprinter, Plan, Secret, Value};

use crate::{Problem, facts::Facts};

/// All values to be sent for a change, secrets in full and with their fingerprints; `generated` are those that it makes itself.
pub(crate) fn values(
    plan: &Plan,
    change: &Change,
    attribute: impl Fn(&str) -> Option<&'static Attribute>,
    generated: &BTreeMap<String, Secret>,
    facts: &Facts,
    fingerprinter: &Fingerprinter,
) -> Result<BTreeMap<String, Value>, Problem> {
    let files = RecordedFiles(&plan.scopes.files);
    let evaluator = Evaluator::new(&plan.scopes, facts, &files);
    let mut values = BTreeMap::new();
    for (name, planned) in &change.want {
        let found = match change.residuals.get(name) {
            _ if generated.contains_key(name) => Value::Secret(generated[name].clone()),
            Some(residual) => {
                let value = evaluator.written(residual).map_err(Problem::Expression)?;
                attribute(name).map_or(value.clone(), |attribute| attribute.conform(value))
            }
            None => given(name, planned, facts)?,
        };
        let found = found.sealed(fingerprinter);
        unchanged(name, planned, &found, facts)?;
        if !found.is_null() {
            values.insert(name.clone(), found);
        }
    }
    Ok(values)
}

/// A value that the plan already holds; a secret that it holds only by fingerprint is read again.
fn given(name: &str, planned: &Value, facts: &Facts) -> Result<Value, Problem> {
    let mut missing = None;
    let value = planned.clone().map_leaves(&mut |leaf| match leaf {
        Value::Secret(secret) if secret.expose().is_none() => match again(&secret, facts) {
            Ok(secret) => Value::Secret(secret),
            Err(reason) => {
                missing.get_or_insert(reason);
                Value::Secret(secret)
            }
        },
        other => other,
    });
    match missing {
        Some(reason) => Err(Problem::SecretMissing { attribute: name.to_owned(), reason }),
        None => Ok(value),
    }
}

fn again(secret: &Secret, facts: &Facts) -> Result<Secret, String> {
    use lang::Facts as _;
    match secret.sources.as_slice() {
        [source] => facts
            .secret(source)
            .ok_or_else(|| facts.missing(&secret.sources).unwrap_or_else(|| "its source gives nothing".to_owned())),
        _ => Err("the plan does not say how it is made".to_owned()),
    }
}

/// Whether everything that the plan showed is still so.
fn unchanged(name: &str, planned: &Value, found: &Value, facts: &Facts) -> Result<(), Problem> {
    if let Some(sources) = not_given(found) {
        let reason = facts.missing(&sources).unwrap_or_else(|| "its source gives nothing".to_owned());
        return Err(Problem::SecretMissing { attribute: name.to_owned(), reason });
    }
    match compare(planned, found) {
        Ok(()) => Ok(()),
        Err(Some(sources)) => Err(Problem::SecretChanged { attribute: name.to_owned(), sources }),
        Err(None) => {
            Err(Problem::Differs { attribute: name.to_owned(), planned: planned.clone(), found: found.clone() })
        }
    }
}

/// The sources of a secret inside that has no content.
fn not_given(value: &Value) -> Option<Vec<model::SecretSource>> {
    let mut sources = None;
    value.any(&mut |leaf| match leaf {
        Value::Secret(secret) if secret.expose().is_none() => {
            sources.get_or_insert_with(|| secret.sources.clone());
            true
        }
        _ => false,
    });
    sources
}

/// Leaf by leaf; the sources of the secret when it is a secret that differs.
fn compare(planned: &Value, found: &Value) -> Result<(), Option<Vec<model::SecretSource>>> {
    match (planned, found) {
        (Value::Unknown(_), _) => Ok(()),
        (Value::List(planned), Value::List(found)) if planned.len() == found.len() => {
            planned.iter().zip(found).try_for_each(|(planned, found)| compare(planned, found))
        }
        (Value::Map(planned), Value::Map(found)) => {
            // A key that is written as null and one that is not there are the same.
            let keys = planned.keys().chain(found.keys());
            let get = |map: &BTreeMap<String, Value>, key: &String| map.get(key).cloned().unwrap_or_default();
            keys.into_iter().try_for_each(|key| compare(&get(planned, key), &get(found, key)))
        }
        (Value::Secret(planned), Value::Secret(found)) => {
            let comparable = planned.fingerprint.is_some() || planned.expose().is_some();
            if !comparable || same_secret(planned, found) { Ok(()) } else { Err(Some(found.sources.clone())) }
        }
        (planned, found) if planned == found => Ok(()),
        _ => Err(None),
    }
}

fn same_secret(planned: &Secret, found: &Secret) -> bool {
    match (&planned.fingerprint, &found.fingerprint) {
        (Some(planned), Some(found)) => planned == found,
        _ => planned.expose() == found.expose(),
    }
}
