//! One process: its clock, its line to the cloud, its way to the store, and its end.

use std::{
    collections::BTreeMap,
    future::poll_fn,
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

use executor::Stop;
use futures::future::BoxFuture;
use provider::{
    Clock,
    sim::{Line, Request, Trouble},
};

use super::{
    laws,
    stage::{Stage, lock},
    stores::Home,
    story::{CallTrouble, Troubles},
};

/// More polls than any run needs.
const ENDLESS: usize = 200_000;

/// A run of the program, as far as others see it.
pub(crate) struct Process {
    pub(crate) stage: Arc<Stage>,
    pub(crate) home: Arc<Home>,
    /// Which of those that run at the same time.
    pub(crate) who: usize,
    /// Its name in the trace.
    pub(crate) letter: char,
    pub(crate) ahead: Duration,
    pub(crate) troubles: Troubles,
    pub(crate) stop: Stop,
    calls: AtomicUsize,
    reads: AtomicUsize,
    pub(crate) steps: AtomicUsize,
    ended: AtomicBool,
    sleepers: Mutex<BTreeMap<(Duration, usize), Waker>>,
    slept: AtomicUsize,
}

impl Process {
    pub(crate) fn new(
        stage: &Arc<Stage>,
        home: &Arc<Home>,
        who: usize,
        ahead: Duration,
        troubles: Troubles,
    ) -> Arc<Self> {
        Arc::new(Self {
            stage: Arc::clone(stage),
            home: Arc::clone(home),
            who,
            letter: ['a', 'b'][who % 2],
            ahead,
            troubles,
            stop: Stop::default(),
            calls: AtomicUsize::new(0),
            reads: AtomicUsize::new(0),
            steps: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
            sleepers: Mutex::default(),
            slept: AtomicUsize::new(0),
        })
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst)
    }

    /// From here on nothing that it does has any effect.
    pub(crate) fn end(&self) {
        if !self.ended.swap(true, Ordering::SeqCst) {
            self.stage.count("kills");
            self.note("killed");
        }
    }

    pub(crate) fn note(&self, words: &str) {
        self.stage.note(self.letter, words);
    }

    /// The machine stands still, or waits for an answer.
    pub(crate) fn pause(&self, time: Duration) {
        self.stage.wait(self.who, self.stage.now() + time);
    }

    /// Runs a future to its end or to the process's.
    pub(crate) fn drive<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let mut future = pin!(future);
        let flag = Arc::new(Flag::default());
        let waker = Waker::from(Arc::clone(&flag));
        for _ in 0..ENDLESS {
            if self.has_ended() {
                return None;
            }
            flag.0.store(false, Ordering::SeqCst);
            if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return (!self.has_ended()).then_some(value);
            }
            if self.has_ended() {
                return None;
            }
            if flag.0.load(Ordering::SeqCst) {
                self.pause(Duration::ZERO);
                continue;
            }
            let first = lock(&self.sleepers).keys().next().copied();
            let (until, _) = first.expect("a process that waits for nothing never ends");
            self.stage.wait(self.who, until);
            self.wake();
        }
        panic!("it goes on and on");
    }

    fn wake(&self) {
        let now = self.stage.now();
        let mut sleepers = lock(&self.sleepers);
        while let Some(entry) = sleepers.first_entry().filter(|entry| entry.key().0 <= now) {
            entry.remove().wake();
        }
    }

    async fn sleep_for(&self, time: Duration) {
        let place = (self.stage.now() + time, self.slept.fetch_add(1, Ordering::SeqCst));
        let _place = Place { process: self, place };
        poll_fn(|context| {
            if self.stage.now() >= place.0 {
                return Poll::Ready(());
            }
            lock(&self.sleepers).insert(place, context.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// A sleeper that is dropped wakes nobody.
struct Place<'p> {
    process: &'p Process,
    place: (Duration, usize),
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        lock(&self.process.sleepers).remove(&self.place);
    }
}

/// A process's own clock, which may be wrong.
pub(crate) struct Watch(pub(crate) Arc<Process>);

impl Clock for Watch {
    fn now(&self) -> Duration {
        self.0.stage.now() + self.0.ahead
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(self.0.sleep_for(time))
    }
}

/// A process's line to the cloud.
pub(crate) struct Wire(pub(crate) Arc<Process>);

impl Wire {
    fn mutation(&self, request: Request<'_>) -> Option<Trouble> {
        let process = &self.0;
        let number = process.calls.fetch_add(1, Ordering::SeqCst) + 1;
        process.stage.count("mutating calls");
        laws::may_be_sent(process, request);
        match process.troubles.calls.get(&number) {
            Some(CallTrouble::Cloud(trouble)) => Some(*trouble),
            Some(CallTrouble::Interrupt) => {
                process.stop.dispatch.cancel();
                None
            }
            Some(CallTrouble::Drop) => {
                process.stop.now.cancel();
                None
            }
            None => None,
        }
    }

    fn read(&self) -> Option<Trouble> {
        let number = self.0.reads.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.troubles.reads.get(&number).copied()
    }
}

impl Line for Wire {
    fn there(&self, request: Request<'_>) -> Option<Trouble> {
        let process = &self.0;
        if process.has_ended() {
            return Some(Trouble::StopBefore);
        }
        let trouble = if request.mutates { self.mutation(request) } else { self.read() };
        let told = trouble.map(|trouble| format!(" {trouble:?}")).unwrap_or_default();
        process.note(&format!("{} {}{told}", request.operation, request.subject));
        match trouble {
            Some(Trouble::StopBefore | Trouble::StopAfter) => process.end(),
            Some(Trouble::Throttled) => process.stage.count("throttles"),
            Some(Trouble::LostBefore | Trouble::LostAfter) => process.stage.count("lost answers"),
            Some(_) => process.stage.count("other refusals"),
            None => {}
        }
        trouble
    }

    fn back<'a>(&'a self, request: Request<'a>) -> BoxFuture<'a, ()> {
        let most = if request.mutates { 2000 } else { 300 };
        let time = Duration::from_millis(20 + self.0.stage.roll(most) as u64);
        Box::pin(self.0.sleep_for(time))
    }
}
