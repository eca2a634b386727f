//! What every describe call shares: ids, filters, pages.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::filter::{self, Filter, Filtered};
use super::refusals::{Kind, invalid};
use crate::refusal::{Answer, Refusal};

/// The members that describe calls have in common.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Selection {
    #[serde(default)]
    pub(super) filters: Vec<Filter>,
    next_token: Option<String>,
    max_results: Option<usize>,
}

impl Selection {
    /// The things of these ids; with no ids all of them. A missing id fails the whole call.
    pub(super) fn by_ids<T: Filtered>(
        &self,
        kind: Kind,
        ids: &[String],
        all: Vec<(String, T)>,
    ) -> Result<Vec<(String, T)>, Refusal> {
        if ids.is_empty() {
            return Ok(all);
        }
        if self.max_results.is_some() {
            let message = "The parameter MaxResults cannot be used with a list of ids";
            return Err(Refusal::new("InvalidParameterCombination", message));
        }
        ids.iter().try_for_each(|id| kind.check(id))?;
        let missing: Vec<&str> =
            ids.iter().filter(|id| !all.iter().any(|(known, _)| known == *id)).map(String::as_str).collect();
        if !missing.is_empty() {
            return Err(kind.missing(&missing));
        }
        Ok(all.into_iter().filter(|(id, _)| ids.contains(id)).collect())
    }

    /// The answer: what passes the filters, one page of it.
    pub(super) fn answer<T: Filtered>(
        &self,
        member: &str,
        all: Vec<(String, T)>,
        view: impl Fn(&T) -> Value,
    ) -> Answer {
        let after = self.next_token.as_deref().map(decode).transpose()?;
        let mut found = Vec::new();
        for (id, thing) in all {
            if filter::passes(&self.filters, &thing)? && after.as_ref().is_none_or(|after| id > *after) {
                found.push((id, view(&thing)));
            }
        }
        let size = self.max_results.unwrap_or(1000);
        let next = (found.len() > size).then(|| STANDARD.encode(&found[size - 1].0));
        let page: Vec<Value> = found.into_iter().take(size).map(|(_, view)| view).collect();
        Ok(json!({ member: page, "NextToken": next }))
    }
}

fn decode(token: &str) -> Result<String, Refusal> {
    let refused = || invalid("Unable to parse pagination token");
    String::from_utf8(STANDARD.decode(token).map_err(|_| refused())?).map_err(|_| refused())
}

/// Tags as answers show them; none at all are left out.
pub(super) fn tags(tags: &std::collections::BTreeMap<String, String>) -> Value {
    if tags.is_empty() {
        return Value::Null;
    }
    tags.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}
