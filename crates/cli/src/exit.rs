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

    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Differences => 2,
            Self::Gate => 3,
            Self::Locked => 4,
            Self::Usage => 64,
            Self::Bug => 70,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Prints help, version or what is wrong with the command line.
pub(crate) fn of_usage(error: &clap::Error) -> ExitCode {
    let asked = !error.use_stderr();
    // Nothing is left to do when even this cannot be printed.
    let _ = error.print();
    if asked { ExitCode::SUCCESS } else { Exit::Usage.into() }
}

/// From here on a panic, which only a mistake in groma brings about, ends the program at once, with words and a code of its own.
#[expect(clippy::exit, clippy::print_stderr, reason = "nothing can be trusted any more but what the journal holds")]
pub(crate) fn on_panic() {
    let words = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        words(panic);
        eprintln!(
            "error: a mistake in groma, please report it with the lines above\n |\n = help: nothing is lost: what was sent is in the journal, and the next run goes on from there"
        );
        std::process::exit(i32::from(Exit::Bug.code()));
    }));
}
