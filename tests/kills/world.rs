//! A project, and a local cloud served to it by another process.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tests::project::repository;

use crate::http;

/// How fast all clocks run: six minutes take about a second, and a timeout of twenty minutes four.
pub(crate) const SPEED: &str = "300";
pub(crate) const ENVIRONMENT: &str = "dev";
pub(crate) const REGION: &str = "us-east-2";

/// The binary under test: `GROMA_BIN`, or what cargo built beside this test.
pub(crate) fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("GROMA_BIN") {
        return path.into();
    }
    let own = std::env::current_exe().expect("a test knows its own file");
    let target = own.ancestors().nth(2).expect("it lies in target/debug/deps");
    let found = target.join("groma");
    assert!(found.exists(), "no {}: build the cli package, or set GROMA_BIN", found.display());
    found
}

/// Whether everything is to be tried, however long it takes: `GROMA_KILLS=all`.
pub(crate) fn all_asked() -> bool {
    std::env::var("GROMA_KILLS").is_ok_and(|asked| asked == "all")
}

/// A project folder beside a cloud's folder, and the server of that cloud.
pub(crate) struct World {
    folder: TempDir,
    server: Server,
}

/// What a run said, and how it ended.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// How a run ended that was to be stopped.
pub(crate) enum End {
    /// The cloud stopped at this call, and the run was killed there.
    Killed(String),
    Finished(Said),
}

impl World {
    /// Nothing exists. `images` are there as soon as their repositories are.
    pub(crate) fn new(images: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        fs::create_dir_all(folder.path().join("cloud/environments")).expect("a folder can be made");
        let expected = format!("[environment]\nregion = \"{REGION}\"\n[environment.local]\nimages = {images:?}\n");
        copy(&repository("modules"), &folder.path().join("project/modules"));
        let cloud = folder.path().join("cloud");
        fs::write(cloud.join("environments/images.toml"), expected).expect("a file can be written");
        let said = finish(plain(&cloud).args(["plan", "images", "--local"]));
        assert_eq!(said.code, Some(0), "{said:?}");
        Self { server: Server::start(&cloud), folder }
    }

