//! A bucket for a state, made by somebody else before groma comes.

use serde_json::Value;
use tests::http::{self, Message};

/// Where the state is, as the environment says it.
pub(crate) const HOME: &str = r#"
[state]
s3 = { bucket = "groma-states", key = "teams/dev", region = "us-east-2" }
"#;

const BUCKET: &str = "/groma-states";

/// Makes the bucket, which keeps versions.
pub(crate) fn make(port: u16) {
    let place =
        "<CreateBucketConfiguration><LocationConstraint>us-east-2</LocationConstraint></CreateBucketConfiguration>";
    let versions = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    for (path, body) in [(BUCKET.to_owned(), place), (format!("{BUCKET}?versioning"), versions)] {
        let answer = ask(port, "PUT", &path, body);
        assert_eq!(answer.status(), 200, "{}", String::from_utf8_lossy(&answer.body));
    }
}

/// The state that lies there, if any does.
pub(crate) fn state(port: u16) -> Value {
    let answer = ask(port, "GET", &format!("{BUCKET}/teams/dev/state.json"), "");
    match answer.status() {
        200 => serde_json::from_slice(&answer.body).expect("a state is JSON"),
        404 => Value::Null,
        other => panic!("{other}: {}", String::from_utf8_lossy(&answer.body)),
    }
}

fn ask(port: u16, method: &str, path: &str, body: &str) -> Message {
    let scope =
        "AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-2/s3/aws4_request, SignedHeaders=host, Signature=0";
    let headers = [("Authorization", scope), ("x-amz-content-sha256", "UNSIGNED-PAYLOAD")];
    http::request_with(port, method, path, &headers, body).expect("the cloud answers")
}
