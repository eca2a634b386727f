//! Filters of describe calls.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::refusals::invalid;
use crate::iam::wildcard::matches;
use crate::refusal::Refusal;

/// One filter: the thing passes when one of its values fits one of these, which may hold `*` and `?`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Filter {
    #[serde(default)]
    name: String,
    #[serde(default)]
    values: Vec<String>,
}

/// Something that can be filtered.
pub(super) trait Filtered {
    /// The values under a filter's name; none when AWS knows no such filter.
    fn values(&self, filter: &str) -> Option<Vec<String>>;

    fn tags(&self) -> &BTreeMap<String, String> {
        const NONE: &BTreeMap<String, String> = &BTreeMap::new();
        NONE
    }
}

/// Whether a thing passes all filters.
pub(super) fn passes(filters: &[Filter], thing: &dyn Filtered) -> Result<bool, Refusal> {
    for filter in filters {
        let values =
            values(filter, thing).ok_or_else(|| invalid(format!("The filter '{}' is invalid", filter.name)))?;
        if !values.iter().any(|value| filter.values.iter().any(|pattern| matches(pattern, value))) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn values(filter: &Filter, thing: &dyn Filtered) -> Option<Vec<String>> {
    if let Some(key) = filter.name.strip_prefix("tag:") {
        return Some(thing.tags().get(key).cloned().into_iter().collect());
    }
    match filter.name.as_str() {
        "tag-key" => Some(thing.tags().keys().cloned().collect()),
        "tag-value" => Some(thing.tags().values().cloned().collect()),
        name => thing.values(name),
    }
}
