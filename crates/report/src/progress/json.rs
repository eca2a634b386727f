//! Events as JSON lines: `formats.md` says what each member means.

use std::time::Duration;

use model::Address;
use serde_json::{Value, json};

use super::{FailureText, Progress};
use crate::{clean::clean, json::place_json, summary::summary_value};

/// One event as one line of JSON, without a newline.
pub fn event_json(event: &Progress) -> String {
    value(event).to_string()
}

fn value(event: &Progress) -> Value {
    match event {
        Progress::Started { address, verb } => {
            json!({ "event": "started", "address": text(address), "verb": verb.json() })
        }
        Progress::Call { address, does } => json!({ "event": "call", "address": text(address), "does": does }),
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
        "place": failure.place.as_ref().map(place_json),
        "log": failure.log.iter().map(|line| clean(line)).collect::<Vec<_>>(),
        "causes": failure.causes,
        "next": failure.next,
    })
}
