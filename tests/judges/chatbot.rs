//! The chatbot of `modules/chatbot`: made by Terraform and imported by groma, and told as a story on moto.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use tests::on_moto::member;
use tests::project::binary;
use tests::{on_moto, project};

use crate::cloud::{Cloud, Project, Said, finish};

pub(crate) mod imports;
mod stories;

const REGION: &str = "us-east-1";
const PARTS: [&str; 6] = ["apprunner", "database", "iam", "network", "outputs", "registry"];

/// A project with the module and one of its environments.
struct Chatbot {
    project: Project,
    environment: &'static str,
    files: BTreeMap<String, String>,
    password: &'static str,
}

impl Chatbot {
    fn new(port: u16, environment: &'static str) -> Self {
        let module = PARTS.map(|part| format!("modules/chatbot/{part}.toml"));
        let paths = module.into_iter().chain([format!("environments/{environment}.toml")]);
        let read =
            |path: &String| std::fs::read_to_string(project::repository(path)).expect("a file of the repository");
        let files = paths.map(|path| (path.clone(), read(&path))).collect();
        let this = Self { project: Project::new(port), environment, files, password: "correct-horse-battery" };
        this.files.iter().for_each(|(path, text)| this.project.put(path, text));
        this
    }

    /// One text for another, once.
    fn edit(&mut self, path: &str, from: &str, to: &str) {
        let text = self.files.get_mut(path).expect("the project has the file");
        assert_eq!(text.matches(from).count(), 1, "`{from}` stands once in {path}");
        *text = text.replace(from, to);
        self.project.put(path, text);
    }

    fn append(&mut self, more: &str) {
        let path = format!("environments/{}.toml", self.environment);
        let text = self.files.get_mut(&path).expect("the project has it");
        text.push_str(more);
        self.project.put(&path, text);
    }

    fn groma(&self, arguments: &[&str]) -> Said {
        let secrets = [("CHATBOT_DB_PASSWORD", self.password), ("CHATBOT_AUTH_SECRET", "staple-more-than-ten")];
        self.project.groma_with(arguments, &secrets)
    }

    #[track_caller]
    fn plans_nothing(&self) {
        self.groma(&["plan", self.environment, "--detailed-exitcode"]).ended(0);
    }

    #[track_caller]
    fn apply(&self) -> String {
        let said = self.groma(&["apply", self.environment, "--auto-approve"]).ended(0);
        self.plans_nothing();
        said
    }
}

fn folder(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("judges").join(below)
}

fn push_image(cloud: &Cloud) {
    let mut push = Command::new(binary());
    push.args(["local", "push", "dev-chatbot:latest", "--healthy-path", "/api/health"]);
    push.args(["--region", REGION, "--account", "123456789012", "-C"]).arg(cloud.folder());
    finish(&mut push).ended(0);
}

/// The chatbot as far as moto can play it.
fn chatbot_on_moto(port: u16, environment: &'static str) -> Chatbot {
    let mut chatbot = Chatbot::new(port, environment);
    for edit in on_moto::listed("edit") {
        if chatbot.files.contains_key(member(&edit, "file")) {
            chatbot.edit(member(&edit, "file"), member(&edit, "from"), member(&edit, "to"));
        }
    }
    chatbot
}
