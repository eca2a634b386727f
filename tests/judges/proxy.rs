//! Stands between a client and the local cloud, writes down what the client asks for, and lets no one wait.

use std::io::{self, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::cloud::{LONG, advance};
use crate::http::Message;
use crate::requests::Request;

/// A recording proxy on a free port.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    recorded: Arc<Mutex<Vec<Request>>>,
}

impl Proxy {
    /// Serves until the process ends.
    pub(crate) fn before(cloud: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let recorded = Arc::<Mutex<Vec<Request>>>::default();
        let record = Arc::clone(&recorded);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let record = Arc::clone(&record);
                // A client that goes away ends its connection, and that is all.
                std::thread::spawn(move || connection(client, cloud, &record).ok());
            }
        });
        Self { port, recorded }
    }

    /// The mutating requests since the last look that were answered well, in their order.
    pub(crate) fn take(&self) -> Vec<Request> {
        std::mem::take(&mut *self.recorded.lock().expect("nobody panics while recording"))
    }
}

fn connection(mut client: TcpStream, cloud: u16, recorded: &Mutex<Vec<Request>>) -> io::Result<()> {
    let mut requests = BufReader::new(client.try_clone()?);
    let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, cloud))?;
    server.set_nodelay(true)?;
    client.set_nodelay(true)?;
    let mut answers = BufReader::new(server.try_clone()?);
    while let Some(message) = Message::read(&mut requests)? {
        message.write(&mut server)?;
        let Some(answer) = Message::read(&mut answers)? else { return Ok(()) };
        let request = Request::read(&message);
        if answer.status() < 300 && request.mutates() {
            let domain = request.operation == "AssociateCustomDomain";
            recorded.lock().expect("nobody panics while recording").push(request);
            // What the call has begun is over before its client looks, but a domain waits for its owner's DNS records.
            advance(cloud, if domain { "10s" } else { LONG })?;
        }
        answer.write(&mut client)?;
    }
    Ok(())
}