    /// The same once more, to try something else from here.
    pub(crate) fn fork(&self) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        copy(self.folder.path(), folder.path());
        let fork = Self { server: Server::start(&folder.path().join("cloud")), folder };
        // Some changes are refused for a while after an earlier one.
        fork.advance("45m");
        fork
    }

    pub(crate) fn project(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    pub(crate) fn write(&self, toml: &str) {
        self.write_file(&format!("environments/{ENVIRONMENT}.toml"), toml);
    }

    pub(crate) fn write_file(&self, path: &str, text: &str) {
        let path = self.project().join(path);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// A command line in this world, not started yet.
    pub(crate) fn groma(&self, arguments: &[&str]) -> Command {
        let mut command = plain(&self.project());
        command.env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.server.port));
        command.args(arguments).args(["--local-speed", SPEED]);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        finish(&mut self.groma(arguments))
    }

    /// `apply` or `destroy`, without a question.
    pub(crate) fn go(&self, verb: &str) -> Said {
        self.run(&without_questions(verb))
    }

    #[track_caller]
    pub(crate) fn must(&self, verb: &str) -> Said {
        let said = self.go(verb);
        assert_eq!(said.code, Some(0), "{verb}: {}\n{}", said.out, said.err);
        said
    }

    /// Nothing is left to do, and groma knows it.
    #[track_caller]
    pub(crate) fn plans_nothing(&self, verb: &str) {
        let mut arguments = vec!["plan", ENVIRONMENT, "--detailed-exitcode"];
        arguments.extend((verb == "destroy").then_some("--destroy"));
        let said = self.run(&arguments);
        assert_eq!(said.code, Some(0), "the next plan is not empty: {}\n{}", said.out, said.err);
    }

    /// Starts a run, and kills it where the script stops the cloud.
    pub(crate) fn killed(&self, verb: &str, at: usize, when: &str) -> End {
        self.trouble(&format!("stop = {{ at = {at}, when = \"{when}\" }}"));
        let mut run = Running::start(self.groma(&without_questions(verb)));
        let end = match self.stopped_or_ended(&mut run) {
            Some(call) => {
                run.kill();
                End::Killed(call)
            }
            None => End::Finished(run.wait()),
        };
        self.trouble("");
        http::ask(self.server.port, "POST", "release", "");
        end
    }

    /// Waits until the cloud has stopped, or the run has ended without that.
    pub(crate) fn stopped_or_ended(&self, run: &mut Running) -> Option<String> {
        let stopped = self.cloud_file("stopped");
        loop {
            if let Ok(call) = fs::read_to_string(&stopped) {
                return Some(call.trim().to_owned());
            }
            if run.has_ended() {
                return None;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Ends a stop.
    pub(crate) fn release(&self) {
        http::ask(self.server.port, "POST", "release", "");
    }

    /// A file of the cloud's own folder.
    pub(crate) fn cloud_file(&self, name: &str) -> PathBuf {
        self.folder.path().join("cloud/.groma/cloud").join(name)
    }

    /// Adds an image to the one repository of its name.
    #[track_caller]
    pub(crate) fn push(&self, arguments: &[&str]) {
        let said = finish(plain(&self.folder.path().join("cloud")).args(["local", "push"]).args(arguments));
        assert_eq!(said.code, Some(0), "{said:?}");
    }

    /// Moves the cloud's clock on.
    pub(crate) fn advance(&self, by: &str) {
        http::ask(self.server.port, "POST", "advance", by);
    }

    pub(crate) fn trouble(&self, script: &str) {
        http::ask(self.server.port, "PUT", "trouble", script);
    }

    /// Everything that exists, as the cloud tells it.
    pub(crate) fn dump(&self) -> Value {
        serde_json::from_str(&http::ask(self.server.port, "GET", "dump", "")).expect("the census is JSON")
    }

    /// The mutating calls since the server has started: `service:Operation`.
    pub(crate) fn calls(&self) -> Vec<String> {
        let calls: Value =
            serde_json::from_str(&http::ask(self.server.port, "GET", "calls", "")).expect("the calls are JSON");
        let name = |call: &Value| {
            let text = |member: &str| call[member].as_str().expect("a call has its names").to_owned();
            format!("{}:{}", text("service"), text("operation"))
        };
        calls.as_array().expect("calls are a list").iter().map(name).collect()
    }

    /// The folder of the environment's state.
    pub(crate) fn records(&self) -> PathBuf {
        self.project().join(".groma").join(ENVIRONMENT).join("endpoint")
    }

    /// The state on disk; an empty one before there is any.
    pub(crate) fn state(&self) -> Value {
        match fs::read_to_string(self.records().join("state.json")) {
            Ok(text) => serde_json::from_str(&text).expect("a state is JSON"),
            Err(_) => Value::Null,
        }
    }
}

/// A destroy lifts what protects the chatbot's database and images.
fn without_questions(verb: &str) -> Vec<&str> {
    let lifts: &[&str] = if verb == "destroy" { &["--allow-unprotect", "--delete-images"] } else { &[] };
    [&[verb, ENVIRONMENT, "--auto-approve"], lifts].concat()
}

/// Groma in a folder, with nothing of this machine's account or settings.
pub(crate) fn plain(folder: &Path) -> Command {
    let mut command = Command::new(binary());
    command.env_clear().env("HOME", folder).env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_ACCESS_KEY_ID", "123456789012").env("AWS_SECRET_ACCESS_KEY", "local");
    command.env("USER", "surveyor");
    command.env("CHATBOT_DB_PASSWORD", "correct-horse-battery").env("CHATBOT_AUTH_SECRET", "another-horse-battery");
    command.args(["--no-input", "--color", "never", "-C"]).arg(folder);
    command
}

pub(crate) fn finish(command: &mut Command) -> Said {
    let output =
        command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// A run under way; what it says goes into files, so that no full pipe holds it up.
pub(crate) struct Running {
    child: Child,
    words: TempDir,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let words = tempfile::tempdir().expect("a folder can be made");
        let file = |name: &str| fs::File::create(words.path().join(name)).expect("a file can be made");
        command.stdin(Stdio::null()).stdout(file("out")).stderr(file("err"));
        Self { child: command.spawn().expect("groma starts"), words }
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a child can be asked").is_some()
    }

    /// SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("a child can be killed");
        self.child.wait().expect("a child can be waited for");
    }

    /// Sends a signal by its name, `INT` or `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let line = format!("kill -{name} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &line]).status().expect("there is a shell");
        assert!(sent.success(), "{line}");
    }

    /// What it has said so far on standard error.
    pub(crate) fn progress(&self) -> String {
        fs::read_to_string(self.words.path().join("err")).expect("it is text")
    }

    /// Waits until it has said something on standard error.
    pub(crate) fn wait_for(&mut self, words: &str) {
        while !self.progress().contains(words) {
            assert!(!self.has_ended(), "it has ended and never said `{words}`: {}", self.progress());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    pub(crate) fn wait(&mut self) -> Said {
        let status = self.child.wait().expect("a child can be waited for");
        let text = |name: &str| fs::read_to_string(self.words.path().join(name)).expect("it is text");
        Said { code: status.code(), out: text("out"), err: text("err") }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `groma local serve`.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut command = plain(folder);
        command.args(["local", "serve", "--port", "0", "--speed", SPEED]);
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
}

impl Drop for Server {
    fn drop(&mut self) {
        // It is ours alone; one that has ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// All files below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("a folder can be read").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Files alone are copied, with their modes.
fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).expect("it lies below"));
        fs::create_dir_all(target.parent().expect("it lies in a folder")).expect("a folder can be made");
        fs::copy(&file, &target).expect("a file can be copied");
    }
}
