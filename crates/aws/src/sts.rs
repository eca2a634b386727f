//! AWS STS: who the credentials belong to.

use provider::{Failure, FailureKind, Identity};

use crate::client::{Attempts, Client};
use crate::failure::failure;

/// Asks for the caller's identity.
pub(crate) async fn identity(client: &Client, region: &str) -> Result<Identity, Failure> {
    const OPERATION: &str = "sts:GetCallerIdentity";
    let answer = client
        .sts(region, Attempts::Repeat)
        .get_caller_identity()
        .send()
        .await
        .map_err(|error| failure(OPERATION, error))?;
    let arn = answer.arn.unwrap_or_default();
    let partition = arn.split(':').nth(1).unwrap_or("aws").to_owned();
    match answer.account {
        Some(account) => Ok(Identity { account, arn, partition }),
        None => Err(Failure::new(FailureKind::Bug, OPERATION, "the answer holds no account")),
    }
}
