//! The local cloud in a process of its own, and groma as its client.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use tests::http;
use tests::local_cloud::LocalCloud;
use tests::project::binary;
pub(crate) use tests::running::{Said, finish};

use crate::judge;

/// `groma local serve` on a folder that goes with it.
pub(crate) struct Cloud {
    server: LocalCloud,
    folder: TempDir,
    pub(crate) port: u16,
}

impl Cloud {
    /// Serves on a free port. Its clock runs with the wall clock.
    pub(crate) fn serve() -> Self {
        Self::at_speed("1")
    }

    /// Serves on a free port with a clock that as good as stands still but for [`Cloud::advance`], so that an answer does
    /// not depend on how fast this machine is.
    pub(crate) fn serve_still() -> Self {
        Self::at_speed("0.0001")
    }

    /// Serves on a free port with a clock that runs ten times as fast, for what takes minutes.
    pub(crate) fn serve_fast() -> Self {
        Self::at_speed("10")
    }

    fn at_speed(speed: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let server = LocalCloud::serve_at(folder.path(), speed);
        Self { port: server.port, server, folder }
    }

    /// The folder of the cloud, for `groma local push -C`.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn dump(&self) -> Value {
        self.server.dump()
    }

    /// Moves its clock on.
    pub(crate) fn advance(&self, by: &str) {
        self.server.advance(by);
    }
}

/// Longer than any wait of AWS that is tested here: two changes of a time to live lie 31 minutes apart.
pub(crate) const LONG: &str = "45m";

pub(crate) fn advance(port: u16, by: &str) -> std::io::Result<()> {
    http::request(port, "POST", "/_groma/advance", by).map(drop)
}

/// What every client of the local cloud needs, and nothing of this machine's account or settings.
pub(crate) fn client(command: &mut Command, port: u16, home: &Path) {
    command.env_clear().env("PATH", judge::path()).env("HOME", home);
    command.env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}"));
    command.env("AWS_ACCESS_KEY_ID", "123456789012").env("AWS_SECRET_ACCESS_KEY", "local");
    command.env("AWS_REGION", REGION).env("AWS_DEFAULT_REGION", REGION);
    command.env("AWS_EC2_METADATA_DISABLED", "true").env("LC_ALL", "C.UTF-8");
}

pub(crate) const REGION: &str = "us-east-2";

/// A project with one environment, `judged`.
pub(crate) struct Project {
    folder: TempDir,
    port: u16,
}

impl Project {
    pub(crate) fn new(port: u16) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        std::fs::create_dir(folder.path().join("environments")).expect("a folder can be made");
        Self { folder, port }
    }

    pub(crate) fn write(&self, resources: &str) {
        self.put("environments/judged.toml", &format!("[environment]\nregion = \"{REGION}\"\n\n{resources}"));
    }

    /// Writes a file of the project.
    pub(crate) fn put(&self, below: &str, text: &str) {
        let path = self.folder.path().join(below);
        std::fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder can be made");
        std::fs::write(path, text).expect("a file can be written");
    }

    pub(crate) fn groma(&self, arguments: &[&str]) -> Said {
        self.groma_with(arguments, &[])
    }

    /// The same with environment variables.
    pub(crate) fn groma_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Said {
        let mut command = Command::new(binary());
        client(&mut command, self.port, self.folder.path());
        command.envs(environment.iter().copied());
        // What is waited for here is over already, or soon: on moto at once, behind the proxy by its care.
        command
            .args(arguments)
            .args(["--local-speed", "20", "--no-input", "--color", "never", "-C"])
            .arg(self.folder.path());
        finish(&mut command)
    }

    /// Makes real what is written.
    #[track_caller]
    pub(crate) fn apply(&self, resources: &str) {
        self.write(resources);
        self.groma(&["apply", "judged", "--auto-approve"]).ended(0);
    }

    /// The id of each resource, as the state records it.
    pub(crate) fn ids(&self) -> BTreeMap<String, String> {
        self.ids_of("judged")
    }

    pub(crate) fn ids_of(&self, environment: &str) -> BTreeMap<String, String> {
        let path = self.folder.path().join(".groma").join(environment).join("endpoint/state.json");
        let text = std::fs::read_to_string(path).expect("there is a state");
        let state: Value = serde_json::from_str(&text).expect("a state is JSON");
        let resources = state["resources"].as_object().expect("there are resources").iter();
        resources
            .map(|(address, resource)| (address.clone(), resource["id"].as_str().unwrap_or_default().to_owned()))
            .collect()
    }
}
