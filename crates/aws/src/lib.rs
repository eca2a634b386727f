//! AWS: the SDK's clients, one folder for each service, one file for each resource type. The only crate with the SDK.

mod calls;
pub mod client;
pub mod door;
mod failure;
mod ids;
#[cfg(test)]
mod recorder;
mod registry;
pub mod state_store;
mod values;

pub mod apprunner;
pub mod dynamodb;
pub mod ec2;
pub mod ecr;
pub mod iam;
pub mod logs;
pub mod rds;
pub mod secretsmanager;
pub mod ssm;
pub mod sts;

pub use client::{Client, Options, Transport};
pub use registry::{Aws, schemas};
pub use secretsmanager::StoredSecrets;
