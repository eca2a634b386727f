//! The planner's comparison for whoever carries plans out.

use std::collections::{BTreeMap, BTreeSet};

use model::{Live, Schema, Value};

use crate::diff::{self, Sides};

/// The names of the attributes that are wanted other than they live. Everything in `want` is known.
pub fn differing(schema: &Schema, want: &BTreeMap<String, Value>, live: &Live) -> BTreeSet<String> {
    let compared = diff::compare(&Sides {
        schema,
        want,
        applied: &BTreeMap::new(),
        live,
        ignore: Vec::new(),
        is_new: &|_| false,
        place: &|_| None,
    });
    compared.changed()
}
