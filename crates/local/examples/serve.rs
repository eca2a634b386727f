//! Serves a local cloud over HTTP: `cargo run -p local --example serve -- FOLDER PORT [SPEED]`.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use local::{Clock, Cloud, Options, door};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, port, rest @ ..] = arguments.as_slice() else { return Err("usage: serve FOLDER PORT [SPEED]".into()) };
    let speed = rest.first().map_or(Ok(1.0), |speed| speed.parse())?;
    let options = Options { clock: Clock::Wall { speed }, ..Options::default() };
    let cloud = Arc::new(Cloud::open_with(Path::new(folder), options)?);
    let listener = TcpListener::bind(("127.0.0.1", port.parse()?)).await?;
    Ok(door::serve(cloud, listener).await?)
}
