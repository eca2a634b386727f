//! Amazon ECR.

mod lifecycle;
pub mod image;
pub mod limits;
pub mod repository;
