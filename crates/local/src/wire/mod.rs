//! The protocol layer: HTTP requests into calls by AWS's models, answers and refusals into HTTP responses.

mod answer;
mod form;
mod json;
mod pattern;
mod rest;
mod scope;
mod status;
#[cfg(test)]
mod sweep;
#[cfg(test)]
mod tests;
mod validate;
mod words;
mod xml;

use std::io::Read;

use bytes::Bytes;
use flate2::read::GzDecoder;
use http::Request;
use serde_json::Value;

pub(crate) use answer::{refuse, respond};
use form::Form;
pub(crate) use rest::http_date;
use scope::Scope;

use crate::model::{Location, Model, Operation, Protocol};
use crate::refusal::Refusal;
use crate::service::Service;

/// One request, read by the model.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) service: Service,
    pub(crate) model: &'static Model,
    pub(crate) operation: &'static Operation,
    /// The access key id; empty for the operations that take no signature.
    pub(crate) key: String,
    pub(crate) region: String,
    pub(crate) input: Value,
}

/// How an answer is to be written, known even where a request is not understood.
#[derive(Debug, Clone)]
pub(crate) struct Dialect {
    pub(crate) service: Option<Service>,
    pub(crate) protocol: Protocol,
    pub(crate) json_version: String,
    /// Only the head of the answer is asked for.
    pub(crate) bodiless: bool,
}

/// A request that is refused before it reaches a service.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) dialect: Dialect,
    pub(crate) refusal: Refusal,
}

impl Call {
    pub(crate) fn dialect(&self) -> Dialect {
        Dialect { bodiless: self.operation.http.method == "HEAD", ..Dialect::of(self.service) }
    }

    /// What the model refuses of the input, in the service's words.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        let Some(input) = &self.operation.input else { return Ok(()) };
        let complaints = validate::complaints(self.model, self.model.at(input), &self.input);
        if complaints.is_empty() { Ok(()) } else { Err(words::refusal(self.service, &complaints)) }
    }

    /// The text that names what the call is about: its path, its first required text that is no secret, or its first ARN.
    pub(crate) fn identity(&self) -> String {
        let Some(input) = &self.operation.input else { return String::new() };
        let shape = self.model.at(input);
        let path = shape.members.iter().filter(|(_, member)| member.location == Some(Location::Uri));
        let path: Vec<_> = path.filter_map(|(name, _)| self.input[name].as_str()).collect();
        if !path.is_empty() {
            return path.join("/");
        }
        let open = |name: &&String| shape.members.get(*name).is_some_and(|member| !self.model.at(member).sensitive);
        let arns = shape.members.keys().filter(|name| name.ends_with("Arn"));
        let mut named = shape.required.iter().chain(arns).filter(open);
        named.find_map(|name| self.input[name].as_str()).unwrap_or_default().to_owned()
    }
}

impl Dialect {
    fn of(service: Service) -> Self {
        let metadata = &Model::of(service).metadata;
        Self {
            service: Some(service),
            protocol: metadata.protocol,
            json_version: metadata.json_version.clone(),
            bodiless: false,
        }
    }

    fn unknown(protocol: Protocol) -> Self {
        Self { service: None, protocol, json_version: "1.1".to_owned(), bodiless: false }
    }

    fn refuse(self, refusal: Refusal) -> Refused {
        Refused { dialect: self, refusal }
    }
}

/// Reads a request. Signatures are not verified, but their scope says whom the request is for.
pub(crate) fn read(request: &Request<Bytes>) -> Result<Call, Refused> {
    let scope = Scope::of(request);
    if rest::is_for(request, &scope) {
        return rest::read(request, &scope);
    }
    match request.headers().get("x-amz-target").and_then(|target| target.to_str().ok()) {
        Some(target) => read_json(request, &scope, target),
        None => read_form(request, &scope),
    }
}

fn read_json(request: &Request<Bytes>, scope: &Scope, target: &str) -> Result<Call, Refused> {
    let (prefix, name) = target.rsplit_once('.').unwrap_or(("", target));
    let Some(service) = Service::of_target(prefix) else {
        let refusal = Refusal::new("UnknownOperationException", not_served(scope, target));
        return Err(Dialect::unknown(Protocol::Json).refuse(refusal));
    };
    let refuse = |refusal| Dialect::of(service).refuse(refusal);
    let model = Model::of(service);
    let operation = model.operations.get(name).ok_or_else(|| {
        refuse(Refusal::new(
            "UnknownOperationException",
            format!("the local cloud does not serve {}:{name}", service.name()),
        ))
    })?;
    let signed = scope.signed(operation, Protocol::Json).map_err(refuse)?;
    let input = match &operation.input {
        Some(input) => json::decode(model, model.at(input), &body(request)).map_err(refuse)?,
        None => Value::Null,
    };
    Ok(Call { service, model, operation, key: signed.key, region: signed.region, input })
}

fn read_form(request: &Request<Bytes>, scope: &Scope) -> Result<Call, Refused> {
    let body = body(request);
    let form = Form::parse(if body.is_empty() { request.uri().query().unwrap_or_default().as_bytes() } else { &body });
    let (action, version) = (form.get("Action").unwrap_or_default(), form.get("Version").unwrap_or_default());
    let Some(service) = Service::of_version(version) else {
        let refusal = Refusal::new("InvalidAction", not_served(scope, action));
        return Err(Dialect::unknown(Protocol::Query).refuse(refusal));
    };
    let refuse = |refusal| Dialect::of(service).refuse(refusal);
    let model = Model::of(service);
    let operation = model
        .operations
        .get(action)
        .ok_or_else(|| refuse(Refusal::new("InvalidAction", unknown_action(service, action, version))))?;
    let signed = scope.signed(operation, model.metadata.protocol).map_err(refuse)?;
    let input = match &operation.input {
        Some(input) => form.decode(model, model.at(input)).map_err(refuse)?,
        None => Value::Null,
    };
    Ok(Call { service, model, operation, key: signed.key, region: signed.region, input })
}

fn not_served(scope: &Scope, operation: &str) -> String {
    let served: Vec<_> = Service::ALL.iter().map(|service| service.name()).collect();
    let asked: Vec<_> = [scope.service.as_str(), operation].into_iter().filter(|part| !part.is_empty()).collect();
    format!("the local cloud does not serve {}; it serves {}", asked.join(":"), served.join(", "))
}

fn unknown_action(service: Service, action: &str, version: &str) -> String {
    match service {
        Service::Ec2 => format!("The action {action} is not valid for this web service."),
        _ => format!("Could not find operation {action} for version {version}"),
    }
}

fn body(request: &Request<Bytes>) -> Bytes {
    if request.headers().get("content-encoding").is_none_or(|encoding| encoding != "gzip") {
        return request.body().clone();
    }
    let mut unpacked = Vec::new();
    match GzDecoder::new(request.body().as_ref()).read_to_end(&mut unpacked) {
        Ok(_) => Bytes::from(unpacked),
        Err(_) => request.body().clone(),
    }
}
