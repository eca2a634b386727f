//! A project, and a local cloud served to it by another process.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tests::bucket;
use tests::local_cloud::LocalCloud;
pub(crate) use tests::project::files;
use tests::project::{copy, repository};
use tests::running::SPEED;
pub(crate) use tests::running::{Running, Said, all_asked, finish, plain};

pub(crate) const ENVIRONMENT: &str = "dev";
pub(crate) const APPLY: &[&str] = &["apply", ENVIRONMENT, "--auto-approve"];
const REGION: &str = tests::systems::REGION;

/// A project folder beside a cloud's folder, and the server of that cloud.
pub(crate) struct World {
    folder: TempDir,
    server: LocalCloud,
    /// Whether the state lies in a bucket of that cloud.
    shared: bool,
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
        Self { server: LocalCloud::serve(&cloud), folder, shared: false }
    }

    /// A lease is renewed in time also where other tests run beside.
    fn speed(&self) -> &'static str {
        if self.shared { "100" } else { SPEED }
    }

    /// The same with the state in a bucket, which is all that exists.
    pub(crate) fn shared(images: &[&str]) -> Self {
        let mut world = Self { shared: true, ..Self::new(images) };
        world.server = LocalCloud::serve_at(&world.folder.path().join("cloud"), world.speed());
        bucket::make(world.server.port);
        world
    }

    /// The same once more, to try something else from here.
    pub(crate) fn fork(&self) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        copy(self.folder.path(), folder.path());
        let server = LocalCloud::serve_at(&folder.path().join("cloud"), self.speed());
        let fork = Self { server, folder, shared: self.shared };
        // Some changes are refused for a while after an earlier one.
        fork.advance("45m");
        fork
    }

    pub(crate) fn project(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    pub(crate) fn write(&self, toml: &str) {
        let home = if self.shared { bucket::toml() } else { String::new() };
        self.write_file(&format!("environments/{ENVIRONMENT}.toml"), &format!("{toml}{home}"));
    }

    /// The same with this to be applied.
    pub(crate) fn written(self, toml: &str) -> Self {
        self.write(toml);
        self
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
        command.args(arguments).args(["--local-speed", self.speed()]);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        finish(&mut self.groma(arguments))
    }

    /// `apply` or `destroy`, without a question.
    pub(crate) fn go(&self, verb: &str) -> Said {
        self.patiently(&without_questions(verb))
    }

    /// A killed run's lease ends by time.
    pub(crate) fn patiently(&self, arguments: &[&str]) -> Said {
        let timeout: &[&str] = if self.shared { &["--lock-timeout", "60s"] } else { &[] };
        self.run(&[arguments, timeout].concat())
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
        self.server.ask("POST", "release", "");
        end
    }

    /// A run that waits for App Runner.
    pub(crate) fn waiting(&self) -> Running {
        let mut run = Running::start(self.groma(APPLY));
        run.wait_for("waiting: CREATE_SERVICE");
        run
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
        self.server.ask("POST", "release", "");
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
        self.server.advance(by);
    }

    pub(crate) fn trouble(&self, script: &str) {
        self.server.ask("PUT", "trouble", script);
    }

    /// Everything that exists, as the cloud tells it.
    pub(crate) fn dump(&self) -> Value {
        self.server.dump()
    }

    /// The mutating calls since the server has started: `service:Operation`.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.server.calls()
    }

    /// Makes the bucket for states, and keeps `[state]` to whoever writes it.
    pub(crate) fn make_bucket(&self) {
        bucket::make(self.server.port);
    }

    /// The lease on a shared state.
    pub(crate) fn lease(&self) -> Value {
        bucket::lease(self.server.port)
    }

    /// The names of what is recorded, in its folder or under its key.
    pub(crate) fn recorded(&self) -> Vec<String> {
        if self.shared {
            return bucket::names(self.server.port);
        }
        files(&self.records()).iter().map(|path| tests::project::name(path)).collect()
    }

    pub(crate) fn read_record(&self, name: &str) -> Option<String> {
        if self.shared {
            bucket::read(self.server.port, name)
        } else {
            fs::read_to_string(self.records().join(name)).ok()
        }
    }

    pub(crate) fn write_record(&self, name: &str, text: &str) {
        if self.shared {
            return bucket::write(self.server.port, name, text);
        }
        fs::write(self.records().join(name), text).expect("a file can be written");
    }

    pub(crate) fn remove_record(&self, name: &str) {
        if self.shared {
            return bucket::remove(self.server.port, name);
        }
        fs::remove_file(self.records().join(name)).expect("a file can go");
    }

    /// The folder of the environment's state.
    pub(crate) fn records(&self) -> PathBuf {
        self.project().join(".groma").join(ENVIRONMENT).join("endpoint")
    }

    /// The state on disk; an empty one before there is any.
    pub(crate) fn state(&self) -> Value {
        if self.shared {
            return bucket::state(self.server.port);
        }
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
