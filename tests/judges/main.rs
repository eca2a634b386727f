//! What others say: Terraform's AWS provider, the AWS CLI and moto, over `groma local serve`.

mod aws_cli;
mod blockers;
mod changes;
mod chatbot;
mod cloud;
mod judge;
mod meaning;
mod moto;
mod network;
mod proxy;
mod rds;
mod requests;
mod systems;
mod terraform;
mod tree;
mod vault;
mod waits;
