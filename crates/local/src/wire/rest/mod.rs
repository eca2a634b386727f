//! The rest-xml protocol, as S3 speaks it: paths, query and headers by the model, XML bodies.

mod body;
mod chunks;
mod document;
mod input;
mod output;
mod place;
mod route;
#[cfg(test)]
mod tests;

use bytes::Bytes;
use http::{Method, Request};

pub(super) use input::malformed;
pub(crate) use output::http_date;
pub(super) use output::{refuse, success};

use super::{Call, Dialect, Refused, Scope};
use crate::model::{Model, Protocol};
use crate::refusal::Refusal;
use crate::service::Service;
use place::Place;

/// Whether the request is S3's: by the scope of its signature, or by its host where it has none.
pub(super) fn is_for(request: &Request<Bytes>, scope: &Scope) -> bool {
    scope.service == Service::S3.name() || (scope.service.is_empty() && place::is_s3(request))
}

/// Reads a request.
pub(super) fn read(request: &Request<Bytes>, scope: &Scope) -> Result<Call, Refused> {
    let dialect = Dialect { bodiless: request.method() == Method::HEAD, ..Dialect::of(Service::S3) };
    call(request, scope).map_err(|refusal| dialect.refuse(refusal))
}

fn call(request: &Request<Bytes>, scope: &Scope) -> Result<Call, Refusal> {
    let service = Service::S3;
    let model = Model::of(service);
    let place = Place::of(request)?;
    let query = form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes()).into_owned().collect();
    let operation = route::operation(model, request.method(), &place, &query)?;
    let signed = scope.signed(operation, Protocol::RestXml)?;
    let body = body::read(request, operation)?;
    let input = input::decode(model, operation, &place, &query, &body)?;
    Ok(Call { service, model, operation, key: signed.key, region: signed.region, input })
}
