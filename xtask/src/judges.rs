//! Programs we did not write that judge the local cloud and groma: the AWS CLI, moto, Terraform.
//!
//! `GROMA_JUDGES` names those that must be there: `terraform,aws,moto`. One that is named and missing is a failure, so
//! that a judge cannot vanish unseen. Without the variable, those are named that can be had here.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{kept, output, program, step, works};

/// The versions of the judges from PyPI.
const PACKAGES: [&str; 2] = ["moto[server]==5.2.5", "awscli==1.46.3"];

/// Every judge there is, in the order of the summary.
const KNOWN: [&str; 3] = ["aws", "moto", "terraform"];

/// The judges of a run.
#[derive(Debug)]
pub(crate) struct Judges {
    /// Name and version of each that is there, for the summary.
    present: Vec<(&'static str, String)>,
    /// Where the programs of the judges are, before the rest of `PATH`.
    programs: PathBuf,
    /// Each judged test leaves a file `<judge>.<test>` here.
    marks: PathBuf,
}

impl Judges {
    /// What the tests need to know.
    ///
    /// # Errors
    /// When `PATH` cannot be extended.
    pub(crate) fn environment(&self) -> Result<Vec<(&'static str, OsString)>, String> {
        let old = env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(self.programs.clone()).chain(env::split_paths(&old));
        let path = env::join_paths(folders).map_err(|error| error.to_string())?;
        let names: Vec<&str> = self.present.iter().map(|(name, _)| *name).collect();
        Ok(vec![("PATH", path), ("GROMA_JUDGES", names.join(",").into()), ("GROMA_JUDGED", self.marks.clone().into())])
    }

    /// "judged by …; not judged by …", with the number of tests in which each judge spoke.
    ///
    /// # Errors
    /// The judges that were there and asked nothing: a judge must not vanish.
    pub(crate) fn summary(&self) -> Result<String, String> {
        let marks = read_marks(&self.marks);
        let spoke = |name: &str| marks.iter().filter(|mark| mark.split('.').next() == Some(name)).count();
        let by = self.present.iter().map(|(name, version)| format!("{name} {version} ({} tests)", spoke(name)));
        let by: Vec<String> = by.collect();
        let absent: Vec<&str> = KNOWN.into_iter().filter(|name| !self.has(name)).collect();
        let text = format!("judged by {}; not judged by {}", listed(&by), listed(&absent));
        let silent: Vec<&str> = self.present.iter().map(|(name, _)| *name).filter(|name| spoke(name) == 0).collect();
        if silent.is_empty() { Ok(text) } else { Err(format!("{text}\nno test asked {}", silent.join(", "))) }
    }

    fn has(&self, name: &str) -> bool {
        self.present.iter().any(|(present, _)| *present == name)
    }
}

/// Installs the judges under `target/judges/` and finds out which are there.
///
/// # Errors
/// When a judge that `GROMA_JUDGES` names is unknown, cannot be installed or is missing.
pub(crate) fn prepare() -> Result<Judges, String> {
    let folder = kept("judges");
    let programs = folder.join("python/bin");
    let named = named()?;
    let wanted = |name| named.as_ref().is_none_or(|named| named.contains(&name));
    let python = works("python3", ["--version"]);
    let mut present = Vec::new();
    if (wanted("aws") || wanted("moto")) && python {
        install(&folder.join("python"))?;
        present.extend([("aws", version_of_aws(&programs)?), ("moto", version_of_moto(&programs)?)]);
    }
    if wanted("terraform") && works("terraform", ["version"]) && has_provider() {
        present.push(("terraform", version_of_terraform()?));
    }
    present.retain(|(name, _)| wanted(name));
    let missing = |name: &&&str| !present.iter().any(|(present, _)| present == *name);
    if let Some(missing) = named.iter().flatten().find(missing) {
        return Err(format!("GROMA_JUDGES names `{missing}`, which is not here ({})", remedy(missing)));
    }
    let marks = folder.join("marks");
    clear(&marks)?;
    Ok(Judges { present, programs, marks })
}

/// The judges that `GROMA_JUDGES` names; `None` where it is not set.
fn named() -> Result<Option<Vec<&'static str>>, String> {
    let Ok(text) = env::var("GROMA_JUDGES") else { return Ok(None) };
    let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    let known = words.map(|word| {
        let found = KNOWN.into_iter().find(|name| *name == word);
        found.ok_or_else(|| format!("GROMA_JUDGES names `{word}`; the judges are {}", KNOWN.join(", ")))
    });
    known.collect::<Result<_, _>>().map(Some)
}

/// A Python environment with the packages in it; done once for each set of versions.
fn install(folder: &Path) -> Result<(), String> {
    let done = folder.join("installed.txt");
    let versions = PACKAGES.join("\n");
    if fs::read_to_string(&done).is_ok_and(|text| text == versions) {
        return Ok(());
    }
    let path = folder.to_string_lossy().into_owned();
    let python = folder.join("bin/python").to_string_lossy().into_owned();
    // A system's Python may come without the part that puts pip into an environment; its own pip can serve one too.
    if !works("python3", ["-m", "venv", &path]) || !works(&python, ["-m", "pip", "--version"]) {
        step("judges: environment", program("python3", ["-m", "venv", "--clear", "--without-pip", &path]))?;
    }
    let pip = if works(&python, ["-m", "pip", "--version"]) {
        program(&python, ["-m", "pip", "install", "--quiet"])
    } else {
        program("python3", ["-m", "pip", "--python", &python, "install", "--quiet"])
    };
    let mut pip = pip;
    pip.args(PACKAGES);
    step("judges: install moto and the AWS CLI", pip)?;
    fs::write(&done, versions).map_err(|error| format!("cannot write {}: {error}", done.display()))
}

fn version_of_aws(programs: &Path) -> Result<String, String> {
    let text = output(program(programs.join("aws"), ["--version"]))?;
    Ok(text.split_whitespace().next().and_then(|word| word.strip_prefix("aws-cli/")).unwrap_or("?").to_owned())
}

fn version_of_moto(programs: &Path) -> Result<String, String> {
    let script = "from importlib.metadata import version; print(version('moto'))";
    Ok(output(program(programs.join("python"), ["-c", script]))?.trim().to_owned())
}

fn version_of_terraform() -> Result<String, String> {
    let text = output(program("terraform", ["version"]))?;
    Ok(text.split_whitespace().find_map(|word| word.strip_prefix('v')).unwrap_or("?").to_owned())
}

/// Whether somebody has said where Terraform's AWS provider is: it has some 700 MB, which no test fetches by itself.
fn has_provider() -> bool {
    let names = |variable: &str, is: fn(&Path) -> bool| env::var_os(variable).is_some_and(|path| is(Path::new(&path)));
    names("GROMA_TERRAFORM_MIRROR", Path::is_dir) || names("TF_CLI_CONFIG_FILE", Path::is_file)
}

fn remedy(name: &str) -> &'static str {
    match name {
        "terraform" => "it needs `terraform` on the PATH, and its AWS provider: see docs/judged.md",
        _ => "it needs `python3` on the PATH",
    }
}

/// Makes an empty folder.
///
/// # Errors
/// When that fails.
pub(crate) fn clear(folder: &Path) -> Result<(), String> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| format!("cannot empty {}: {error}", folder.display()))?;
    }
    fs::create_dir_all(folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))
}

fn read_marks(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn listed<T: AsRef<str>>(items: &[T]) -> String {
    if items.is_empty() {
        return "nobody".to_owned();
    }
    items.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")
}
