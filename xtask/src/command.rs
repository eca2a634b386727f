//! Programs that the verbs run.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.parent().expect("xtask lies in the root of the repository").to_owned()
}

/// Where this repository's own tools and downloads are kept, whatever `CARGO_TARGET_DIR` says.
pub(crate) fn kept(name: &str) -> PathBuf {
    root().join("target").join(name)
}

/// Where Cargo builds.
///
/// # Errors
/// When `cargo metadata` fails.
pub(crate) fn build_folder() -> Result<PathBuf, String> {
    let text = output(cargo(["metadata", "--no-deps", "--format-version", "1"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    metadata["target_directory"].as_str().map(PathBuf::from).ok_or_else(|| "cargo names no target folder".to_owned())
}

/// The Cargo that runs this program.
pub(crate) fn cargo<const N: usize>(arguments: [&str; N]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// A program with arguments, run in the root of the repository.
pub(crate) fn program<const N: usize>(name: impl AsRef<OsStr>, arguments: [&str; N]) -> Command {
    let mut command = Command::new(name);
    command.args(arguments).current_dir(root());
    command
}

/// Says what begins, then runs it.
///
/// # Errors
/// When the program cannot start or does not end well.
pub(crate) fn step(name: &str, mut command: Command) -> Result<(), String> {
    say(name);
    let status = command.status().map_err(|error| format!("cannot run {}: {error}", shown(&command)))?;
    if status.success() { Ok(()) } else { Err(format!("{name}: `{}` failed ({status})", shown(&command))) }
}

/// What a program writes to its standard output.
///
/// # Errors
/// When the program cannot start or does not end well.
pub(crate) fn output(mut command: Command) -> Result<String, String> {
    let done = command
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| format!("cannot run `{}`: {error}", shown(&command)))?;
    if !done.status.success() {
        let complaint = String::from_utf8_lossy(&done.stderr);
        return Err(format!("`{}` failed: {}", shown(&command), complaint.trim()));
    }
    String::from_utf8(done.stdout).map_err(|error| format!("`{}`: {error}", shown(&command)))
}

/// Whether a program of that name can be started with these arguments and ends well.
pub(crate) fn works<const N: usize>(name: impl AsRef<OsStr>, arguments: [&str; N]) -> bool {
    output(program(name, arguments)).is_ok()
}

/// The heading of a step.
pub(crate) fn say(what: &str) {
    println!("── {what}");
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
