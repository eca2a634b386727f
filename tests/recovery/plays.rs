//! The two systems, and what is done with them: made, changed, replaced and destroyed.

use std::collections::BTreeMap;
use std::fs;

use tests::bucket;
use tests::on_moto::{self, member, without_app_runner};
use tests::project::repository;
use tests::running::SPEED;
use tests::systems::{self, ADVICE_IMAGES, CHATBOT_IMAGES, changed};

use crate::cloud::Kind;
use crate::world::ENVIRONMENT;

/// A system of the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum System {
    Advice,
    Chatbot,
}

/// What is done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Apply,
    Update,
    Replace,
    Destroy,
}

/// Where the state is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keeping {
    File,
    S3,
}

impl Keeping {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::S3 => "s3",
        }
    }
}

/// The files of a project, by path.
pub(crate) type Files = BTreeMap<String, String>;

/// One of them, on a cloud.
#[derive(Debug, Clone)]
pub(crate) struct Play {
    pub(crate) system: System,
    pub(crate) verb: Verb,
    pub(crate) kind: Kind,
    pub(crate) keeping: Keeping,
    /// How many times as fast all clocks run.
    pub(crate) speed: &'static str,
    /// What was applied before, if anything.
    pub(crate) before: Option<Files>,
    /// What is written then.
    pub(crate) written: Files,
}

impl Play {
    pub(crate) fn of(system: System, verb: Verb, kind: Kind) -> Self {
        let files = |verb| match system {
            System::Advice => advice(verb, kind),
            System::Chatbot => chatbot(verb, kind),
        };
        let before = (verb != Verb::Apply).then(|| files(Verb::Apply));
        Self { system, verb, kind, keeping: Keeping::File, speed: SPEED, before, written: files(verb) }
    }

    /// The same with its state in S3. A lease of a minute and a half must not end while a process is kept waiting for its
    /// turn.
    pub(crate) fn in_s3(mut self) -> Self {
        self.keeping = Keeping::S3;
        self.speed = "60";
        for files in self.before.iter_mut().chain([&mut self.written]) {
            files.get_mut(&environment()).expect("the project has it").push_str(&bucket::toml());
        }
        self
    }

    /// The command line that is killed, and that mends it. The lease of a dead run is waited for.
    pub(crate) fn command(&self) -> Vec<&'static str> {
        let lock: &[&str] = if self.keeping == Keeping::S3 { &["--lock-timeout", "10m"] } else { &[] };
        let verb: &[&str] = match self.verb {
            Verb::Destroy => &["destroy", ENVIRONMENT, "--auto-approve", "--allow-unprotect", "--delete-images"],
            _ => &["apply", ENVIRONMENT, "--auto-approve"],
        };
        [verb, lock].concat()
    }
}

impl System {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Advice => "friendly-advice",
            Self::Chatbot => "chatbot",
        }
    }

    /// What CIs have pushed for it, by any of its names.
    pub(crate) fn images(self) -> Vec<&'static str> {
        match self {
            Self::Advice => [ADVICE_IMAGES, &["friendlier-advice:latest"]].concat(),
            Self::Chatbot => [CHATBOT_IMAGES, &["dev-assistant:latest"]].concat(),
        }
    }
}

impl Verb {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Destroy => "destroy",
        }
    }
}

fn environment() -> String {
    format!("environments/{ENVIRONMENT}.toml")
}

fn advice(verb: Verb, kind: Kind) -> Files {
    let text = match verb {
        Verb::Apply | Verb::Destroy => systems::advice(),
        Verb::Update => systems::advice_changed(),
        Verb::Replace => systems::advice_renamed(),
    };
    let text = if kind == Kind::Moto { without_app_runner(&text) } else { text };
    Files::from([(environment(), text)])
}

const PARTS: [&str; 6] = ["apprunner", "database", "iam", "network", "outputs", "registry"];

fn chatbot(verb: Verb, kind: Kind) -> Files {
    let read = |path: &String| fs::read_to_string(repository(path)).expect("a file of the repository");
    let modules = PARTS.map(|part| format!("modules/chatbot/{part}.toml"));
    let mut files: Files = modules.into_iter().map(|path| (path.clone(), read(&path))).collect();
    let text = if verb == Verb::Update { systems::chatbot_changed() } else { systems::chatbot() };
    files.insert(environment(), text);
    // A replaced repository goes with its images.
    edit(&mut files, "modules/chatbot/registry.toml", "\n[resource.ecr_repository.app]\n", |line| {
        format!("{line}force_delete = true\n")
    });
    if verb == Verb::Replace {
        rename(&mut files);
    }
    if kind == Kind::Moto {
        for entry in on_moto::listed("edit").iter().filter(|entry| member(entry, "file").starts_with("modules/")) {
            edit(&mut files, member(entry, "file"), member(entry, "from"), |_| member(entry, "to").to_owned());
        }
        let services = if verb == Verb::Update { r#"["prod", "staging"]"# } else { r#"["prod"]"# };
        edit(&mut files, &environment(), &format!("apprunner_services = {services}"), |_| {
            "apprunner_services = []".to_owned()
        });
    }
    files
}

/// Other names for all but the database and its subnet group, which AWS does not let leave for another in one VPC. The
/// groups' new names replace the connector, and it the services.
fn rename(files: &mut Files) {
    edit(files, &environment(), "images = [\"dev-chatbot:latest\"]", |_| {
        "images = [\"dev-assistant:latest\"]".to_owned()
    });
    edit(files, "modules/chatbot/network.toml", "\"${env.name}-chatbot\"", |_| "\"${env.name}-assistant\"".to_owned());
    for name in ["db_subnet_group_name         = ", "db_instance_identifier       = "] {
        edit(files, "modules/chatbot/database.toml", &format!("{name}\"${{local.name}}\""), |_| {
            format!("{name}\"${{env.name}}-chatbot\"")
        });
    }
}

fn edit(files: &mut Files, path: &str, from: &str, to: impl Fn(&str) -> String) {
    let text = files.get_mut(path).expect("the project has the file");
    *text = changed(text, from, &to(from));
}
