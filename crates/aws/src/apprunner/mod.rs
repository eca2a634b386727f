//! AWS App Runner.

pub mod auto_scaling_configuration;
mod common;
pub mod custom_domain;
pub mod limits;
mod network;
pub mod observability_configuration;
pub mod service;
pub mod vpc_connector;
