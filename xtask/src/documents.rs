//! What the documentation says, tried out: its environments are validated, its commands are run on the local cloud.
//!
//! In README.md and `docs/*.md`:
//! - a `toml` fence whose first line is `# environments/NAME.toml` or another path of a project is that file;
//!   an environment must be valid as soon as it stands there;
//! - in a `console` fence, lines that begin with `$ groma` or `$ rm -r .groma/` are run; the lines below one are what it prints. `...` stands for
//!   any lines, `[..]` for anything within a line. ```` ```console exit=1 ```` says how the commands of a fence end,
//!   ```` ```console served ```` that they talk to a local cloud over HTTP.
//!
//! Each page is a project of its own, with the environments and modules of this repository.

mod served;

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::{kept, output, program, root, say};
use crate::project;

use served::Served;

/// Tries every page.
///
/// # Errors
/// Every line of the documentation that is not true.
pub(crate) fn run(groma: &Path) -> Result<(), String> {
    say("documentation");
    let mut complaints = Vec::new();
    let (mut files, mut commands) = (0, 0);
    for page in pages()? {
        let text = fs::read_to_string(&page).map_err(|error| format!("cannot read {}: {error}", page.display()))?;
        let name = page.strip_prefix(root()).unwrap_or(&page).to_string_lossy().into_owned();
        let mut tried = Page { folder: folder_of(&page)?, groma, name, served: None, complaints: &mut complaints };
        for fence in fences(&text) {
            match fence.language() {
                "toml" => files += usize::from(tried.file(&fence)?),
                "console" => commands += tried.session(&fence)?,
                _ => {}
            }
        }
    }
    if !complaints.is_empty() {
        return Err(format!("the documentation is not true:\n\n{}", complaints.join("\n\n")));
    }
    println!("{files} files and {commands} commands are as the documentation says");
    Ok(())
}

fn pages() -> Result<Vec<PathBuf>, String> {
    let list = output(program("git", ["ls-files", "--cached", "--others", "--exclude-standard", "README.md", "docs"]))?;
    let pages = list.lines().filter(|path| path.ends_with(".md")).map(|path| root().join(path));
    Ok(pages.filter(|path| path.is_file()).collect())
}

fn folder_of(page: &Path) -> Result<PathBuf, String> {
    let stem = page.file_stem().unwrap_or_default();
    let folder = kept("documentation").join(stem);
    project::fresh_copy(&folder)?;
    Ok(folder)
}

struct Page<'a> {
    folder: PathBuf,
    groma: &'a Path,
    name: String,
    served: Option<Served>,
    complaints: &'a mut Vec<String>,
}

impl Page<'_> {
    /// Writes the file that a fence is, and validates an environment. Whether it is one.
    fn file(&mut self, fence: &Fence<'_>) -> Result<bool, String> {
        let Some(path) = fence.lines.first().and_then(|(_, line)| project_path(line)) else { return Ok(false) };
        let target = self.folder.join(path);
        let text: String = fence.lines.iter().map(|(_, line)| format!("{line}\n")).collect();
        let parent = target.parent().ok_or("a file without a folder")?;
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&target, text))
            .map_err(|error| format!("cannot write {}: {error}", target.display()))?;
        let environment = path.strip_prefix("environments/").and_then(|rest| rest.strip_suffix(".toml"));
        let environment = environment.filter(|name| !name.contains('/') && !name.ends_with(".vars"));
        if let Some(environment) = environment {
            let line = format!("groma validate {environment}");
            self.command(fence.start, &line, 0, &[])?;
        }
        Ok(true)
    }

    /// Runs the commands of a fence; how many there are.
    fn session(&mut self, fence: &Fence<'_>) -> Result<usize, String> {
        let exit = fence.info.split_whitespace().find_map(|word| word.strip_prefix("exit="));
        let exit = exit.map_or(Ok(0), str::parse).map_err(|_| format!("{}: exit= is no number", self.name))?;
        if fence.info.split_whitespace().any(|word| word == "served") && self.served.is_none() {
            self.served = Some(Served::start(self.groma, &self.folder)?);
        }
        let starts: Vec<usize> = (0..fence.lines.len()).filter(|at| fence.lines[*at].1.starts_with("$ ")).collect();
        let mut run = 0;
        for (index, start) in starts.iter().enumerate() {
            let end = starts.get(index + 1).copied().unwrap_or(fence.lines.len());
            let (number, line) = fence.lines[*start];
            let line = line.trim_start_matches("$ ");
            if line.starts_with("groma ") || line.starts_with("rm -r .groma/") {
                let expected: Vec<&str> = fence.lines[start + 1..end].iter().map(|(_, line)| *line).collect();
                self.command(number, line, exit, &expected)?;
                run += 1;
            }
        }
        Ok(run)
    }

    fn command(&mut self, number: usize, line: &str, exit: i32, expected: &[&str]) -> Result<(), String> {
        let line = approved(line);
        let mut shell = program("sh", ["-c"]);
        let folder = self.groma.parent().ok_or("groma lies in no folder")?;
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path));
        shell.arg(format!("{line} 2>&1")).current_dir(&self.folder).stdin(std::process::Stdio::null());
        shell.env("PATH", std::env::join_paths(folders).map_err(|error| error.to_string())?).env("COLUMNS", "80");
        shell.envs(self.served.iter().flat_map(Served::environment));
        let done = shell.output().map_err(|error| format!("cannot run `{line}`: {error}"))?;
        let printed = String::from_utf8_lossy(&done.stdout).into_owned();
        let place = format!("{}:{number}: `{line}`", self.name);
        if done.status.code() != Some(exit) {
            self.complaints.push(format!("{place} ended with {:?}, not {exit}:\n{printed}", done.status.code()));
        } else if !expected.is_empty() && !matches(expected, &printed.lines().collect::<Vec<_>>()) {
            self.complaints.push(format!("{place} printed:\n{printed}\nnot:\n{}", expected.join("\n")));
        }
        Ok(())
    }
}

