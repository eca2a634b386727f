//! `data.secretsmanager_secret`: a secret that somebody else keeps; never its value.

use std::collections::BTreeMap;

use model::{
    Attribute, Kind, Value,
    schema::{DataSchema, nothing_to_check},
};
use provider::{DataSource, Failure, FailureKind, Place};

use super::reads::describe;
use crate::{client::Client, values::time};

pub static SCHEMA: DataSchema = DataSchema {
    name: "secretsmanager_secret",
    doc: "A secret by name or ARN, without its value: for that write `{ secret = { secretsmanager = \"name\" } }`.",
    attributes: &[
        Attribute::required("name", Kind::Text).doc("The name, or the ARN."),
        Attribute::computed("arn", Kind::Text).doc("The ARN, with the six characters that AWS chose."),
        Attribute::computed("description", Kind::Text).doc("What it is for."),
        Attribute::computed("kms_key_id", Kind::Text).doc("The key that encrypts it; null for AWS's own."),
        Attribute::computed("created_date", Kind::Text).doc("When it was created, RFC 3339."),
    ],
    local: None,
    check: nothing_to_check,
};

/// The read of `data.secretsmanager_secret`.
pub struct SecretLookup;

impl DataSource for SecretLookup {
    const SCHEMA: &'static DataSchema = &SCHEMA;
    type Client = Client;

    async fn read(
        client: &Client,
        place: &Place,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<BTreeMap<String, Value>, Failure> {
        const OPERATION: &str = "secretsmanager:DescribeSecret";
        let name = arguments.get("name").and_then(Value::as_text).unwrap_or_default();
        let found = describe(client, place, name).await?;
        let Some(found) = found.filter(|found| found.deleted_date().is_none()) else {
            let message = format!("there is no secret {name}");
            return Err(Failure::new(FailureKind::NotFound, OPERATION, message));
        };
        let mut values = arguments.clone();
        values.extend([
            ("arn".to_owned(), found.arn.clone().into()),
            ("description".to_owned(), found.description.clone().into()),
            ("kms_key_id".to_owned(), found.kms_key_id.clone().into()),
            ("created_date".to_owned(), found.created_date().map(time).into()),
        ]);
        Ok(values)
    }
}
