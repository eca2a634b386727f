//! The local cloud: AWS services inside the process, driven by AWS's own service models.
//!
//! It stands in for AWS, so it shares no code with the rest of groma: a judge must not know whom it judges.

mod census;
mod checksum;
pub mod cloud;
mod contents;
pub mod door;
mod glob;
mod input;
mod model;
mod paging;
pub mod push;
mod record;
pub mod refusal;
pub mod service;
mod stop;
mod store;
pub mod trouble;
mod wire;
pub mod world;

pub mod apprunner;
pub mod dynamodb;
pub mod ec2;
pub mod ecr;
pub mod iam;
pub mod logs;
pub mod rds;
pub mod s3;
pub mod secretsmanager;
pub mod ssm;
pub mod sts;

pub use cloud::{Clock, Cloud, Lost, Options};
pub use push::{ImageRecord, Place, PushError, Pushed};
pub use record::CallRecord;
