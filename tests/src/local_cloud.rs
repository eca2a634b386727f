//! The local cloud in a process of its own, over HTTP.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::http;
use crate::running::{SPEED, plain};

/// `groma local serve`.
#[derive(Debug)]
pub struct LocalCloud {
    child: Child,
    pub port: u16,
}

impl LocalCloud {
    /// Serves the cloud of a folder on a free port.
    ///
    /// # Panics
    /// When it does not start.
    pub fn serve(folder: &Path) -> Self {
        Self::serve_at(folder, SPEED)
    }

    /// The same with a clock that runs so many times as fast.
    ///
    /// # Panics
    /// When it does not start.
    pub fn serve_at(folder: &Path, speed: &str) -> Self {
        let mut command = plain(folder);
        command.args(["local", "serve", "--port", "0", "--speed", speed]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the local cloud starts");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let first = lines.next().expect("it says where it answers").expect("in words");
        let (_, rest) = first.split_once("http://127.0.0.1:").expect("the line holds the address");
        let port = rest.split(' ').next().and_then(|word| word.parse().ok()).expect("the address ends with the port");
        // The pipe stays open to its end, so that the server's next words reach somebody.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, port }
    }

    /// Sends one of its own requests, under `/_groma/`, and gives the answer's body.
    ///
    /// # Panics
    /// When it refuses.
    pub fn ask(&self, method: &str, command: &str, body: &str) -> String {
        let path = format!("/_groma/{command}");
        let answer = http::request(self.port, method, &path, body).expect("the local cloud answers");
        let body = String::from_utf8(answer.body).expect("the answer is text");
        assert!(answer.start.starts_with("HTTP/1.1 200"), "{method} {command}: {} {body}", answer.start);
        body
    }

    /// Everything that exists.
    ///
    /// # Panics
    /// When the answer is no census.
    pub fn dump(&self) -> Value {
        serde_json::from_str(&self.ask("GET", "dump", "")).expect("the census is JSON")
    }

    /// The mutating calls since the server has started: `service:Operation`.
    ///
    /// # Panics
    /// When the answer holds none.
    pub fn calls(&self) -> Vec<String> {
        let calls: Value = serde_json::from_str(&self.ask("GET", "calls", "")).expect("the calls are JSON");
        let name = |call: &Value| {
            let text = |member: &str| call[member].as_str().expect("a call has its names").to_owned();
            format!("{}:{}", text("service"), text("operation"))
        };
        calls.as_array().expect("calls are a list").iter().map(name).collect()
    }

    /// Moves its clock on: `45m`.
    pub fn advance(&self, by: &str) {
        self.ask("POST", "advance", by);
    }
}

impl Drop for LocalCloud {
    fn drop(&mut self) {
        // It is ours alone; one that has ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
