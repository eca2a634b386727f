//! A held lease stays held while its run waits, asks or thinks.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread::JoinHandle,
    time::Duration,
};

use crate::remote::{RemoteStore, lease::Held};

/// A thread that renews a lease until this is dropped.
pub(crate) struct Beat {
    /// Dropping it ends the thread's wait.
    end: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Beat {
    /// A renewal that fails is tried again with the next beat, and by whoever is about to send something: that one tells.
    pub(crate) fn start(store: RemoteStore, lease: Arc<Mutex<Held>>, every: Duration) -> std::io::Result<Self> {
        let (end, ended) = mpsc::channel();
        let beat = move || {
            while ended.recv_timeout(every) == Err(RecvTimeoutError::Timeout) {
                let _ = lease.lock().unwrap_or_else(PoisonError::into_inner).renew(&store);
            }
        };
        let thread = std::thread::Builder::new().name("heartbeat".to_owned()).spawn(beat)?;
        Ok(Self { end: Some(end), thread: Some(thread) })
    }
}

impl Drop for Beat {
    /// Waits for a renewal under way: one that came after the lease was given back would find it in other hands.
    fn drop(&mut self) {
        self.end = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
