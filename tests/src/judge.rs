//! moto, an emulator that we did not write, and whether it is to be asked.

#![expect(clippy::disallowed_methods, reason = "a test asks the environment for its judges")]

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use crate::project::repository;

/// Where moto's server is; `None` when it need not speak in this run. Leaves a mark for the summary when it is asked.
///
/// # Panics
/// When `GROMA_JUDGES` names it and it is not here: a judge must not vanish.
pub fn moto(test: &str) -> Option<PathBuf> {
    match (names("moto"), program("moto_server")) {
        (Some(false), _) => None,
        (None, None) => None,
        (Some(true), None) => panic!("GROMA_JUDGES names `moto`, which is not here"),
        (_, Some(program)) => {
            mark(test);
            Some(program)
        }
    }
}

/// Whether `GROMA_JUDGES` names a judge; `None` where it is not set.
pub fn names(judge: &str) -> Option<bool> {
    env::var("GROMA_JUDGES").ok().map(|names| names.split(',').any(|name| name.trim() == judge))
}

/// Where a program is. Those that `cargo xtask test` installs come first: their versions are pinned.
pub fn program(name: &str) -> Option<PathBuf> {
    let installed = repository("target/judges/python/bin");
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(installed).chain(env::split_paths(&path));
    folders.map(|folder| folder.join(name)).find(|program| program.is_file())
}

fn mark(test: &str) {
    let Some(folder) = env::var_os("GROMA_JUDGED").map(PathBuf::from) else { return };
    fs::create_dir_all(&folder).expect("the folder of marks can be made");
    fs::write(folder.join(format!("moto.{test}")), "").expect("a mark can be left");
}

/// A server on a free port, as long as this lives.
#[derive(Debug)]
pub struct Moto {
    server: Child,
    pub port: u16,
}

impl Moto {
    pub fn serve(program: PathBuf) -> Self {
        let mut command = Command::new(program);
        command.args(["-H", "127.0.0.1", "-p", "0"]).env("MOTO_IAM_LOAD_MANAGED_POLICIES", "true");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut server = command.spawn().expect("moto starts");
        let mut lines = BufReader::new(server.stderr.take().expect("it is piped")).lines().map_while(Result::ok);
        let port = lines.find_map(|line| line.split_once("http://127.0.0.1:")?.1.trim().parse().ok());
        // Whoever stops reading would stop the server at its next word.
        std::thread::spawn(move || lines.for_each(drop));
        Self { server, port: port.expect("moto says where it answers") }
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        // It is ours alone; a server that has ended already is as good.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
