//! Bodies in the coding `aws-chunked`: chunks with their sizes, and trailers after the last.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::refusal::Refusal;

/// Whether the body is sent so.
pub(super) fn is_chunked(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text("x-amz-content-sha256").starts_with("STREAMING-")
        || codings(text("content-encoding")).any(|coding| coding == CODING)
}

/// Puts the chunks together, and the trailers among the headers. Signatures of chunks are not verified.
pub(super) fn unpack(body: &Bytes, headers: &mut HeaderMap) -> Result<Bytes, Refusal> {
    let mut whole = Vec::new();
    let mut rest = body.as_ref();
    loop {
        let line;
        (line, rest) = line_of(rest).ok_or_else(incomplete)?;
        let size = line.split(';').next().unwrap_or_default();
        let size = usize::from_str_radix(size.trim(), 16).map_err(|_| incomplete())?;
        if size == 0 {
            break;
        }
        let (chunk, after) = rest.split_at_checked(size).ok_or_else(incomplete)?;
        whole.extend_from_slice(chunk);
        rest = after.strip_prefix(b"\r\n").ok_or_else(incomplete)?;
    }
    trailers(rest, headers)?;
    check_length(headers, whole.len())?;
    forget_coding(headers);
    Ok(Bytes::from(whole))
}

const CODING: &str = "aws-chunked";

fn codings(header: &str) -> impl Iterator<Item = &str> {
    header.split(',').map(str::trim).filter(|coding| !coding.is_empty())
}

/// The first line and what follows it; the last may lack its end.
fn line_of(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.windows(2).position(|two| two == b"\r\n");
    let (line, rest) = end.map_or((bytes, &[][..]), |end| (&bytes[..end], &bytes[end + 2..]));
    Some((std::str::from_utf8(line).ok().filter(|line| !line.is_empty())?, rest))
}

fn trailers(mut rest: &[u8], headers: &mut HeaderMap) -> Result<(), Refusal> {
    while let Some((line, after)) = line_of(rest) {
        rest = after;
        let (name, value) = line.split_once(':').ok_or_else(malformed)?;
        let name: HeaderName = name.trim().parse().map_err(|_| malformed())?;
        let value: HeaderValue = value.trim().parse().map_err(|_| malformed())?;
        headers.insert(name, value);
    }
    let announced = headers.get("x-amz-trailer").and_then(|names| names.to_str().ok()).unwrap_or_default().to_owned();
    if codings(&announced).any(|name| !headers.contains_key(name)) { Err(malformed()) } else { Ok(()) }
}

fn check_length(headers: &HeaderMap, length: usize) -> Result<(), Refusal> {
    let given = headers.get("x-amz-decoded-content-length").and_then(|length| length.to_str().ok());
    match given {
        None => Err(Refusal::new("MissingContentLength", "You must provide the Content-Length HTTP header.")),
        Some(given) if given.parse() == Ok(length) => Ok(()),
        Some(_) => Err(incomplete()),
    }
}

/// What is stored is no longer in chunks.
fn forget_coding(headers: &mut HeaderMap) {
    let given = headers.get("content-encoding").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let left: Vec<_> = codings(given).filter(|coding| *coding != CODING).collect();
    match (left.is_empty(), left.join(",").parse()) {
        (false, Ok(left)) => drop(headers.insert("content-encoding", left)),
        _ => drop(headers.remove("content-encoding")),
    }
}

fn incomplete() -> Refusal {
    Refusal::new("IncompleteBody", "The request body terminated unexpectedly")
}

fn malformed() -> Refusal {
    Refusal::new(
        "MalformedTrailerError",
        "The request contained trailing data that was not well-formed or did not conform to our published schema.",
    )
}
