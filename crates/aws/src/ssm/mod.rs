//! The Parameter Store of Systems Manager.

mod limits;
pub mod lookup;
pub mod parameter;
mod reads;
