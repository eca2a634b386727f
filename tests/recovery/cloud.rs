//! What stands behind the proxy: the local cloud, or moto; and what exists there, by its own account.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use serde_json::Value;
use tests::census::{self, Thing};
use tests::http;
use tests::judge::Moto;
use tests::local_cloud::LocalCloud;

/// Which one a trial runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Local,
    Moto,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Moto => "moto",
        }
    }
}

/// A cloud in another process.
#[derive(Debug)]
pub(crate) enum Cloud {
    Local(LocalCloud),
    Moto(Moto, Counter),
}

/// What exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Census {
    pub(crate) things: Vec<Thing>,
    /// Without what differs from run to run, in lines.
    pub(crate) essence: Vec<String>,
}

impl Cloud {
    /// moto, by the path of its server.
    pub(crate) fn moto(program: PathBuf) -> Self {
        let python = program.with_file_name("python");
        let moto = Moto::serve(program);
        let counter = Counter::start(&python, moto.port);
        Self::Moto(moto, counter)
    }

    pub(crate) fn port(&self) -> u16 {
        match self {
            Self::Local(cloud) => cloud.port,
            Self::Moto(moto, _) => moto.port,
        }
    }

    pub(crate) fn census(&self) -> Census {
        match self {
            Self::Local(cloud) => {
                let dump = cloud.dump();
                Census { things: census::things(&dump), essence: census::essence(&dump) }
            }
            Self::Moto(_, counter) => counter.census(),
        }
    }

    /// Nothing exists any more. Only moto is emptied: of the local cloud there is a copy for each trial.
    pub(crate) fn empty(&self) {
        let answer = http::request(self.port(), "POST", "/moto-api/reset", "").expect("moto answers");
        assert_eq!(answer.status(), 200, "moto can be emptied");
    }
}

/// `support/census.py`, which asks moto by AWS's own SDK for Python.
#[derive(Debug)]
pub(crate) struct Counter {
    child: Child,
    pipes: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
}

impl Counter {
    /// With the Python that moto was installed for, which has that SDK, too.
    fn start(python: &Path, port: u16) -> Self {
        let mut command = Command::new(python);
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("support/census.py"));
        command.arg(format!("http://127.0.0.1:{port}")).arg(tests::systems::REGION);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("moto has its Python");
        let pipes =
            (child.stdin.take().expect("it is piped"), BufReader::new(child.stdout.take().expect("it is piped")));
        Self { child, pipes: Mutex::new(pipes) }
    }

    fn census(&self) -> Census {
        let (input, output) = &mut *self.pipes.lock().expect("nobody panics while counting");
        input.write_all(b"count\n").expect("it listens");
        let mut line = String::new();
        output.read_line(&mut line).expect("it answers");
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let pair = |thing: &Value| {
            let text = |index: usize| thing[index].as_str().expect("a kind and an id").to_owned();
            (text(0), text(1))
        };
        let things = told["things"].as_array().expect("things are a list").iter().map(pair).collect();
        let essence = serde_json::to_string_pretty(&told["essence"]).expect("it is JSON");
        Census { things, essence: essence.lines().map(str::to_owned).collect() }
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        // It is ours alone; one that has ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
