//! The proxy between groma and a cloud, `support/awsproxy.py`: it throttles, fails, loses answers, and freezes everything at a
//! given call.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tests::{http, judge};

/// On which side of its effect a call is when everything freezes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Instant {
    /// The cloud has not got the call.
    Before,
    /// The cloud has carried it out, and its answer is held.
    After,
}

impl Instant {
    pub(crate) const BOTH: [Self; 2] = [Self::Before, Self::After];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

/// A proxy on a free port.
#[derive(Debug)]
pub(crate) struct Proxy {
    child: Child,
    pub(crate) port: u16,
}

impl Proxy {
    /// Whether there is the Python that it needs.
    ///
    /// # Panics
    /// When there is none, and `GROMA_JUDGES` names a judge that needs it, too.
    pub(crate) fn is_here() -> bool {
        let found = judge::program("python3").is_some();
        assert!(found || judge::names("moto") != Some(true), "GROMA_JUDGES names `moto`, and there is no python3");
        found
    }

    /// Before the cloud at a port.
    pub(crate) fn before(cloud: u16) -> Self {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("support/awsproxy.py");
        let mut command = Command::new(judge::program("python3").expect("there is Python"));
        command.arg(program).args(["--upstream", &format!("http://127.0.0.1:{cloud}")]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("there is Python");
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let first = lines.next().expect("it says where it listens").expect("in words");
        let port = first.rsplit(' ').next().and_then(|word| word.parse().ok()).expect("the line ends with the port");
        Self { child, port }
    }

    /// From now on, calls are counted from 1 and everything freezes at one of them.
    pub(crate) fn freeze(&self, at: usize, instant: Instant) {
        self.calm();
        self.configure(&json!({ "freeze_at": at, "freeze_mode": instant.name() }));
    }

    /// Other trouble, by the options that the proxy's own page lists.
    pub(crate) fn trouble(&self, options: &Value) {
        self.calm();
        self.configure(options);
    }

    /// No trouble. Calls are counted anew.
    pub(crate) fn calm(&self) {
        self.ask("POST", "reset", &Value::Null);
        self.configure(&json!({ "throttle_rate": 0, "error_rate": 0, "lost_rate": 0, "freeze_at": 0 }));
    }

    fn configure(&self, options: &Value) {
        self.ask("POST", "config", options);
    }

    /// The call at which everything stands still; waits for a moment.
    pub(crate) fn frozen(&self) -> Option<String> {
        let answer = self.ask("GET", "frozen?wait=0.02", &Value::Null);
        let call = || format!("{} {}", answer["by"]["n"], answer["by"]["action"].as_str().unwrap_or_default());
        (answer["frozen"] == true).then(call)
    }

    /// Ends a freeze. The calls that were held before they were carried out are thrown away, or go on their way though
    /// nobody waits for them any more.
    pub(crate) fn release(&self, held: Held) {
        self.ask("POST", if held == Held::Dropped { "release?drop=1" } else { "release" }, &Value::Null);
        while self.ask("GET", "summary", &Value::Null)["active"] != 0 {
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
    }

    /// How many calls went wrong since they are counted.
    pub(crate) fn hits(&self) -> u64 {
        let faults = self.ask("GET", "summary", &Value::Null)["faults"].clone();
        faults.as_object().into_iter().flat_map(|faults| faults.values()).filter_map(Value::as_u64).sum()
    }

    /// How many mutating calls there were since they are counted.
    pub(crate) fn mutating(&self) -> usize {
        let counted = self.ask("GET", "summary", &Value::Null)["mutating"].as_u64();
        counted.and_then(|count| count.try_into().ok()).expect("calls are counted")
    }

    fn ask(&self, method: &str, command: &str, body: &Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = http::request(self.port, method, &format!("/_proxy/{command}"), &body).expect("the proxy answers");
        assert_eq!(answer.status(), 200, "{method} {command}: {}", String::from_utf8_lossy(&answer.body));
        serde_json::from_slice(&answer.body).expect("the proxy speaks JSON")
    }
}

/// What becomes of the calls that a freeze holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    Dropped,
    Forwarded,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // It is ours alone; one that has ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
