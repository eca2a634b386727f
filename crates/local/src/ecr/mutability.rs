//! Whether a tag may be moved to another image.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Repository;
use super::refusals::invalid;
use crate::glob;
use crate::refusal::Refusal;

/// One filter of an input.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Filter {
    filter: String,
}

/// The filters, where they go with the mutability.
pub(super) fn checked(mutability: &str, filters: Option<Vec<Filter>>) -> Result<Vec<String>, Refusal> {
    const AT: &str = "imageTagMutabilityExclusionFilters";
    let filters: Vec<_> = filters.unwrap_or_default().into_iter().map(|filter| filter.filter).collect();
    match (mutability.ends_with("_WITH_EXCLUSION"), filters.is_empty()) {
        (true, true) => {
            let why = format!(
                "ImageTagMutabilityExclusionFilters can't be null when imageTagMutability is set as {mutability}"
            );
            Err(invalid(AT, why))
        }
        (false, false) => {
            let why = format!(
                "ImageTagMutabilityExclusionFilters must be null when imageTagMutability is set as {mutability}"
            );
            Err(invalid(AT, why))
        }
        _ if filters.iter().any(|filter| filter.matches('*').count() > 2) => {
            Err(invalid(AT, "A filter can contain at most 2 wildcards"))
        }
        _ => Ok(filters),
    }
}

/// Whether a tag that exists stays where it is.
pub(super) fn is_immutable(repository: &Repository, tag: &str) -> bool {
    let excluded = repository.exclusions.iter().any(|filter| glob::fits(filter, tag));
    repository.mutability.starts_with("IMMUTABLE") != excluded
}

/// The filters as an answer shows them; none where there are none.
pub(super) fn shown(exclusions: &[String]) -> Value {
    if exclusions.is_empty() {
        return Value::Null;
    }
    exclusions.iter().map(|filter| json!({ "filterType": "WILDCARD", "filter": filter })).collect()
}
