//! The SDK's errors as failures that say whose turn it is.

use std::error::Error;

use aws_smithy_runtime_api::{
    client::{orchestrator::HttpResponse, result::SdkError},
    http::Headers,
};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use provider::{Failure, FailureKind};

/// Codes that mean "too many calls" (`aws-behaviour.md` 20.2). `LimitExceededException` is one only for services that say so.
const THROTTLES: &[&str] = &[
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "RequestThrottled",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
    "ProvisionedThroughputExceededException",
];

const CREDENTIALS: &[&str] = &[
    "ExpiredToken",
    "ExpiredTokenException",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "RequestExpired",
    "RequestTimeTooSkewed",
    "MissingAuthenticationToken",
    "IncompleteSignature",
];

const DENIALS: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "AuthorizationError",
    "AuthFailure",
    "Client.UnauthorizedOperation",
];

const NOT_FOUND: &[&str] = &[
    "NoSuchEntity",
    "NoSuchEntityException",
    "ResourceNotFoundException",
    "RepositoryNotFoundException",
    "LifecyclePolicyNotFoundException",
    "RepositoryPolicyNotFoundException",
    "ImageNotFoundException",
    "ParameterNotFound",
    "PolicyNotFoundException",
    "TableNotFoundException",
];

const EXISTS: &[&str] = &[
    "EntityAlreadyExists",
    "EntityAlreadyExistsException",
    "ParameterAlreadyExists",
    "RepositoryAlreadyExistsException",
    "ResourceAlreadyExistsException",
    "DBInstanceAlreadyExists",
    "DBParameterGroupAlreadyExists",
    "DBSubnetGroupAlreadyExists",
    "ResourceExistsException",
];

/// Turns an SDK error of `operation` (`ecr:CreateRepository`) into a failure.
pub(crate) fn failure<E>(operation: &str, error: SdkError<E, HttpResponse>) -> Failure
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match &error {
        SdkError::ServiceError(answer) => {
            let metadata = answer.err().meta();
            let status = answer.raw().status().as_u16();
            let code = metadata.code().unwrap_or("Unknown");
            let message = metadata.message().unwrap_or("no message");
            let mut failure = Failure::new(kind(code, status), operation, message);
            failure.code = Some(code.to_owned());
            failure.request_id = request_id(answer.raw().headers());
            match clock(&failure, answer.raw().headers()) {
                Some(cause) => failure.cause(cause),
                None => hint(failure),
            }
        }
        SdkError::ConstructionFailure(_) => Failure::new(FailureKind::Bug, operation, words(&error)),
        SdkError::DispatchFailure(dispatch) => {
            let said = words(&error);
            let kind = if said.contains("credential") || said.contains("identity") || said.contains("token") {
                FailureKind::Credentials
            } else if dispatch.is_user() || said.contains("(Connect)") || said.contains("dns error") {
                FailureKind::Unreachable
            } else {
                FailureKind::Unanswered
            };
            hint(Failure::new(kind, operation, said))
        }
        _ => Failure::new(FailureKind::Unanswered, operation, words(&error)),
    }
}

fn kind(code: &str, status: u16) -> FailureKind {
    let is = |codes: &[&str]| codes.contains(&code);
    if is(THROTTLES) {
        FailureKind::Throttled
    } else if is(CREDENTIALS) {
        FailureKind::Credentials
    } else if is(DENIALS) {
        FailureKind::Denied
    } else if is(NOT_FOUND) {
        FailureKind::NotFound
    } else if is(EXISTS) {
        FailureKind::Exists
    } else if status >= 500 {
        FailureKind::Unanswered
    } else {
        FailureKind::Refused
    }
}

/// Signatures are good for some minutes: what a machine with a wrong clock is told.
fn clock(failure: &Failure, headers: &Headers) -> Option<String> {
    let skewed = failure.code.as_deref() == Some("RequestTimeTooSkewed")
        || ["Signature expired", "Signature not yet current"].iter().any(|words| failure.message.contains(words));
    let now = headers.get("date").map(|date| format!(": AWS says it is {date}")).unwrap_or_default();
    skewed.then(|| format!("the clock of this machine is wrong{now}; set it (NTP), then run again"))
}

fn request_id(headers: &Headers) -> Option<String> {
    ["x-amzn-requestid", "x-amz-request-id", "x-amzn-request-id"]
        .iter()
        .find_map(|name| headers.get(*name))
        .map(str::to_owned)
}

/// The chain of causes in one line, outermost first, without repetitions.
fn words(error: &dyn Error) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
        next = error.source();
    }
    parts.join(": ")
}

fn hint(failure: Failure) -> Failure {
    match failure.kind {
        FailureKind::Credentials => failure.cause(
            "no valid AWS credentials: log in (`aws sso login`, `aws login`) or set AWS_PROFILE, then run again",
        ),
        FailureKind::Unreachable => {
            failure.cause("the endpoint cannot be reached: check the network, the region's name and AWS_ENDPOINT_URL")
        }
        FailureKind::Denied => {
            let action = failure.operation.clone();
            failure.cause(format!("the credentials need the IAM permission `{action}`"))
        }
        FailureKind::Exists => failure.cause(
            "something has this name already; if an earlier run of this environment made it: `groma state recover`",
        ),
        _ => failure,
    }
}
