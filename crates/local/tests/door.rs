//! The cloud over HTTP, spoken to byte by byte.
#![expect(clippy::unwrap_used, reason = "a test whose cloud cannot be served should fail there")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use local::trouble::Trouble;
use local::{Cloud, Options, door};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

struct Served {
    address: SocketAddr,
    folder: tempfile::TempDir,
    _runtime: Runtime,
}

impl Served {
    fn new(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (start, trouble) = ("2026-01-01T00:00:00Z".parse().unwrap(), Some(Trouble::parse(script).unwrap()));
        let cloud = Cloud::open_with(folder.path(), Options { start, trouble, ..Options::default() }).unwrap();
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(door::serve(Arc::new(cloud), listener));
        Self { address, folder, _runtime: runtime }
    }

    /// The status line and the body of the answer; nothing where the connection ends without one.
    fn ask(&self, head: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let length = body.len();
        write!(stream, "{head}\r\nhost: local\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        // A connection that is cut may end in an error: then what came counts.
        let _ = stream.read_to_string(&mut answer);
        match answer.split_once("\r\n\r\n") {
            Some((head, body)) => format!("{}\n{body}", head.lines().next().unwrap_or_default()),
            None => answer,
        }
    }

    fn create(&self, name: &str) -> String {
        let head = "POST / HTTP/1.1\r\nx-amz-target: AmazonEC2ContainerRegistry_V20150921.CreateRepository\r\n\
                    authorization: AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-2/ecr/aws4_request, Signature=0";
        self.ask(head, &format!("{{\"repositoryName\":\"{name}\"}}")).lines().next().unwrap_or_default().to_owned()
    }

    /// The names of the repositories that exist.
    fn repositories(&self) -> Vec<String> {
        let dump = self.ask("GET /_groma/dump HTTP/1.1", "");
        let census: serde_json::Value = serde_json::from_str(dump.split_once('\n').unwrap().1).unwrap();
        let ecr = &census["accounts"]["123456789012"]["regions"]["us-east-2"]["ecr"];
        ecr.as_object().map(|found| found.keys().cloned().collect()).unwrap_or_default()
    }
}

#[test]
fn aws_requests_and_commands_come_through_the_same_door() {
    let served = Served::new("");
    assert_eq!(served.create("app"), "HTTP/1.1 200 OK");
    assert_eq!(served.create("app"), "HTTP/1.1 400 Bad Request");
    assert_eq!(served.repositories(), ["app"]);
    let calls = served.ask("GET /_groma/calls HTTP/1.1", "");
    assert_eq!(calls.matches("\"operation\": \"CreateRepository\"").count(), 2, "{calls}");
    assert_eq!(served.ask("POST /_groma/advance HTTP/1.1", "6m"), "HTTP/1.1 200 OK\n2026-01-01T00:06:00Z\n");
    assert_eq!(served.ask("POST /_groma/reset HTTP/1.1", ""), "HTTP/1.1 200 OK\n");
    assert_eq!(served.repositories(), Vec::<String>::new());
    assert_eq!(served.ask("GET /_groma/reset HTTP/1.1", ""), "HTTP/1.1 404 Not Found\nno such command: GET reset\n");
}

#[test]
fn a_lost_answer_is_a_cut_connection() {
    let served = Served::new("[[rule]]\non = 'ecr:CreateRepository'\nnth = [1]\ndoes = 'lose'");
    assert_eq!(served.create("app"), "");
    assert_eq!(served.repositories(), ["app"]);
    let script = "[[rule]]\non = 'ecr:*'\ndoes = 'reset'";
    assert_eq!(served.ask("PUT /_groma/trouble HTTP/1.1", script), "HTTP/1.1 200 OK\n");
    assert_eq!(served.create("web"), "");
    assert_eq!(served.repositories(), ["app"]);
}

#[test]
fn a_client_killed_at_a_stop_leaves_what_the_stop_says() {
    let served = Served::new("stop = { at = 1, when = 'after' }");
    let mut client = TcpStream::connect(served.address).unwrap();
    let body = "{\"repositoryName\":\"app\"}";
    write!(
        client,
        "POST / HTTP/1.1\r\nhost: local\r\nx-amz-target: AmazonEC2ContainerRegistry_V20150921.CreateRepository\r\n\
         authorization: AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-2/ecr/aws4_request, Signature=0\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    while !served.folder.path().join("stopped").exists() {
        std::thread::yield_now();
    }
    drop(client);
    assert_eq!(served.ask("POST /_groma/release HTTP/1.1", ""), "HTTP/1.1 200 OK\n");
    assert_eq!(served.repositories(), ["app"]);
    assert_eq!(served.create("web"), "HTTP/1.1 200 OK");
}

#[test]
fn only_loopback_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = Arc::new(Cloud::open(folder.path()).unwrap());
    let runtime = Runtime::new().unwrap();
    let served = runtime.block_on(async { door::serve(cloud, TcpListener::bind("0.0.0.0:0").await.unwrap()).await });
    assert_eq!(served.unwrap_err().to_string(), "the local cloud is served on loopback only");
}
