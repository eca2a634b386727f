//! Which operation a request asks for, by its method, the depth of its path and its query.

use std::collections::BTreeMap;

use http::Method;

use super::place::Place;
use crate::model::{Location, Model, Operation};
use crate::refusal::Refusal;

/// The operation whose fixed words of the query are all there; where several are, the one with the most of them.
pub(super) fn operation<'a>(
    model: &'a Model,
    method: &Method,
    place: &Place,
    query: &BTreeMap<String, String>,
) -> Result<&'a Operation, Refusal> {
    let fits = |operation: &&Operation| {
        let (path, fixed) = parts(operation);
        let asked =
            |(name, value): (&str, &str)| query.get(name).is_some_and(|given| value.is_empty() || given == value);
        operation.http.method == method.as_str()
            && path.matches('{').count() == place.depth()
            && fixed.into_iter().all(asked)
    };
    let found = model.operations.values().filter(fits).max_by_key(|operation| parts(operation).1.len());
    let found = found.ok_or_else(|| not_served(method, place, query.keys().next()))?;
    match query.keys().find(|name| !knows(model, found, name)) {
        Some(word) => Err(not_served(method, place, Some(word))),
        None => Ok(found),
    }
}

/// The path of an operation, and the fixed words of its query with their values.
fn parts(operation: &Operation) -> (&str, Vec<(&str, &str)>) {
    let (path, query) = operation.http.request_uri.split_once('?').unwrap_or((&operation.http.request_uri, ""));
    let words = query.split('&').filter(|word| !word.is_empty());
    (path, words.map(|word| word.split_once('=').unwrap_or((word, ""))).collect())
}

/// A word that is neither fixed nor modelled would ask for another operation, such as `?acl`.
fn knows(model: &Model, operation: &Operation, word: &str) -> bool {
    let input = operation.input.as_ref().map(|input| model.at(input));
    let mut members = input.into_iter().flat_map(|shape| shape.members.values());
    let modelled = members
        .any(|member| member.location == Some(Location::QueryString) && member.location_name.as_deref() == Some(word));
    // SDKs name the operation in `x-id`, which S3 does not read.
    modelled || word == "x-id" || parts(operation).1.iter().any(|(fixed, _)| *fixed == word)
}

fn not_served(method: &Method, place: &Place, word: Option<&String>) -> Refusal {
    let path = ["/", "/Bucket", "/Bucket/Key"].get(place.depth()).copied().unwrap_or_default();
    let query = word.map(|word| format!("?{word}")).unwrap_or_default();
    Refusal::new("NotImplemented", format!("the local cloud does not serve s3 {method} {path}{query}"))
}
