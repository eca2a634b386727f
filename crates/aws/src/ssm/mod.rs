//! The Parameter Store of Systems Manager.

pub mod limits;
pub mod lookup;
pub mod parameter;
mod reads;
