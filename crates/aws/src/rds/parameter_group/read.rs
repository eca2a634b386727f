//! What lives.

use aws_sdk_rds::types::DbParameterGroup;
use model::{Live, Value};
use provider::{Failure, Place};

use super::{
    super::common::{found, reads, tags},
    GONE,
};
use crate::{client::Client, values::object};

/// The group of a name.
pub(super) async fn describe(client: &Client, place: &Place, name: &str) -> Result<Option<DbParameterGroup>, Failure> {
    let call = reads(client, place).describe_db_parameter_groups().db_parameter_group_name(name).send();
    let answer = found("rds:DescribeDBParameterGroups", GONE, call).await?;
    Ok(answer.and_then(|answer| answer.db_parameter_groups.unwrap_or_default().into_iter().next()))
}

/// The parameters that somebody has set.
async fn parameters(client: &Client, place: &Place, name: &str) -> Result<Option<Vec<Value>>, Failure> {
    let list = reads(client, place).describe_db_parameters().db_parameter_group_name(name).source("user");
    let (mut parameters, mut marker) = (Vec::new(), None);
    loop {
        let call = list.clone().set_marker(marker).send();
        let Some(page) = found("rds:DescribeDBParameters", GONE, call).await? else { return Ok(None) };
        parameters.extend(page.parameters().iter().map(|one| {
            let text = |text: Option<&str>| text.map_or(Value::Null, Value::from);
            let name = text(one.parameter_name());
            object([("parameter_name", name), ("parameter_value", text(one.parameter_value()))])
        }));
        match page.marker {
            Some(next) => marker = Some(next),
            None => return Ok(Some(parameters)),
        }
    }
}

/// The group with its parameters and tags.
pub(super) async fn live(client: &Client, place: &Place, name: &str) -> Result<Option<Live>, Failure> {
    let Some(group) = describe(client, place, name).await? else { return Ok(None) };
    let arn = group.db_parameter_group_arn().unwrap_or_default();
    let (parameters, tags) = futures::try_join!(parameters(client, place, name), tags(client, place, arn, GONE))?;
    let (Some(parameters), Some(tags)) = (parameters, tags) else { return Ok(None) };
    Ok(Some(
        Live::new(group.db_parameter_group_name().unwrap_or(name))
            .with("db_parameter_group_name", group.db_parameter_group_name().unwrap_or_default())
            .with("db_parameter_group_family", group.db_parameter_group_family().unwrap_or_default())
            .with("description", group.description().unwrap_or_default())
            .with("parameters", Value::List(parameters))
            .with("db_parameter_group_arn", arn)
            .tagged(tags),
    ))
}
