//! Resource types with their argument structs forgotten, so that one engine serves all.

use std::{collections::BTreeMap, marker::PhantomData, sync::Arc};

use futures::future::BoxFuture;
use model::{Live, Schema, Value, schema::Finding};

use crate::{
    Blocker, Call, Failure, FailureKind, Gate, Goal, Intent, LogLine, Place, Proposal, Resource, Retry, RetryClass,
    Sent, Settled, Token, Want,
};

/// What is wanted, before it is typed.
pub type Wanted = Want<BTreeMap<String, Value>>;

/// A wanted value bound to its type's argument struct, so that `next` can be asked many times without parsing again.
pub trait TypedWant: Send + Sync {
    fn create<'a>(&'a self, place: &'a Place, token: &'a Token) -> BoxFuture<'a, Result<Sent, Failure>>;

    fn next<'a>(&'a self, place: &'a Place, live: &'a Live) -> Option<Call<'a>>;
}

/// A [`Resource`] behind a client.
pub trait AnyResource: Send + Sync {
    fn schema(&self) -> &'static Schema;
    /// The operation that creates, with its retry class.
    fn create_operation(&self) -> (&'static str, RetryClass);
    fn delete_operation(&self) -> &'static str;
    fn retries(&self) -> &'static [Retry];
    /// Seconds.
    fn consistency_window(&self) -> u64;
    /// Whether it has deployments and logs of its own.
    fn runs(&self) -> bool;

    /// Checks the wanted values into the type's argument struct.
    ///
    /// # Errors
    /// A failure of kind `Bug` when they do not fit: validation should have refused them.
    fn want(&self, wanted: Wanted) -> Result<Box<dyn TypedWant + '_>, Failure>;

    fn settle<'a>(
        &'a self,
        place: &'a Place,
        id: &'a str,
        operation: Option<&'a str>,
        goal: Goal,
    ) -> BoxFuture<'a, Result<Settled, Failure>>;

    fn read<'a>(&'a self, place: &'a Place, ids: &'a [String]) -> BoxFuture<'a, Result<Vec<Option<Live>>, Failure>>;

    fn delete<'a>(
        &'a self,
        place: &'a Place,
        id: &'a str,
        arguments: &'a BTreeMap<String, Value>,
    ) -> BoxFuture<'a, Result<Sent, Failure>>;

    fn dismantle<'a>(
        &'a self,
        place: &'a Place,
        live: &'a Live,
        arguments: &'a BTreeMap<String, Value>,
    ) -> Option<Call<'a>>;

    fn sweep<'a>(&'a self, place: &'a Place, lived: &'a Live, done: usize) -> Option<Call<'a>>;

    fn examine<'a>(
        &'a self,
        place: &'a Place,
        arguments: &'a BTreeMap<String, Value>,
    ) -> BoxFuture<'a, Result<Vec<Finding>, Failure>>;

    fn gates<'a>(&'a self, place: &'a Place, proposal: &'a Proposal<'a>) -> BoxFuture<'a, Result<Vec<Gate>, Failure>>;

    fn blockers<'a>(
        &'a self,
        place: &'a Place,
        live: &'a Live,
        arguments: &'a BTreeMap<String, Value>,
    ) -> BoxFuture<'a, Result<Vec<Blocker>, Failure>>;

    fn deploy<'a>(&'a self, place: &'a Place, id: &'a str) -> Option<Call<'a>>;

    fn logs<'a>(&'a self, place: &'a Place, id: &'a str, since: i64) -> BoxFuture<'a, Result<Vec<LogLine>, Failure>>;

    fn find<'a>(&'a self, place: &'a Place, intent: &'a Intent) -> BoxFuture<'a, Result<Option<String>, Failure>>;

    fn list<'a>(&'a self, place: &'a Place, environment: &'a str) -> BoxFuture<'a, Result<Vec<String>, Failure>>;

    fn namesake<'a>(
        &'a self,
        place: &'a Place,
        identity: &'a BTreeMap<String, Value>,
    ) -> BoxFuture<'a, Result<Option<String>, Failure>>;
}

/// Ties a resource type to the client it calls with.
pub struct Bound<R: Resource> {
    client: Arc<R::Client>,
    kind: PhantomData<fn() -> R>,
}

impl<R: Resource> Bound<R> {
    pub fn new(client: Arc<R::Client>) -> Self {
        Self { client, kind: PhantomData }
    }
}

struct BoundWant<'a, R: Resource> {
    client: &'a R::Client,
    want: Want<R::Arguments>,
}

impl<R: Resource> TypedWant for BoundWant<'_, R> {
    fn create<'a>(&'a self, place: &'a Place, token: &'a Token) -> BoxFuture<'a, Result<Sent, Failure>> {
        Box::pin(R::create(self.client, place, &self.want, token))
    }

    fn next<'a>(&'a self, place: &'a Place, live: &'a Live) -> Option<Call<'a>> {
        R::next(self.client, place, &self.want, live)
    }
}

