//! What all steps of one run share, and the one step's view of it.

use std::{
    collections::BTreeMap,
    future::poll_fn,
    sync::{Mutex, MutexGuard, PoisonError, atomic::AtomicBool, atomic::Ordering},
    task::Poll,
    time::Duration,
};

use futures::future::{Either, select};
use model::{
    Address, Change, Plan, Schema,
    fault::{Fault, is_planted},
};
use provider::{AnyResource, Failure, FailureKind, Place};
use store::{Answer, Intent, StoreError};
use tokio_util::sync::CancellationToken;

use crate::{
    Context, Event, Left, OnFailure, Problem, Stopped,
    facts::Facts,
    limits::{Slot, Slots, service},
};

/// Why a step does not go on.
#[derive(Debug)]
pub(crate) enum Halt {
    Problem(Problem),
    Left(Left),
}

pub(crate) type Step<T = ()> = Result<T, Halt>;

impl<P: Into<Problem>> From<P> for Halt {
    fn from(problem: P) -> Self {
        Self::Problem(problem.into())
    }
}

/// One carrying out of one plan.
pub(crate) struct Run<'a> {
    pub(crate) context: Context<'a>,
    pub(crate) plan: &'a Plan,
    pub(crate) slots: Slots,
    pub(crate) facts: Facts,
    emit: &'a (dyn Fn(Event) + Sync),
    /// When each resource was last changed: some refusals pass only while that is fresh.
    changed: Mutex<BTreeMap<Address, Duration>>,
    stopped: Mutex<Option<Stopped>>,
    /// Cancelled: waits are left to the next run.
    leave: CancellationToken,
}

impl<'a> Run<'a> {
    pub(crate) fn new(context: Context<'a>, plan: &'a Plan, facts: Facts, emit: &'a (dyn Fn(Event) + Sync)) -> Self {
        let recent = context.ledger.recent();
        let changed = recent.into_iter().map(|(address, at)| (address, Duration::from_secs(at))).collect();
        Self {
            context,
            plan,
            slots: Slots::new(&context.options),
            facts,
            emit,
            changed: Mutex::new(changed),
            stopped: Mutex::default(),
            leave: context.stop.dispatch.child_token(),
        }
    }

    pub(crate) fn emit(&self, event: Event) {
        (self.emit)(event);
    }

    /// Why nothing new is started, if so.
    pub(crate) fn stopped(&self) -> Option<Stopped> {
        let mut stopped = lock(&self.stopped);
        if stopped.is_none() && self.context.stop.dispatch.is_cancelled() {
            *stopped = Some(Stopped::Interrupted);
            self.emit(Event::Stopping { because: Stopped::Interrupted });
        }
        stopped.clone()
    }

    /// Starts nothing new. Unless the run ends for a failed resource alone, waits are left too.
    pub(crate) fn stop(&self, because: Stopped) {
        if self.stopped().is_none() {
            *lock(&self.stopped) = Some(because.clone());
            self.emit(Event::Stopping { because: because.clone() });
        }
        if because != Stopped::Failed {
            self.leave.cancel();
        }
    }

    /// Whether a step that is under way should go no further.
    pub(crate) fn is_leaving(&self) -> bool {
        self.leave.is_cancelled()
    }

    /// What a failed step means for the rest.
    pub(crate) fn heed(&self, problem: &Problem) {
        match problem {
            Problem::Call(failure) | Problem::Unknown(failure) if failure.kind == FailureKind::Credentials => {
                self.stop(Stopped::Credentials(Box::new(failure.clone())));
            }
            Problem::Store { message, .. } => self.stop(Stopped::Store(message.clone())),
            Problem::Fenced { message, .. } => self.stop(Stopped::Fenced(message.clone())),
            _ if self.context.options.on_failure == OnFailure::Stop => self.stop(Stopped::Failed),
            _ => {}
        }
    }

    pub(crate) fn now(&self) -> Duration {
        self.context.clock.now()
    }

    /// Waits, unless the run is to end.
    pub(crate) async fn wait(&self, time: Duration, left: Left) -> Step {
        self.commit().await?;
        let cancelled = std::pin::pin!(self.leave.cancelled());
        match select(cancelled, self.context.clock.sleep(time)).await {
            Either::Left(_) => {
                self.stopped();
                Err(Halt::Left(left))
            }
            Either::Right(_) => Ok(()),
        }
    }

    pub(crate) fn mark_changed(&self, address: &Address) {
        lock(&self.changed).insert(address.clone(), self.now());
    }

