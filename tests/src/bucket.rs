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
    read(port, name).map_or(Value::Null, |text| serde_json::from_str(&text).expect("it is JSON"))
}

/// What lies under a name of the state's.
///
/// # Panics
/// When the endpoint refuses.
pub fn read(port: u16, name: &str) -> Option<String> {
    let answer = send(port, "GET", &format!("/{KEY}/{name}"), "");
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    match answer.status() {
        200 => Some(body),
        404 => None,
        _ => panic!("{name}: {} {body}", answer.start),
    }
}

/// Writes over it, as a person would by mistake.
///
/// # Panics
/// When the endpoint refuses.
pub fn write(port: u16, name: &str, text: &str) {
    ask(port, "PUT", &format!("/{KEY}/{name}"), text);
}

/// Deletes it.
///
/// # Panics
/// When the endpoint refuses.
pub fn remove(port: u16, name: &str) {
    ask(port, "DELETE", &format!("/{KEY}/{name}"), "");
}

/// The names of all that lies there.
///
/// # Panics
/// When the endpoint refuses.
pub fn names(port: u16) -> Vec<String> {
    let listed = ask(port, "GET", &format!("?list-type=2&prefix={KEY}/"), "");
    let keys = listed.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next());
    keys.filter_map(|key| key.strip_prefix(KEY)?.strip_prefix('/')).map(str::to_owned).collect()
}

fn ask(port: u16, method: &str, path: &str, body: &str) -> String {
    let answer = send(port, method, path, body);
    let body = String::from_utf8_lossy(&answer.body).into_owned();
    assert!([200, 204].contains(&answer.status()), "{method} {path}: {body}");
    body
}

fn send(port: u16, method: &str, path: &str, body: &str) -> http::Message {
    let signed = format!(
        "AWS4-HMAC-SHA256 Credential=123456789012/20260101/{REGION}/s3/aws4_request, SignedHeaders=host, Signature=0"
    );
    let path = format!("/{BUCKET}{path}");
    let headers = [("Authorization", signed), ("x-amz-content-sha256", "UNSIGNED-PAYLOAD".to_owned())];
    http::request_with(port, method, &path, &headers, body).expect("the endpoint answers")
}
