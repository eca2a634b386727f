//! The plain shapes of mutating calls, so that a type says only what is special about its own.

use std::{collections::BTreeMap, error::Error, future::Future, time::Duration};

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use futures::{StreamExt, TryStreamExt, stream};
pub(crate) use model::words::count;
use model::{Live, Value, observed::ownership::CREATE};
use provider::{Call, Failure, Goal, Intent, RetryClass, Sent, Settled};

use crate::failure::failure;

/// A repeatable call whose answer says nothing of interest.
pub(crate) fn upsert<'a, T, E>(
    operation: &'static str,
    does: impl Into<String>,
    send: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send + 'a,
) -> Call<'a>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    Call::new(operation, RetryClass::Upsert, does, async move {
        send.await.map_err(|error| failure(operation, error))?;
        Ok(Sent::default())
    })
}

/// A repeatable call that removes something: "not found" is success.
pub(crate) fn remove<'a, T, E>(
    operation: &'static str,
    does: impl Into<String>,
    send: impl Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send + 'a,
) -> Call<'a>
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    Call::new(operation, RetryClass::Upsert, does, async move {
        absent(send.await.map_err(|error| failure(operation, error)))?;
        Ok(Sent::default())
    })
}

/// "Not found" as nothing.
pub(crate) fn absent<T>(answer: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(failure) if failure.is_not_found() => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// One look at something that exists or is gone as soon as reads agree; seconds between looks.
pub(crate) fn consistent(found: bool, goal: Goal, seconds: u64) -> Settled {
    if found == (goal == Goal::Present) {
        Settled::Ready
    } else {
        Settled::Again(Duration::from_secs(seconds), "consistency".to_owned())
    }
}

/// The id of what was found, when the create with this token made it.
pub(crate) fn made_by(found: Option<Live>, intent: &Intent) -> Option<String> {
    found.filter(|live| live.ownership.get(CREATE) == Some(&intent.token.0)).map(|live| live.id)
}

/// Whether a delete is to switch deletion protection off first: `--allow-unprotect` gives it this argument.
pub(crate) fn lifts_protection(arguments: &BTreeMap<String, Value>) -> bool {
    arguments.get("deletion_protection_enabled") == Some(&Value::Flag(false))
}

/// Waits for all, eight at a time, in their order; the first failure ends it.
pub(crate) async fn eight_at_a_time<T>(
    reads: Vec<impl Future<Output = Result<T, Failure>> + Send>,
) -> Result<Vec<T>, Failure> {
    stream::iter(reads).buffered(8).try_collect().await
}
