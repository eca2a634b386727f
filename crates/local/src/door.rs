//! The HTTP door: the same cloud on loopback, for the AWS CLI, SDKs and Terraform.
//!
//! Beside AWS's requests it takes its own, under `/_groma/`: `GET dump`, `GET calls`, `POST reset`, `POST release`,
//! `POST advance` (body: a duration such as `90s` or `6m`), `PUT trouble` (body: a script, see [`crate::trouble`]).

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use jiff::SignedDuration;
use tokio::net::{TcpListener, TcpStream};

use crate::cloud::{Cloud, Lost};
use crate::trouble::Trouble;

/// Serves the cloud until the listener fails.
///
/// # Errors
///
/// A listener that is not on loopback is refused: the cloud takes any signature.
pub async fn serve(cloud: Arc<Cloud>, listener: TcpListener) -> io::Result<()> {
    if !listener.local_addr()?.ip().is_loopback() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "the local cloud is served on loopback only"));
    }
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(connection(Arc::clone(&cloud), stream));
    }
}

async fn connection(cloud: Arc<Cloud>, stream: TcpStream) {
    // Answers are small and waited for; a connection that is gone already says so below.
    let _ = stream.set_nodelay(true);
    let answer = service_fn(move |request| {
        let cloud = Arc::clone(&cloud);
        async move { one(cloud, request).await }
    });
    // A client that goes away, and an answer that scripted trouble loses, end the connection alike.
    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
}

async fn one(cloud: Arc<Cloud>, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Lost> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Lost)?.to_bytes();
    let request = Request::from_parts(parts, body);
    // The cloud waits for its folder's lock and for the disk.
    let answer = tokio::task::spawn_blocking(move || match request.uri().path().strip_prefix("/_groma/") {
        Some(command) => Ok(control(&cloud, command, request.method(), request.body())),
        None => cloud.answer(request),
    });
    answer.await.map_err(|_| Lost)?.map(|response| response.map(Full::new))
}

fn control(cloud: &Cloud, command: &str, method: &Method, body: &Bytes) -> Response<Bytes> {
    let text = String::from_utf8_lossy(body);
    let done = match (method.as_str(), command) {
        ("GET", "dump") => cloud.dump().map(|census| format!("{census:#}\n")).map_err(|error| error.to_string()),
        ("GET", "calls") => serde_json::to_string_pretty(&cloud.calls()).map_err(|error| error.to_string()),
        ("POST", "reset") => cloud.reset().map(|()| String::new()).map_err(|error| error.to_string()),
        ("POST", "release") => {
            cloud.release();
            Ok(String::new())
        }
        ("POST", "advance") => advance(cloud, text.trim()),
        ("PUT", "trouble") => Trouble::parse(&text)
            .map(|script| cloud.script(script))
            .map(|()| String::new())
            .map_err(|error| error.to_string()),
        _ => return plain(StatusCode::NOT_FOUND, format!("no such command: {method} {command}\n")),
    };
    match done {
        Ok(text) => plain(StatusCode::OK, text),
        Err(text) => plain(StatusCode::BAD_REQUEST, text),
    }
}

fn advance(cloud: &Cloud, by: &str) -> Result<String, String> {
    let by: SignedDuration = by.parse().map_err(|error| format!("`{by}` is no duration: {error}\n"))?;
    cloud.pass(by).map_err(|error| error.to_string())?;
    Ok(format!("{}\n", cloud.now()))
}

fn plain(status: StatusCode, text: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(text));
    *response.status_mut() = status;
    response
}
