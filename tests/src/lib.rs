//! The scenarios and the contract: the real binary on the local cloud, with the judges where they are there.

pub mod accept;
pub mod bucket;
pub mod census;
pub mod contract;
pub mod example;
pub mod http;
pub mod judge;
pub mod local_cloud;
pub mod normal;
pub mod on_moto;
pub mod outside;
pub mod project;
pub mod running;
pub mod scenario;
pub mod script;
pub mod secrets;
pub mod systems;
