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
    Trouble, World,
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

/// The world behind all types.
#[derive(Default)]
pub(super) struct Shared {
    world: Mutex<World>,
    stopped: AtomicWaker,
    watch: Mutex<Option<Watch>>,
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
        let shared = Arc::new(Shared::default());
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

    /// One mutating call with whatever trouble is planned for it.
    pub(super) async fn mutate(
        &self,
        operation: &str,
        effect: impl FnOnce(&mut World) -> Result<Sent, Failure>,
    ) -> Result<Sent, Failure> {
        if let Some(watch) = &*self.watch.lock().unwrap_or_else(PoisonError::into_inner) {
            watch(operation);
        }
        let fail = |kind, code: &str| {
            Err(Failure { code: Some(code.to_owned()), ..Failure::new(kind, operation, "as the test wants it") })
        };
        let trouble = {
            let mut world = self.world();
            world.calls += 1;
            let call = world.calls;
            if world.stopped { Some(Trouble::StopBefore) } else { world.troubles.get(&call).copied() }
        };
        match trouble {
            None => effect(&mut self.world()),
            Some(Trouble::Throttled) => fail(FailureKind::Throttled, "TooManyRequests"),
            Some(Trouble::Refused) => fail(FailureKind::Refused, "NoLuck"),
            Some(Trouble::Passing) => fail(FailureKind::Refused, "NotYet"),
            Some(Trouble::TooNew) => fail(FailureKind::Refused, "TooNew"),
            Some(Trouble::Expired) => fail(FailureKind::Credentials, "ExpiredToken"),
            Some(Trouble::LostBefore) => fail(FailureKind::Unanswered, "ServiceUnavailable"),
            Some(Trouble::LostAfter) => {
                let _ = effect(&mut self.world());
                fail(FailureKind::Unanswered, "ServiceUnavailable")
            }
            Some(Trouble::StopBefore) => self.stop().await,
            Some(Trouble::StopAfter) => {
                let _ = effect(&mut self.world());
                self.stop().await
            }
        }
    }

    async fn stop<T>(&self) -> T {
        self.world().stopped = true;
        self.stopped.wake();
        pending().await
    }
}
