//! Things that are looked up and never changed.

use std::{collections::BTreeMap, future::Future, marker::PhantomData, sync::Arc};

use futures::future::BoxFuture;
use model::{Value, schema::DataSchema};

use crate::{Failure, Place};

/// The read of one data type.
pub trait DataSource: Send + Sync + 'static {
    const SCHEMA: &'static DataSchema;
    type Client: Send + Sync + 'static;

    /// Arguments in, arguments and computed attributes out. Not found is a failure of its kind.
    fn read(
        client: &Self::Client,
        place: &Place,
        arguments: &BTreeMap<String, Value>,
    ) -> impl Future<Output = Result<BTreeMap<String, Value>, Failure>> + Send;
}

/// A [`DataSource`] behind a client, its types forgotten.
pub trait AnyData: Send + Sync {
    fn schema(&self) -> &'static DataSchema;

    fn read<'a>(
        &'a self,
        place: &'a Place,
        arguments: &'a BTreeMap<String, Value>,
    ) -> BoxFuture<'a, Result<BTreeMap<String, Value>, Failure>>;
}

/// Ties a data type to the client it reads with.
pub struct BoundData<D: DataSource> {
    client: Arc<D::Client>,
    kind: PhantomData<fn() -> D>,
}

impl<D: DataSource> BoundData<D> {
    pub fn new(client: Arc<D::Client>) -> Self {
        Self { client, kind: PhantomData }
    }
}

impl<D: DataSource> AnyData for BoundData<D> {
    fn schema(&self) -> &'static DataSchema {
        D::SCHEMA
    }

    fn read<'a>(
        &'a self,
        place: &'a Place,
        arguments: &'a BTreeMap<String, Value>,
    ) -> BoxFuture<'a, Result<BTreeMap<String, Value>, Failure>> {
        Box::pin(D::read(&self.client, place, arguments))
    }
}
