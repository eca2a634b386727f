//! Amazon EC2: the network.

mod addresses;
pub mod availability_zones;
mod common;
mod default_egress;
mod holders;
pub mod limits;
mod rule_checks;
pub mod security_group;
pub mod security_group_rule;
pub mod subnets;
pub mod vpc;
pub mod vpc_endpoint;
mod vpc_endpoint_network;
