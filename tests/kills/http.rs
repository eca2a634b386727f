//! The local cloud's own requests, under `/_groma/`.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};

/// Sends one request and reads the answer; anything but 200 fails the test.
#[track_caller]
pub(crate) fn ask(port: u16, method: &str, command: &str, body: &str) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("the local cloud listens");
    let length = body.len();
    let request = format!(
        "{method} /_groma/{command} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).expect("a request can be sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the answer is text");
    let (head, body) = answer.split_once("\r\n\r\n").expect("an answer has a head");
    assert!(head.starts_with("HTTP/1.1 200"), "{method} {command}: {answer}");
    body.to_owned()
}
