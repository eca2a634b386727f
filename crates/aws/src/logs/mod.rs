//! Amazon CloudWatch Logs.

pub mod limits;
pub mod log_group;
