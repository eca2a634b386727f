//! AWS IAM: kept in the account, not in a region, and consistent only after a while.

mod common;
pub mod limits;
pub mod policy;
pub mod policy_lookup;
pub mod role;
pub mod role_policy;
pub mod role_policy_attachment;
