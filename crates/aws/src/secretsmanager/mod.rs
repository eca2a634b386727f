//! Secrets Manager.

pub mod limits;
pub mod lookup;
mod reads;
pub mod secret;
mod source;

pub use source::StoredSecrets;
