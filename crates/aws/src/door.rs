//! Makes a function from request to response the SDK's way out, so that a cloud can live in this process.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

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

/// A shared [`Answer`] that knows how many requests are on their way.
#[derive(Clone)]
pub struct SharedDoor {
    answer: Arc<Answer>,
    under_way: Arc<AtomicUsize>,
}

impl SharedDoor {
    pub fn new(answer: Arc<Answer>) -> Self {
        Self { answer, under_way: Arc::default() }
    }

    /// How many requests have no answer yet.
    pub fn under_way(&self) -> usize {
        self.under_way.load(Ordering::SeqCst)
    }

    fn pass(&self) -> Passing<'_> {
        self.under_way.fetch_add(1, Ordering::SeqCst);
        Passing(self)
    }
}

/// One request on its way.
struct Passing<'a>(&'a SharedDoor);

impl Drop for Passing<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}

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
            let _passing = door.pass();
            let answer = Arc::clone(&door.answer);
            // The cloud locks a file and syncs a disk: not on a thread that others wait on.
            let answer = tokio::task::spawn_blocking(move || answer(request)).await;
            let answer = answer.map_err(|error| ConnectorError::other(error.into(), None))?;
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
