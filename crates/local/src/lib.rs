//! The local cloud: AWS services inside the process, driven by AWS's own service models.
//!
//! It stands in for AWS, so it shares no code with the rest of groma: a judge must not know whom it judges.

mod input;
pub mod refusal;
pub mod world;

pub mod apprunner;
pub mod dynamodb;
pub mod ec2;
pub mod ecr;
pub mod iam;
pub mod logs;
pub mod sts;
