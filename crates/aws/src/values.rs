//! Between the SDK's values and the model's.

use std::collections::BTreeMap;

use aws_smithy_types::{DateTime, date_time::Format};
use model::{Value, schema::Prediction};
use serde::Deserialize;

/// A JSON document argument: written as a TOML table or as JSON text, sent as minified text.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "serde_json::Value")]
pub(crate) struct Document(pub(crate) String);

impl From<serde_json::Value> for Document {
    fn from(json: serde_json::Value) -> Self {
        let parsed = match json {
            serde_json::Value::String(text) => match serde_json::from_str(&text) {
                Ok(parsed) => parsed,
                Err(_) => return Self(text),
            },
            table => table,
        };
        Self(parsed.to_string())
    }
}

/// A document as AWS answered it: parsed where it is JSON.
pub(crate) fn document(text: &str) -> Value {
    serde_json::from_str(text).map_or_else(|_| text.into(), Value::from_json)
}

/// A document value as JSON, whether it was written as a table or as text; null when it is neither.
pub(crate) fn as_json(value: &Value) -> serde_json::Value {
    match value {
        Value::Text(text) => serde_json::from_str(text).unwrap_or(serde_json::Value::Null),
        other => other.exposed_json().unwrap_or(serde_json::Value::Null),
    }
}

/// RFC 3339 in UTC.
pub(crate) fn time(time: &DateTime) -> Value {
    time.fmt(Format::DateTime).map_or(Value::Null, Value::Text)
}

/// A map of the entries that are not null.
pub(crate) fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let kept = entries.into_iter().filter(|(_, value)| !value.is_null());
    Value::Map(kept.map(|(key, value)| (key.to_owned(), value)).collect::<BTreeMap<_, _>>())
}

/// The DNS suffix of a partition.
pub(crate) fn dns_suffix(partition: &str) -> &'static str {
    if partition == "aws-cn" { "amazonaws.com.cn" } else { "amazonaws.com" }
}

/// An ARN in the prediction's region and account, once the account is known.
pub(crate) fn arn(prediction: &Prediction<'_>, service: &str, resource: &str) -> Option<String> {
    let account = prediction.environment.account.as_ref()?;
    Some(format!("arn:{}:{service}:{}:{account}:{resource}", prediction.environment.partition, prediction.region))
}
