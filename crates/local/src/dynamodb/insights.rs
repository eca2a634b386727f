//! What clients ask of every table although it is off: contributor insights, streaming to Kinesis.

use serde::Deserialize;
use serde_json::{Value, json};

use super::names;
use super::tables::Named;
use crate::input::read;
use crate::refusal::Answer;
use crate::world::{Caller, World};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Insights {
    table_name: String,
    index_name: Option<String>,
}

pub(super) fn contributors(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let Insights { table_name, index_name } = read(input)?;
    let table = names::table(world, caller, &table_name)?;
    Ok(json!({ "TableName": table.name, "IndexName": index_name, "ContributorInsightsStatus": "DISABLED" }))
}

pub(super) fn kinesis(world: &mut World, caller: &Caller, input: &Value) -> Answer {
    let Named { table_name } = read(input)?;
    let table = names::table(world, caller, &table_name)?;
    Ok(json!({ "TableName": table.name, "KinesisDataStreamDestinations": [] }))
}
