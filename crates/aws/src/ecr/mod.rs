//! Amazon ECR.

mod contents;
pub mod image;
mod lifecycle;
pub mod limits;
pub mod repository;
