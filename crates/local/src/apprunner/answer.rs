//! What several answers share: times, pages, refusals.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::refusal::Refusal;

/// How long deleted things are still described, in seconds.
pub(super) const KEPT_DELETED: i64 = 3600;

/// The time as App Runner gives it: whole seconds.
pub(super) fn time(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

/// Whether `seconds` have passed since `at`.
pub(super) fn passed(at: Timestamp, seconds: i64, now: Timestamp) -> bool {
    now.duration_since(at) >= SignedDuration::from_secs(seconds)
}

/// `InvalidRequestException`.
pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    error("InvalidRequestException", message)
}

/// `InvalidStateException`.
pub(super) fn state(message: impl Into<String>) -> Refusal {
    error("InvalidStateException", message)
}

/// `ResourceNotFoundException`.
pub(super) fn not_found(message: impl Into<String>) -> Refusal {
    error("ResourceNotFoundException", message)
}

/// `ServiceQuotaExceededException`.
pub(super) fn quota(message: impl Into<String>) -> Refusal {
    error("ServiceQuotaExceededException", message)
}

/// The model spells the member of every error `Message`.
fn error(code: &str, message: impl Into<String>) -> Refusal {
    Refusal::new(code, message)
}

/// A required text member.
pub(super) fn text<'a>(input: &'a Value, member: &str) -> Result<&'a str, Refusal> {
    input[member].as_str().ok_or_else(|| invalid(format!("{member} is required.")))
}

/// The value without its null members, as the wire shows it.
pub(super) fn pruned(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(_, member)| !member.is_null());
            Value::Object(kept.map(|(name, member)| (name, pruned(member))).collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(pruned).collect()),
        other => other,
    }
}

/// One page of `items` under `member`, with `NextToken` when there are more. Without `MaxResults` all come at once.
pub(super) fn page(input: &Value, member: &str, items: Vec<Value>) -> Result<Value, Refusal> {
    let start = match input["NextToken"].as_str() {
        None => 0,
        Some(token) => position(token)
            .filter(|at| *at <= items.len())
            .ok_or_else(|| invalid("The NextToken you specified isn't valid."))?,
    };
    let size = input["MaxResults"].as_u64().map_or(usize::MAX, |size| usize::try_from(size).unwrap_or(usize::MAX));
    let end = start.saturating_add(size).min(items.len());
    let next = (end < items.len()).then(|| STANDARD.encode(format!("from:{end}")));
    let shown = items.into_iter().skip(start).take(end - start).collect::<Vec<_>>();
    let mut answer = Map::new();
    answer.insert(member.to_owned(), Value::Array(shown));
    answer.insert("NextToken".to_owned(), next.map_or(Value::Null, Value::String));
    Ok(Value::Object(answer))
}

/// The position that a token of [`page`] stands for.
fn position(token: &str) -> Option<usize> {
    let text = String::from_utf8(STANDARD.decode(token).ok()?).ok()?;
    text.strip_prefix("from:")?.parse().ok()
}
