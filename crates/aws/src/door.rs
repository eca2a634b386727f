//! Makes a function from request to response the SDK's way out, so that a cloud can live in this process.

use std::{fmt, sync::Arc};

use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
            SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;

/// Answers one request. Nothing instead of an answer stands for a connection that was cut.
pub type Answer = dyn Fn(http::Request<Bytes>) -> Option<http::Response<Bytes>> + Send + Sync;

/// A shared [`Answer`].
#[derive(Clone)]
pub struct SharedDoor(pub Arc<Answer>);

impl fmt::Debug for SharedDoor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedDoor")
    }
}

/// The SDK's HTTP client over a [`SharedDoor`].
#[derive(Debug, Clone)]
pub(crate) struct Door(SharedDoor);

impl Door {
    pub(crate) fn client(door: SharedDoor) -> SharedHttpClient {
        SharedHttpClient::new(Self(door))
    }
}

impl HttpClient for Door {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Door {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let door = self.0.clone();
        HttpConnectorFuture::new(async move {
            let request = incoming(request)?;
            // It answers one call at a time, so that a thread for each would only wait for the others.
            let answer = (door.0)(request);
            let cut = || ConnectorError::io(std::io::Error::from(std::io::ErrorKind::ConnectionReset).into());
            outgoing(answer.ok_or_else(cut)?)
        })
    }
}

fn incoming(request: HttpRequest) -> Result<http::Request<Bytes>, ConnectorError> {
    let request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
    let (parts, body) = request.into_parts();
    let body = Bytes::copy_from_slice(body.bytes().unwrap_or_default());
    Ok(http::Request::from_parts(parts, body))
}

fn outgoing(response: http::Response<Bytes>) -> Result<HttpResponse, ConnectorError> {
    let (parts, body) = response.into_parts();
    let status = StatusCode::try_from(parts.status.as_u16()).map_err(|error| ConnectorError::user(error.into()))?;
    let mut answer = HttpResponse::new(status, SdkBody::from(body));
    for (name, value) in &parts.headers {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        answer.headers_mut().append(name.as_str().to_owned(), value);
    }
    Ok(answer)
}
