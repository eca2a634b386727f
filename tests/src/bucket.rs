//! A bucket with the state of a team, looked at past groma.

use serde_json::Value;

use crate::http;
use crate::systems::REGION;

/// Its name.
pub const BUCKET: &str = "groma-test-state";

/// What the keys of the state's objects begin with.
pub const KEY: &str = "team/dev";

/// `[state]`, as an environment says it.
pub fn toml() -> String {
    format!("\n[state]\ns3 = {{ bucket = \"{BUCKET}\", key = \"{KEY}\" }}\n")
}

/// Makes the bucket, with versions, at an endpoint that checks no signatures.
///
/// # Panics
/// When the endpoint refuses.
pub fn make(port: u16) {
    let place = format!(
        "<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"
    );
    ask(port, "PUT", "", &place);
    ask(port, "PUT", "?versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
}

/// The state; nothing before there is any.
///
/// # Panics
/// When it is no JSON.
pub fn state(port: u16) -> Value {
    object(port, "state.json")
}

/// Who may write; nothing before somebody has.
pub fn lease(port: u16) -> Value {
    object(port, "lease.json")
}

fn object(port: u16, name: &str) -> Value {
    let answer = send(port, "GET", &format!("/{KEY}/{name}"), "");
    match answer.status() {
        200 => serde_json::from_slice(&answer.body).expect("it is JSON"),
        404 => Value::Null,
        _ => panic!("{name}: {} {}", answer.start, String::from_utf8_lossy(&answer.body)),
    }
}

fn ask(port: u16, method: &str, path: &str, body: &str) {
    let answer = send(port, method, path, body);
    assert_eq!(answer.status(), 200, "{method} {path}: {}", String::from_utf8_lossy(&answer.body));
}

fn send(port: u16, method: &str, path: &str, body: &str) -> http::Message {
    let signed = format!(
        "AWS4-HMAC-SHA256 Credential=123456789012/20260101/{REGION}/s3/aws4_request, SignedHeaders=host, Signature=0"
    );
    let path = format!("/{BUCKET}{path}");
    let headers = [("Authorization", signed), ("x-amz-content-sha256", "UNSIGNED-PAYLOAD".to_owned())];
    http::request_with(port, method, &path, &headers, body).expect("the endpoint answers")
}
