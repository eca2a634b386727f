//! Calls of somebody else: the local cloud is served for one call, which no part of groma makes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::project::{Project, binary};

/// The local cloud of a project, served as long as this lives.
#[derive(Debug)]
pub struct Served {
    server: Child,
    pub port: u16,
}

impl Served {
    /// On a free port.
    ///
    /// # Panics
    /// When it does not start.
    pub fn of(project: &Project) -> Self {
        let mut command = Command::new(binary());
        command.current_dir(project.path("")).args(["local", "serve", "--port", "0"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = command.spawn().expect("the local cloud starts");
        let mut lines = BufReader::new(server.stdout.take().expect("it is piped")).lines();
        let first = lines.next().expect("it says where it answers").expect("it says so in words");
        // Whoever stops reading would stop the server at its next word.
        std::thread::spawn(move || lines.for_each(drop));
        let (_, rest) = first.split_once("http://127.0.0.1:").expect("the line holds the address");
        let port = rest.split(' ').next().and_then(|word| word.parse().ok()).expect("the address ends with the port");
        Self { server, port }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It is ours alone; a server that has ended already is as good.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// How a service is spoken to: the prefix of its JSON target, or the version of its query protocol.
fn dialect(service: &str) -> (&'static str, &'static str) {
    match service {
        "ecr" => ("AmazonEC2ContainerRegistry_V20150921", "1.1"),
        "dynamodb" => ("DynamoDB_20120810", "1.0"),
        "logs" => ("Logs_20140328", "1.1"),
        "apprunner" => ("AppRunner", "1.0"),
        "secretsmanager" => ("secretsmanager", "1.1"),
        "ssm" => ("AmazonSSM", "1.1"),
        "iam" => ("2010-05-08", "query"),
        "ec2" => ("2016-11-15", "query"),
        "rds" => ("2014-10-31", "query"),
        other => panic!("nobody has said how to speak to `{other}`"),
    }
}

/// Makes one call, in us-east-2. Members of the query protocol stand as they are sent: `SecurityGroupId.1`.
///
/// # Panics
/// When it is refused, with the answer.
pub fn call(project: &Project, service: &str, operation: &str, input: &str) -> String {
    let served = Served::of(project);
    let (target, version) = dialect(service);
    let (headers, body) = if version == "query" {
        ("Content-Type: application/x-www-form-urlencoded\r\n".to_owned(), form(operation, target, input))
    } else {
        let kind = format!("Content-Type: application/x-amz-json-{version}\r\n");
        (format!("{kind}X-Amz-Target: {target}.{operation}\r\n"), input.to_owned())
    };
    let scope = format!("Credential=123456789012/20260101/us-east-2/{service}/aws4_request");
    let headers = format!("{headers}Authorization: AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0\r\n");
    ask(&served, "/", &headers, &body).unwrap_or_else(|answer| panic!("{service}:{operation} was refused: {answer}"))
}

/// Moves the local cloud's clock on: `30m`.
///
/// # Panics
/// When that is no time.
pub fn passes(project: &Project, time: &str) {
    let moved = ask(&Served::of(project), "/_groma/advance", "", time);
    moved.unwrap_or_else(|answer| panic!("{time} did not pass: {answer}"));
}

/// The body of the answer to a POST, or the whole answer where that is not 200.
fn ask(served: &Served, path: &str, headers: &str, body: &str) -> Result<String, String> {
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, served.port)).expect("the local cloud listens");
    stream.write_all(request.as_bytes()).expect("it takes the request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    if !answer.starts_with("HTTP/1.1 200") {
        return Err(answer);
    }
    Ok(answer.split_once("\r\n\r\n").map_or_else(String::new, |(_, body)| body.to_owned()))
}

fn form(operation: &str, version: &str, input: &str) -> String {
    let input: Value = serde_json::from_str(input).expect("the input is JSON");
    let members = input.as_object().expect("the input is an object").iter();
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let pairs = members.map(|(name, value)| format!("&{name}={}", encoded(&text(value))));
    format!("Action={operation}&Version={version}{}", pairs.collect::<String>())
}

fn encoded(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(one).collect()
}
