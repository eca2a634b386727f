//! Amazon RDS.

mod common;
pub mod instance;
pub mod limits;
pub mod parameter_group;
pub mod subnet_group;
