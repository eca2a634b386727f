//! What commands of the documentation talk to that do without `--local`: the local cloud over HTTP, with the bucket that they name.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The bucket of every example.
const BUCKET: &str = "example-groma-state";

/// `groma local serve` in a page's project, until this is dropped.
pub(super) struct Served {
    child: Child,
    port: u16,
}

impl Served {
    pub(super) fn start(groma: &Path, folder: &Path) -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("cannot serve the local cloud: {error}");
        let mut command = Command::new(groma);
        command.args(["local", "serve", "--port", "0"]).current_dir(folder);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(failed)?;
        let said = child.stdout.take().map(BufReader::new).and_then(|said| said.lines().next());
        let line = said.and_then(Result::ok).unwrap_or_default();
        let port = line.split_once("http://127.0.0.1:").and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
        let served = Self { child, port: port.ok_or(format!("the local cloud does not say where it is: {line}"))? };
        served.ask("", "").map_err(failed)?;
        let versions = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
        served.ask("?versioning", versions).map_err(failed)?;
        Ok(served)
    }

    /// What a process needs to find it.
    pub(super) fn environment(&self) -> [(&'static str, String); 4] {
        [
            ("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.port)),
            ("AWS_ACCESS_KEY_ID", "123456789012".to_owned()),
            ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ]
    }

    /// Puts something to the bucket; the local cloud checks no signatures.
    fn ask(&self, query: &str, body: &str) -> std::io::Result<()> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
        let signed = "AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
        let length = body.len();
        write!(
            stream,
            "PUT /{BUCKET}{query} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: {signed}\r\nx-amz-content-sha256: UNSIGNED-PAYLOAD\r\n\
             connection: close\r\ncontent-length: {length}\r\n\r\n{body}"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        if answer.starts_with("HTTP/1.1 200") { Ok(()) } else { Err(std::io::Error::other(answer)) }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It is ours alone; one that has ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
