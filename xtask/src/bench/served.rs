//! The local cloud over HTTP, with a door in front of it that counts the calls.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A served cloud, ended when dropped.
pub(super) struct Served {
    child: Child,
    url: String,
    calls: Arc<AtomicUsize>,
}

impl Served {
    /// Starts `groma local serve` for a project.
    ///
    /// # Errors
    /// When it cannot start, or does not say where it answers.
    pub(super) fn start(program: &Path, project: &Path) -> Result<Self, String> {
        let mut command = Command::new(program);
        command.args(["local", "serve", "--port", "0", "--speed", "100"]).current_dir(project);
        let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| error.to_string())?;
        let stdout = child.stdout.take().ok_or("no output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).map_err(|error| error.to_string())?;
        let address = line.split_whitespace().find_map(|word| word.strip_prefix("http://"));
        let address = address.ok_or("`groma local serve` does not say where it answers")?.to_owned();
        let calls = Arc::new(AtomicUsize::new(0));
        let door = count_at(address, Arc::clone(&calls)).map_err(|error| error.to_string())?;
        Ok(Self { child, url: format!("http://{door}"), calls })
    }

    /// What sends a client here.
    pub(super) fn environment(&self) -> [(&'static str, &str); 4] {
        [
            ("AWS_ENDPOINT_URL", &self.url),
            ("AWS_ACCESS_KEY_ID", "123456789012"),
            ("AWS_SECRET_ACCESS_KEY", "local"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ]
    }

    /// The calls since the last time.
    pub(super) fn take_calls(&self) -> usize {
        self.calls.swap(0, Ordering::Relaxed)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Passes every connection on to `target` and counts the requests in it.
fn count_at(target: String, calls: Arc<AtomicUsize>) -> std::io::Result<std::net::SocketAddr> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(server) = TcpStream::connect(&target) else { continue };
            let (Ok(from_server), Ok(to_client)) = (server.try_clone(), client.try_clone()) else { continue };
            let calls = Arc::clone(&calls);
            thread::spawn(move || {
                pass(client, server, |bytes| {
                    calls.fetch_add(requests(bytes), Ordering::Relaxed);
                })
            });
            thread::spawn(move || pass(from_server, to_client, |_| {}));
        }
    });
    Ok(address)
}

fn pass(mut from: TcpStream, mut to: TcpStream, see: impl Fn(&[u8])) {
    let mut bytes = vec![0; 1 << 16];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        see(&bytes[..length]);
        if to.write_all(&bytes[..length]).is_err() {
            break;
        }
    }
    // The other side may be gone already.
    let _ = to.shutdown(Shutdown::Write);
}

/// Request lines among the bytes; a client writes one with the head of its request.
fn requests(bytes: &[u8]) -> usize {
    const MARK: &[u8] = b" HTTP/1.1\r\n";
    bytes.windows(MARK.len()).filter(|window| *window == MARK).count()
}
