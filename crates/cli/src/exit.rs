//! Exit codes (`semantics.md` 7).

use std::process::ExitCode;

use store::Blame;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Done,
    /// The user's or the world's turn.
    Failed,
    /// Changes, drift or blockers, where that was asked for.
    Differences,
    /// Something must be brought by others before the rest can be done.
    Gate,
    /// Another run holds the lock.
    Locked,
    /// The command line cannot be carried out as it is.
    Usage,
    Bug,
    Interrupted,
    Terminated,
}

impl Exit {
    pub(crate) fn of_blame(blame: Blame) -> Self {
        match blame {
            Blame::User | Blame::World => Self::Failed,
            Blame::Locked => Self::Locked,
            Blame::Bug => Self::Bug,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Differences => 2,
            Exit::Gate => 3,
            Exit::Locked => 4,
            Exit::Usage => 64,
            Exit::Bug => 70,
            Exit::Interrupted => 130,
            Exit::Terminated => 143,
        })
    }
}

/// Prints help, version or what is wrong with the command line.
pub(crate) fn of_usage(error: &clap::Error) -> ExitCode {
    let asked = !error.use_stderr();
    // Nothing is left to do when even this cannot be printed.
    let _ = error.print();
    if asked { ExitCode::SUCCESS } else { Exit::Usage.into() }
}
