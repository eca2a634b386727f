//! Pages and filters of describe operations.

use serde_json::{Value, json};

use super::given::{text, texts, whole};
use super::refusals::invalid;
use crate::refusal::{Answer, Refusal};

/// One page of what was found, sorted by key; a marker is the last key shown.
pub(super) fn page(input: &Value, member: &str, items: Vec<(String, Value)>) -> Answer {
    let size = whole(input, "MaxRecords").unwrap_or(100);
    let size = usize::try_from(size)
        .ok()
        .filter(|size| (20..=100).contains(size))
        .ok_or_else(|| invalid(format!("Invalid value {size} for MaxRecords. Must be between 20 and 100")))?;
    let after = text(input, "Marker");
    let mut rest: Vec<_> =
        items.into_iter().filter(|(key, _)| after.is_none_or(|after| key.as_str() > after)).collect();
    let truncated = rest.len() > size;
    rest.truncate(size);
    let marker = rest.last().filter(|_| truncated).map(|(key, _)| key.clone());
    let shown: Vec<_> = rest.into_iter().map(|(_, item)| item).collect();
    Ok(json!({ member: shown, "Marker": marker }))
}

/// Whether the values of a thing pass all filters of the input; `values` knows each filter's name or gives nothing.
pub(super) fn passes(input: &Value, values: impl Fn(&str) -> Option<Vec<String>>) -> Result<bool, Refusal> {
    for filter in input["Filters"].as_array().into_iter().flatten() {
        let name = text(filter, "Name").unwrap_or_default();
        let found = values(name).ok_or_else(|| invalid(format!("Unrecognized filter name: {name}")))?;
        let wanted = texts(filter, "Values").unwrap_or_default();
        if !found.iter().any(|value| wanted.contains(value)) {
            return Ok(false);
        }
    }
    Ok(true)
}
