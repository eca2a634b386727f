//! Amazon ECR.

mod lifecycle;
pub mod limits;
pub mod repository;
