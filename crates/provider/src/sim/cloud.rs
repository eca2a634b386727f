//! The simulated cloud as a provider.

use std::{
    collections::BTreeMap,
    future::{pending, poll_fn},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Poll,
};

use futures::{future::BoxFuture, task::AtomicWaker};
use model::Schemas;

use super::{
    Line, Request, Trouble, World,
    kinds::{Habit, Member, Named, Parts, Revision, Slow, Tokened},
    lookup::{LOOKUP, Lookup},
    verbs::Sim,
};
use crate::{AnyData, AnyResource, Failure, FailureKind, Identity, Provider, Sent, data::BoundData, erased::Bound};

/// A cloud in memory.
pub struct SimCloud {
    schemas: Schemas,
    resources: BTreeMap<&'static str, Box<dyn AnyResource>>,
    lookup: Box<dyn AnyData>,
    shared: Arc<Shared>,
}

type Watch = Box<dyn Fn(&str) + Send + Sync>;

/// The world behind all types, and one client's way to it.
#[derive(Default)]
pub(super) struct Shared {
    world: Arc<Mutex<World>>,
    stopped: AtomicWaker,
    watch: Mutex<Option<Watch>>,
    line: Option<Box<dyn Line>>,
}

/// Whose cloud it is.
pub fn identity() -> Identity {
    Identity {
        account: "123456789012".to_owned(),
        arn: "arn:sim:iam::123456789012:user/test".to_owned(),
        partition: "sim".to_owned(),
    }
}

impl Default for SimCloud {
    fn default() -> Self {
        Self::new()
    }
}

impl SimCloud {
    /// An empty cloud.
    pub fn new() -> Self {
        Self::of(Shared::default())
    }

    /// Another client's view of the same cloud, over a line of its own.
    #[must_use]
    pub fn over(&self, line: impl Line + 'static) -> Self {
        Self::of(Shared { world: Arc::clone(&self.shared.world), line: Some(Box::new(line)), ..Shared::default() })
    }

    fn of(shared: Shared) -> Self {
        let shared = Arc::new(shared);
        let mut schemas = Schemas::default();
        let mut resources: BTreeMap<&'static str, Box<dyn AnyResource>> = BTreeMap::new();
        add::<Named>(&mut schemas, &mut resources, &shared);
        add::<Tokened>(&mut schemas, &mut resources, &shared);
        add::<Member>(&mut schemas, &mut resources, &shared);
        add::<Revision>(&mut schemas, &mut resources, &shared);
        add::<Slow>(&mut schemas, &mut resources, &shared);
        add::<Parts>(&mut schemas, &mut resources, &shared);
        schemas.data.insert(LOOKUP.name, &LOOKUP);
        let lookup = Box::new(BoundData::<Lookup>::new(Arc::clone(&shared)));
        Self { schemas, resources, lookup, shared }
    }

    /// The same, with trouble at the nth mutating call, counted from one.
    #[must_use]
    pub fn with_trouble(self, call: u64, trouble: Trouble) -> Self {
        self.world().troubles.insert(call, trouble);
        self
    }

