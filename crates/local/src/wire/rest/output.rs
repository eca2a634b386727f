//! Answers and refusals as S3 writes them: headers, a body of bytes or an XML document.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use jiff::Timestamp;
use serde_json::Value;

use crate::checksum::Algorithm;
use crate::model::{Kind, Location, Model, Operation, Reference, Shape};
use crate::refusal::Refusal;
use crate::wire::{Call, xml};

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// Writes an answer.
///
/// # Errors
///
/// What the model does not know of the answer: a mistake of the service function.
pub(in crate::wire) fn success(call: &Call, answer: &Value, request_id: &str) -> Result<Response<Bytes>, String> {
    let operation = call.operation;
    let mut response = Response::new(Bytes::new());
    named(&mut response, request_id);
    if let Some(output) = &operation.output {
        let shape = call.model.at(output);
        let payload = shape.payload.as_ref();
        head(call.model, shape, answer, &mut response)?;
        if let Some(bytes) = payload.and_then(|payload| answer[payload].as_str()) {
            *response.body_mut() = Bytes::from(STANDARD.decode(bytes).map_err(|error| error.to_string())?);
        } else if payload.is_none() && shape.members.values().any(|member| member.location.is_none()) {
            let document = document(call.model, operation, output, answer)?;
            put(&mut response, "content-type", "application/xml")?;
            *response.body_mut() = Bytes::from(document);
        }
    }
    let whole = operation.http.response_code.unwrap_or(200);
    let status = if response.headers().contains_key("content-range") { 206 } else { whole };
    *response.status_mut() = StatusCode::from_u16(status).map_err(|error| error.to_string())?;
    Ok(response)
}

/// Writes a refusal; whoever asks for a head alone gets no body.
pub(in crate::wire) fn refuse(bodiless: bool, status: u16, refusal: &Refusal, request_id: &str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    named(&mut response, request_id);
    for (name, value) in &refusal.headers {
        // A header that cannot be written is a mistake of the service; the refusal itself still counts.
        let _ = put(&mut response, name, value);
    }
    if bodiless || status == 304 {
        return response;
    }
    let mut error = String::new();
    xml::text_element("Code", &refusal.code, &mut error);
    xml::text_element("Message", &refusal.message, &mut error);
    for (name, value) in &refusal.members {
        xml::text_element(name, value.as_str().unwrap_or(&value.to_string()), &mut error);
    }
    let (id, host) = ids(request_id);
    xml::text_element("RequestId", &id, &mut error);
    xml::text_element("HostId", &host, &mut error);
    let _ = put(&mut response, "content-type", "application/xml");
    *response.body_mut() = Bytes::from(format!("{DECLARATION}<Error>{error}</Error>"));
    response
}

/// The members that are headers.
fn head(model: &Model, shape: &Shape, answer: &Value, response: &mut Response<Bytes>) -> Result<(), String> {
    for (name, member) in &shape.members {
        let wire = member.location_name.as_deref().unwrap_or(name);
        match (member.location, &answer[name]) {
            (_, Value::Null) => {}
            (Some(Location::Headers), Value::Object(entries)) => {
                for (name, value) in entries {
                    put(response, &format!("{wire}{name}"), value.as_str().unwrap_or_default())?;
                }
            }
            (Some(_), value) => put(response, wire, &text(model, member, value)?)?,
            (None, _) => {}
        }
    }
    Ok(())
}

fn text(model: &Model, member: &Reference, value: &Value) -> Result<String, String> {
    match (model.at(member).kind, value) {
        (Kind::Timestamp, Value::String(text)) => {
            let moment: Timestamp = text.parse().map_err(|error| format!("`{text}` is no time: {error}"))?;
            Ok(http_date(moment))
        }
        (_, Value::String(text)) => Ok(text.clone()),
        (_, other) => Ok(other.to_string()),
    }
}

/// A time as HTTP's headers write it.
pub(crate) fn http_date(moment: Timestamp) -> String {
    moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn document(model: &Model, operation: &Operation, output: &Reference, answer: &Value) -> Result<String, String> {
    let mut inner = String::new();
    let root = match operation.name.as_str() {
        // The only answer whose one member is the document itself.
        "GetBucketLocation" => {
            inner.push_str(answer["LocationConstraint"].as_str().unwrap_or_default());
            "LocationConstraint"
        }
        name => {
            xml::members(model, output, answer, &mut inner)?;
            root(name)
        }
    };
    Ok(format!("{DECLARATION}<{root} xmlns=\"{NAMESPACE}\">{inner}</{root}>"))
}

/// The root element, which the model does not tell.
fn root(operation: &str) -> &str {
    match operation {
        "DeleteObjects" => "DeleteResult",
        "GetBucketVersioning" => "VersioningConfiguration",
        "ListBuckets" => "ListAllMyBucketsResult",
        "ListObjectVersions" => "ListVersionsResult",
        "ListObjectsV2" => "ListBucketResult",
        other => other,
    }
}

fn named(response: &mut Response<Bytes>, request_id: &str) {
    let (id, host) = ids(request_id);
    // Both are letters and digits.
    let _ = put(response, "x-amz-request-id", &id);
    let _ = put(response, "x-amz-id-2", &host);
}

/// The ids of the request and of the host that served it, in S3's form.
fn ids(request_id: &str) -> (String, String) {
    let id = request_id.chars().filter(char::is_ascii_alphanumeric).take(16).collect::<String>().to_ascii_uppercase();
    (id, Algorithm::Sha512.of(request_id.as_bytes()))
}

fn put(response: &mut Response<Bytes>, name: &str, value: &str) -> Result<(), String> {
    let name: HeaderName = name.to_ascii_lowercase().parse().map_err(|_| format!("`{name}` is no header"))?;
    let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| format!("{name} cannot be {value}"))?;
    response.headers_mut().insert(name, value);
    Ok(())
}
