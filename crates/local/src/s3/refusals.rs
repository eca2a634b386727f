//! The words in which S3 refuses.

use serde_json::Value;

use crate::refusal::Refusal;

pub(super) fn no_bucket(name: &str) -> Refusal {
    Refusal::new("NoSuchBucket", "The specified bucket does not exist").with("BucketName", name)
}

pub(super) fn no_key(key: &str) -> Refusal {
    Refusal::new("NoSuchKey", "The specified key does not exist.").with("Key", key)
}

pub(super) fn no_version(key: &str, id: &str) -> Refusal {
    let message = "The specified version does not exist.";
    Refusal::new("NoSuchVersion", message).with("Key", key).with("VersionId", id)
}

pub(super) fn denied() -> Refusal {
    Refusal::new("AccessDenied", "Access Denied")
}

/// The bucket is in another region, which is named.
pub(super) fn elsewhere(bucket: &str, region: &str) -> Refusal {
    let message = "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all \
                   future requests to this endpoint.";
    Refusal::new("PermanentRedirect", message)
        .with("Endpoint", format!("{bucket}.s3.{region}.amazonaws.com"))
        .with("Bucket", bucket)
        .header("x-amz-bucket-region", region)
}

pub(super) fn argument(message: &str, name: &str, value: &str) -> Refusal {
    Refusal::new("InvalidArgument", message).with("ArgumentName", name).with("ArgumentValue", value)
}

/// `condition` is the header that did not hold.
pub(super) fn precondition(condition: &str) -> Refusal {
    let message = "At least one of the pre-conditions you specified did not hold";
    Refusal::new("PreconditionFailed", message).with("Condition", condition)
}

pub(super) fn not_implemented(header: &str) -> Refusal {
    let message = "A header you provided implies functionality that is not implemented";
    Refusal::new("NotImplemented", message).with("Header", header)
}

/// Refuses what AWS would heed and the local cloud would not: every member given must be `known`.
pub(super) fn only(input: &Value, known: &[&str]) -> Result<(), Refusal> {
    const EVERYWHERE: &[&str] = &["Bucket", "Key", "ExpectedBucketOwner", "RequestPayer"];
    let given = input.as_object().into_iter().flat_map(|members| members.keys());
    let mut unknown = given.filter(|name| !EVERYWHERE.contains(&name.as_str()) && !known.contains(&name.as_str()));
    unknown.next().map_or(Ok(()), |name| Err(not_implemented(name)))
}