/// The written values as the argument struct. Secrets are exposed here and only here.
fn typed<R: Resource>(wanted: Wanted) -> Result<Want<R::Arguments>, Failure> {
    let bug = |message: String| Failure::new(FailureKind::Bug, R::SCHEMA.name, message);
    let json = Value::Map(wanted.arguments)
        .exposed_json()
        .ok_or_else(|| bug(format!("{}: a value is not known or a secret was not given", wanted.address)))?;
    // serde's message may quote a value; only the place of the mistake is safe to show.
    let arguments = serde_json::from_value(json).map_err(|error| {
        bug(format!("{}: the arguments do not fit the type ({:?})", wanted.address, error.classify()))
    })?;
    Ok(Want {
        arguments,
        tags: wanted.tags,
        cleared: wanted.cleared,
        dropped: wanted.dropped,
        differing: wanted.differing,
        values: wanted.values,
        making: wanted.making,
        address: wanted.address,
    })
}

impl<R: Resource> AnyResource for Bound<R> {
    fn schema(&self) -> &'static Schema {
        R::SCHEMA
    }

    fn create_operation(&self) -> (&'static str, RetryClass) {
        R::CREATE
    }

    fn delete_operation(&self) -> &'static str {
        R::DELETE
    }

    fn retries(&self) -> &'static [Retry] {
        R::RETRIES
    }

    fn consistency_window(&self) -> u64 {
        R::CONSISTENCY_WINDOW
    }

    fn runs(&self) -> bool {
        R::RUNS
    }

    fn want(&self, wanted: Wanted) -> Result<Box<dyn TypedWant + '_>, Failure> {
        Ok(Box::new(BoundWant::<R> { client: &self.client, want: typed::<R>(wanted)? }))
    }

    fn settle<'a>(
        &'a self,
        place: &'a Place,
        id: &'a str,
        operation: Option<&'a str>,
        goal: Goal,
    ) -> BoxFuture<'a, Result<Settled, Failure>> {
        Box::pin(R::settle(&self.client, place, id, operation, goal))
    }

    fn read<'a>(&'a self, place: &'a Place, ids: &'a [String]) -> BoxFuture<'a, Result<Vec<Option<Live>>, Failure>> {
        Box::pin(R::read(&self.client, place, ids))
    }

    fn delete<'a>(
        &'a self,
        place: &'a Place,
        id: &'a str,
        arguments: &'a BTreeMap<String, Value>,
    ) -> BoxFuture<'a, Result<Sent, Failure>> {
        Box::pin(R::delete(&self.client, place, id, arguments))
    }

    fn dismantle<'a>(
        &'a self,
        place: &'a Place,
        live: &'a Live,
        arguments: &'a BTreeMap<String, Value>,
    ) -> Option<Call<'a>> {
        R::dismantle(&self.client, place, live, arguments)
    }

    fn sweep<'a>(&'a self, place: &'a Place, lived: &'a Live, done: usize) -> Option<Call<'a>> {
        R::sweep(&self.client, place, lived, done)
    }

    fn examine<'a>(
        &'a self,
        place: &'a Place,
        arguments: &'a BTreeMap<String, Value>,
    ) -> BoxFuture<'a, Result<Vec<Finding>, Failure>> {
        Box::pin(R::examine(&self.client, place, arguments))
    }

    fn gates<'a>(&'a self, place: &'a Place, proposal: &'a Proposal<'a>) -> BoxFuture<'a, Result<Vec<Gate>, Failure>> {
        Box::pin(R::gates(&self.client, place, proposal))
    }

    fn blockers<'a>(
        &'a self,
        place: &'a Place,
        live: &'a Live,
        arguments: &'a BTreeMap<String, Value>,
    ) -> BoxFuture<'a, Result<Vec<Blocker>, Failure>> {
        Box::pin(R::blockers(&self.client, place, live, arguments))
    }

    fn deploy<'a>(&'a self, place: &'a Place, id: &'a str) -> Option<Call<'a>> {
        R::deploy(&self.client, place, id)
    }

    fn logs<'a>(&'a self, place: &'a Place, id: &'a str, since: i64) -> BoxFuture<'a, Result<Vec<LogLine>, Failure>> {
        Box::pin(R::logs(&self.client, place, id, since))
    }

    fn find<'a>(&'a self, place: &'a Place, intent: &'a Intent) -> BoxFuture<'a, Result<Option<String>, Failure>> {
        Box::pin(R::find(&self.client, place, intent))
    }

    fn list<'a>(&'a self, place: &'a Place, environment: &'a str) -> BoxFuture<'a, Result<Vec<String>, Failure>> {
        Box::pin(R::list(&self.client, place, environment))
    }

    fn namesake<'a>(
        &'a self,
        place: &'a Place,
        identity: &'a BTreeMap<String, Value>,
    ) -> BoxFuture<'a, Result<Option<String>, Failure>> {
        Box::pin(R::namesake(&self.client, place, identity))
    }
}
