//! Answers and refusals as HTTP responses, in the words of each protocol.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value};

use super::{Call, Dialect, json, rest, status, xml};
use crate::model::{Model, Protocol};
use crate::refusal::{Answer, Refusal};
use crate::service::Service;

/// Writes what a service answered to a call.
pub(crate) fn respond(call: &Call, answer: Answer, request_id: &str) -> Response<Bytes> {
    let written = answer.and_then(|answer| success(call, &answer, request_id).map_err(Refusal::internal));
    written.unwrap_or_else(|refusal| refuse(&call.dialect(), &refusal, request_id))
}

fn success(call: &Call, answer: &Value, request_id: &str) -> Result<Response<Bytes>, String> {
    let (model, operation) = (call.model, call.operation);
    let metadata = &model.metadata;
    if metadata.protocol == Protocol::RestXml {
        return rest::success(call, answer, request_id);
    }
    let name = &operation.name;
    let xml = |body: String| {
        response(&call.dialect(), 200, format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}"), request_id)
    };
    let mut inner = String::new();
    match (metadata.protocol, &operation.output) {
        (Protocol::Json, Some(output)) => {
            let body = json::encode(model, output, answer)?;
            return Ok(response(&call.dialect(), 200, body.to_string(), request_id));
        }
        // Without an output shape json answers with an empty body.
        (Protocol::Json, None) => return Ok(response(&call.dialect(), 200, String::new(), request_id)),
        (_, Some(output)) => xml::members(model, output, answer, &mut inner)?,
        (_, None) => {}
    }
    let namespace = &metadata.xml_namespace;
    if metadata.protocol == Protocol::Ec2 {
        return Ok(xml(format!(
            "<{name}Response xmlns=\"{namespace}/\"><requestId>{request_id}</requestId>{inner}</{name}Response>"
        )));
    }
    let wrapper = operation.output.as_ref().and_then(|output| output.result_wrapper.as_deref());
    let result = wrapper.map(|wrapper| format!("<{wrapper}>{inner}</{wrapper}>")).unwrap_or_default();
    Ok(xml(format!(
        "<{name}Response xmlns=\"{namespace}\">{result}<ResponseMetadata><RequestId>{request_id}</RequestId>\
         </ResponseMetadata></{name}Response>"
    )))
}

/// Writes a refusal.
pub(crate) fn refuse(dialect: &Dialect, refusal: &Refusal, request_id: &str) -> Response<Bytes> {
    let status = status::of(dialect, refusal);
    let (code, message) = (&refusal.code, &refusal.message);
    let body = match dialect.protocol {
        Protocol::Json => json_body(dialect, refusal).to_string(),
        Protocol::Query => {
            let side = if status < 500 { "Sender" } else { "Receiver" };
            let mut error = format!("<Type>{side}</Type>");
            xml::text_element("Code", code, &mut error);
            xml::text_element("Message", message, &mut error);
            let namespace =
                dialect.service.map(|service| Model::of(service).metadata.xml_namespace.as_str()).unwrap_or_default();
            format!(
                "<ErrorResponse xmlns=\"{namespace}\"><Error>{error}</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
            )
        }
        Protocol::Ec2 => {
            let mut error = String::new();
            xml::text_element("Code", code, &mut error);
            xml::text_element("Message", message, &mut error);
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error>{error}</Error></Errors>\
                 <RequestID>{request_id}</RequestID></Response>"
            )
        }
        Protocol::RestXml => return rest::refuse(dialect.bodiless, status, refusal, request_id),
    };
    let mut response = response(dialect, status, body, request_id);
    if let (Protocol::Json, Ok(code)) = (dialect.protocol, code.parse()) {
        response.headers_mut().insert("x-amzn-errortype", code);
    }
    response
}

fn json_body(dialect: &Dialect, refusal: &Refusal) -> Value {
    let modelled = dialect.service.and_then(|service| Model::of(service).error(&refusal.code));
    let kind = match (dialect.service, modelled) {
        (Some(Service::DynamoDb), Some(_)) => format!("com.amazonaws.dynamodb.v20120810#{}", refusal.code),
        (Some(Service::DynamoDb), None) if refusal.code == "ValidationException" => {
            "com.amazon.coral.validate#ValidationException".to_owned()
        }
        (Some(Service::DynamoDb), None) => format!("com.amazon.coral.service#{}", refusal.code),
        _ => refusal.code.clone(),
    };
    let capital = modelled.is_some_and(|shape| shape.members.contains_key("Message"));
    let mut body = Map::new();
    body.insert("__type".to_owned(), Value::from(kind));
    body.insert(if capital { "Message" } else { "message" }.to_owned(), Value::from(refusal.message.as_str()));
    body.extend(refusal.members.clone());
    Value::Object(body)
}

fn response(dialect: &Dialect, status: u16, body: String, request_id: &str) -> Response<Bytes> {
    let content_type = match dialect.protocol {
        Protocol::Json if dialect.json_version == "1.0" => "application/x-amz-json-1.0",
        Protocol::Json => "application/x-amz-json-1.1",
        Protocol::Query => "text/xml",
        Protocol::Ec2 => "text/xml;charset=UTF-8",
        Protocol::RestXml => "application/xml",
    };
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert("content-type", http::HeaderValue::from_static(content_type));
    if let Ok(request_id) = request_id.parse() {
        headers.insert("x-amzn-requestid", request_id);
    }
    response
}
