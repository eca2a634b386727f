//! A project folder with its local cloud, and a groma that makes one mistake, or none.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;
use tests::project::binary;
pub(crate) use tests::running::{Said, finish};

pub(crate) struct Project {
    folder: TempDir,
    fault: Option<&'static str>,
}

/// A run that waits at a call; killed in the end.
pub(crate) struct Stopped(Child);

impl Project {
    pub(crate) fn new(fault: Option<&'static str>) -> Self {
        let project = Self { folder: tempfile::tempdir().expect("a folder can be made"), fault };
        // Where there is such a file, the local cloud writes its calls down.
        project.put(".groma/cloud/calls.jsonl", "");
        project
    }

    /// The full path of a file in the project.
    pub(crate) fn file(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// Writes the environment `dev`.
    pub(crate) fn write(&self, resources: &str) {
        self.put("environments/dev.toml", &format!("[environment]\nregion = \"us-east-2\"\n\n{resources}"));
    }

    /// What the local cloud does wrong from now on.
    pub(crate) fn trouble(&self, script: &str) {
        self.put(".groma/cloud/trouble.toml", script);
    }

    /// What somebody else does in this account.
    pub(crate) fn by_hand(&self, change: impl FnOnce(&mut Value)) {
        let text = fs::read_to_string(self.path(".groma/cloud/world.json")).expect("there is a world");
        let mut world = serde_json::from_str(&text).expect("a world is JSON");
        change(&mut world);
        self.put(".groma/cloud/world.json", &world.to_string());
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.env_clear().env("HOME", self.folder.path()).env("APP_KEY", crate::service::SECRET);
        command.envs(self.fault.map(|fault| ("GROMA_PLANTED_FAULT", fault)));
        command.args(["--no-input", "--color", "never", "-C"]).arg(self.folder.path());
        command.args(arguments).stdin(Stdio::null());
        command
    }

    pub(crate) fn groma(&self, arguments: &[&str]) -> Said {
        finish(&mut self.command(arguments))
    }

    pub(crate) fn apply(&self) -> Said {
        self.groma(&["apply", "dev", "--local", "--auto-approve"])
    }

    pub(crate) fn destroy(&self) -> Said {
        self.groma(&["destroy", "dev", "--local", "--auto-approve"])
    }

    pub(crate) fn plan(&self) -> Said {
        self.groma(&["plan", "dev", "--local", "--detailed-exitcode"])
    }

    /// Applies what the scenario begins with; a failure of this is a fault of the scenario.
    #[track_caller]
    pub(crate) fn begin(&self, resources: &str) {
        self.write(resources);
        let said = self.apply();
        assert_eq!(said.code, Some(0), "the scenario cannot begin: {said:?}");
    }

    /// Starts an apply and lets it go as far as the first mutating call, before or after its effect.
    #[track_caller]
    pub(crate) fn stopped_apply(&self, when: &str) -> Stopped {
        self.trouble(&format!("stop = {{ at = 1, when = \"{when}\" }}"));
        let mut command = self.command(&["apply", "dev", "--local", "--auto-approve"]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("groma starts");
        let mut stopped = Stopped(child);
        let sign = self.path(".groma/cloud/stopped");
        while !sign.exists() {
            let ended = stopped.0.try_wait().expect("a child can be asked");
            assert!(ended.is_none(), "the run has ended without the call at which it was to stop");
            std::thread::sleep(Duration::from_millis(2));
        }
        fs::remove_file(sign).expect("a file can be removed");
        self.trouble("");
        stopped
    }

    /// What exists, as the local cloud tells it.
    pub(crate) fn dump(&self) -> Value {
        let mut command = self.command(&["local", "dump"]);
        command.env_remove("GROMA_PLANTED_FAULT");
        let said = finish(&mut command);
        serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("the census is no JSON: {error}, {said:?}"))
    }

    /// The mutating calls so far and what they were about: `DeleteRole app`.
    pub(crate) fn calls(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path(".groma/cloud/calls.jsonl")).expect("calls are written down");
        let call = |line: &str| {
            let call: Value = serde_json::from_str(line).expect("a call is JSON");
            format!(
                "{} {}",
                call["operation"].as_str().unwrap_or_default(),
                call["identity"].as_str().unwrap_or_default()
            )
        };
        text.lines().map(call).collect()
    }

    /// Everything that groma has written about the environment.
    pub(crate) fn records(&self) -> String {
        let folder = fs::read_dir(self.path(".groma/dev/local")).expect("there is a state");
        let files =
            folder.map(|entry| fs::read(entry.expect("a folder can be read").path()).expect("a file can be read"));
        files.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        // One that has ended already is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
