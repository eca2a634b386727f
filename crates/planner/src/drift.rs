//! What differs between the state and what lives. Only what the user wrote is owned.

use std::collections::{BTreeMap, BTreeSet};

use model::{Address, Live, Observed, Recorded, Schemas, State, plan::Difference};

use crate::diff::{self, Sides};

/// All recorded resources that are not as they were left.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drift {
    pub entries: BTreeMap<Address, Drifted>,
}

/// How one differs.
#[derive(Debug, Clone, PartialEq)]
pub enum Drifted {
    Gone,
    /// `before` is what was last applied, `after` what lives.
    Changed(Vec<Difference>),
}

/// Compares what was last applied with what lives; what nobody looked at is no drift.
pub fn drift(recorded: &State, observed: &Observed, schemas: &Schemas) -> Drift {
    let looked_at = recorded.resources.iter().filter(|(_, recorded)| !recorded.id.is_empty());
    let entries = looked_at.filter_map(|(address, recorded)| {
        let found = match observed.resources.get(address)? {
            None => Drifted::Gone,
            Some(live) => Drifted::Changed(changed(recorded, live, schemas)),
        };
        Some((address.clone(), found)).filter(|(_, found)| *found != Drifted::Changed(Vec::new()))
    });
    Drift { entries: entries.collect() }
}

fn changed(recorded: &Recorded, live: &Live, schemas: &Schemas) -> Vec<Difference> {
    let Some(schema) = schemas.resource(&recorded.type_name) else { return Vec::new() };
    let compared = diff::compare(&Sides {
        schema,
        want: &recorded.applied,
        applied: &recorded.applied,
        live,
        ignore: diff::ignored(&recorded.lifecycle.ignore_changes),
        is_new: &|_| false,
        place: &|_| None,
    });
    let turned = |difference: Difference| Difference {
        before: difference.after,
        after: difference.before,
        drifted: true,
        ..difference
    };
    let mut seen = BTreeSet::new();
    compared.differences.into_iter().map(turned).filter(|difference| seen.insert(difference.path.clone())).collect()
}
