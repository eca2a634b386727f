//! Pages of a list, with tokens that survive changes of the list.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::refusals::invalid;
use crate::refusal::Refusal;

/// One page of items that are sorted by their key, and the token of the next.
pub(super) fn page<T>(items: Vec<(String, T)>, input: &Value, default: usize) -> Result<(Vec<T>, Value), Refusal> {
    let size = input["maxResults"].as_u64().map_or(default, |size| size as usize);
    let after = input["nextToken"].as_str().map(decoded).transpose()?;
    let mut rest = items.into_iter().filter(|(key, _)| after.as_ref().is_none_or(|after| key > after)).peekable();
    let mut taken = Vec::new();
    let mut last = String::new();
    while let Some((key, item)) = rest.next_if(|_| taken.len() < size) {
        taken.push(item);
        last = key;
    }
    let next = rest.peek().map(|_| Value::from(STANDARD.encode(last))).unwrap_or_default();
    Ok((taken, next))
}

fn decoded(token: &str) -> Result<String, Refusal> {
    let bytes = STANDARD.decode(token).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    bytes.ok_or_else(|| invalid("nextToken", "Invalid token"))
}
