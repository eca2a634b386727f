//! Reads of parameters, many at once.

use std::collections::BTreeMap;

use aws_sdk_ssm::types::{Parameter, ParameterMetadata, ParameterStringFilter, ParameterType};
use model::{Secret, Value};
use provider::{Failure, FailureKind, Place};

use crate::{
    client::{Attempts, Client},
    failure::failure,
};

/// Parameters that one call answers with their values.
const BATCH: usize = 10;
/// Values that one filter takes.
const NAMES: usize = 50;

pub(super) fn service(client: &Client, place: &Place) -> aws_sdk_ssm::Client {
    client.ssm(&place.region, Attempts::Repeat)
}

/// The parameters that exist, by name, with their values where these may be read.
pub(super) async fn values(
    client: &Client,
    place: &Place,
    names: &[String],
) -> Result<BTreeMap<String, Parameter>, Failure> {
    let mut found = BTreeMap::new();
    for chunk in names.chunks(BATCH) {
        let parameters = match decrypted(client, place, chunk, true).await {
            Err(refused) if refused.kind == FailureKind::Denied => decrypted(client, place, chunk, false).await?,
            answer => answer?,
        };
        found.extend(parameters.into_iter().filter_map(|one| Some((one.name.clone()?, one))));
    }
    Ok(found)
}

/// Sealed values say nothing, so they are left out.
async fn decrypted(client: &Client, place: &Place, names: &[String], decrypt: bool) -> Result<Vec<Parameter>, Failure> {
    let call = service(client, place).get_parameters().set_names(Some(names.to_vec())).with_decryption(decrypt);
    let answer = call.send().await.map_err(|error| failure("ssm:GetParameters", error))?;
    let mut parameters = answer.parameters.unwrap_or_default();
    for parameter in parameters.iter_mut().filter(|parameter| !decrypt && is_secure(parameter)) {
        parameter.value = None;
    }
    Ok(parameters)
}

/// What is known of parameters beside their values, by name; those whose `by` is one of the values.
pub(super) async fn metadata(
    client: &Client,
    place: &Place,
    by: &str,
    values: &[String],
) -> Result<BTreeMap<String, ParameterMetadata>, Failure> {
    let mut found = BTreeMap::new();
    for chunk in values.chunks(NAMES) {
        let filter = ParameterStringFilter::builder().key(by).option("Equals").set_values(Some(chunk.to_vec()));
        let filter = filter.build().map_err(|error| Failure::new(FailureKind::Bug, "ssm", error.to_string()))?;
        let call = service(client, place).describe_parameters().parameter_filters(filter).max_results(50);
        let mut pages = call.into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| failure("ssm:DescribeParameters", error))?;
            found.extend(
                page.parameters.unwrap_or_default().into_iter().filter_map(|one| Some((one.name.clone()?, one))),
            );
        }
    }
    Ok(found)
}

fn is_secure(parameter: &Parameter) -> bool {
    parameter.r#type() == Some(&ParameterType::SecureString)
}

/// The value; of a `SecureString` as a secret. Nothing where it may not be read.
pub(super) fn value(parameter: &Parameter) -> Option<Value> {
    let text = parameter.value()?;
    Some(match is_secure(parameter) {
        true => Value::Secret(Secret::new(text, Vec::new())),
        false => text.into(),
    })
}
