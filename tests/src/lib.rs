//! The scenarios and the contract: the real binary on the local cloud, with the judges where they are there.

pub mod accept;
pub mod contract;
pub mod example;
pub mod judge;
pub mod normal;
pub mod outside;
pub mod project;
pub mod scenario;
pub mod script;
pub mod secrets;
