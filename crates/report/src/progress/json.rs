//! Events as JSON lines: `formats.md` says what each member means.

use std::time::Duration;

use model::Address;
use serde_json::{Value, json};

use super::{FailureText, Progress, Resolution};
use crate::{
    clean::clean,
    json::{place_json, value as value_json},
    summary::summary_value,
};

/// One event as one line of JSON, without a newline.
pub fn event_json(event: &Progress) -> String {
    value(event).to_string()
}

fn value(event: &Progress) -> Value {
    match event {
        Progress::Started { address, verb } => {
            json!({ "event": "started", "address": text(address), "verb": verb.json() })
        }
        Progress::Call { address, operation, does } => {
            json!({ "event": "call", "address": text(address), "operation": operation, "does": does })
        }
        Progress::Waiting { address, what, elapsed } => {
            json!({ "event": "waiting", "address": text(address), "what": what, "elapsed_ms": milliseconds(*elapsed) })
        }
        Progress::Done { address, verb, elapsed, id } => json!({
            "event": "done",
            "address": text(address),
            "verb": verb.json(),
            "elapsed_ms": milliseconds(*elapsed),
            "id": id,
        }),
        Progress::Failed { address, verb, elapsed, failure } => json!({
            "event": "failed",
            "address": text(address),
            "verb": verb.json(),
            "elapsed_ms": milliseconds(*elapsed),
            "failure": failure_json(failure),
        }),
        Progress::Skipped { address, verb, because } => {
            json!({ "event": "skipped", "address": text(address), "verb": verb.json(), "because": text(because) })
        }
        Progress::Left { address, verb, begun } => {
            json!({ "event": "left", "address": text(address), "verb": verb.json(), "begun": begun })
        }
        Progress::Stopping { because } => json!({ "event": "stopping", "because": because }),
        Progress::Resolving { address, operation } => {
            json!({ "event": "resolving", "address": text(address), "operation": operation })
        }
        Progress::Resolved { address, operation, resolution } => {
            let id = if let Resolution::Made { id } = resolution { Some(id) } else { None };
            json!({
                "event": "resolved",
                "address": text(address),
                "operation": operation,
                "resolution": resolution.name(),
                "id": id,
            })
        }
        Progress::Note { address, text: words } => {
            json!({ "event": "note", "address": address.as_ref().map(text), "text": words })
        }
        Progress::Summary(summary) => {
            let mut whole = json!({ "event": "summary" });
            if let (Value::Object(whole), Value::Object(members)) = (&mut whole, summary_value(summary)) {
                whole.extend(members);
            }
            whole
        }
    }
}

fn text(address: &Address) -> String {
    address.to_string()
}

pub(crate) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

pub(crate) fn failure_json(failure: &FailureText) -> Value {
    json!({
        "operation": failure.operation,
        "code": failure.code,
        "message": failure.message,
        "request_id": failure.request_id,
        "differs": failure.differs.as_ref().map(|differs| {
            json!({ "attribute": differs.attribute, "planned": value_json(&differs.planned), "found": value_json(&differs.found) })
        }),
        "place": failure.place.as_ref().map(place_json),
        "log": failure.log.iter().map(|line| clean(line)).collect::<Vec<_>>(),
        "causes": failure.causes,
        "hints": failure.hints,
        "next": failure.next,
    })
}
