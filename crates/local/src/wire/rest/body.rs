//! The body of a request: its length, and what its headers say of its bytes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, Request};

use super::chunks;
use crate::checksum::{self, Algorithm};
use crate::model::Operation;
use crate::refusal::Refusal;

/// A body that is as its headers say, with the headers and the trailers.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) bytes: Bytes,
    pub(super) headers: HeaderMap,
}

pub(super) fn read(request: &Request<Bytes>, operation: &Operation) -> Result<Body, Refusal> {
    let mut headers = request.headers().clone();
    let chunked = chunks::is_chunked(&headers);
    let bytes = if chunked { chunks::unpack(request.body(), &mut headers)? } else { request.body().clone() };
    if !chunked && operation.http.method == "PUT" && headers.contains_key("transfer-encoding") {
        return Err(Refusal::new("MissingContentLength", "You must provide the Content-Length HTTP header."));
    }
    check_hash(&headers, &bytes)?;
    check_md5(&headers, &bytes)?;
    let checked = check_sums(&headers, &bytes)? || headers.contains_key("content-md5");
    if operation.name == "DeleteObjects" && !checked {
        return Err(missing("Content-MD5 OR x-amz-checksum-*"));
    }
    Ok(Body { bytes, headers })
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The hash that the signature is made over.
fn check_hash(headers: &HeaderMap, bytes: &[u8]) -> Result<(), Refusal> {
    match text(headers, "x-amz-content-sha256") {
        // Who is anonymous signs nothing; who signs, signs the hash.
        None if headers.contains_key("authorization") => Err(missing("x-amz-content-sha256")),
        None => Ok(()),
        Some(given) if given == "UNSIGNED-PAYLOAD" || given.starts_with("STREAMING-") => Ok(()),
        Some(given) if given == checksum::hex(Algorithm::Sha256, bytes) => Ok(()),
        Some(_) => Err(Refusal::new(
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        )),
    }
}

fn check_md5(headers: &HeaderMap, bytes: &[u8]) -> Result<(), Refusal> {
    let Some(given) = text(headers, "content-md5") else { return Ok(()) };
    if STANDARD.decode(given).is_ok_and(|digest| digest.len() == 16) {
        let fits = given == Algorithm::Md5.of(bytes);
        return if fits { Ok(()) } else { Err(bad_digest("Content-MD5")) };
    }
    Err(Refusal::new("InvalidDigest", "The Content-MD5 you specified was invalid."))
}

const SUM: &str = "x-amz-checksum-";

/// Whether there is a checksum, and it is right.
fn check_sums(headers: &HeaderMap, bytes: &[u8]) -> Result<bool, Refusal> {
    let names = headers.keys().filter_map(|name| name.as_str().strip_prefix(SUM));
    let given: Vec<_> = names.filter(|name| !["algorithm", "mode", "type"].contains(name)).collect();
    let [name] = given[..] else {
        return match (given.len(), headers.contains_key("x-amz-sdk-checksum-algorithm")) {
            (0, false) => Ok(false),
            (0, true) => Err(Refusal::new(
                "InvalidRequest",
                "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
            )),
            _ => Err(Refusal::new(
                "InvalidRequest",
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
            )),
        };
    };
    let algorithm = Algorithm::named(&name.to_ascii_uppercase())
        .ok_or_else(|| Refusal::new("NotImplemented", format!("the local cloud does not check {SUM}{name}")))?;
    let sum = algorithm.of(bytes);
    match text(headers, &format!("{SUM}{name}")) {
        Some(given) if given == sum => Ok(true),
        Some(given) if given.len() == sum.len() => Err(bad_digest(algorithm.name())),
        _ => Err(Refusal::new("InvalidRequest", format!("Value for {SUM}{name} header is invalid."))),
    }
}

fn bad_digest(what: &str) -> Refusal {
    let found = if what == "Content-MD5" { "what we received" } else { "the calculated checksum" };
    Refusal::new("BadDigest", format!("The {what} you specified did not match {found}."))
}

fn missing(header: &str) -> Refusal {
    Refusal::new("InvalidRequest", format!("Missing required header for this request: {header}"))
}
