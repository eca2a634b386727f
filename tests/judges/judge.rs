//! Which judges are here, and who has spoken.
//!
//! `GROMA_JUDGES` names those that must be here; without it, a judge speaks where it is found. `GROMA_JUDGED` is a folder
//! in which each judged test leaves a mark.

#![expect(clippy::disallowed_methods, reason = "a test asks the environment for its judges")]
#![expect(clippy::print_stderr, reason = "a test says which judge was not asked")]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// A program that we did not write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judge {
    Aws,
    Moto,
    Terraform,
}

impl Judge {
    fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Moto => "moto",
            Self::Terraform => "terraform",
        }
    }

    fn program(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Moto => "moto_server",
            Self::Terraform => "terraform",
        }
    }
}

/// Where the judge's program is; `None` when it need not speak in this run.
///
/// Panics when `GROMA_JUDGES` names a judge that is missing: a judge must not vanish.
pub(crate) fn ask(judge: Judge, test: &str) -> Option<PathBuf> {
    let named = env::var("GROMA_JUDGES").ok();
    let named = named.as_deref().map(|names| names.split(',').any(|name| name.trim() == judge.name()));
    if named == Some(false) {
        eprintln!("not judged by {}: GROMA_JUDGES does not name it", judge.name());
        return None;
    }
    let found = find(judge.program()).filter(|_| judge != Judge::Terraform || provider_source().is_some());
    match found {
        Some(program) => {
            mark(judge, test);
            Some(program)
        }
        None if named.is_none() => {
            eprintln!("not judged by {}: it is not here", judge.name());
            None
        }
        None => panic!("GROMA_JUDGES names `{}`, which is not here", judge.name()),
    }
}

/// Where Terraform gets its AWS provider from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ProviderSource {
    /// A folder laid out as a mirror: `GROMA_TERRAFORM_MIRROR`.
    Mirror(PathBuf),
    /// The file that `TF_CLI_CONFIG_FILE` names.
    Configuration(PathBuf),
}

/// `None` where nobody has said it: the provider is some 700 MB, which no test fetches by itself.
pub(crate) fn provider_source() -> Option<ProviderSource> {
    let mirror = env::var_os("GROMA_TERRAFORM_MIRROR").map(PathBuf::from).filter(|path| path.is_dir());
    let configuration = || env::var_os("TF_CLI_CONFIG_FILE").map(PathBuf::from).filter(|path| path.is_file());
    mirror.map(ProviderSource::Mirror).or_else(|| configuration().map(ProviderSource::Configuration))
}

/// Whether this run writes what it sees as what it expects.
pub(crate) fn accepts() -> bool {
    env::var_os("GROMA_ACCEPT").is_some()
}

/// Whether this run records Terraform's requests anew: `GROMA_RECORD=terraform`.
pub(crate) fn records_terraform() -> bool {
    env::var("GROMA_RECORD").is_ok_and(|what| what == "terraform")
}

/// The search path for programs.
pub(crate) fn path() -> std::ffi::OsString {
    env::var_os("PATH").unwrap_or_default()
}

/// The judges that `cargo xtask test` installs come first: their versions are pinned.
fn find(program: &str) -> Option<PathBuf> {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/judges/python/bin");
    let path = path();
    let folders = std::iter::once(installed).chain(env::split_paths(&path));
    folders.map(|folder| folder.join(program)).find(|path| path.is_file())
}

fn mark(judge: Judge, test: &str) {
    let Some(folder) = env::var_os("GROMA_JUDGED").map(PathBuf::from) else { return };
    fs::create_dir_all(&folder).expect("the folder of marks can be made");
    fs::write(folder.join(format!("{}.{test}", judge.name())), "").expect("a mark can be left");
}
