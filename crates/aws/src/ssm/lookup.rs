//! `data.ssm_parameter`: a parameter that somebody else keeps, AWS's public ones (machine images) among them.

use std::collections::BTreeMap;

use model::{
    Attribute, Kind, Value,
    schema::{DataSchema, nothing_to_check},
};
use provider::{DataSource, Failure, FailureKind, Place};

use super::reads::{service, value};
use crate::{client::Client, failure::failure};

pub static SCHEMA: DataSchema = DataSchema {
    name: "ssm_parameter",
    doc: "A parameter of the Parameter Store. The newest machine images stand under `/aws/service/…`, for example `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64`.",
    attributes: &[
        Attribute::required("name", Kind::Text).doc("The name, `NAME:VERSION` for a certain version, or the ARN."),
        Attribute::computed("value", Kind::Text).doc("The value; that of a `SecureString` is a secret."),
        Attribute::computed("type", Kind::Text).doc("`String`, `StringList` or `SecureString`."),
        Attribute::computed("data_type", Kind::Text).doc("`text` or `aws:ec2:image`."),
        Attribute::computed("version", Kind::Number).doc("The version."),
        Attribute::computed("arn", Kind::Text).doc("The ARN; public parameters have no account in it."),
    ],
    local: None,
    check: nothing_to_check,
};

/// The read of `data.ssm_parameter`.
pub struct ParameterLookup;

impl DataSource for ParameterLookup {
    const SCHEMA: &'static DataSchema = &SCHEMA;
    type Client = Client;

    async fn read(
        client: &Client,
        place: &Place,
        arguments: &BTreeMap<String, Value>,
    ) -> Result<BTreeMap<String, Value>, Failure> {
        const OPERATION: &str = "ssm:GetParameter";
        let name = arguments.get("name").and_then(Value::as_text).unwrap_or_default();
        let missing = || Failure::new(FailureKind::NotFound, OPERATION, format!("there is no parameter {name}"));
        let call = service(client, place).get_parameter().name(name).with_decryption(true);
        let answer = match call.send().await.map_err(|error| failure(OPERATION, error)) {
            Err(refused) if refused.is_not_found() => return Err(missing()),
            answer => answer?,
        };
        let found = answer.parameter.ok_or_else(missing)?;
        let mut values = arguments.clone();
        values.extend([
            ("value".to_owned(), value(&found).unwrap_or_default()),
            ("type".to_owned(), found.r#type().map(|kind| kind.as_str().to_owned()).into()),
            ("data_type".to_owned(), found.data_type().map(str::to_owned).into()),
            ("version".to_owned(), found.version().into()),
            ("arn".to_owned(), found.arn().map(str::to_owned).into()),
        ]);
        Ok(values)
    }
}
