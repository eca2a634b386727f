//! The HTTP status of a refusal.

use super::Dialect;
use crate::model::Model;
use crate::refusal::Refusal;
use crate::service::Service;

/// The refusal's own status, or the model's where the refusal leaves it at 400.
pub(super) fn of(dialect: &Dialect, refusal: &Refusal) -> u16 {
    if refusal.status != 400 {
        return refusal.status;
    }
    let modelled = dialect.service.and_then(|service| Model::of(service).error(&refusal.code));
    let by_trait = modelled.and_then(|shape| shape.error.as_ref()).and_then(|error| error.http_status_code);
    let by_fault = modelled.filter(|shape| shape.fault).map(|_| 500);
    let by_list = || (dialect.service == Some(Service::S3)).then(|| s3(&refusal.code));
    by_trait.or(by_fault).or_else(by_list).unwrap_or(400)
}

/// S3's model knows few of its errors; these are from its list of error responses.
fn s3(code: &str) -> u16 {
    match code {
        "NotModified" => 304,
        "PermanentRedirect" => 301,
        "TemporaryRedirect" => 307,
        "AccessDenied"
        | "AllAccessDisabled"
        | "ExpiredToken"
        | "InvalidAccessKeyId"
        | "MissingAuthenticationToken"
        | "RequestTimeTooSkewed"
        | "SignatureDoesNotMatch" => 403,
        "NoSuchBucket" | "NoSuchKey" | "NoSuchUpload" | "NoSuchVersion" => 404,
        "MethodNotAllowed" => 405,
        "BucketAlreadyExists"
        | "BucketAlreadyOwnedByYou"
        | "BucketNotEmpty"
        | "ConditionalRequestConflict"
        | "InvalidBucketState"
        | "OperationAborted" => 409,
        "MissingContentLength" => 411,
        "PreconditionFailed" => 412,
        "InvalidRange" => 416,
        "InternalError" => 500,
        "NotImplemented" => 501,
        "ServiceUnavailable" | "SlowDown" => 503,
        _ => 400,
    }
}
