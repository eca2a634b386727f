//! Requests in, inputs or whole responses out, headers included.

use http::Response;
use serde_json::{Value, json};

use super::*;
use crate::refusal::Answer;
use crate::wire::{self, respond};

const SCOPE: &str =
    "AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-2/s3/aws4_request, SignedHeaders=host, Signature=0";

/// A signed request; `head` is a line such as `PUT /team/key`, then headers.
fn request(head: &str, body: &str) -> Request<Bytes> {
    let mut lines = head.lines();
    let (method, path) = lines.next().unwrap().split_once(' ').unwrap();
    let mut request = Request::builder().method(method).uri(path);
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        request = request.header(name, value);
    }
    request = request.header("authorization", SCOPE);
    if !head.contains("x-amz-content-sha256") {
        request = request.header("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    }
    request.body(Bytes::from(body.to_owned())).unwrap()
}

fn shown(response: Response<Bytes>) -> String {
    let mut headers: Vec<_> = response.headers().iter().collect();
    headers.retain(|(name, _)| !["x-amz-id-2", "x-amz-request-id"].contains(&name.as_str()));
    headers.sort_by_key(|(name, _)| name.as_str());
    let mut lines = vec![response.status().as_u16().to_string()];
    lines.extend(headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())));
    lines.push(String::from_utf8_lossy(response.body()).replace(DECLARATION, ""));
    lines.join("\n")
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// The operation and its input, or the response that refuses the request.
#[track_caller]
fn check(request: Request<Bytes>, expected: &str) {
    let seen = match wire::read(&request) {
        Ok(call) => match call.check() {
            Ok(()) => format!("{} {}", call.operation.name, call.input),
            Err(refusal) => without_host(shown(respond(&call, Err(refusal), "id"))),
        },
        Err(refused) => without_host(shown(wire::refuse(&refused.dialect, &refused.refusal, "id"))),
    };
    assert_eq!(seen, expected);
}

#[track_caller]
fn check_answer(head: &str, answer: Answer, expected: &str) {
    let call = wire::read(&request(head, "")).map_err(|refused| refused.refusal).unwrap();
    assert_eq!(without_host(shown(respond(&call, answer, "id"))), expected);
}

/// Without the long id of the host.
fn without_host(text: String) -> String {
    match (text.find("<HostId>"), text.find("</HostId>")) {
        (Some(start), Some(end)) => format!("{}{}", &text[..start], &text[end + "</HostId>".len()..]),
        _ => text,
    }
}

fn error(status: u16, inner: &str) -> String {
    format!("{status}\ncontent-type: application/xml\n<Error>{inner}<RequestId>ID</RequestId></Error>")
}

fn refused(status: u16, code: &str, message: &str) -> String {
    error(status, &format!("<Code>{code}</Code><Message>{message}</Message>"))
}

