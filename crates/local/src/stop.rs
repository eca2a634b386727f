//! The gates of a stopped cloud and of hanging calls: who waits before one waits until somebody releases it.

use std::fs;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, PoisonError};

use crate::cloud::Lost;

/// Open, or closed by a stop. A file stands in the cloud's folder while it is closed.
#[derive(Debug)]
pub(crate) struct Gate {
    signal: PathBuf,
    closed: Mutex<bool>,
    released: Condvar,
}

impl Gate {
    pub(crate) fn new(signal: PathBuf) -> Self {
        Self { signal, closed: Mutex::new(false), released: Condvar::new() }
    }

    /// Closes the gate and says in its file at which call.
    pub(crate) fn stop(&self, call: &str) {
        *self.closed.lock().unwrap_or_else(PoisonError::into_inner) = true;
        // Written aside and renamed, so that a reader never sees half a line.
        let aside = self.signal.with_extension("new");
        let written = fs::write(&aside, format!("{call}\n")).and_then(|()| fs::rename(&aside, &self.signal));
        if written.is_err() {
            self.release();
        }
    }

    /// Waits while the gate is closed; who had to wait is lost.
    pub(crate) fn pass(&self) -> Result<(), Lost> {
        let closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        if !*closed {
            return Ok(());
        }
        drop(self.released.wait_while(closed, |closed| *closed).unwrap_or_else(PoisonError::into_inner));
        Err(Lost)
    }

    pub(crate) fn release(&self) {
        *self.closed.lock().unwrap_or_else(PoisonError::into_inner) = false;
        // Nothing to remove is as good as removed.
        let _ = fs::remove_file(&self.signal);
        self.released.notify_all();
    }
}
