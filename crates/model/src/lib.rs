//! Plain values that every layer shares: what was written, what is recorded, what exists, what will be done.
//!
//! No I/O, no waiting, no formats on disk.

pub mod address;
pub mod conform;
pub mod diagnostic;
pub mod expression;
pub mod fault;
pub mod graph;
mod hidden;
pub mod name;
pub mod number;
pub mod observed;
pub mod plan;
pub mod policy;
pub mod schema;
pub mod secret;
pub mod source;
pub mod state;
pub mod value;
pub mod words;

pub use address::{Address, ModulePath, ModuleStep};
pub use diagnostic::{Diagnostic, Severity};
pub use expression::{Each, Expression, Written, WrittenKind};
pub use graph::{Graph, Resource, Scopes};
pub use number::Number;
pub use observed::{Health, Live, Observed};
pub use plan::{Action, Change, Plan, ReplaceOrder};
pub use schema::{Attribute, Kind, Schema, Schemas};
pub use secret::{Fingerprint, Fingerprinter, Scrubber, Secret, SecretSource};
pub use source::{FileId, Place, Sources, Span};
pub use state::{Condition, Recorded, State};
pub use value::{Unknown, Value};