    /// Whether something this resource depends on, however far away, was changed within the last five minutes.
    pub(crate) fn is_fresh(&self, change: &Change) -> bool {
        const FRESH: Duration = Duration::from_secs(300);
        let now = self.now();
        let changed = lock(&self.changed);
        let mut queue: Vec<&Address> = change.dependencies.iter().collect();
        let mut seen = std::collections::BTreeSet::new();
        while let Some(address) = queue.pop() {
            if changed.get(address).is_some_and(|at| now.saturating_sub(*at) <= FRESH) {
                return true;
            }
            if seen.insert(address) {
                queue.extend(self.plan.changes.get(address).into_iter().flat_map(|change| &change.dependencies));
            }
        }
        false
    }

    /// Puts an intent on disk, together with those that others announce in the same moment.
    async fn announce(&self, intent: Intent) -> Result<u64, StoreError> {
        let n = self.context.ledger.note_intent(intent)?;
        others_first().await;
        if !is_planted(Fault::SkippedIntent) {
            self.context.ledger.flush(n)?;
        }
        Ok(n)
    }

    /// Notes what came back. It is on disk before anybody waits, sends or is done; until then the intent alone covers it.
    pub(crate) fn answer(&self, answer: Answer) -> Step {
        Ok(self.context.ledger.note_answer(answer)?)
    }

    /// Puts what was noted on disk, together with what others note in the same moment.
    pub(crate) async fn commit(&self) -> Step {
        others_first().await;
        Ok(self.context.ledger.flush_all()?)
    }
}

/// One step under way.
pub(crate) struct Task<'r> {
    pub(crate) run: &'r Run<'r>,
    pub(crate) step: &'r model::plan::Step,
    pub(crate) change: &'r Change,
    pub(crate) resource: &'r dyn AnyResource,
    started: AtomicBool,
}

impl<'r> Task<'r> {
    /// Nothing when the provider does not know the type.
    pub(crate) fn new(run: &'r Run<'r>, step: &'r model::plan::Step, change: &'r Change) -> Step<Self> {
        let type_name = &change.address.type_name;
        let resource = run
            .context
            .provider
            .resource(type_name)
            .ok_or_else(|| Failure::new(FailureKind::Bug, type_name, "the provider has no verbs for this type"))?;
        Ok(Self { run, step, change, resource, started: AtomicBool::new(false) })
    }

    pub(crate) fn schema(&self) -> &'static Schema {
        self.resource.schema()
    }

    pub(crate) fn place(&self, region: &str) -> Place {
        self.run.context.place(region)
    }

    /// The service that all calls of this type go to, as far as limits are concerned.
    pub(crate) fn service(&self) -> &'static str {
        service(self.resource.create_operation().0)
    }

    pub(crate) async fn slot(&self) -> Slot {
        self.run.slots.take(self.service(), self.step.rank).await
    }

    /// Whether anything was sent for this step.
    pub(crate) fn left(&self) -> Left {
        if self.started.load(Ordering::SeqCst) { Left::Unfinished } else { Left::Untouched }
    }

    /// Waits, unless the run is to end.
    pub(crate) async fn wait(&self, time: Duration, word: &str, since: Duration) -> Step {
        let elapsed = milliseconds(self.run.now().saturating_sub(since));
        self.run.emit(Event::Waiting { address: self.change.address.clone(), word: word.to_owned(), elapsed });
        self.run.wait(time, self.left()).await
    }

    /// Journals the intent, then sends: from here on the call may have its effect whatever happens to us.
    pub(crate) async fn send<T>(
        &self,
        intent: Intent,
        does: &str,
        call: impl Future<Output = Result<T, Failure>>,
    ) -> Step<(u64, Result<T, Failure>)> {
        let slot = self.slot().await;
        let begun = self.started.load(Ordering::SeqCst);
        if self.run.is_leaving() || (!begun && self.run.stopped().is_some()) {
            return Err(Halt::Left(self.left()));
        }
        let (address, operation) = (intent.address.clone(), intent.operation.clone());
        let n = self.run.announce(intent).await?;
        self.run.context.ledger.ensure()?;
        self.start();
        self.run.emit(Event::Call { address: address.clone(), operation, does: does.to_owned() });
        let answer = call.await;
        drop(slot);
        match &answer {
            Ok(_) => {
                self.run.slots.succeeded(self.service());
                self.run.mark_changed(&address);
            }
            Err(failure) if failure.kind == FailureKind::Throttled => self.run.slots.throttled(self.service()),
            Err(_) => {}
        }
        Ok((n, answer))
    }

    fn start(&self) {
        if !self.started.swap(true, Ordering::SeqCst) {
            let Change { address, action, .. } = self.change;
            let phase = self.step.id.phase.clone();
            self.run.emit(Event::Started { address: address.clone(), phase, action: *action });
        }
    }
}

/// Lets every other step that can go on do so, once and in turn.
async fn others_first() {
    let mut waited = false;
    poll_fn(|context| {
        if std::mem::replace(&mut waited, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

pub(crate) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