/// A reader confirms; here nobody can be asked.
fn approved(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().skip(1).collect();
    let asks = match words[..] {
        ["state", verb, ..] => ["recover", "migrate"].contains(&verb),
        [verb, ..] => ["apply", "destroy", "import", "rollout", "unlock"].contains(&verb),
        [] => false,
    };
    if asks && !line.contains("--auto-approve") && !line.contains("--check") {
        format!("{line} --auto-approve")
    } else {
        line.to_owned()
    }
}

/// `# environments/dev.toml` → the path.
fn project_path(line: &str) -> Option<&str> {
    let path = line.strip_prefix("# ")?.trim();
    let inside = path.starts_with("environments/") || path.starts_with("modules/");
    (inside && path.ends_with(".toml") && !path.contains([' ', ':'])).then_some(path)
}

/// A part between ```` ``` ````.
struct Fence<'a> {
    info: &'a str,
    /// The number of its first line.
    start: usize,
    /// With their numbers.
    lines: Vec<(usize, &'a str)>,
}

impl Fence<'_> {
    fn language(&self) -> &str {
        self.info.split_whitespace().next().unwrap_or_default()
    }
}

fn fences(text: &str) -> Vec<Fence<'_>> {
    let mut found = Vec::new();
    let mut open: Option<Fence<'_>> = None;
    for (index, line) in text.lines().enumerate() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some(info), None) => open = Some(Fence { info, start: index + 1, lines: Vec::new() }),
            (None, Some(fence)) => fence.lines.push((index + 1, line)),
            (None, None) => {}
        }
    }
    found
}

/// Whether lines are as expected; `...` stands for any lines.
fn matches(expected: &[&str], printed: &[&str]) -> bool {
    match expected.split_first() {
        None => printed.iter().all(|line| line.trim().is_empty()),
        Some((&"...", rest)) => (0..=printed.len()).any(|skipped| matches(rest, &printed[skipped..])),
        Some((first, rest)) => printed
            .split_first()
            .is_some_and(|(line, others)| line_matches(first.trim_end(), line.trim_end()) && matches(rest, others)),
    }
}

/// `[..]` stands for anything.
fn line_matches(expected: &str, line: &str) -> bool {
    match expected.split_once("[..]") {
        None => expected == line,
        Some((before, after)) => line.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices().map(|(at, _)| at).chain([rest.len()]).any(|at| line_matches(after, &rest[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{approved, line_matches, matches, project_path};

    #[test]
    fn lines_are_compared_with_what_may_differ() {
        assert!(matches(&["a", "...", "b [..]s", "c"], &["a", "x", "y", "b 12 ms", "c"]));
        assert!(matches(&["a", "..."], &["a"]));
        assert!(!matches(&["a", "c"], &["a", "b", "c"]));
        assert!(!matches(&["a"], &["a", "b"]));
        assert!(line_matches("id [..], [..] ms", "id é7, 3 ms"));
        assert!(!line_matches("id [..]x", "id 7"));
    }

    #[test]
    fn readers_confirm() {
        assert_eq!(approved("groma apply dev --local"), "groma apply dev --local --auto-approve");
        assert_eq!(approved("groma destroy dev --check"), "groma destroy dev --check");
        assert_eq!(approved("groma plan dev"), "groma plan dev");
        assert_eq!(approved("groma state migrate dev"), "groma state migrate dev --auto-approve");
    }

    #[test]
    fn files_say_where_they_stand() {
        assert_eq!(project_path("# environments/dev.toml"), Some("environments/dev.toml"));
        assert_eq!(project_path("# modules/web/main.toml"), Some("modules/web/main.toml"));
        assert_eq!(project_path("# what environments/dev.toml says"), None);
    }
}
