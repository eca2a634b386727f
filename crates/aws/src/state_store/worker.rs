//! Requests that their caller waits for in a plain function.

use std::{io, sync::mpsc};

use store::remote::ObjectError;
use tokio::runtime::{Builder, Runtime};

/// A thread that sends requests for others, who wait.
pub(super) struct Worker(Option<Runtime>);

impl Worker {
    pub(super) fn start() -> io::Result<Self> {
        Builder::new_multi_thread().worker_threads(1).thread_name("state").enable_all().build().map(|it| Self(Some(it)))
    }

    /// Runs it to its end, in the worker's thread.
    pub(super) fn wait<T: Send + 'static>(
        &self,
        request: impl Future<Output = Result<T, ObjectError>> + Send + 'static,
    ) -> Result<T, ObjectError> {
        let (answers, answer) = mpsc::sync_channel(1);
        if let Some(runtime) = &self.0 {
            runtime.spawn(async move {
                // Whoever asked waits for it.
                let _ = answers.send(request.await);
            });
        }
        answer.recv().unwrap_or_else(|_| Err(ObjectError::Other { reason: "the request was dropped".to_owned() }))
    }
}

impl Drop for Worker {
    /// In a run's own runtime nobody may wait for another to end.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
