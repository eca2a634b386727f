//! What the services say, in the words of the store.

use std::error::Error;

use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use provider::{Failure, FailureKind};
use store::remote::ObjectError;

use crate::failure::failure;

/// Turns an SDK error of an operation into what it means for a store. `permission` is what IAM calls the operation.
pub(super) fn told<E>(permission: &str, error: SdkError<E, HttpResponse>) -> ObjectError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let status = error.raw_response().map_or(0, |answer| answer.status().as_u16());
    // Of a HEAD or a redirect no code comes along, but this header does.
    let region = error.raw_response().and_then(|answer| answer.headers().get("x-amz-bucket-region")).map(str::to_owned);
    let failure = failure(permission, error);
    let code = failure.code.clone().unwrap_or_default();
    match (status, code.as_str()) {
        (412, _) => ObjectError::Condition,
        (404, "NoSuchBucket") => ObjectError::NoBucket,
        // Two conditional writes at once: one of them may try again.
        (409, _) => ObjectError::Unanswered { reason: said(&failure) },
        (301 | 307 | 400, _) if region.is_some() => ObjectError::Elsewhere { region: region.unwrap_or_default() },
        _ => of_kind(permission, failure),
    }
}

fn of_kind(permission: &str, failure: Failure) -> ObjectError {
    let reason = said(&failure);
    match failure.kind {
        FailureKind::Throttled | FailureKind::Unanswered | FailureKind::Unreachable => {
            ObjectError::Unanswered { reason }
        }
        FailureKind::Denied => {
            let permission = named(&failure.message).unwrap_or(permission).to_owned();
            ObjectError::Denied { permission, reason }
        }
        FailureKind::Credentials => ObjectError::Credentials { reason, causes: failure.causes },
        _ => ObjectError::Other { reason },
    }
}

/// The action that a refusal names: "… is not authorized to perform: s3:ListBucket on resource …".
fn named(message: &str) -> Option<&str> {
    message.split_once("to perform: ")?.1.split([' ', ',']).next()
}

fn said(failure: &Failure) -> String {
    match &failure.code {
        Some(code) => format!("{}: {} ({code})", failure.operation, failure.message),
        None => format!("{}: {}", failure.operation, failure.message),
    }
}
