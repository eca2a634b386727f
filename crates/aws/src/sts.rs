//! AWS STS: who the credentials belong to.

use std::collections::BTreeMap;

use model::{
    Attribute, Kind, Value,
    schema::{DataSchema, nothing_to_check},
};
use provider::{DataSource, Failure, FailureKind, Identity, Place};

use crate::client::{Attempts, Client};
use crate::failure::failure;

const OPERATION: &str = "sts:GetCallerIdentity";

/// Asks for the caller's identity.
pub(crate) async fn identity(client: &Client, region: &str) -> Result<Identity, Failure> {
    let call = client.sts(region, Attempts::Repeat).get_caller_identity();
    let answer = call.send().await.map_err(|error| failure(OPERATION, error))?;
    let arn = answer.arn.unwrap_or_default();
    let partition = arn.split(':').nth(1).unwrap_or("aws").to_owned();
    match answer.account {
        Some(account) => Ok(Identity { account, arn, partition }),
        None => Err(Failure::new(FailureKind::Bug, OPERATION, "the answer holds no account")),
    }
}

pub static SCHEMA: DataSchema = DataSchema {
    name: "sts_caller_identity",
    doc: "Who the credentials belong to.",
    attributes: &[
        Attribute::computed("account", Kind::Text).doc("The account, twelve digits."),
        Attribute::computed("arn", Kind::Text).doc("The caller's ARN."),
        Attribute::computed("user_id", Kind::Text).doc("The caller's unique id."),
    ],
    local: None,
    check: nothing_to_check,
};

/// The read of `data.sts_caller_identity`.
pub struct StsCallerIdentity;

impl DataSource for StsCallerIdentity {
    const SCHEMA: &'static DataSchema = &SCHEMA;
    type Client = Client;

    async fn read(
        client: &Client,
        place: &Place,
        _arguments: &BTreeMap<String, Value>,
    ) -> Result<BTreeMap<String, Value>, Failure> {
        let call = client.sts(&place.region, Attempts::Repeat).get_caller_identity();
        let answer = call.send().await.map_err(|error| failure(OPERATION, error))?;
        Ok(BTreeMap::from([
            ("account".to_owned(), answer.account.into()),
            ("arn".to_owned(), answer.arn.into()),
            ("user_id".to_owned(), answer.user_id.into()),
        ]))
    }
}
