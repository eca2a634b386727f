//! Amazon DynamoDB.

pub mod limits;
mod schema;
pub mod table;
mod update;
