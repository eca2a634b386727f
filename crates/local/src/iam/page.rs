//! Pages of list answers: `MaxItems`, `Marker`, `IsTruncated`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::refusals::invalid;
use crate::refusal::{Answer, Refusal};

/// What every list operation takes.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Paging {
    pub(super) marker: Option<String>,
    pub(super) max_items: Option<usize>,
}

/// One page and the marker of the next.
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) marker: Option<String>,
}

impl Paging {
    /// The page after the marker; `items` are sorted by their keys, and a marker is the last key shown.
    pub(super) fn cut<T>(&self, items: Vec<(String, T)>) -> Result<Page<T>, Refusal> {
        let after = self.marker.as_deref().map(key_of).transpose()?;
        let mut rest: Vec<_> =
            items.into_iter().filter(|(key, _)| after.as_ref().is_none_or(|after| key > after)).collect();
        let size = self.max_items.unwrap_or(100);
        let truncated = rest.len() > size;
        rest.truncate(size);
        let marker = rest.last().filter(|_| truncated).map(|(key, _)| STANDARD.encode(key));
        Ok(Page { items: rest.into_iter().map(|(_, item)| item).collect(), marker })
    }

    /// The whole answer of a list operation with one list.
    pub(super) fn answer(&self, member: &str, items: Vec<(String, Value)>) -> Answer {
        let page = self.cut(items)?;
        Ok(json!({ member: page.items, "IsTruncated": page.marker.is_some(), "Marker": page.marker }))
    }
}

fn key_of(marker: &str) -> Result<String, Refusal> {
    let bytes = STANDARD.decode(marker).map_err(|_| invalid("Invalid Marker."))?;
    String::from_utf8(bytes).map_err(|_| invalid("Invalid Marker."))
}