    /// What exists; also for tests that change things behind everybody's back.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world()
    }

    /// Calls this with the operation of each mutating call, before its effect.
    pub fn watch(&self, watch: impl Fn(&str) + Send + Sync + 'static) {
        *self.shared.watch.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(watch));
    }

    /// Ends when the process has ended by [`Trouble::StopBefore`] or [`Trouble::StopAfter`].
    pub async fn stopped(&self) {
        poll_fn(|context| {
            self.shared.stopped.register(context.waker());
            if self.world().stopped { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    /// A new process begins over the same world, without further trouble.
    pub fn restart(&self) {
        let mut world = self.world();
        world.stopped = false;
        world.troubles.clear();
    }
}

fn add<H: Habit>(
    schemas: &mut Schemas,
    resources: &mut BTreeMap<&'static str, Box<dyn AnyResource>>,
    shared: &Arc<Shared>,
) {
    schemas.resources.insert(H::SCHEMA.name, H::SCHEMA);
    resources.insert(H::SCHEMA.name, Box::new(Bound::<Sim<H>>::new(Arc::clone(shared))));
}

impl Provider for SimCloud {
    fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    fn resource(&self, type_name: &str) -> Option<&dyn AnyResource> {
        self.resources.get(type_name).map(|resource| &**resource)
    }

    fn data(&self, type_name: &str) -> Option<&dyn AnyData> {
        (type_name == LOOKUP.name).then_some(&*self.lookup)
    }

    fn identity(&self) -> BoxFuture<'_, Result<Identity, Failure>> {
        Box::pin(std::future::ready(Ok(identity())))
    }
}

impl Shared {
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One read, as far as the line lets it through.
    pub(super) async fn ask(&self, operation: &str, subject: &str) -> Result<(), Failure> {
        let Some(line) = &self.line else { return Ok(()) };
        let request = Request { operation, subject, mutates: false };
        let trouble = line.there(request);
        if matches!(trouble, Some(Trouble::StopBefore | Trouble::StopAfter)) {
            return pending().await;
        }
        line.back(request).await;
        trouble.map_or(Ok(()), |trouble| Err(failure(trouble, operation)))
    }

    /// One mutating call with whatever trouble is planned for it. `subject`: the token of a create, else the id.
    pub(super) async fn mutate(
        &self,
        operation: &str,
        subject: &str,
        effect: impl FnOnce(&mut World) -> Result<Sent, Failure>,
    ) -> Result<Sent, Failure> {
        let Some(line) = &self.line else { return self.troubled(operation, effect).await };
        let request = Request { operation, subject, mutates: true };
        let trouble = line.there(request);
        let answer = match trouble {
            None => effect(&mut self.world()),
            Some(Trouble::StopBefore) => return pending().await,
            Some(trouble @ (Trouble::LostAfter | Trouble::StopAfter)) => {
                let _ = effect(&mut self.world());
                Err(failure(trouble, operation))
            }
            Some(trouble) => Err(failure(trouble, operation)),
        };
        line.back(request).await;
        if trouble == Some(Trouble::StopAfter) {
            return pending().await;
        }
        answer
    }

    /// As [`Self::mutate`], with the trouble that the world itself holds for its nth call.
    async fn troubled(
        &self,
        operation: &str,
        effect: impl FnOnce(&mut World) -> Result<Sent, Failure>,
    ) -> Result<Sent, Failure> {
        if let Some(watch) = &*self.watch.lock().unwrap_or_else(PoisonError::into_inner) {
            watch(operation);
        }
        let trouble = {
            let mut world = self.world();
            world.calls += 1;
            let call = world.calls;
            if world.stopped { Some(Trouble::StopBefore) } else { world.troubles.get(&call).copied() }
        };
        match trouble {
            None => effect(&mut self.world()),
            Some(trouble @ Trouble::LostAfter) => {
                let _ = effect(&mut self.world());
                Err(failure(trouble, operation))
            }
            Some(Trouble::StopBefore) => self.stop().await,
            Some(Trouble::StopAfter) => {
                let _ = effect(&mut self.world());
                self.stop().await
            }
            Some(trouble) => Err(failure(trouble, operation)),
        }
    }

    async fn stop<T>(&self) -> T {
        self.world().stopped = true;
        self.stopped.wake();
        pending().await
    }
}

/// What the client hears of a trouble.
fn failure(trouble: Trouble, operation: &str) -> Failure {
    let (kind, code) = match trouble {
        Trouble::Throttled => (FailureKind::Throttled, "TooManyRequests"),
        Trouble::Refused => (FailureKind::Refused, "NoLuck"),
        Trouble::Passing => (FailureKind::Refused, "NotYet"),
        Trouble::TooNew => (FailureKind::Refused, "TooNew"),
        Trouble::Expired => (FailureKind::Credentials, "ExpiredToken"),
        Trouble::Unreachable => (FailureKind::Unreachable, "ConnectionRefused"),
        Trouble::LostBefore | Trouble::LostAfter | Trouble::StopBefore | Trouble::StopAfter => {
            (FailureKind::Unanswered, "ServiceUnavailable")
        }
    };
    Failure { code: Some(code.to_owned()), ..Failure::new(kind, operation, "as the test wants it") }
}
