//! The key of a team's fingerprints: a SecureString of the Parameter Store, which S3's readers need not be able to read.

use std::sync::Arc;

use aws_sdk_ssm::{Client, types::ParameterType};
use aws_smithy_types::base64;
use model::graph::S3Home;
use store::remote::{Keys, ObjectError};

use super::{told::told, worker::Worker};

pub(super) struct ParameterKey {
    client: Client,
    name: String,
    description: String,
    worker: Arc<Worker>,
}

impl ParameterKey {
    pub(super) fn new(client: Client, home: &S3Home, worker: Arc<Worker>) -> Self {
        let name = format!("/groma/{}/{}", home.bucket, home.key);
        let description = format!("The key of the fingerprints of secrets in s3://{}/{}", home.bucket, home.key);
        Self { client, name, description, worker }
    }
}

impl Keys for ParameterKey {
    fn place(&self) -> String {
        format!("the parameter {}", self.name)
    }

    fn read(&self) -> Result<Option<Vec<u8>>, ObjectError> {
        let request = self.client.get_parameter().name(&self.name).with_decryption(true);
        self.worker.wait(async move {
            match request.send().await {
                Ok(answer) => {
                    let text = answer.parameter.and_then(|parameter| parameter.value).unwrap_or_default();
                    let undecodable = |_| ObjectError::Other { reason: "its value is not base64".to_owned() };
                    base64::decode(text).map(Some).map_err(undecodable)
                }
                Err(error) if error.as_service_error().is_some_and(|error| error.is_parameter_not_found()) => Ok(None),
                Err(error) => Err(told("ssm:GetParameter", error)),
            }
        })
    }

    fn make(&self, new: &[u8]) -> Result<Vec<u8>, ObjectError> {
        let request = self.client.put_parameter().name(&self.name).description(&self.description);
        let request = request.r#type(ParameterType::SecureString).value(base64::encode(new)).overwrite(false);
        let made = self.worker.wait(async move {
            match request.send().await {
                Ok(_) => Ok(true),
                Err(error) if error.as_service_error().is_some_and(|error| error.is_parameter_already_exists()) => {
                    Ok(false)
                }
                Err(error) => Err(told("ssm:PutParameter", error)),
            }
        });
        if made? {
            return Ok(new.to_vec());
        }
        let hidden = || ObjectError::Unanswered { reason: "the parameter exists and cannot be read yet".to_owned() };
        self.read()?.ok_or_else(hidden)
    }
}
