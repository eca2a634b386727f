//! Amazon ECR.

pub mod image;
mod lifecycle;
pub mod limits;
pub mod repository;
