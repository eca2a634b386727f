//! As much of HTTP/1.1 as a test needs: messages with a length, on loopback.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};

/// A request or an answer: its first line, its headers, its body.
#[derive(Debug, Clone, Default)]
pub struct Message {
    pub start: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Message {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The status of an answer.
    ///
    /// # Panics
    /// When it is none.
    pub fn status(&self) -> u16 {
        let status = self.start.split(' ').nth(1).and_then(|word| word.parse().ok());
        status.expect("an answer begins with its status")
    }

    /// `None` at the end of the connection.
    ///
    /// # Errors
    /// When the connection breaks.
    ///
    /// # Panics
    /// When the message has no length.
    pub fn read(from: &mut BufReader<TcpStream>) -> io::Result<Option<Self>> {
        let mut message = Self::default();
        if from.read_line(&mut message.start)? == 0 {
            return Ok(None);
        }
        message.start.truncate(message.start.trim_end().len());
        loop {
            let mut line = String::new();
            from.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            message.headers.push((name.to_owned(), value.trim().to_owned()));
        }
        assert!(message.header("transfer-encoding").is_none(), "every message here has a length: {}", message.start);
        let length = message.header("content-length").map_or(0, |text| text.parse().expect("a length is a number"));
        message.body.resize(length, 0);
        from.read_exact(&mut message.body)?;
        Ok(Some(message))
    }

    /// The whole message in one write: the other side answers at once.
    ///
    /// # Errors
    /// When the connection breaks.
    pub fn write(&self, to: &mut TcpStream) -> io::Result<()> {
        let mut bytes = format!("{}\r\n", self.start).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        to.write_all(&bytes)
    }
}

/// Sends one request to a port on loopback and reads the answer.
///
/// # Errors
/// When nobody answers there.
pub fn request(port: u16, method: &str, path: &str, body: &str) -> io::Result<Message> {
    request_with(port, method, path, &[], body)
}

/// As [`request`], with further headers.
///
/// # Errors
/// When nobody answers there.
pub fn request_with(port: u16, method: &str, path: &str, more: &[(&str, String)], body: &str) -> io::Result<Message> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    let headers = [("Host", "127.0.0.1".to_owned()), ("Content-Length", body.len().to_string())];
    let headers = headers.iter().chain(more).map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let request = Message { start: format!("{method} {path} HTTP/1.1"), headers, body: body.as_bytes().to_vec() };
    request.write(&mut stream)?;
    let answer = Message::read(&mut BufReader::new(stream))?;
    answer.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
}
