//! Ctrl-C and SIGTERM: the first ends the run orderly, the second at once.
//!
//! CI cancels a job with SIGINT, sends SIGTERM 7.5 s later and SIGKILL 2.5 s after that (GitHub Actions): the first window is
//! for what is in flight and for the lock, the second for the lock alone, and nothing depends on the third.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    thread,
    time::Duration,
};

use executor::Stop;
use tokio::signal::unix::{SignalKind, signal};

use crate::{exit::Exit, out::Out};

/// Listens in a thread of its own: a run that waits for its journal to be written hears nothing.
pub(crate) struct Signals {
    pub(crate) stop: Stop,
    seen: Arc<AtomicU8>,
}

const INTERRUPT: u8 = 1;
const TERMINATE: u8 = 2;

/// How long a run that is told to stop at once may take to give its lock back.
const LAST_WORDS: Duration = Duration::from_secs(2);

impl Signals {
    /// Listens until the process ends.
    ///
    /// # Errors
    /// The system gives no thread or no handler.
    pub(crate) fn listen(out: &Out) -> io::Result<Self> {
        let signals = Self { stop: Stop::default(), seen: Arc::new(AtomicU8::new(0)) };
        let (stop, seen, out) = (signals.stop.clone(), Arc::clone(&signals.seen), out.clone());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (mut interrupts, mut terminations) = {
            let _entered = runtime.enter();
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
        };
        let hear = move || {
            runtime.block_on(async {
                loop {
                    let which = tokio::select! {
                        _ = interrupts.recv() => INTERRUPT,
                        _ = terminations.recv() => TERMINATE,
                    };
                    seen.store(which, Ordering::Relaxed);
                    if stop.dispatch.is_cancelled() {
                        stop.now.cancel();
                        tokio::time::sleep(LAST_WORDS).await;
                        end(which);
                    }
                    out.progress("Stopping: what is in flight is finished and recorded. Once more stops at once.");
                    stop.dispatch.cancel();
                }
            });
        };
        thread::Builder::new().name("signals".to_owned()).spawn(hear)?;
        Ok(signals)
    }

    /// The exit code of the signal that came, if one did.
    pub(crate) fn exit(&self) -> Option<Exit> {
        exit_of(self.seen.load(Ordering::Relaxed))
    }
}

fn exit_of(seen: u8) -> Option<Exit> {
    match seen {
        INTERRUPT => Some(Exit::Interrupted),
        TERMINATE => Some(Exit::Terminated),
        _ => None,
    }
}

/// Ends a process that hangs: in an answer of a disk or of the service that keeps the state. The journal covers it.
#[expect(clippy::exit, reason = "the main thread does not hear that it is to end")]
fn end(which: u8) {
    std::process::exit(i32::from(exit_of(which).map_or(1, Exit::code)));
}
