//! What may have to wait for another run's lock, and may be interrupted before it has begun.

use std::time::{Duration, Instant};

use futures::future::{Either, select};
use store::StoreError;

use crate::{exit::Exit, out::Out, session::Session};

/// How often a lock is asked for.
const BETWEEN: Duration = Duration::from_secs(2);

/// Tries until the lock is free, as long as `--lock-timeout` says. The first signal ends it, and gives back what it holds.
pub(crate) async fn patiently<T>(
    session: &Session,
    out: &Out,
    attempt: impl AsyncFn() -> Result<T, engine::Error>,
) -> Result<T, Exit> {
    let signals = session.signals(out)?;
    let interrupted = || signals.exit().unwrap_or(Exit::Interrupted);
    let until = Instant::now() + session.lock_timeout;
    let mut told = false;
    loop {
        let cancelled = std::pin::pin!(signals.stop.dispatch.cancelled());
        let error = match select(cancelled, std::pin::pin!(attempt())).await {
            Either::Left(_) => return Err(interrupted()),
            Either::Right((Ok(done), _)) => return Ok(done),
            Either::Right((Err(error), _)) => error,
        };
        let engine::Error::Store(StoreError::Locked { holder, left }) = &error else {
            return Err(session.tell(out, error));
        };
        let patience = until.saturating_duration_since(Instant::now());
        if patience.is_zero() {
            return Err(session.tell(out, error));
        }
        if !std::mem::replace(&mut told, true) {
            let ends = left.map(|left| format!("; its lease ends in {} s unless it is renewed", left.as_secs()));
            out.progress(&format!("Waiting for {holder}{}.", ends.unwrap_or_default()));
        }
        let cancelled = std::pin::pin!(signals.stop.dispatch.cancelled());
        let pause = std::pin::pin!(tokio::time::sleep(BETWEEN.div_f64(session.clock.speed()).min(patience)));
        if let Either::Left(_) = select(cancelled, pause).await {
            return Err(interrupted());
        }
    }
}