#[test]
fn a_request_names_its_operation_by_method_path_and_query() {
    check(request("GET /", ""), "ListBuckets {}");
    check(request("GET /team?location", ""), r#"GetBucketLocation {"Bucket":"team"}"#);
    check(request("GET /team/?versioning=", ""), r#"GetBucketVersioning {"Bucket":"team"}"#);
    check(
        request("GET /team?list-type=2&prefix=a%2Fb&max-keys=7&fetch-owner=true&x-id=ListObjectsV2", ""),
        r#"ListObjectsV2 {"Bucket":"team","MaxKeys":7,"Prefix":"a/b","FetchOwner":true}"#,
    );
    check(
        request("GET /team?versions&key-marker=a+b", ""),
        r#"ListObjectVersions {"Bucket":"team","KeyMarker":"a b"}"#,
    );
    check(
        request("GET /a%20b?versionId=x\nhost: team.s3.us-east-2.amazonaws.com\nrange: bytes=0-1", ""),
        r#"GetObject {"Bucket":"team","Key":"a b","Range":"bytes=0-1","VersionId":"x"}"#,
    );
    check(request("HEAD /team", ""), r#"HeadBucket {"Bucket":"team"}"#);
    check(request("DELETE /team/key", ""), r#"DeleteObject {"Bucket":"team","Key":"key"}"#);
    let words = "the local cloud does not serve s3 PUT /Bucket?acl";
    check(request("PUT /team?acl", ""), &refused(501, "NotImplemented", words));
    check(request("HEAD /", ""), "501\n");
}

#[test]
fn headers_and_bodies_are_read_by_the_model() {
    check(
        request(
            "PUT /team/key\ncontent-type: text/plain\nif-none-match: *\nx-amz-meta-by: ci\ncontent-length: 3\n\
             x-amz-checksum-crc32: 6e2EVg==",
            "one",
        ),
        &refused(400, "BadDigest", "The CRC32 you specified did not match the calculated checksum."),
    );
    check(
        request(
            "PUT /team/key\ncontent-type: text/plain\nif-none-match: *\nx-amz-meta-by: ci\ncontent-length: 3",
            "one",
        ),
        r#"PutObject {"Body":"b25l","Bucket":"team","ContentLength":3,"ContentType":"text/plain","IfNoneMatch":"*","Key":"key","Metadata":{"by":"ci"}}"#,
    );
    check(
        request("GET /team/key\nif-modified-since: Thu, 01 Jan 2026 00:00:00 GMT", ""),
        r#"GetObject {"Bucket":"team","IfModifiedSince":"2026-01-01T00:00:00Z","Key":"key"}"#,
    );
    check(
        request(
            "PUT /team",
            "<?xml version='1.0'?><CreateBucketConfiguration xmlns='http://s3.amazonaws.com/doc/2006-03-01/'>\
             <LocationConstraint>us-east-2</LocationConstraint><Tags><Tag><Key>a</Key><Value>&lt;b&gt;</Value></Tag></Tags>\
             </CreateBucketConfiguration>",
        ),
        r#"CreateBucket {"Bucket":"team","CreateBucketConfiguration":{"LocationConstraint":"us-east-2","Tags":[{"Key":"a","Value":"<b>"}]}}"#,
    );
    check(
        request(
            "POST /team?delete\ncontent-md5: vrFfTsVZvkT7mOSDSjv7hw==",
            "<Delete><Object><Key>a</Key></Object><Object><Key>b</Key><VersionId>v</VersionId></Object><Quiet>true</Quiet></Delete>",
        ),
        r#"DeleteObjects {"Bucket":"team","Delete":{"Objects":[{"Key":"a"},{"Key":"b","VersionId":"v"}],"Quiet":true}}"#,
    );
}

#[test]
fn a_wrong_body_is_refused() {
    let malformed = refused(
        400,
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
    );
    let versioning = |body: &str| request("PUT /team?versioning", body);
    check(versioning("<VersioningConfiguration>"), &malformed);
    check(versioning("<Versioning/>"), &malformed);
    check(versioning("<VersioningConfiguration><State>Enabled</State></VersioningConfiguration>"), &malformed);
    check(versioning("<VersioningConfiguration><Status>On</Status></VersioningConfiguration>"), &malformed);
    check(versioning(""), &refused(400, "MissingRequestBodyError", "Request Body is empty"));
    let missing =
        refused(400, "InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
    check(request("POST /team?delete", "<Delete><Object><Key>a</Key></Object></Delete>"), &missing);
    check(
        request(
            "PUT /team",
            "<CreateBucketConfiguration><LocationConstraint>us-east-1</LocationConstraint></CreateBucketConfiguration>",
        ),
        &error(
            400,
            "<Code>InvalidLocationConstraint</Code><Message>The specified location-constraint is not valid</Message>\
             <LocationConstraint>us-east-1</LocationConstraint>",
        ),
    );
    check(
        request("GET /team?list-type=2&max-keys=many", ""),
        &error(
            400,
            "<Code>InvalidArgument</Code><Message>Provided max-keys not an integer or within integer range</Message>\
             <ArgumentName>max-keys</ArgumentName><ArgumentValue>many</ArgumentValue>",
        ),
    );
}

#[test]
fn what_the_headers_say_of_the_body_is_checked() {
    let put = |headers: &str| request(&format!("PUT /team/key\n{headers}"), "one");
    let input = |more: &str| format!(r#"PutObject {{"Body":"b25l","Bucket":"team"{more},"Key":"key"}}"#);
    check(
        put("content-md5: +XxdKZQb+xsv2rCHSQarggA="),
        &refused(400, "InvalidDigest", "The Content-MD5 you specified was invalid."),
    );
    let other = refused(400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
    check(put("content-md5: AAAAAAAAAAAAAAAAAAAAAA=="), &other);
    let md5 = "+XxdKZQb+xsv2rCHSQargg==";
    check(put(&format!("content-md5: {md5}")), &input(&format!(r#","ContentMD5":"{md5}""#)));
    for algorithm in crate::checksum::Algorithm::ALL {
        let (name, sum) = (algorithm.name(), algorithm.of(b"one"));
        let header = format!("x-amz-checksum-{}: ", name.to_lowercase());
        check(put(&format!("{header}{sum}")), &input(&format!(r#","{}":"{sum}""#, algorithm.member())));
        let wrong = format!("The {name} you specified did not match the calculated checksum.");
        check(put(&format!("{header}{}", algorithm.of(b"two"))), &refused(400, "BadDigest", &wrong));
    }
    let invalid = refused(400, "InvalidRequest", "Value for x-amz-checksum-crc32 header is invalid.");
    check(put("x-amz-checksum-crc32: 1"), &invalid);
    let hash = "x-amz-content-sha256: ";
    let sum = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";
    check(put(&format!("{hash}{sum}")), &input(""));
    let mismatch = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    check(put(&format!("{hash}{}", "0".repeat(64))), &refused(400, "XAmzContentSHA256Mismatch", mismatch));
    let length = refused(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
    check(put("transfer-encoding: chunked"), &length);
    let promised = "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were \
                    found.";
    check(put("x-amz-sdk-checksum-algorithm: CRC32"), &refused(400, "InvalidRequest", promised));
}

/// A body in two chunks with its checksum after it, as SDKs send it.
#[test]
fn chunks_are_put_together_and_their_trailers_count() {
    let put = |length: &str, body: &str| {
        let head = format!(
            "PUT /team/key\ncontent-encoding: aws-chunked\nx-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\n\
             x-amz-decoded-content-length: {length}\nx-amz-sdk-checksum-algorithm: CRC32\nx-amz-trailer: x-amz-checksum-crc32"
        );
        request(&head, body)
    };
    check(
        put("9", "4\r\n1234\r\n5;chunk-signature=0\r\n56789\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n"),
        r#"PutObject {"Body":"MTIzNDU2Nzg5","Bucket":"team","ChecksumAlgorithm":"CRC32","ChecksumCRC32":"y/Q5Jg==","Key":"key"}"#,
    );
    let incomplete = refused(400, "IncompleteBody", "The request body terminated unexpectedly");
    check(put("9", "9\r\n1234"), &incomplete);
    check(put("9", "4\r\n1234\r\n"), &incomplete);
    check(put("9", "4\r\n1234\r\n0\r\nx-amz-checksum-crc32:m+PjVQ==\r\n\r\n"), &incomplete);
    let malformed = refused(
        400,
        "MalformedTrailerError",
        "The request contained trailing data that was not well-formed or did not conform to our published schema.",
    );
    check(put("4", "4\r\n1234\r\n0\r\n\r\n"), &malformed);
    let wrong = refused(400, "BadDigest", "The CRC32 you specified did not match the calculated checksum.");
    check(put("4", "4\r\n1234\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n"), &wrong);
}

#[test]
fn who_is_anonymous_is_denied() {
    let unsigned = Request::get("https://team.s3.us-east-2.amazonaws.com/key").body(Bytes::new()).unwrap();
    check(unsigned, &refused(403, "AccessDenied", "Access Denied"));
}

#[test]
fn answers_are_headers_bytes_or_a_document() {
    check_answer(
        "GET /team/key",
        Ok(json!({
            "Body": "b25l", "ContentType": "text/plain", "ETag": "\"x\"", "LastModified": "2026-01-01T00:00:00.5Z",
            "Metadata": { "by": "ci" }, "VersionId": "v", "ContentLength": 3, "ContentRange": null,
        })),
        "200\ncontent-length: 3\ncontent-type: text/plain\netag: \"x\"\nlast-modified: Thu, 01 Jan 2026 00:00:00 GMT\n\
         x-amz-meta-by: ci\nx-amz-version-id: v\none",
    );
    check_answer(
        "GET /team/key",
        Ok(json!({ "Body": "b24=", "ContentRange": "bytes 0-1/3" })),
        "206\ncontent-range: bytes 0-1/3\non",
    );
    check_answer("DELETE /team/key", Ok(json!({ "DeleteMarker": true })), "204\nx-amz-delete-marker: true\n");
    check_answer("PUT /team", Ok(json!({ "Location": "/team" })), "200\nlocation: /team\n");
    let document = |root: &str, inner: &str| {
        format!(
            "200\ncontent-type: application/xml\n<{root} xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{inner}</{root}>"
        )
    };
    check_answer(
        "GET /team?location",
        Ok(json!({ "LocationConstraint": "us-east-2" })),
        &document("LocationConstraint", "us-east-2"),
    );
    check_answer("GET /team?location", Ok(json!({ "LocationConstraint": null })), &document("LocationConstraint", ""));
    check_answer("GET /team?versioning", Ok(json!({ "Status": null })), &document("VersioningConfiguration", ""));
    let listed = json!({
        "Name": "team", "Prefix": "", "IsTruncated": false, "KeyCount": 2, "CommonPrefixes": [{ "Prefix": "b/" }],
        "Contents": [{ "Key": "a&b", "LastModified": "2026-01-01T00:00:00.5Z", "ETag": "\"x\"", "ChecksumAlgorithm": ["CRC32"] }],
    });
    check_answer(
        "GET /team?list-type=2",
        Ok(listed),
        &document(
            "ListBucketResult",
            "<IsTruncated>false</IsTruncated><Contents><Key>a&amp;b</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>\
             <ETag>&quot;x&quot;</ETag><ChecksumAlgorithm>CRC32</ChecksumAlgorithm></Contents><Name>team</Name><Prefix></Prefix>\
             <CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes><KeyCount>2</KeyCount>",
        ),
    );
}

#[test]
fn refusals_are_s3_s_own() {
    let refusal = || Refusal::new("NoSuchKey", "The specified key does not exist.").with("Key", Value::from("a<b"));
    let expected = "<Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>a&lt;b</Key>";
    check_answer("GET /team/key", Err(refusal()), &error(404, expected));
    check_answer("HEAD /team/key", Err(refusal()), "404\n");
    let held = Refusal::new("NotModified", "Not Modified").header("etag", "\"x\"");
    check_answer("GET /team/key", Err(held), "304\netag: \"x\"\n");
    for (code, status) in [("PreconditionFailed", 412), ("SlowDown", 503), ("RequestTimeTooSkewed", 403)] {
        check_answer("GET /team/key", Err(Refusal::new(code, "why")), &refused(status, code, "why"));
    }
    let call = wire::read(&request("GET /", "")).map_err(|refused| refused.refusal).unwrap();
    let response = respond(&call, Ok(json!({})), "0123abcd-4567-4567-8901-0123456789ab");
    assert_eq!(response.headers()["x-amz-request-id"], "0123ABCD45674567");
}
