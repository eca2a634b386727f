//! Groma as a process of its own: started, watched, interrupted, killed.

#![expect(
    clippy::disallowed_methods,
    reason = "a test asks the environment how much it is to try, and looks at a process"
)]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::project::binary;

/// How fast all clocks run: six minutes take about a second, and a timeout of twenty minutes four.
pub const SPEED: &str = "300";

/// Whether everything is to be tried, however long it takes: `GROMA_KILLS=all`.
pub fn all_asked() -> bool {
    std::env::var("GROMA_KILLS").is_ok_and(|asked| asked == "all")
}

/// What a run said, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Nothing where a signal has ended it.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Said {
    /// What it printed.
    ///
    /// # Panics
    /// When it ended otherwise.
    #[track_caller]
    pub fn ended(self, code: i32) -> String {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        self.out
    }

    /// It has ended so, and its problems hold these words.
    ///
    /// # Panics
    /// When it ended otherwise, or did not say so.
    #[track_caller]
    pub fn told(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        for words in words {
            assert!(self.err.contains(words), "`{words}` is not in: {}", self.err);
        }
    }
}

/// Groma in a folder, with nothing of this machine's account or settings.
pub fn plain(folder: &Path) -> Command {
    let mut command = Command::new(binary());
    command.env_clear().env("HOME", folder).env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_ACCESS_KEY_ID", "123456789012").env("AWS_SECRET_ACCESS_KEY", "local");
    command.env("USER", "surveyor");
    command.env("CHATBOT_DB_PASSWORD", "correct-horse-battery").env("CHATBOT_AUTH_SECRET", "another-horse-battery");
    command.args(["--no-input", "--color", "never", "-C"]).arg(folder);
    command
}

/// Runs it to its end.
///
/// # Panics
/// When it cannot start.
pub fn finish(command: &mut Command) -> Said {
    let output =
        command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// A run under way; what it says goes into files, so that no full pipe holds it up.
#[derive(Debug)]
pub struct Running {
    child: Child,
    words: TempDir,
}

impl Running {
    /// Starts it.
    ///
    /// # Panics
    /// When it cannot start.
    pub fn start(mut command: Command) -> Self {
        let words = tempfile::tempdir().expect("a folder can be made");
        let file = |name: &str| fs::File::create(words.path().join(name)).expect("a file can be made");
        command.stdin(Stdio::null()).stdout(file("out")).stderr(file("err"));
        Self { child: command.spawn().expect("groma starts"), words }
    }

    /// # Panics
    /// When the system cannot tell.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a child can be asked").is_some()
    }

    /// SIGKILL.
    ///
    /// # Panics
    /// When it cannot be killed.
    pub fn kill(&mut self) {
        self.child.kill().expect("a child can be killed");
        self.child.wait().expect("a child can be waited for");
    }

    /// Sends a signal by its name, `INT` or `TERM`.
    ///
    /// # Panics
    /// When it cannot be sent.
    pub fn signal(&self, name: &str) {
        let line = format!("kill -{name} {}", self.child.id());
        let sent = Command::new("sh").args(["-c", &line]).status().expect("there is a shell");
        assert!(sent.success(), "{line}");
    }

    /// What it has said so far on standard error.
    ///
    /// # Panics
    /// When that is no text.
    pub fn progress(&self) -> String {
        fs::read_to_string(self.words.path().join("err")).expect("it is text")
    }

    /// Waits until it has said something on standard error.
    ///
    /// # Panics
    /// When it ends without.
    pub fn wait_for(&mut self, words: &str) {
        while !self.progress().contains(words) {
            assert!(!self.has_ended(), "it has ended and never said `{words}`: {}", self.progress());
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When the system cannot tell.
    pub fn wait(&mut self) -> Said {
        let status = self.child.wait().expect("a child can be waited for");
        let text = |name: &str| fs::read_to_string(self.words.path().join(name)).expect("it is text");
        Said { code: status.code(), out: text("out"), err: text("err") }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended already is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
