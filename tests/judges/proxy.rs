//! Stands between a client and a cloud, writes down what the client asks for, and lets no one wait for the local cloud.

use std::io::{self, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use tests::http::Message;

use crate::cloud::{LONG, advance};
use crate::requests::Request;

/// A recording proxy on a free port.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    recorded: Arc<Mutex<Vec<Request>>>,
}

/// What stands behind a proxy.
#[derive(Clone, Copy)]
enum Behind {
    /// The local cloud on this port, whose clock is moved on after each change.
    Local(u16),
    /// A cloud on this port that does everything at once.
    Instant(u16),
}

impl Behind {
    fn port(self) -> u16 {
        let (Self::Local(port) | Self::Instant(port)) = self;
        port
    }
}

impl Proxy {
    /// Before the local cloud.
    pub(crate) fn before(cloud: u16) -> Self {
        Self::serve(Behind::Local(cloud))
    }

    /// Before a cloud that takes no time.
    pub(crate) fn before_instant(cloud: u16) -> Self {
        Self::serve(Behind::Instant(cloud))
    }

    /// Serves until the process ends.
    fn serve(behind: Behind) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let recorded = Arc::<Mutex<Vec<Request>>>::default();
        let record = Arc::clone(&recorded);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let record = Arc::clone(&record);
                // A client that goes away ends its connection, and that is all.
                std::thread::spawn(move || connection(client, behind, &record).ok());
            }
        });
        Self { port, recorded }
    }

    /// The mutating requests since the last look that were answered well, in their order.
    pub(crate) fn take(&self) -> Vec<Request> {
        std::mem::take(&mut *self.recorded.lock().expect("nobody panics while recording"))
    }
}

fn connection(mut client: TcpStream, behind: Behind, recorded: &Mutex<Vec<Request>>) -> io::Result<()> {
    let mut requests = BufReader::new(client.try_clone()?);
    let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, behind.port()))?;
    server.set_nodelay(true)?;
    client.set_nodelay(true)?;
    let mut answers = BufReader::new(server.try_clone()?);
    while let Some(message) = Message::read(&mut requests)? {
        // A connection that just ends would be tried again for minutes.
        let request = match Request::read(&message) {
            Ok(request) => request,
            Err(words) => {
                refusal(&words).write(&mut client)?;
                continue;
            }
        };
        message.write(&mut server)?;
        let Some(answer) = Message::read(&mut answers)? else { return Ok(()) };
        if answer.status() < 300 && request.mutates() {
            let domain = request.operation == "AssociateCustomDomain";
            recorded.lock().expect("nobody panics while recording").push(request);
            // What the call has begun is over before its client looks, but a domain waits for its owner's DNS records.
            if let Behind::Local(cloud) = behind {
                advance(cloud, if domain { "10s" } else { LONG })?;
            }
        }
        answer.write(&mut client)?;
    }
    Ok(())
}

fn refusal(words: &str) -> Message {
    let headers = [("Content-Type", "text/plain".to_owned()), ("Content-Length", words.len().to_string())];
    let headers = headers.map(|(name, value)| (name.to_owned(), value)).to_vec();
    Message { start: "HTTP/1.1 400 Bad Request".to_owned(), headers, body: words.as_bytes().to_vec() }
}
