//! A project, a cloud, and the proxy between them; made anew for each trial.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use serde_json::Value;
use tempfile::TempDir;
use tests::bucket;
use tests::local_cloud::LocalCloud;
use tests::project::copy;
use tests::running::{Running, SPEED, Said, finish, plain};
use tests::systems::REGION;

use crate::cloud::{Census, Cloud, Kind};
use crate::plays::{Files, Keeping, Play};
use crate::proxy::{Held, Instant, Proxy};

pub(crate) const ENVIRONMENT: &str = "dev";

/// Where the trials of a play begin, again and again.
pub(crate) enum Stage {
    /// A project beside the local cloud's folder, which each trial copies.
    Local { start: TempDir, keeping: Keeping, speed: &'static str },
    /// moto, which each trial empties, and on which it makes again what was there before.
    Moto { cloud: Rc<Cloud>, proxy: Rc<Proxy>, before: Option<Files> },
}

impl Stage {
    /// `None` where the cloud need not play in this run.
    pub(crate) fn of(play: &Play, test: &str) -> Option<Self> {
        if !Proxy::is_here() {
            eprintln!("not tried: the proxy needs python3, which is not here");
            return None;
        }
        match play.kind {
            Kind::Local => Some(Self::local(play)),
            Kind::Moto => {
                let Some(program) = tests::judge::moto(test) else {
                    eprintln!("not tried on moto: it is not here, or GROMA_JUDGES does not name it");
                    return None;
                };
                let cloud = Cloud::moto(program);
                let proxy = Proxy::before(cloud.port());
                Some(Self::Moto { cloud: Rc::new(cloud), proxy: Rc::new(proxy), before: play.before.clone() })
            }
        }
    }

    fn local(play: &Play) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let images = play.system.images();
        let expected = format!("[environment]\nregion = \"{REGION}\"\n[environment.local]\nimages = {images:?}\n");
        let cloud = folder.path().join("cloud");
        put(&cloud, "environments/images.toml", &expected);
        let said = finish(plain(&cloud).args(["plan", "images", "--local"]));
        assert_eq!(said.code, Some(0), "{said:?}");
        put(&folder.path().join("project"), "environments/.gitkeep", "");
        let world = World::on(LocalCloud::serve_at(&cloud, play.speed), folder, play.keeping, play.speed);
        if play.keeping == Keeping::S3 {
            bucket::make(world.cloud.port());
        }
        if let Some(before) = &play.before {
            world.make(before);
        }
        Self::Local { start: world.folder, keeping: play.keeping, speed: play.speed }
    }

    /// A world in which nothing has been tried yet.
    pub(crate) fn world(&self) -> World {
        let folder = tempfile::tempdir().expect("a folder can be made");
        match self {
            Self::Local { start, keeping, speed } => {
                copy(start.path(), folder.path());
                let cloud = LocalCloud::serve_at(&folder.path().join("cloud"), speed);
                // Some changes are refused for a while after an earlier one.
                cloud.advance("45m");
                World::on(cloud, folder, *keeping, speed)
            }
            Self::Moto { cloud, proxy, before } => {
                cloud.empty();
                let (cloud, proxy) = (Rc::clone(cloud), Rc::clone(proxy));
                let world = World { folder, cloud, proxy, keeping: Keeping::File, speed: SPEED };
                put(&world.project(), "environments/.gitkeep", "");
                world.proxy.calm();
                if let Some(before) = before {
                    world.make(before);
                }
                world
            }
        }
    }
}

/// How a run ended that was to be killed.
pub(crate) enum End {
    /// At this call.
    Killed(String),
    /// It never came to that call.
    Finished(Said),
}

pub(crate) struct World {
    folder: TempDir,
    cloud: Rc<Cloud>,
    pub(crate) proxy: Rc<Proxy>,
    keeping: Keeping,
    speed: &'static str,
}

impl World {
    fn on(cloud: LocalCloud, folder: TempDir, keeping: Keeping, speed: &'static str) -> Self {
        let proxy = Proxy::before(cloud.port);
        Self { folder, cloud: Rc::new(Cloud::Local(cloud)), proxy: Rc::new(proxy), keeping, speed }
    }

    fn project(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    /// Writes the project.
    pub(crate) fn write(&self, files: &Files) {
        self.write_for("project", files);
    }

    /// Writes another's copy of the project.
    pub(crate) fn write_for(&self, folder: &str, files: &Files) {
        files.iter().for_each(|(path, text)| put(&self.folder.path().join(folder), path, text));
    }

    fn make(&self, files: &Files) {
        self.write(files);
        let said = self.run(&["apply", ENVIRONMENT, "--auto-approve"]);
        assert_eq!(said.code, Some(0), "{}\n{}", said.out, said.err);
    }

    /// From here on somebody else works, on another machine: only what is shared is there.
    pub(crate) fn changes_hands(&self) {
        let own = self.project().join(".groma");
        if own.exists() {
            fs::remove_dir_all(own).expect("a folder can go");
        }
    }

    /// A command line in this world, not started yet.
    pub(crate) fn groma(&self, arguments: &[&str]) -> Command {
        self.groma_of("project", arguments)
    }

    /// The same in another's copy of the project.
    pub(crate) fn groma_of(&self, folder: &str, arguments: &[&str]) -> Command {
        let mut command = plain(&self.folder.path().join(folder));
        command.env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{}", self.proxy.port));
        command.args(arguments).args(["--local-speed", self.speed]);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        finish(&mut self.groma(arguments))
    }

    /// Runs a command line and kills it at one of its calls.
    pub(crate) fn killed(&self, arguments: &[&str], at: usize, instant: Instant) -> End {
        self.proxy.freeze(at, instant);
        let mut run = Running::start(self.groma(arguments));
        let end = loop {
            if let Some(call) = self.proxy.frozen() {
                run.kill();
                break End::Killed(call);
            }
            if run.has_ended() {
                break End::Finished(run.wait());
            }
        };
        // What was on its way when groma died still arrives, unless nothing has arrived since.
        self.proxy.release(if instant == Instant::Before { Held::Dropped } else { Held::Forwarded });
        end
    }

    pub(crate) fn census(&self) -> Census {
        self.cloud.census()
    }

    /// The state; an empty one before there is any.
    pub(crate) fn state(&self) -> Value {
        if self.keeping == Keeping::S3 {
            return bucket::state(self.cloud.port());
        }
        let path = self.project().join(".groma").join(ENVIRONMENT).join("endpoint/state.json");
        match fs::read_to_string(path) {
            Ok(text) => serde_json::from_str(&text).expect("a state is JSON"),
            Err(_) => Value::Null,
        }
    }
}

fn put(folder: &Path, below: &str, text: &str) {
    let path = folder.join(below);
    fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}
