//! Ctrl-C and SIGTERM: the first ends the run orderly, the second at once.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use executor::Stop;
use tokio::signal::unix::{SignalKind, signal};

use crate::{exit::Exit, out::Out};

/// Listens until it is dropped.
pub(crate) struct Signals {
    pub(crate) stop: Stop,
    seen: Arc<AtomicU8>,
    task: tokio::task::JoinHandle<()>,
}

const INTERRUPT: u8 = 1;
const TERMINATE: u8 = 2;

impl Signals {
    pub(crate) fn listen(out: &Out) -> std::io::Result<Self> {
        let stop = Stop::default();
        let seen = Arc::new(AtomicU8::new(0));
        let mut interrupts = signal(SignalKind::interrupt())?;
        let mut terminations = signal(SignalKind::terminate())?;
        let (heard, marked, out) = (stop.clone(), Arc::clone(&seen), out.clone());
        let task = tokio::spawn(async move {
            loop {
                let which = tokio::select! {
                    _ = interrupts.recv() => INTERRUPT,
                    _ = terminations.recv() => TERMINATE,
                };
                marked.store(which, Ordering::Relaxed);
                if heard.dispatch.is_cancelled() {
                    heard.now.cancel();
                } else {
                    out.progress("Stopping: what is in flight is finished and recorded. Once more stops at once.");
                    heard.dispatch.cancel();
                }
            }
        });
        Ok(Self { stop, seen, task })
    }

    /// The exit code of the signal that came, if one did.
    pub(crate) fn exit(&self) -> Option<Exit> {
        match self.seen.load(Ordering::Relaxed) {
            INTERRUPT => Some(Exit::Interrupted),
            TERMINATE => Some(Exit::Terminated),
            _ => None,
        }
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.task.abort();
    }
}
